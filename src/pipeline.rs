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
//! ([`Detector::false_alarms`](crate::detector::Detector::false_alarms)), and the confidence adds half the decimal
//! logarithm of its odds. The scores of dlib's detectors count nothing of the kind and stay as they are.

use rayon::prelude::*;

#[cfg(feature = "embedded-models")]
use crate::detector::Detector;
use crate::detector::{DetectOptions, Detection, DetectorModel};
use crate::geometry::Rect;
use crate::image::{DynamicImage, GrayImage};
#[cfg(feature = "embedded-models")]
use crate::landmarks::Cascade;
use crate::landmarks::confidence::MOST_RIGHT;
use crate::landmarks::{Confidence, Fit, FitOptions, LandmarkModel, Shape};
#[cfg(feature = "embedded-models")]
use crate::model::ModelError;

/// As [`MOST_RIGHT`], at the other end.
const LEAST_RIGHT: f32 = 1e-4;

/// The most that the confidence adds to a score, `½·log₁₀(0.99 / 0.01)`.
const MOST_EVIDENCE: f32 = 0.998;

/// A face: where it is, how sure the detector is, and its landmarks.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// The face's box in pixels.
    pub bounds: Rect,
    /// The detector's calibrated score, and what the confidence adds to it.
    pub score: f32,
    /// The in-plane rotation of the detector's component that found it, in radians; positive is clockwise on the screen. None
    /// where the box was given.
    pub angle: Option<f32>,
    /// The landmarks in pixels.
    pub shape: Shape,
    /// How likely the landmarks are right; see [`Fit::confidence`](crate::landmarks::Fit::confidence).
    pub confidence: Option<Confidence>,
}

impl Face {
    /// A face in a box that some detector, or a person, gave this score.
    pub fn new(bounds: Rect, score: f32, Fit { shape, confidence }: Fit) -> Self {
        Self { bounds, score, angle: None, shape, confidence }
    }

    /// Whether box, score and landmarks are finite, and the box has an area.
    pub fn is_finite(&self) -> bool {
        let mut points = self.shape.points.iter();
        self.bounds.is_valid() && self.score.is_finite() && points.all(|p| p.x.is_finite() && p.y.is_finite())
    }

    /// The face with the evidence of its confidence added to its score.
    fn judged(self) -> Self {
        let evidence = self.confidence.as_ref().map_or(0.0, |confidence| evidence_of(confidence.face));
        Self { score: self.score + evidence, ..self }
    }
}

/// What a confidence adds to a score.
fn evidence_of(confidence: f32) -> f32 {
    let right = confidence.clamp(LEAST_RIGHT, MOST_RIGHT);
    0.5 * (right / (1.0 - right)).log10()
}

/// A confidence below which there is less evidence than this; nearly the greatest.
fn confidence_of(evidence: f32) -> f32 {
    let odds = 10f32.powf(2.0 * evidence - 1e-3);
    (1.0 + odds.recip()).recip()
}

/// A detector and a landmark model that work together.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Finds the boxes.
    pub detector: DetectorModel,
    /// Places the landmarks in them.
    pub landmarks: LandmarkModel,
}

impl Pipeline {
    /// The pipeline of the models that are compiled into the library.
    ///
    /// # Errors
    /// If a model does not decode, which the tests rule out for the models that are shipped.
    #[cfg(feature = "embedded-models")]
    pub fn embedded() -> Result<Self, ModelError> {
        Ok(Self { detector: Detector::embedded()?.into(), landmarks: Cascade::embedded()?.into() })
    }

    /// The faces in an image with their landmarks, best score first.
    pub fn find(&self, image: &GrayImage, detect: &DetectOptions, fit: &FitOptions) -> Vec<Face> {
        let candidates = self.candidates(image, detect, fit);
        self.judge(candidates.par_iter().map(|window| self.place(image, window, detect, fit)).collect(), detect)
    }

    /// The faces in a picture, as [`Pipeline::find`]; models of dlib's kind look at its colours.
    pub fn find_in(&self, picture: &DynamicImage, detect: &DetectOptions, fit: &FitOptions) -> Vec<Face> {
        let grey = self.landmarks.to_grey(picture);
        let candidates = self.candidates_in(picture, &grey, detect, fit);
        self.judge(candidates.par_iter().map(|window| self.place(&grey, window, detect, fit)).collect(), detect)
    }

    /// The windows that may be faces: those that the confidence of their landmarks can lift to the threshold.
    pub fn candidates(&self, image: &GrayImage, detect: &DetectOptions, fit: &FitOptions) -> Vec<Detection> {
        self.detector.detect(image, &self.lifted(detect, fit))
    }

    /// The windows of a picture that may be faces, as [`Pipeline::candidates`]; `grey` are the grey levels that the
    /// landmark model sees ([`LandmarkModel::to_grey`]).
    pub fn candidates_in(
        &self,
        picture: &DynamicImage,
        grey: &GrayImage,
        detect: &DetectOptions,
        fit: &FitOptions,
    ) -> Vec<Detection> {
        match (&self.detector, &self.landmarks) {
            // They see the same.
            (DetectorModel::Forest(_), LandmarkModel::Cascade(_)) => self.candidates(grey, detect, fit),
            _ => self.detector.detect_in(picture, &self.lifted(detect, fit)),
        }
    }

    /// What to ask the detector for.
    pub fn lifted(&self, detect: &DetectOptions, fit: &FitOptions) -> DetectOptions {
        let judged = self.detector.is_calibrated() && self.landmarks.is_judged() && !fit.fast;
        let lift = if judged { MOST_EVIDENCE } else { 0.0 };
        DetectOptions { threshold: detect.threshold - lift, max_faces: None, ..*detect }
    }

    /// The landmarks of a face that the detector found. Where they cannot lift it to the threshold any more, less is tried.
    pub fn place(&self, image: &GrayImage, detection: &Detection, detect: &DetectOptions, fit: &FitOptions) -> Face {
        let fit = self.fit_options(detection, detect, fit);
        self.finish(detection, self.landmarks.fit(image, &detection.bounds, &fit))
    }

    /// How the landmarks of a detection are to be placed: with the least confidence that lifts it to the threshold.
    pub fn fit_options(&self, detection: &Detection, detect: &DetectOptions, fit: &FitOptions) -> FitOptions {
        let judged = self.detector.is_calibrated();
        let needed = if judged { confidence_of(detect.threshold - detection.score) } else { 0.0 };
        FitOptions { least_confidence: fit.least_confidence.max(needed), ..*fit }
    }

    /// The face of a detection and the landmarks in its box.
    pub fn finish(&self, detection: &Detection, fit: Fit) -> Face {
        let face = Face { angle: Some(detection.angle), ..Face::new(detection.bounds, detection.score, fit) };
        if self.detector.is_calibrated() { face.judged() } else { face }
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

    #[test]
    fn the_confidence_of_evidence_is_just_below_what_gives_it() {
        for confidence in [0.001, 0.02, 0.3, 0.5, 0.8, 0.97] {
            let found = confidence_of(evidence_of(confidence));
            assert!((0.99 * confidence..confidence).contains(&found), "{confidence}: {found}");
        }
        assert!(confidence_of(-40.0) >= 0.0 && confidence_of(40.0) <= 1.0);
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
