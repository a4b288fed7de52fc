//! The models of a page.

use lineament::Pipeline;
use lineament::raw::{Cascade, Detector};

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
        let (detector, landmarks) = (pipeline.detector()?.parts().boosted()?, pipeline.landmarks().parts().cascade()?);
        Some(Self { pipeline, detector, landmarks })
    }
}
