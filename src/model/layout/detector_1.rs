//! Version 1 of detectors: without a prefilter and score fusion.

use super::box_regression::BoxRegression;
use super::filter::{Component, Window};
use super::trees::BoostedTrees;
use super::wire::*;
use crate::detector::Detector;
use crate::detector::{self, ScoreFusion};

layout! {
    struct Detector1 {
        window: Window,
        components: Vec<Component>,
        boosted_trees: BoostedTrees,
        box_regression: BoxRegression,
    }
}

/// The empty prefilter rejects nothing; the score is that of the boosted trees in the best window.
impl Load for Detector1 {
    type Value = Detector;

    fn load(self) -> Detector {
        Detector {
            window: self.window.load(),
            components: self.components.load(),
            prefilter: detector::BoostedTrees::default(),
            boosted_trees: self.boosted_trees.load(),
            box_regression: self.box_regression.load(),
            score_fusion: ScoreFusion::default(),
        }
    }
}
