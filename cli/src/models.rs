//! The models that the user names, or the built-in ones.

use std::path::Path;

use lineament::raw::files::{MOST_BYTES, read_at_most, reason_unread};
use lineament::raw::model::ModelKind;
use lineament::{DetectorModel, LandmarkModel, Pipeline};

use crate::error::Error;

/// Builds a pipeline from these model files, and from the built-in models where none is given. It has a detector if it
/// `searches`.
///
/// # Errors
/// If a file does not contain the right kind of model, or if no file is given and no model is built in.
pub fn pipeline(detector: Option<&Path>, landmarks: Option<&Path>, searches: bool) -> Result<Pipeline, Error> {
    let landmarks = match landmarks {
        Some(path) => LandmarkModel::from_bytes(&bytes(path)?).map_err(|error| Error::file(path, error))?,
        None => built_in("landmarks")?,
    };
    let detector = match detector {
        Some(path) => DetectorModel::from_bytes(&bytes(path)?).map_err(|error| Error::file(path, error))?,
        None if searches => built_in("detector")?,
        None => return Ok(Pipeline::without_detector(landmarks)),
    };
    Ok(Pipeline::new(detector, landmarks))
}

/// A landmark model that has a confidence: the pipeline's, or the built-in one if there is any.
pub fn confident(pipeline: &Pipeline) -> Option<LandmarkModel> {
    let own = Some(pipeline.landmarks()).filter(|landmarks| landmarks.has_confidence());
    own.cloned().or_else(|| built_in("landmarks").ok())
}

/// Reads the content of a model file.
///
/// # Errors
/// If it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    read_at_most(path, MOST_BYTES).map_err(|error| Error::file(path, reason_unread(&error)))
}

/// The built-in model that the user did not replace with this option.
#[cfg(feature = "embedded-models")]
fn built_in<M: Default>(_option: &str) -> Result<M, Error> {
    Ok(M::default())
}

/// The error for a program without models.
#[cfg(not(feature = "embedded-models"))]
fn built_in<M>(option: &str) -> Result<M, Error> {
    Err(Error::Usage(format!("this program was built without models: name one with --{option}")))
}

/// A built-in model file.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Kind of the model.
    pub kind: ModelKind,
    /// Its bytes.
    pub bytes: &'static [u8],
    /// Summary of its licence.
    pub licence: &'static str,
}

/// The built-in model files.
#[cfg(feature = "embedded-models")]
pub fn built_in_files() -> Vec<BuiltIn> {
    let licence =
        "for research only, not for commercial use (see models/LICENSE); the program's own licence does not cover it";
    vec![
        BuiltIn { kind: ModelKind::Detector, bytes: lineament_models::DETECTOR, licence },
        BuiltIn { kind: ModelKind::Landmarks, bytes: lineament_models::LANDMARKS, licence },
    ]
}

/// The built-in model files.
#[cfg(not(feature = "embedded-models"))]
pub fn built_in_files() -> Vec<BuiltIn> {
    Vec::new()
}
