//! Detectors of either kind.

use std::sync::Arc;

use super::{DetectOptions, Detection, Detector, DetectorObserver};
#[cfg(feature = "dlib")]
use crate::dlib::hog_detector::HogDetector;
use crate::image::Image;
use crate::invalid::InvalidModel;

/// A detector that finds faces.
///
/// It is valid: it comes from a model file, or from parts that were checked. Cloning is cheap: the parts are shared.
#[derive(Clone, Debug)]
pub struct DetectorModel(Arc<DetectorParts>);

/// The parts of a detector of either kind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DetectorParts {
    /// Prefilter, filters, boosted trees and box regression, with calibrated scores.
    Boosted(Detector),
    /// Filters alone, like dlib's detectors.
    #[cfg(feature = "dlib")]
    Dlib(HogDetector),
}

/// Checks every invariant that prediction relies on.
impl TryFrom<Detector> for DetectorModel {
    type Error = InvalidModel;

    fn try_from(detector: Detector) -> Result<Self, InvalidModel> {
        detector.validate()?;
        Ok(Self(Arc::new(DetectorParts::Boosted(detector))))
    }
}

/// Checks every invariant that prediction relies on.
#[cfg(feature = "dlib")]
impl TryFrom<HogDetector> for DetectorModel {
    type Error = InvalidModel;

    fn try_from(detector: HogDetector) -> Result<Self, InvalidModel> {
        detector.validate()?;
        Ok(Self(Arc::new(DetectorParts::Dlib(detector))))
    }
}

impl DetectorModel {
    /// The parts behind this model, with the methods that work on them. Unstable, like everything in [`crate::raw`].
    pub fn parts(&self) -> &DetectorParts {
        &self.0
    }
}

impl DetectorParts {
    /// The parts of a model of our own kind.
    pub fn boosted(&self) -> Option<&Detector> {
        match self {
            Self::Boosted(model) => Some(model),
            #[cfg(feature = "dlib")]
            Self::Dlib(_) => None,
        }
    }

    /// The parts of a model of dlib's kind.
    #[cfg(feature = "dlib")]
    pub fn dlib(&self) -> Option<&HogDetector> {
        match self {
            Self::Dlib(model) => Some(model),
            Self::Boosted(_) => None,
        }
    }

    /// The faces in an image, best score first. dlib's detectors look at its colours: a pixel's gradient is the longest of
    /// its three channels'. Others look at its luma.
    ///
    /// Uses the threads of the current rayon pool; the result does not depend on their number.
    pub fn detect(&self, image: &Image, options: &DetectOptions) -> Vec<Detection> {
        self.detect_observed(image, options, &())
    }

    /// Like [`DetectorParts::detect`]; detectors of our own kind report each step to `observer`.
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
