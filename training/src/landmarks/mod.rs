//! Fitting landmark cascades.

pub mod boosting;
pub mod checkpoint;
pub(crate) mod components;
mod confidence;
pub mod error;
pub mod faces;
pub mod fit;
pub mod hyperparams;
pub mod linear;
pub mod pixels;
mod points;
mod report;
mod ridge;
pub mod samples;
mod splits;
mod work;

pub use checkpoint::Checkpoints;
pub use confidence::fit_confidence;
pub use error::FitError;
pub use faces::{TrainingFace, UnreadablePicture};
pub use fit::{Fitted, fingerprint, fit, parts_of};
pub use hyperparams::{LandmarkParams, Look, ValidLandmarkParams};
pub use pixels::{PixelFace, fit_pixels};
pub use points::PointSet;
pub use report::{FitProgress, StageErrors, StageReport};
