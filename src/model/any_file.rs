//! Reading a model file of any kind.

use std::path::Path;

use super::any::AnyModel;
use super::container::read_with;
#[cfg(feature = "dlib")]
use super::dlib_files;
use super::error::{LoadError, ModelError};
#[cfg(feature = "dlib")]
use super::kind::MAGIC;
use super::kind::ModelKind;
use super::provenance::Provenance;
use crate::detector::DetectorModel;
#[cfg(feature = "dlib")]
use crate::dlib::files::DlibError;
use crate::landmarks::LandmarkModel;

/// Loads a model file of any kind: a detector or a landmark model, also one that dlib saved (with the feature `dlib`).
///
/// # Errors
/// If the file cannot be read, is no model file, is truncated or damaged, or has a version that is not read.
pub fn load(path: impl AsRef<Path>) -> Result<AnyModel, LoadError> {
    read_with(path.as_ref(), AnyModel::from_bytes).map(|(model, _)| model)
}

impl AnyModel {
    /// The model in the bytes of a file, validated, and where it comes from; dlib's own files do not say where.
    ///
    /// # Errors
    /// If the bytes are no model file, are truncated or damaged, or have a version that is not read.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        #[cfg(feature = "dlib")]
        if !bytes.starts_with(&MAGIC) && !MAGIC.starts_with(bytes) {
            return match dlib_files::from_bytes(bytes) {
                Ok(model) => Ok((model, Provenance::default())),
                Err(DlibError::Unknown) => Err(ModelError::NotAModel),
                Err(error) => Err(ModelError::Dlib(error)),
            };
        }
        match ModelKind::of(bytes) {
            Some(ModelKind::Landmarks | ModelKind::DlibLandmarks) => {
                LandmarkModel::from_model_file(bytes).map(|(model, provenance)| (Self::Landmarks(model), provenance))
            }
            _ => DetectorModel::from_model_file(bytes).map(|(model, provenance)| (Self::Detector(model), provenance)),
        }
    }
}
