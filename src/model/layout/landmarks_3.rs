//! Version 3 of landmark models.

use super::confidence::ConfidenceModel;
use super::shape::Shape;
use super::stage::Stage;
use super::wire::*;
use crate::landmarks::{Cascade, crop};

layout! {
    struct Landmarks3 = Cascade {
        crop: CropSpec,
        mean: Shape,
        landmarks: Vec<u16>,
        stages: Vec<Stage>,
        confidence: Option<ConfidenceModel>,
    }
}

layout! {
    struct CropSpec = crop::CropSpec {
        face: u16,
        margin: u16,
        coarse: u16,
    }
}
