//! Evaluation of models: recall and false positives of detectors ([`detector`]), and errors of
//! landmarks.
//!
//! ```text
//!   data set ──► boxes ──► cascades ──┐
//!                                     ├──► predictions ──► errors ──► summaries by group and by region ──► tables
//!   stored points of other systems ───┘                       └─────► intervals, paired tests, calibration
//! ```
//!
//! The error of a face is the mean distance of its landmarks from the annotated ones, divided by a
//! length of the annotated face that does not change with the expression ([`metrics`]).

pub mod confidence;
pub mod detail;
pub mod detector;
pub mod matching;
pub mod measurable;
pub mod metrics;
pub mod output;
pub mod predict;
pub mod predictions;
pub mod regions;
pub mod scheme;
pub mod significance;
pub mod stored;
pub mod system;

pub use measurable::measurable;
pub use metrics::{FaceError, Summary};
pub use predict::{BoxSource, Predictor};
pub use system::System;
