//! Fits the face detector.
//!
//! ```text
//! shapes ─► pose clusters ─► windows around faces ─┬─► filters (SVM) ─┬─► boosted trees ─► sieve ──► calibration
//!           [poses]          [faces]               │   [filters, svm] │   [boosting]       [sieve]    [calibration]
//! pictures without faces ─► random, then hard ─────┘                  │
//!                           windows [mining] ─────────────────────────┘   box regression [boxes]
//! ```

pub mod boosting;
pub mod boxes;
pub mod calibration;
mod error;
pub mod faces;
pub mod filters;
mod fit;
mod hyperparams;
pub mod mining;
pub mod poses;
pub mod samples;
pub mod sieve;
pub mod svm;

pub use error::DetectorError;
pub use fit::fit;
pub use hyperparams::{
    DetectorParams, FaceParams, FilterParams, ForestParams, SieveParams, ValidDetectorParams, WindowParams,
};
