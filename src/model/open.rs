//! Reading model files: of any kind, or of the kind that is wanted.

use std::path::Path;

use super::any::{AnyModel, kind};
use super::container::{self, read_with};
#[cfg(feature = "dlib")]
use super::dlib_files;
use super::error::{LoadError, ModelError};
#[cfg(feature = "dlib")]
use super::kind::MAGIC;
use super::kind::ModelKind;
use super::layout::Model;
use super::provenance::Provenance;
use crate::detector::{Detector, DetectorModel};
#[cfg(feature = "dlib")]
use crate::dlib::files::DlibError;
#[cfg(feature = "dlib")]
use crate::dlib::{hog_detector::HogDetector, shape_predictor::ShapePredictor};
use crate::landmarks::{Cascade, LandmarkModel};

/// Loads a model file of any kind: a detector or a landmark model, also one that dlib saved (with the feature `dlib`).
///
/// # Errors
/// If the file cannot be read, is no model file, is truncated or damaged, or has a version that is not read.
pub fn load(path: impl AsRef<Path>) -> Result<AnyModel, LoadError> {
    read_with(path.as_ref(), AnyModel::from_bytes)
}

/// Reads a model of any kind from the bytes of a file, and where it comes from; dlib's own files do not say where.
///
/// # Errors
/// If the bytes are no model file, are truncated or damaged, or have a version that is not read.
pub fn decode(bytes: &[u8]) -> Result<(AnyModel, Provenance), ModelError> {
    #[cfg(feature = "dlib")]
    if !bytes.starts_with(&MAGIC) && !MAGIC.starts_with(bytes) {
        return match dlib_files::from_bytes(bytes) {
            Ok(model) => Ok((model, Provenance::default())),
            Err(DlibError::Unknown) => Err(ModelError::NotAModel),
            Err(error) => Err(ModelError::Dlib(error)),
        };
    }
    match ModelKind::of(bytes) {
        #[cfg(feature = "dlib")]
        Some(ModelKind::DlibDetector) => valid::<HogDetector, DetectorModel>(bytes),
        #[cfg(feature = "dlib")]
        Some(ModelKind::DlibLandmarks) => valid::<ShapePredictor, LandmarkModel>(bytes),
        Some(ModelKind::Landmarks) => valid::<Cascade, LandmarkModel>(bytes),
        // Anything that is no model file gets its error here.
        _ => valid::<Detector, DetectorModel>(bytes),
    }
}

/// The model `M` of the parts `P` in the bytes of a model file.
fn valid<P, M>(bytes: &[u8]) -> Result<(AnyModel, Provenance), ModelError>
where
    P: Model,
    M: TryFrom<P, Error = super::InvalidModel> + Into<AnyModel>,
{
    let (parts, provenance) = container::from_bytes::<P>(bytes)?;
    Ok((M::try_from(parts)?.into(), provenance))
}

impl AnyModel {
    /// Reads a model of any kind from the bytes of a file.
    ///
    /// # Errors
    /// If the bytes are no model file, are truncated or damaged, or have a version that is not read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        decode(bytes).map(|(model, _)| model)
    }
}

impl DetectorModel {
    /// Loads a detector from a file: of either kind, also one that dlib saved (with the feature `dlib`).
    ///
    /// # Errors
    /// If the file cannot be read, or like [`DetectorModel::from_bytes`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        read_with(path.as_ref(), Self::from_bytes)
    }

    /// Reads a detector of either kind from the bytes of a file.
    ///
    /// # Errors
    /// If the bytes are no model file, are truncated or damaged, or contain another kind or a version that is not read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        AnyModel::from_bytes(bytes)?.try_into()
    }
}

impl LandmarkModel {
    /// Loads a landmark model from a file: of either kind, also one that dlib saved (with the feature `dlib`).
    ///
    /// # Errors
    /// If the file cannot be read, or like [`LandmarkModel::from_bytes`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        read_with(path.as_ref(), Self::from_bytes)
    }

    /// Reads a landmark model of either kind from the bytes of a file.
    ///
    /// # Errors
    /// If the bytes are no model file, are truncated or damaged, or contain another kind or a version that is not read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        AnyModel::from_bytes(bytes)?.try_into()
    }
}

/// Fails if the model is of another kind.
impl TryFrom<AnyModel> for DetectorModel {
    type Error = ModelError;

    fn try_from(model: AnyModel) -> Result<Self, ModelError> {
        match model {
            AnyModel::Detector(model) => Ok(model),
            AnyModel::Landmarks(_) => Err(ModelError::Kind { found: kind(&model), wanted: ModelKind::Detector }),
        }
    }
}

/// Fails if the model is of another kind.
impl TryFrom<AnyModel> for LandmarkModel {
    type Error = ModelError;

    fn try_from(model: AnyModel) -> Result<Self, ModelError> {
        match model {
            AnyModel::Landmarks(model) => Ok(model),
            AnyModel::Detector(_) => Err(ModelError::Kind { found: kind(&model), wanted: ModelKind::Landmarks }),
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
        let error = DetectorModel::from_bytes(&container::bytes_of(&empty, &provenance)).unwrap_err();
        assert!(error.to_string().contains("has 0 components, not 1 to 64"), "{error}");
    }
}
