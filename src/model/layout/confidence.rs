//! The confidence model.

use super::stage::LocalRegression;
use super::wire::*;
use crate::landmarks::confidence;

layout! {
    struct ConfidenceModel = confidence::ConfidenceModel {
        level: u8,
        radius: f32,
        regression: LocalRegression,
        face: [f32; 2],
    }
}
