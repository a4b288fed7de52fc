//! Model files of any kind.

use std::path::Path;

use super::container::{MAGIC, read_with};
use super::{LoadError, ModelError, ModelKind, Provenance};
#[cfg(feature = "dlib")]
use crate::dlib::{self, DlibError};
use crate::{DetectorModel, LandmarkModel};

/// A model of any kind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AnyModel {
    /// Finds faces.
    Detector(DetectorModel),
    /// Places landmarks.
    Landmarks(LandmarkModel),
}

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
            return match dlib::from_bytes(bytes) {
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

    /// The bytes of a model file.
    pub fn to_bytes(&self, provenance: &Provenance) -> Vec<u8> {
        match self {
            Self::Detector(model) => model.to_bytes(provenance),
            Self::Landmarks(model) => model.to_bytes(provenance),
        }
    }

    /// The kind of the model.
    pub fn kind(&self) -> ModelKind {
        match self {
            Self::Detector(model) => model.kind(),
            Self::Landmarks(model) => model.kind(),
        }
    }

    /// Names and values in a fixed order, for people.
    pub fn summary(&self) -> Vec<(String, String)> {
        match self {
            Self::Detector(model) => model.summary(),
            Self::Landmarks(model) => model.summary(),
        }
    }
}

impl From<DetectorModel> for AnyModel {
    fn from(model: DetectorModel) -> Self {
        Self::Detector(model)
    }
}

impl From<LandmarkModel> for AnyModel {
    fn from(model: LandmarkModel) -> Self {
        Self::Landmarks(model)
    }
}
