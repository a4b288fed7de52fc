//! The regression of a face's box.

use super::wire::*;
use crate::detector;

layout! {
    struct BoxRegression = detector::BoxRegression {
        weights: [Vec<i16>; 3],
        scales: [f32; 3],
        biases: [f32; 3],
    }
}
