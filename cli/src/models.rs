//! The models that the user names, or the built-in ones.

use std::path::Path;

use lineament::raw::files::{MOST_BYTES, read_at_most, reason_unread};
use lineament::raw::model::ModelKind;
use lineament::{DetectorModel, LandmarkModel, ModelError, Pipeline, Provenance};

use crate::error::Error;

/// Builds a pipeline from these model files, and from the built-in models where none is given. It has a detector if it
/// `searches`.
///
/// # Errors
/// If a file does not contain the right kind of model, or if no file is given and no model is built in.
pub fn pipeline(detector: Option<&Path>, landmarks: Option<&Path>, searches: bool) -> Result<Pipeline, Error> {
    let detector = detector.map(|path| of_file(path, DetectorModel::from_bytes(&bytes(path)?))).transpose()?;
    let landmarks = landmarks.map(|path| of_file(path, LandmarkModel::from_bytes(&bytes(path)?))).transpose()?;
    let (no_detector, no_landmarks) = (detector.is_none() && searches, landmarks.is_none());
    let pipeline = match (built_in(), landmarks) {
        (Some(built_in), Some(landmarks)) => built_in.with_landmarks(landmarks),
        (Some(built_in), None) => built_in,
        (None, Some(landmarks)) if !no_detector => Pipeline::without_detector(landmarks),
        (None, _) => {
            let option = if no_landmarks { "landmarks" } else { "detector" };
            return Err(Error::Usage(format!("this program was built without models: name one with --{option}")));
        }
    };
    Ok(match detector {
        Some(detector) => pipeline.with_detector(detector),
        None => pipeline,
    })
}

/// A pipeline whose landmarks have a confidence: this one, or the built-in one if there is any.
pub fn confident(pipeline: &Pipeline) -> Option<Pipeline> {
    if pipeline.landmarks().has_confidence() { Some(pipeline.clone()) } else { built_in() }
}

/// The model of a file, without its provenance.
fn of_file<M>(path: &Path, decoded: Result<(M, Provenance), ModelError>) -> Result<M, Error> {
    decoded.map(|(model, _)| model).map_err(|error| Error::file(path, error))
}

/// Reads the content of a model file.
///
/// # Errors
/// If it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    read_at_most(path, MOST_BYTES).map_err(|error| Error::file(path, reason_unread(&error)))
}

#[cfg(feature = "embedded-models")]
fn built_in() -> Option<Pipeline> {
    Some(Pipeline::default())
}

#[cfg(not(feature = "embedded-models"))]
fn built_in() -> Option<Pipeline> {
    None
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
