//! The models of a page.

use lineament::raw::{Cascade, Detector};
use lineament::{DetectorModel, LandmarkModel, Pipeline};

/// A pipeline whose models can be explained: lineament's own kinds, not dlib's.
#[derive(Clone, Copy, Debug)]
pub struct Models<'a> {
    /// Both together.
    pub pipeline: &'a Pipeline,
    /// Finds the boxes.
    pub detector: &'a Detector,
    /// Places the landmarks in them.
    pub landmarks: &'a Cascade,
}

impl<'a> Models<'a> {
    /// The models of a pipeline, or none if one of them is of another kind.
    pub fn of(pipeline: &'a Pipeline) -> Option<Self> {
        match (pipeline.detector(), pipeline.landmarks()) {
            (Some(DetectorModel::Boosted(detector)), LandmarkModel::Cascade(landmarks)) => {
                Some(Self { pipeline, detector, landmarks })
            }
            _ => None,
        }
    }
}
