//! Detectors of either kind.

use super::{DetectOptions, Detection, Detector, DetectorObserver};
#[cfg(feature = "dlib")]
use crate::dlib::hog_detector::HogDetector;
use crate::image::Image;
use crate::invalid::InvalidModel;

/// A detector that finds faces.
///
/// It is valid: it comes from a model file, or from parts that were checked.
#[derive(Clone, Debug)]
pub struct DetectorModel(Inner);

#[derive(Clone, Debug)]
enum Inner {
    /// Prefilter, filters, boosted trees and box regression, with calibrated scores.
    Boosted(Detector),
    /// Filters alone, like dlib's detectors.
    #[cfg(feature = "dlib")]
    Dlib(HogDetector),
}

/// Like [`DetectorModel::new`].
impl TryFrom<Detector> for DetectorModel {
    type Error = InvalidModel;

    fn try_from(detector: Detector) -> Result<Self, InvalidModel> {
        Self::new(detector)
    }
}

/// Checks every invariant that prediction relies on.
#[cfg(feature = "dlib")]
impl TryFrom<HogDetector> for DetectorModel {
    type Error = InvalidModel;

    fn try_from(model: HogDetector) -> Result<Self, InvalidModel> {
        model.validate()?;
        Ok(Self(Inner::Dlib(model)))
    }
}

impl DetectorModel {
    /// A detector of these parts, checked for every invariant that prediction relies on.
    ///
    /// # Errors
    /// If one does not hold.
    pub fn new(detector: Detector) -> Result<Self, InvalidModel> {
        detector.validate()?;
        Ok(Self(Inner::Boosted(detector)))
    }

    /// The parts of a model of our own kind.
    pub fn as_boosted(&self) -> Option<&Detector> {
        match &self.0 {
            Inner::Boosted(model) => Some(model),
            #[cfg(feature = "dlib")]
            Inner::Dlib(_) => None,
        }
    }

    /// The parts of a model of dlib's kind.
    #[cfg(feature = "dlib")]
    pub fn as_dlib(&self) -> Option<&HogDetector> {
        match &self.0 {
            Inner::Dlib(model) => Some(model),
            Inner::Boosted(_) => None,
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
        match &self.0 {
            Inner::Boosted(detector) => detector.detect_observed(&image.luma(), options, observer),
            #[cfg(feature = "dlib")]
            Inner::Dlib(detector) => detector.detect(image.channels(), options),
        }
    }

    /// This detector's default options.
    pub fn default_options(&self) -> DetectOptions {
        match &self.0 {
            Inner::Boosted(_) => DetectOptions::default(),
            #[cfg(feature = "dlib")]
            Inner::Dlib(detector) => detector.default_options(),
        }
    }

    /// Whether scores are calibrated to false positives; see [`Detector::false_positives`].
    pub fn is_calibrated(&self) -> bool {
        matches!(self.0, Inner::Boosted(_))
    }

    /// Names and values in a fixed order, for people.
    pub fn summary(&self) -> Vec<(String, String)> {
        match &self.0 {
            Inner::Boosted(detector) => detector.summary(),
            #[cfg(feature = "dlib")]
            Inner::Dlib(detector) => detector.summary(),
        }
    }
}
