//! Models of any kind.

use super::kind::ModelKind;
use super::provenance::Provenance;
use crate::detector::DetectorModel;
use crate::landmarks::LandmarkModel;

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
