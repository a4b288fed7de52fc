//! Image in, faces with landmarks out.

use std::path::Path;

use crate::detector::DetectorModel;
use crate::geometry::Rect;
use crate::image::Image;
use crate::landmarks::LandmarkModel;
use crate::model::LoadError;
use crate::run::run;
use crate::{Face, Options};

/// Why the pipeline cannot do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// A search without a detector.
    #[error("the pipeline has no detector")]
    NoDetector,
    /// A lowest confidence or turned boxes, and a model or a mode that has no confidence.
    #[error(
        "a lowest confidence, and boxes at all rotations, need a landmark model that estimates its confidence, and all of its stages"
    )]
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
    detector: Option<DetectorModel>,
    landmarks: LandmarkModel,
}

/// The shipped models, which are for research and not for commercial use. They are decoded once per process.
#[cfg(feature = "embedded-models")]
impl Default for Pipeline {
    fn default() -> Self {
        Self::new(DetectorModel::default(), LandmarkModel::default())
    }
}

impl Pipeline {
    /// A pipeline of these models. `DetectorModel::default()` and `LandmarkModel::default()` are the shipped ones.
    pub fn new(detector: DetectorModel, landmarks: LandmarkModel) -> Self {
        Self { detector: Some(detector), landmarks }
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
        Self { detector: None, landmarks }
    }

    /// Finds the boxes.
    pub fn detector(&self) -> Option<&DetectorModel> {
        self.detector.as_ref()
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
        run(self, image, None, options, &())
    }

    /// The landmarks of the faces in these boxes (pixels of the image), in the boxes' order. Their score is 0; of the
    /// options, `min_confidence`, `fast` and `turned` count.
    ///
    /// # Errors
    /// If a box has no area or is not finite, or like [`Pipeline::find_with`].
    pub fn fit(&self, image: &Image, boxes: &[Rect], options: &Options) -> Result<Vec<Face>, PipelineError> {
        run(self, image, Some(boxes), options, &())
    }
}
