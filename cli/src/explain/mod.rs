//! Pages that show the working: of the pipeline on a photograph, and of the models.
//!
//! ```text
//!   pipeline ──► record (observers) ──► photo ─┐
//!                                              ├─► page: template, style, scripts and data in one file
//!   models ─────────────────────────► model ───┘
//! ```
//!
//! A page needs no network: pictures are data URIs, data is JSON. Grey and colour pictures are JPEG; where a script reads
//! numbers out of pixels (score maps, histograms) they are PNG. What is drawn in the page stands in `page/`.

mod cascade;
mod charts;
mod encode;
pub mod model;
mod models;
mod page;
pub mod photo;
mod record;

pub use models::Models;
