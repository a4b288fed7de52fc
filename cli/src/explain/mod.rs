//! Pages that show the pipeline's steps on an image, and what the models have learnt.
//!
//! ```text
//!   pipeline ──► record (observers) ──► photo ─┐
//!                                              ├─► page: template, style, scripts and data in one file
//!   models ─────────────────────────► model ───┘
//! ```
//!
//! A page needs no network: images are data URIs, data is JSON. Images are JPEG, except where a script reads numbers from
//! pixels (score maps, histograms): these are PNG. Templates, style and scripts are in `page/`.

mod cascade;
mod charts;
mod encode;
pub mod model;
mod models;
mod page;
pub mod photo;
mod record;

pub use models::Models;
