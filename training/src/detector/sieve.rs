//! Fits the sieve: few trees between faces of all poses and any windows of pictures without faces.
//!
//! It learns from windows at random, and from those that it lets through, so that its last trees have something left to
//! learn from.

use lineament::raw::{BoostedTrees, Detector, Window};

use super::boosting::{self, Boosting, Columns, Margin};
use super::faces::FaceWindows;
use super::hyperparams::ValidDetectorParams;
use super::mining::{self, Negatives};
use super::samples::Samples;

/// The share of a picture's windows from which some are drawn, which bounds the memory.
const DRAWN: f32 = 0.05;

/// Fits a sieve to windows around faces and pictures without faces.
pub fn fit(
    window: Window,
    faces: &FaceWindows,
    negatives: &Negatives,
    params: &ValidDetectorParams,
    seed: u64,
) -> BoostedTrees {
    let sieve = &params.sieve;
    let mut detector = Detector { window, ..Detector::default() };
    if sieve.trees == 0 {
        return detector.prefilter;
    }
    let mut others = Samples::new(window.len());
    for round in 0..sieve.rounds {
        // A detector without filters shows every window that its sieve lets through.
        let seed = seed.wrapping_add(round as u64);
        let found =
            negatives.mine("windows for the sieve", &detector, params.mining_face, sieve.random, |i, candidate| {
                let chance = mining::chance(seed, i, candidate);
                Some(chance).filter(|&chance| round > 0 || chance > 1.0 - DRAWN)
            });
        others.features.extend(found.features);
        let columns = Columns::new(&faces.samples, &others);
        let margin = Margin { lost: sieve.loss, slack: 0.0 };
        detector.prefilter = boosting::fit(&columns, sieve.trees, &Boosting::from(sieve), margin, seed);
    }
    detector.prefilter
}
