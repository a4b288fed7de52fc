//! Model files of detectors and of landmark models, each of our own kind or dlib's.

use std::path::Path;

use super::any::AnyModel;
use super::container::{self, bytes_of, read_with};
use super::error::{LoadError, ModelError};
use super::kind::ModelKind;
use super::provenance::Provenance;
use crate::detector::{Detector, DetectorModel};
#[cfg(feature = "dlib")]
use crate::dlib::hog_detector::HogDetector;
#[cfg(feature = "dlib")]
use crate::dlib::shape_predictor::ShapePredictor;
use crate::landmarks::{Cascade, LandmarkModel};

impl DetectorModel {
    /// Loads a detector from a file: of either kind, also one that dlib saved (with the feature `dlib`).
    ///
    /// # Errors
    /// If the file cannot be read, or like [`DetectorModel::from_bytes`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        read_with(path.as_ref(), Self::from_bytes).map(|(model, _)| model)
    }

    /// Reads a detector of either kind from the bytes of a file, and where it comes from; dlib's own files do not say
    /// where.
    ///
    /// # Errors
    /// If the bytes are no model file, are truncated or damaged, or contain another kind or a version that is not read.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        match AnyModel::from_bytes(bytes)? {
            (AnyModel::Detector(model), provenance) => Ok((model, provenance)),
            (other, _) => Err(ModelError::Kind { found: other.kind(), wanted: ModelKind::Detector }),
        }
    }

    /// Like [`DetectorModel::from_bytes`], for model files of our own format.
    pub(super) fn from_model_file(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        #[cfg(feature = "dlib")]
        if ModelKind::of(bytes) == Some(ModelKind::DlibDetector) {
            let (model, provenance) = container::from_bytes::<HogDetector>(bytes)?;
            return Ok((model.try_into()?, provenance));
        }
        let (model, provenance) = container::from_bytes::<Detector>(bytes)?;
        Ok((Self::new(model)?, provenance))
    }

    /// The bytes of a model file.
    pub fn to_bytes(&self, provenance: &Provenance) -> Vec<u8> {
        #[cfg(feature = "dlib")]
        if let Some(model) = self.as_dlib() {
            return bytes_of(model, provenance);
        }
        bytes_of(self.as_boosted().expect("a model of one of the two kinds"), provenance)
    }

    /// The kind of the model.
    pub fn kind(&self) -> ModelKind {
        match self.as_boosted() {
            Some(_) => ModelKind::Detector,
            None => ModelKind::DlibDetector,
        }
    }
}

impl LandmarkModel {
    /// Loads a landmark model from a file: of either kind, also one that dlib saved (with the feature `dlib`).
    ///
    /// # Errors
    /// If the file cannot be read, or like [`LandmarkModel::from_bytes`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        read_with(path.as_ref(), Self::from_bytes).map(|(model, _)| model)
    }

    /// Reads a landmark model of either kind from the bytes of a file, and where it comes from; dlib's own files do not say
    /// where.
    ///
    /// # Errors
    /// If the bytes are no model file, are truncated or damaged, or contain another kind or a version that is not read.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        match AnyModel::from_bytes(bytes)? {
            (AnyModel::Landmarks(model), provenance) => Ok((model, provenance)),
            (other, _) => Err(ModelError::Kind { found: other.kind(), wanted: ModelKind::Landmarks }),
        }
    }

    /// Like [`LandmarkModel::from_bytes`], for model files of our own format.
    pub(super) fn from_model_file(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        #[cfg(feature = "dlib")]
        if ModelKind::of(bytes) == Some(ModelKind::DlibLandmarks) {
            let (model, provenance) = container::from_bytes::<ShapePredictor>(bytes)?;
            return Ok((model.try_into()?, provenance));
        }
        let (model, provenance) = container::from_bytes::<Cascade>(bytes)?;
        Ok((Self::new(model)?, provenance))
    }

    /// The bytes of a model file.
    pub fn to_bytes(&self, provenance: &Provenance) -> Vec<u8> {
        #[cfg(feature = "dlib")]
        if let Some(model) = self.as_dlib() {
            return bytes_of(model, provenance);
        }
        bytes_of(self.as_cascade().expect("a model of one of the two kinds"), provenance)
    }

    /// The kind of the model.
    pub fn kind(&self) -> ModelKind {
        match self.as_cascade() {
            Some(_) => ModelKind::Landmarks,
            None => ModelKind::DlibLandmarks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detector_file_without_components_is_refused() {
        let file = include_bytes!("../../tests/data/models/detector-3.lineament");
        let (detector, provenance) = container::from_bytes::<Detector>(file).unwrap();
        let empty = Detector { components: Vec::new(), ..detector };
        // The file itself is whole: its length and its checksum are right.
        let error = DetectorModel::from_bytes(&bytes_of(&empty, &provenance)).unwrap_err();
        assert!(error.to_string().contains("has 0 components, not 1 to 64"), "{error}");
    }
}
