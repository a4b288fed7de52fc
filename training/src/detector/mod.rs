//! Fits the face detector.
//!
//! ```text
//! shapes ─► poses ─► windows around faces ─┬─► filters ──┬─► boosted trees ─► prefilter ──► calibration
//!           [poses]  [faces]               │  [filters,  │   [boosting]      [prefilter]   [calibration]
//! images without faces ─► random, then ────┘   svm]      │
//!                         hard windows [mining] ─────────┘   box regression [box_regression]
//! ```

pub mod boosting;
pub mod box_regression;
pub mod calibration;
mod error;
pub mod faces;
pub mod filters;
mod fit;
mod hyperparams;
pub mod mining;
pub mod poses;
pub mod prefilter;
mod report;
pub mod samples;
pub mod svm;

pub use error::{DetectorError, DetectorParamsError, PosesError};
pub use fit::{Fitted, fit};
pub use hyperparams::{
    BoostedTreesParams, DetectorParams, FaceParams, FilterParams, PrefilterParams, ValidDetectorParams, WindowParams,
};
pub use report::{Step, StepReport};
