//! Fits a detector, step by step.

use std::path::PathBuf;

use lineament::Shape;
use lineament::raw::decode;
use lineament::raw::decode::ReadOptions;
use lineament::raw::{BoostedTrees, BoxRegression, Candidate, Component, Detector, Filter};
use rayon::prelude::*;

use super::boosting::{BoostingParams, Margin};
use super::calibration::Calibration;
use super::error::DetectorError;
use super::faces::{self, FaceWindows};
use super::hyperparams::ValidDetectorParams;
use super::mining::Negatives;
use super::poses::{self, Pose};
use super::report::{Step, StepReport};
use super::samples::Samples;
use super::{boosting, box_regression, calibration, filters, prefilter};
use crate::checkpoint::Checkpoints;
use crate::dataset::Dataset;
use crate::progress::Progress;
use crate::rng::{seed_of_face, seed_of_round, window_rank};

/// Filter score above which a window without a face is a hard negative.
const MARGIN: f32 = -1.0;

/// A detector, and what the meaning of its scores rests on.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The detector.
    pub detector: Detector,
    /// The calibration of its scores.
    pub calibration: Calibration,
}

/// Fits a detector to 68-point faces and images without faces.
///
/// The same data, parameters and seed give the same detector for any number of threads. Calls
/// `report` after each step that is computed; steps read from the checkpoints are not reported.
///
/// # Errors
/// If no face or no image without faces can be read, or a checkpoint cannot be written.
pub fn fit(
    dataset: &Dataset,
    negatives: &[PathBuf],
    params: &ValidDetectorParams,
    seed: u64,
    checkpoints: &Checkpoints,
    report: &mut dyn FnMut(StepReport),
) -> Result<Fitted, DetectorError> {
    let shapes: Vec<Shape> = dataset.faces().map(|(_, face)| face.shape.clone()).collect();
    if shapes.is_empty() {
        return Err(DetectorError::NoFace);
    }
    let poses = poses::cluster(&shapes)?;
    let negatives = Negatives::read(negatives);
    if negatives.images.is_empty() {
        return Err(DetectorError::NoNegative);
    }
    let faces = sample_faces(dataset, &poses, params, seed);
    if faces.samples.count() == 0 {
        return Err(DetectorError::NoFace);
    }
    let (learned, held) = negatives.split(params.calibration_share);

    let mut detector = Detector { window: params.window(), ..Detector::default() };
    detector.components = checkpoints.step("filters", || {
        let fitted = fit_filters(&detector, &faces, &learned, &poses, params, seed, report);
        Ok::<_, DetectorError>(components(&poses, &faces, fitted))
    })?;
    detector.box_regression = checkpoints.step("box regression", || {
        Ok::<BoxRegression, DetectorError>(box_regression::fit(&faces, params.box_penalty))
    })?;
    let mut hard = Samples::new(detector.window.len());
    for (round, &trees) in params.boosted_trees.trees.iter().enumerate() {
        // The first trees learn from random windows that the filters accept; later ones also from
        // the false positives with the highest scores.
        let rank = |image: usize, candidate: &Candidate| match round {
            0 => Some(window_rank(seed, image, &candidate.bounds)),
            _ => detector.boosted_trees.score(candidate.features, &mut ()),
        };
        let found = learned.mine("hard windows", &detector, params.mining_face, params.boosted_trees.hard, rank);
        hard.features.extend(found.features);
        detector.boosted_trees = checkpoints.step(&format!("boosted trees {round}"), || {
            let columns = boosting::Columns::new(&faces.samples, &hard);
            let margin = Margin { lost: 0.01, slack: params.boosted_trees.slack };
            let boosting_params = BoostingParams::from(&params.boosted_trees);
            let seed = seed_of_round(seed, round);
            Ok::<BoostedTrees, DetectorError>(boosting::fit(&columns, trees, &boosting_params, margin, seed))
        })?;
        let wrong = 100.0 * wrong_side(&detector.boosted_trees, &faces.samples, &hard);
        let counted = ("hard windows", hard.count());
        report(StepReport { step: Step::BoostedTrees(round), counted, wrong: Some(wrong) });
    }
    // Fitted last: the other stages must not learn from windows that a prefilter has chosen. It
    // only saves time.
    detector.prefilter = checkpoints.step("prefilter", || {
        Ok::<BoostedTrees, DetectorError>(prefilter::fit(detector.window, &faces, &learned, params, seed))
    })?;
    let calibration = calibration::calibrate(&mut detector, &held, params.mining_face, &params.score_fusion);
    let counted = ("false positives", calibration.false_positives);
    report(StepReport { step: Step::Calibration, counted, wrong: None });
    Ok(Fitted { detector, calibration })
}

/// Share of windows on the wrong side of the boosted trees. Faces and others have the same total
/// weight.
fn wrong_side(trees: &BoostedTrees, faces: &Samples, others: &Samples) -> f32 {
    let taken = |samples: &Samples| {
        let taken =
            samples.features.par_chunks(samples.len).filter(|row| trees.score(row, &mut ()).is_some_and(|s| s > 0.0));
        taken.count() as f32 / samples.count().max(1) as f32
    };
    (1.0 - taken(faces) + taken(others)) / 2.0
}

/// Windows around all faces, in the order of the data.
fn sample_faces(dataset: &Dataset, poses: &[Pose], params: &ValidDetectorParams, seed: u64) -> FaceWindows {
    let window = params.window();
    let progress = Progress::new("windows around faces", dataset.images.len());
    let sampled: Vec<Vec<FaceWindows>> = dataset
        .images
        .par_iter()
        .enumerate()
        .map(|(i, image)| {
            progress.advance(1);
            let Ok(grey) = decode::read_grey(&image.path, &ReadOptions::dataset()) else { return Vec::new() };
            let sample = |(k, face): (usize, &crate::dataset::AnnotatedFace)| {
                faces::windows(&grey, &face.shape, &window, poses, &params.faces, seed_of_face(seed, i, k))
            };
            image.faces.iter().enumerate().map(sample).collect()
        })
        .collect();
    let mut all = FaceWindows::new(&window);
    sampled.into_iter().flatten().for_each(|windows| all.append(windows));
    all
}

/// Fits the filters to random windows, then in rounds to those that the previous filters take for
/// faces.
fn fit_filters(
    empty: &Detector,
    faces: &FaceWindows,
    negatives: &Negatives,
    poses: &[Pose],
    params: &ValidDetectorParams,
    seed: u64,
    report: &mut dyn FnMut(StepReport),
) -> Vec<Filter> {
    let (window, filter) = (empty.window, &params.filters);
    // Most windows belong to the smallest faces: without these, mining takes a quarter of the time.
    let rank = |image: usize, candidate: &Candidate| {
        // One window in twenty is enough to choose from, and bounds the memory.
        Some(window_rank(seed, image, &candidate.bounds)).filter(|&rank| rank > 0.95)
    };
    let mut others = negatives.mine("random windows", empty, 2.0 * params.mining_face, filter.random, rank);
    let mut fitted = filters::fit(faces, &others, poses, &window, filter, seed);
    for round in 0..filter.rounds {
        let detector = Detector { components: components(poses, faces, fitted), ..empty.clone() };
        let rank = |_: usize, candidate: &Candidate| (candidate.linear > MARGIN).then_some(candidate.linear);
        let hard = negatives.mine("hard windows", &detector, params.mining_face, filter.hard, rank);
        report(StepReport { step: Step::Filters(round), counted: ("hard windows", hard.count()), wrong: None });
        others.features.extend(hard.features);
        fitted = filters::fit(faces, &others, poses, &window, filter, seed);
        if round + 1 < filter.rounds {
            // Mining needs no window below the margin: loose limits still save most of the time.
            filters::set_limits(&mut fitted, faces, &others, 0.0005);
        }
    }
    filters::set_limits(&mut fitted, faces, &others, filter.loss);
    fitted
}

fn components(poses: &[Pose], faces: &FaceWindows, filters: Vec<Filter>) -> Vec<Component> {
    let angle = |pose: usize| {
        let own: Vec<f32> =
            faces.tilts.iter().zip(&faces.poses).filter(|(_, p)| **p == pose).map(|(t, _)| *t).collect();
        own.iter().sum::<f32>() / own.len().max(1) as f32
    };
    let component = |(pose, filter): (usize, Filter)| Component {
        name: String::from(poses[pose].name),
        angle: angle(pose),
        filter,
        calibration: [1.0, 0.0],
    };
    filters.into_iter().enumerate().map(component).collect()
}
