//! Detectors of either kind.

use super::{DetectOptions, Detection, Detector, FhogDetector};
use crate::image::{DynamicImage, GrayImage, channels, to_grey};
use crate::model::{self, ModelError, ModelKind, Provenance};

/// What finds faces.
#[derive(Clone, Debug)]
pub enum DetectorModel {
    /// Filters, boosted trees and box regression, with calibrated scores.
    Forest(Detector),
    /// Filters alone, as dlib's detectors.
    Fhog(FhogDetector),
}

impl From<Detector> for DetectorModel {
    fn from(detector: Detector) -> Self {
        Self::Forest(detector)
    }
}

impl From<FhogDetector> for DetectorModel {
    fn from(detector: FhogDetector) -> Self {
        Self::Fhog(detector)
    }
}

impl DetectorModel {
    /// The detector of either kind in the bytes of a model file, validated, and where it comes from.
    ///
    /// # Errors
    /// As [`model::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        match ModelKind::of(bytes) {
            Some(ModelKind::FhogDetector) => {
                model::from_bytes(bytes).map(|(detector, provenance)| (Self::Fhog(detector), provenance))
            }
            _ => model::from_bytes(bytes).map(|(detector, provenance)| (Self::Forest(detector), provenance)),
        }
    }

    /// The faces in an image, best score first.
    ///
    /// Uses the threads of the current rayon pool; the result does not depend on their number.
    pub fn detect(&self, image: &GrayImage, options: &DetectOptions) -> Vec<Detection> {
        match self {
            Self::Forest(detector) => detector.detect(image, options),
            Self::Fhog(detector) => detector.detect(image, options),
        }
    }

    /// The faces in a picture, best score first. dlib's detectors look at its colours: a pixel's gradient is the longest of
    /// its three channels'. Others look at its grey levels ([`to_grey`]).
    ///
    /// Uses threads as [`DetectorModel::detect`].
    pub fn detect_in(&self, picture: &DynamicImage, options: &DetectOptions) -> Vec<Detection> {
        match self {
            Self::Forest(detector) => detector.detect(&to_grey(picture), options),
            Self::Fhog(detector) => detector.detect_channels(&channels(picture), options),
        }
    }

    /// What is searched for where the user asks for nothing else.
    pub fn usual_options(&self) -> DetectOptions {
        match self {
            Self::Forest(_) => DetectOptions::default(),
            Self::Fhog(detector) => detector.usual_options(),
        }
    }

    /// Whether scores count expected false alarms; see [`Detector::false_alarms`].
    pub fn is_calibrated(&self) -> bool {
        matches!(self, Self::Forest(_))
    }

    /// Names and values in a fixed order, for people.
    pub fn facts(&self) -> Vec<(String, String)> {
        match self {
            Self::Forest(detector) => detector.facts(),
            Self::Fhog(detector) => detector.facts(),
        }
    }
}
