//! Reports: pages with figures and images, and all their numbers in files beside them.
//!
//! ```text
//!   evaluation ──┐                ┌──► figures ([`plots`]) ──► SVG in the page, SVG and PNG as files
//!                ├──► [`Section`]s┼──► tables ([`paper`])  ──► the page, CSV, Markdown, LaTeX
//!   inspection ──┘                └──► faces ([`face_images`]) ──► JPEG
//!                                             [`page`] ──► index.html, which needs nothing but its folder
//! ```
//!
//! A report's folder may exist. Files that the report writes replace older ones of the same names, each at once, and the page
//! is the last of them; whatever else is in the folder stays.

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
