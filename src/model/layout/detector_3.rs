//! Version 3 of detectors.

use super::box_regression::BoxRegression;
use super::filter::{Component, Window};
use super::trees::BoostedTrees;
use super::wire::*;
use crate::detector::{self, Detector};

layout! {
    struct Detector3 = Detector {
        window: Window,
        components: Vec<Component>,
        prefilter: BoostedTrees,
        boosted_trees: BoostedTrees,
        box_regression: BoxRegression,
        score_fusion: ScoreFusion,
    }
}

layout! {
    struct ScoreFusion = detector::ScoreFusion {
        linear: f32,
        sharpness: f32,
    }
}
