//! Photograph in, faces with landmarks out.

use crate::detector::{DetectOptions, Detection, Detector};
use crate::geometry::Rect;
use crate::image::GrayImage;
use crate::landmarks::{Cascade, Confidence, Fit, FitOptions, Shape};
#[cfg(feature = "embedded-models")]
use crate::model::ModelError;

/// A face: where it is, how sure the detector is, and its landmarks.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// The face's box in pixels.
    pub bounds: Rect,
    /// The detector's calibrated score.
    pub score: f32,
    /// The landmarks in pixels.
    pub shape: Shape,
    /// How likely the landmarks are right; see [`Fit::confidence`](crate::landmarks::Fit::confidence).
    pub confidence: Option<Confidence>,
}

impl Face {
    /// A face in a box that some detector, or a person, gave this score.
    pub fn new(bounds: Rect, score: f32, Fit { shape, confidence }: Fit) -> Self {
        Self { bounds, score, shape, confidence }
    }
}

/// A detector and a landmark cascade that work together.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Finds the boxes.
    pub detector: Detector,
    /// Places the landmarks in them.
    pub landmarks: Cascade,
}

impl Pipeline {
    /// The pipeline of the models that are compiled into the library.
    ///
    /// # Errors
    /// If a model does not decode, which the tests rule out for the models that are shipped.
    #[cfg(feature = "embedded-models")]
    pub fn embedded() -> Result<Self, ModelError> {
        Ok(Self { detector: Detector::embedded()?, landmarks: Cascade::embedded()? })
    }

    /// The faces in an image with their landmarks, best score first.
    pub fn find(&self, image: &GrayImage, detect: &DetectOptions, fit: &FitOptions) -> Vec<Face> {
        self.detector.detect(image, detect).iter().map(|detection| self.place(image, detection, fit)).collect()
    }

    /// The landmarks of a face that the detector found.
    pub fn place(&self, image: &GrayImage, detection: &Detection, fit: &FitOptions) -> Face {
        Face::new(detection.bounds, detection.score, self.landmarks.fit(image, &detection.bounds, fit))
    }
}
