//! Fits the prefilter: a few trees that separate faces of all poses from any window without a face.
//!
//! The first round learns from random windows. Later rounds add windows that the previous prefilter
//! accepts, so that the last trees still have mistakes to learn from.

use lineament::raw::{BoostedTrees, Candidate, Detector, Window};

use super::boosting::{self, BoostingParams, Columns, Margin};
use super::faces::FaceWindows;
use super::hyperparams::ValidDetectorParams;
use super::mining::Negatives;
use super::samples::Samples;
use crate::rng::{seed_of_round, window_rank};

/// Share of an image's windows from which some are drawn; bounds the memory.
const DRAWN: f32 = 0.05;

/// Fits a prefilter to windows around faces and images without faces.
pub fn fit(
    window: Window,
    faces: &FaceWindows,
    negatives: &Negatives,
    params: &ValidDetectorParams,
    seed: u64,
) -> BoostedTrees {
    let prefilter = &params.prefilter;
    let mut detector = Detector { window, ..Detector::default() };
    if prefilter.trees == 0 {
        return detector.prefilter;
    }
    let mut others = Samples::new(window.len());
    for round in 0..prefilter.rounds {
        // A detector without filters shows every window that its prefilter accepts.
        let seed = seed_of_round(seed, round);
        let rank = |image: usize, candidate: &Candidate| {
            let rank = window_rank(seed, image, &candidate.bounds);
            (round > 0 || rank > 1.0 - DRAWN).then_some(rank)
        };
        let found = negatives.mine("windows for the prefilter", &detector, params.mining_face, prefilter.random, rank);
        others.features.extend(found.features);
        let columns = Columns::new(&faces.samples, &others);
        let margin = Margin { lost: prefilter.loss, slack: 0.0 };
        detector.prefilter = boosting::fit(&columns, prefilter.trees, &BoostingParams::from(prefilter), margin, seed);
    }
    detector.prefilter
}
