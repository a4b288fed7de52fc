//! Reports: pages with figures and images, and all numbers in files beside them.
//!
//! ```text
//!   evaluation ──┐                ┌──► figures ([`plots`]) ──► SVG in the page, SVG and PNG as files
//!                ├──► [`Section`]s┼──► tables ([`paper`])  ──► the page, CSV, Markdown, LaTeX
//!   inspection ──┘                └──► faces ([`face_images`]) ──► JPEG
//!                                             [`page`] ──► index.html, which needs only its folder
//! ```
//!
//! The folder of a report may exist. The files of an earlier report in it are removed first; other
//! files stay. Each file is written completely or not at all, and the page is the last.

mod evaluation;
mod face_images;
mod figure;
mod folder;
mod history;
mod inspection;
mod page;
pub mod paper;
pub mod plots;

pub use evaluation::{EvaluationReport, Measured};
pub use figure::Figure;
pub use folder::{ReportError, ReportFolder};
pub use inspection::inspection_report;
pub use page::{Gallery, GalleryImage, Page, Section};
