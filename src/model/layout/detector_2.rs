//! Version 2 of detectors: with a prefilter, without score fusion.

use super::box_regression::BoxRegression;
use super::filter::{Component, Window};
use super::trees::BoostedTrees;
use super::wire::*;
use crate::detector::Detector;
use crate::detector::ScoreFusion;

layout! {
    struct Detector2 {
        window: Window,
        components: Vec<Component>,
        prefilter: BoostedTrees,
        boosted_trees: BoostedTrees,
        box_regression: BoxRegression,
    }
}

/// The score is that of the boosted trees in the best window.
impl Load for Detector2 {
    type Value = Detector;

    fn load(self) -> Detector {
        Detector {
            window: self.window.load(),
            components: self.components.load(),
            prefilter: self.prefilter.load(),
            boosted_trees: self.boosted_trees.load(),
            box_regression: self.box_regression.load(),
            score_fusion: ScoreFusion::default(),
        }
    }
}
