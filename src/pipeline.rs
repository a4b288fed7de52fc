//! Photograph in, faces with landmarks out.
//!
//! ```text
//!   photograph ──► detector ──► windows ──► landmark cascade ──► confidence ──► faces
//!                          less sure ones too                 the last judge
//! ```
//!
//! Landmarks find their places on a face and nowhere else, so that their confidence tells faces from what only looks like
//! one to the detector (as Chen et al., "Joint Cascade Face Detection and Alignment", ECCV 2014). It adds to the detector's
//! score as evidence does: the score counts tens of expected false alarms by halves
//! ([`Detector::false_alarms`]), and the confidence adds half the decimal logarithm of its odds.

use crate::detector::{DetectOptions, Detection, Detector};
use crate::geometry::Rect;
use crate::image::GrayImage;
use crate::landmarks::{Cascade, Confidence, Fit, FitOptions, Shape};
#[cfg(feature = "embedded-models")]
use crate::model::ModelError;
use crate::trace::{CascadeTrace, DetectorTrace};

/// Probabilities beyond which the confidence is no more evidence: its calibration knows nothing of the rarest.
const LEAST_RIGHT: f32 = 1e-4;
const MOST_RIGHT: f32 = 0.99;

/// The most that the confidence adds to a score, `½·log₁₀(0.99 / 0.01)`.
const MOST_EVIDENCE: f32 = 0.998;

/// A face: where it is, how sure the detector is, and its landmarks.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// The face's box in pixels.
    pub bounds: Rect,
    /// The detector's calibrated score, and what the confidence adds to it.
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

    /// Whether box, score and landmarks are finite, and the box has an area.
    pub fn is_finite(&self) -> bool {
        let mut points = self.shape.points.iter();
        self.bounds.is_valid() && self.score.is_finite() && points.all(|p| p.x.is_finite() && p.y.is_finite())
    }

    /// The face with the evidence of its confidence added to its score.
    fn judged(self) -> Self {
        let evidence = self.confidence.as_ref().map_or(0.0, |confidence| {
            let right = confidence.face.clamp(LEAST_RIGHT, MOST_RIGHT);
            0.5 * (right / (1.0 - right)).log10()
        });
        Self { score: self.score + evidence, ..self }
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
        let candidates = self.candidates(image, detect, fit);
        self.judge(candidates.iter().map(|detection| self.place(image, detection, fit)).collect(), detect)
    }

    /// The windows that may be faces: those that the confidence of their landmarks can lift to the threshold.
    pub fn candidates(&self, image: &GrayImage, detect: &DetectOptions, fit: &FitOptions) -> Vec<Detection> {
        self.candidates_traced(image, detect, fit, &())
    }

    /// As [`Pipeline::candidates`], before the eyes of an observer.
    pub fn candidates_traced(
        &self,
        image: &GrayImage,
        detect: &DetectOptions,
        fit: &FitOptions,
        trace: &impl DetectorTrace,
    ) -> Vec<Detection> {
        let options = DetectOptions { threshold: self.kept_from(detect, fit), max_faces: None, ..*detect };
        self.detector.detect_traced(image, &options, trace)
    }

    /// The detector's score from which a window may be a face: below the threshold by as much as the confidence of its
    /// landmarks can add.
    pub fn kept_from(&self, detect: &DetectOptions, fit: &FitOptions) -> f32 {
        let judged = self.landmarks.judge.is_some() && !fit.fast;
        detect.threshold - if judged { MOST_EVIDENCE } else { 0.0 }
    }

    /// The landmarks of a face that the detector found.
    pub fn place(&self, image: &GrayImage, detection: &Detection, fit: &FitOptions) -> Face {
        self.place_traced(image, detection, fit, &mut ())
    }

    /// As [`Pipeline::place`], before the eyes of an observer.
    pub fn place_traced(
        &self,
        image: &GrayImage,
        detection: &Detection,
        fit: &FitOptions,
        trace: &mut impl CascadeTrace,
    ) -> Face {
        let Detection { bounds, score, .. } = detection;
        Face::new(*bounds, *score, self.landmarks.fit_traced(image, bounds, fit, trace)).judged()
    }

    /// The faces among the candidates, best score first.
    pub fn judge(&self, candidates: Vec<Face>, detect: &DetectOptions) -> Vec<Face> {
        let mut faces = candidates;
        faces.retain(|face| face.score >= detect.threshold);
        faces.sort_by(|a, b| b.score.total_cmp(&a.score));
        faces.truncate(detect.max_faces.unwrap_or(usize::MAX));
        faces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmarks::Confidence;

    fn face(score: f32, confidence: Option<f32>) -> Face {
        let confidence = confidence.map(|face| Confidence { face, landmarks: vec![] });
        Face::new(Rect::default(), score, Fit { shape: Shape::new(vec![]), confidence })
    }

    #[test]
    fn a_confidence_is_evidence() {
        let score = |confidence| face(0.25, confidence).judged().score;
        assert_eq!(score(None), 0.25);
        assert_eq!(score(Some(0.5)), 0.25);
        assert!((score(Some(10.0 / 11.0)) - 0.75).abs() < 1e-4);
        assert!((score(Some(1.0 / 11.0)) + 0.25).abs() < 1e-4);
        assert!((score(Some(1.0)) - 0.25 - MOST_EVIDENCE).abs() < 1e-3);
        assert!((score(Some(0.0)) + 1.75).abs() < 1e-3);
    }

    #[cfg(feature = "embedded-models")]
    #[test]
    fn the_best_of_the_faces_above_the_threshold_are_left() {
        let pipeline = Pipeline::embedded().unwrap();
        let faces = || [0.1, 0.9, -0.3, 0.4].map(|score| face(score, None)).to_vec();
        let scores = |options: &DetectOptions| -> Vec<f32> {
            pipeline.judge(faces(), options).iter().map(|face| face.score).collect()
        };
        let options = DetectOptions { threshold: 0.0, ..DetectOptions::default() };
        assert_eq!(scores(&options), [0.9, 0.4, 0.1]);
        assert_eq!(scores(&DetectOptions { max_faces: Some(1), ..options }), [0.9]);
    }
}
