//! Image in, faces with landmarks out.
//!
//! ```text
//!   image ──► detector ──► windows, merged ──► landmark cascade ──► verification ──► filters ──► faces
//!                          less sure ones too                       by confidence
//!   image, boxes ────────────────────────────► landmark cascade ───────────────────► filters ──► faces
//! ```
//!
//! Landmarks find their places on a face and nowhere else, so their confidence tells faces from what only looks like one to
//! the detector (like Chen et al., "Joint Cascade Face Detection and Alignment", ECCV 2014). It adds to the detector's score
//! as independent evidence does: the score counts tenfold steps of expected false positives by halves
//! ([`Detector::false_positives`]), and the confidence adds half the decimal logarithm of its odds. The scores of dlib's
//! detectors mean nothing of the kind and stay as they are.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
#[cfg(feature = "embedded-models")]
use std::sync::LazyLock;

#[cfg(doc)]
use crate::detector::Detector;
use crate::detector::{DetectOptions, Detection, DetectorModel};
use crate::geometry::Rect;
use crate::image::Image;
use crate::landmarks::confidence::MOST_RIGHT;
use crate::landmarks::{FitOptions, LandmarkModel};
use crate::log_odds::odds;
use crate::model::LoadError;
use crate::observer::Observer;
use crate::{Face, Options, parallel};

/// Like [`MOST_RIGHT`], at the other end.
const LEAST_RIGHT: f32 = 1e-4;

/// The most that the confidence adds to a score, `½·log₁₀(0.99 / 0.01)`.
const MOST_ADDED: f32 = 0.998;

/// Why the pipeline cannot do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// A search without a detector.
    #[error("the pipeline has no detector")]
    NoDetector,
    /// A lowest confidence, and a model or a mode that has none.
    #[error("a lowest confidence needs a landmark model that estimates one, and all of its stages")]
    NoConfidence,
    /// A given box without area, or with a number that is not finite.
    #[error("box {0} (counted from 0) has no area, or a number that is not finite")]
    InvalidBox(usize),
    /// The models give numbers that are not finite.
    #[error("the models give numbers that are not finite")]
    NotFinite,
}

/// A detector and a landmark model that work together.
///
/// Cloning is cheap: the models are shared.
#[derive(Clone, Debug)]
pub struct Pipeline {
    detector: Option<Held<DetectorModel>>,
    landmarks: Held<LandmarkModel>,
}

/// A model of the caller's, or a shipped one, which is decoded when it is first used, and once.
#[derive(Debug)]
enum Held<M: 'static> {
    Own(Arc<M>),
    #[cfg(feature = "embedded-models")]
    Embedded(&'static LazyLock<M>),
}

impl<M> Clone for Held<M> {
    fn clone(&self) -> Self {
        match self {
            Self::Own(model) => Self::Own(model.clone()),
            #[cfg(feature = "embedded-models")]
            Self::Embedded(model) => Self::Embedded(model),
        }
    }
}

impl<M> Deref for Held<M> {
    type Target = M;

    fn deref(&self) -> &M {
        match self {
            Self::Own(model) => model,
            #[cfg(feature = "embedded-models")]
            Self::Embedded(model) => model,
        }
    }
}

#[cfg(feature = "embedded-models")]
static DETECTOR: LazyLock<DetectorModel> = LazyLock::new(|| {
    DetectorModel::from_bytes(lineament_models::DETECTOR).expect("the shipped detector is a valid model").0
});

#[cfg(feature = "embedded-models")]
static LANDMARKS: LazyLock<LandmarkModel> = LazyLock::new(|| {
    LandmarkModel::from_bytes(lineament_models::LANDMARKS).expect("the shipped landmark model is a valid model").0
});

/// The shipped models, which are for research and not for commercial use. They are decoded when they are first used, once
/// per process.
#[cfg(feature = "embedded-models")]
impl Default for Pipeline {
    fn default() -> Self {
        Self { detector: Some(Held::Embedded(&DETECTOR)), landmarks: Held::Embedded(&LANDMARKS) }
    }
}

impl Pipeline {
    /// A pipeline of these models.
    pub fn new(detector: DetectorModel, landmarks: LandmarkModel) -> Self {
        Self::without_detector(landmarks).with_detector(detector)
    }

    /// A pipeline of the models in these files, which may be dlib's own (with the feature `dlib`).
    ///
    /// ```no_run
    /// # fn main() -> Result<(), lineament::LoadError> {
    /// let pipeline = lineament::Pipeline::from_files("detector.lineament", "landmarks.lineament")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If a file cannot be read or is not the model that it should be.
    pub fn from_files(detector: impl AsRef<Path>, landmarks: impl AsRef<Path>) -> Result<Self, LoadError> {
        Ok(Self::new(DetectorModel::load(detector)?, LandmarkModel::load(landmarks)?))
    }

    /// A pipeline for boxes that are given: [`Pipeline::fit`] alone.
    pub fn without_detector(landmarks: LandmarkModel) -> Self {
        Self { detector: None, landmarks: Held::Own(Arc::new(landmarks)) }
    }

    /// The same pipeline with this detector.
    pub fn with_detector(self, detector: DetectorModel) -> Self {
        Self { detector: Some(Held::Own(Arc::new(detector))), ..self }
    }

    /// The same pipeline with this landmark model.
    pub fn with_landmarks(self, landmarks: LandmarkModel) -> Self {
        Self { landmarks: Held::Own(Arc::new(landmarks)), ..self }
    }

    /// Finds the boxes.
    pub fn detector(&self) -> Option<&DetectorModel> {
        self.detector.as_deref()
    }

    /// Places the landmarks in them.
    pub fn landmarks(&self) -> &LandmarkModel {
        &self.landmarks
    }

    /// The faces in an image with their landmarks, best score first.
    ///
    /// Uses the threads of the current rayon pool (with the feature `parallel`); the result does not depend on their
    /// number. Several threads may call one pipeline at once.
    ///
    /// # Errors
    /// If the pipeline has no detector, or a model gives numbers that are not finite.
    pub fn find(&self, image: &Image) -> Result<Vec<Face>, PipelineError> {
        self.find_with(image, &Options::default())
    }

    /// Like [`Pipeline::find`], with options.
    ///
    /// # Errors
    /// Like [`Pipeline::find`], or if a lowest confidence is asked for and the landmark model estimates none.
    pub fn find_with(&self, image: &Image, options: &Options) -> Result<Vec<Face>, PipelineError> {
        self.run(image, None, options, &())
    }

    /// The landmarks of the faces in these boxes (pixels of the image), in the boxes' order. Their score is 0; of the
    /// options, `min_confidence` and `fast` count.
    ///
    /// # Errors
    /// If a box has no area or is not finite, or like [`Pipeline::find_with`].
    pub fn fit(&self, image: &Image, boxes: &[Rect], options: &Options) -> Result<Vec<Face>, PipelineError> {
        self.run(image, Some(boxes), options, &())
    }

    /// The one run: [`Pipeline::find_with`] without boxes, [`Pipeline::fit`] with them, reporting each step to `observer`.
    ///
    /// # Errors
    /// Like these.
    pub fn run<O: Observer>(
        &self,
        image: &Image,
        boxes: Option<&[Rect]>,
        options: &Options,
        observer: &O,
    ) -> Result<Vec<Face>, PipelineError> {
        if options.min_confidence.is_some_and(|least| least > 0.0) && (options.fast || !self.landmarks.has_confidence())
        {
            return Err(PipelineError::NoConfidence);
        }
        if let Some(index) = boxes.and_then(|boxes| boxes.iter().position(|bounds| !bounds.is_valid())) {
            return Err(PipelineError::InvalidBox(index));
        }
        let least = options.min_confidence.unwrap_or(0.0);
        let mut faces = match boxes {
            Some(boxes) => self.fit_boxes(image, boxes, &fit_options(options, least), observer),
            None => self.search(image, options, observer)?,
        };
        faces.retain(|face| face.confidence.as_ref().is_none_or(|confidence| confidence.face >= least));
        if faces.iter().all(Face::is_finite) { Ok(faces) } else { Err(PipelineError::NotFinite) }
    }

    /// The options of the detector that stand for these.
    ///
    /// # Errors
    /// If the pipeline has no detector.
    pub fn detect_options(&self, options: &Options) -> Result<DetectOptions, PipelineError> {
        let default = self.detector().ok_or(PipelineError::NoDetector)?.default_options();
        Ok(DetectOptions {
            threshold: options.threshold.unwrap_or(default.threshold),
            min_face: options.min_face.unwrap_or(default.min_face),
            max_faces: options.max_faces.or(default.max_faces),
        })
    }

    /// The score from which the detector's windows get landmarks: lower than the threshold where the confidence can still
    /// lift them to it.
    ///
    /// # Errors
    /// If the pipeline has no detector.
    pub fn candidate_threshold(&self, options: &Options) -> Result<f32, PipelineError> {
        let threshold = self.detect_options(options)?.threshold;
        let verified = self.is_calibrated() && self.landmarks.has_confidence() && !options.fast;
        Ok(threshold - if verified { MOST_ADDED } else { 0.0 })
    }

    /// Whether the detector's scores are of the kind that a confidence adds to.
    fn is_calibrated(&self) -> bool {
        self.detector().is_some_and(DetectorModel::is_calibrated)
    }

    fn fit_boxes<O: Observer>(&self, image: &Image, boxes: &[Rect], options: &FitOptions, observer: &O) -> Vec<Face> {
        let grey = self.landmarks.grey(image);
        let faces = parallel::map(boxes, |bounds| {
            let mut cascade = observer.fit(bounds);
            let face = Face::new(*bounds, 0.0, self.landmarks.fit_observed(&grey, bounds, options, &mut cascade));
            observer.fitted(bounds, &face, cascade);
            face
        });
        observer.finished();
        faces
    }

    fn search<O: Observer>(&self, image: &Image, options: &Options, observer: &O) -> Result<Vec<Face>, PipelineError> {
        let detector = self.detector().ok_or(PipelineError::NoDetector)?;
        let detect = self.detect_options(options)?;
        let candidates = DetectOptions { threshold: self.candidate_threshold(options)?, max_faces: None, ..detect };
        let found = detector.detect_observed(image, &candidates, observer.detect());
        observer.detected(&found);
        let grey = self.landmarks.grey(image);
        let mut faces = parallel::map(&found, |candidate| {
            let useful = self.useful_confidence(candidate, &detect, options);
            let mut cascade = observer.fit(&candidate.bounds);
            let fit =
                self.landmarks.fit_observed(&grey, &candidate.bounds, &fit_options(options, useful), &mut cascade);
            let face = self.verified(candidate, Face::new(candidate.bounds, candidate.score, fit));
            observer.fitted(&candidate.bounds, &face, cascade);
            face
        });
        observer.finished();
        faces.retain(|face| face.score >= detect.threshold);
        faces.sort_by(|a, b| b.score.total_cmp(&a.score));
        faces.truncate(detect.max_faces.unwrap_or(usize::MAX));
        Ok(faces)
    }

    /// The lowest confidence that lifts a candidate to the threshold and passes the filter.
    fn useful_confidence(&self, candidate: &Detection, detect: &DetectOptions, options: &Options) -> f32 {
        let needed = if self.is_calibrated() { confidence_for(detect.threshold - candidate.score) } else { 0.0 };
        options.min_confidence.unwrap_or(0.0).max(needed)
    }

    /// The face of a candidate with what its confidence adds to its score.
    fn verified(&self, candidate: &Detection, face: Face) -> Face {
        let confidence = face.confidence.as_ref().filter(|_| self.is_calibrated());
        let score = face.score + confidence.map_or(0.0, |confidence| added(confidence.face));
        Face { angle: Some(candidate.angle), score, ..face }
    }
}

fn fit_options(options: &Options, useful_confidence: f32) -> FitOptions {
    FitOptions { fast: options.fast, useful_confidence }
}

/// What a confidence adds to a score.
fn added(confidence: f32) -> f32 {
    0.5 * odds(confidence, LEAST_RIGHT, MOST_RIGHT).log10()
}

/// A confidence below which less than this is added; nearly the greatest.
fn confidence_for(added: f32) -> f32 {
    let odds = 10f32.powf(2.0 * added - 1e-3);
    (1.0 + odds.recip()).recip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_adds_half_the_logarithm_of_its_odds() {
        assert_eq!(added(0.5), 0.0);
        assert!((added(10.0 / 11.0) - 0.5).abs() < 1e-4);
        assert!((added(1.0 / 11.0) + 0.5).abs() < 1e-4);
        assert!((added(1.0) - MOST_ADDED).abs() < 1e-3);
        assert!((added(0.0) + 2.0).abs() < 1e-3);
    }

    #[test]
    fn the_confidence_for_a_score_is_just_below_what_adds_it() {
        for confidence in [0.001, 0.02, 0.3, 0.5, 0.8, 0.97] {
            let found = confidence_for(added(confidence));
            assert!((0.99 * confidence..confidence).contains(&found), "{confidence}: {found}");
        }
        assert!(confidence_for(-40.0) >= 0.0 && confidence_for(40.0) <= 1.0);
    }
}
