//! Version 2 of landmark models: without the size of the coarse crop.

use super::confidence::ConfidenceModel;
use super::shape::Shape;
use super::stage::Stage;
use super::wire::*;
use crate::landmarks::Cascade;
use crate::landmarks::crop::CropSpec;

layout! {
    struct Landmarks2 {
        face: u16,
        margin: u16,
        mean: Shape,
        landmarks: Vec<u16>,
        stages: Vec<Stage>,
        confidence: Option<ConfidenceModel>,
    }
}

/// The coarse crop was half of the other, and even.
impl Load for Landmarks2 {
    type Value = Cascade;

    fn load(self) -> Cascade {
        Cascade {
            crop: CropSpec { face: self.face, margin: self.margin, coarse: self.face / 4 * 2 },
            mean: self.mean.load(),
            landmarks: self.landmarks,
            stages: self.stages.load(),
            confidence: self.confidence.load(),
        }
    }
}
