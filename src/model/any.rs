//! Models of any kind.

use super::container::bytes_of;
use super::kind::ModelKind;
use super::provenance::Provenance;
use crate::detector::{DetectorModel, DetectorParts};
use crate::landmarks::{LandmarkModel, LandmarkParts};

/// A model of any kind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AnyModel {
    /// Finds faces.
    Detector(DetectorModel),
    /// Places landmarks.
    Landmarks(LandmarkModel),
}

impl AnyModel {
    /// Names and values in a fixed order, for people.
    pub fn summary(&self) -> Vec<(String, String)> {
        match self {
            Self::Detector(model) => model.parts().summary(),
            Self::Landmarks(model) => model.parts().summary(),
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

/// The kind of a model.
pub fn kind(model: &AnyModel) -> ModelKind {
    match model {
        AnyModel::Detector(model) => match model.parts() {
            DetectorParts::Boosted(_) => ModelKind::Detector,
            #[cfg(feature = "dlib")]
            DetectorParts::Dlib(_) => ModelKind::DlibDetector,
        },
        AnyModel::Landmarks(model) => match model.parts() {
            LandmarkParts::Cascade(_) => ModelKind::Landmarks,
            #[cfg(feature = "dlib")]
            LandmarkParts::Dlib(_) => ModelKind::DlibLandmarks,
        },
    }
}

/// The bytes of a model file.
pub fn encode(model: &AnyModel, provenance: &Provenance) -> Vec<u8> {
    match model {
        AnyModel::Detector(model) => match model.parts() {
            DetectorParts::Boosted(detector) => bytes_of(detector, provenance),
            #[cfg(feature = "dlib")]
            DetectorParts::Dlib(detector) => bytes_of(detector, provenance),
        },
        AnyModel::Landmarks(model) => match model.parts() {
            LandmarkParts::Cascade(cascade) => bytes_of(cascade, provenance),
            #[cfg(feature = "dlib")]
            LandmarkParts::Dlib(predictor) => bytes_of(predictor, provenance),
        },
    }
}
