//! Detectors of either kind.

use super::{DetectOptions, Detection, Detector, DetectorObserver};
#[cfg(feature = "dlib")]
use crate::dlib::HogDetector;
use crate::image::Image;
use crate::model::{self, ModelError, ModelKind, Provenance};

/// A detector that finds faces.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DetectorModel {
    /// Prefilter, filters, boosted trees and box regression, with calibrated scores.
    Boosted(Detector),
    /// Filters alone, like dlib's detectors.
    #[cfg(feature = "dlib")]
    Dlib(HogDetector),
}

impl From<Detector> for DetectorModel {
    fn from(detector: Detector) -> Self {
        Self::Boosted(detector)
    }
}

#[cfg(feature = "dlib")]
impl From<HogDetector> for DetectorModel {
    fn from(detector: HogDetector) -> Self {
        Self::Dlib(detector)
    }
}

impl DetectorModel {
    /// Reads a detector of either kind from the bytes of a model file, and where it comes from.
    ///
    /// # Errors
    /// Like [`model::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        match ModelKind::of(bytes) {
            #[cfg(feature = "dlib")]
            Some(ModelKind::DlibDetector) => {
                model::from_bytes(bytes).map(|(detector, provenance)| (Self::Dlib(detector), provenance))
            }
            _ => model::from_bytes(bytes).map(|(detector, provenance)| (Self::Boosted(detector), provenance)),
        }
    }

    /// The faces in an image, best score first. dlib's detectors look at its colours: a pixel's gradient is the longest of
    /// its three channels'. Others look at its luma.
    ///
    /// Uses the threads of the current rayon pool; the result does not depend on their number.
    pub fn detect(&self, image: &Image, options: &DetectOptions) -> Vec<Detection> {
        self.detect_observed(image, options, &())
    }

    /// Like [`DetectorModel::detect`]; detectors of our own kind report each step to `observer`.
    pub fn detect_observed(
        &self,
        image: &Image,
        options: &DetectOptions,
        observer: &impl DetectorObserver,
    ) -> Vec<Detection> {
        match self {
            Self::Boosted(detector) => detector.detect_observed(&image.luma(), options, observer),
            #[cfg(feature = "dlib")]
            Self::Dlib(detector) => detector.detect(image.channels(), options),
        }
    }

    /// This detector's default options.
    pub fn default_options(&self) -> DetectOptions {
        match self {
            Self::Boosted(_) => DetectOptions::default(),
            #[cfg(feature = "dlib")]
            Self::Dlib(detector) => detector.default_options(),
        }
    }

    /// Whether scores are calibrated to false positives; see [`Detector::false_positives`].
    pub fn is_calibrated(&self) -> bool {
        matches!(self, Self::Boosted(_))
    }

    /// Names and values in a fixed order, for people.
    pub fn summary(&self) -> Vec<(String, String)> {
        match self {
            Self::Boosted(detector) => detector.summary(),
            #[cfg(feature = "dlib")]
            Self::Dlib(detector) => detector.summary(),
        }
    }
}
