//! Fits landmark cascades.

pub mod boosting;
mod confidence;
mod cost_model;
pub mod error;
pub mod faces;
mod field;
pub mod fit;
pub mod hyperparams;
pub mod linear;
mod points;
mod report;
pub mod samples;
mod scene;
pub mod shape_predictor;
mod split_search;

pub use confidence::fit_confidence;
pub use error::{FitError, LandmarkParamsError, PointSetError};
pub use faces::{TrainingFace, UnreadableImage};
pub use fit::{Fitted, fingerprint, fit, parts_of};
pub use hyperparams::{LandmarkParams, Look, ValidLandmarkParams};
pub use points::PointSet;
pub use report::{FitProgress, StageErrors, StageReport};
pub use shape_predictor::{PredictorFace, fit_shape_predictor};
