//! The training of a detector, step by step.

use std::path::PathBuf;

use lineament::Shape;
use lineament::decode;
use lineament::decode::ReadOptions;
use lineament::raw::{BoostedTrees, BoxRegression, Candidate, Component, Detector, Filter};
use rayon::prelude::*;

use super::boosting::Margin;
use super::error::DetectorError;
use super::faces::{self, FaceWindows};
use super::hyperparams::ValidDetectorParams;
use super::mining::{self, Negatives};
use super::poses::{self, Pose};
use super::report::StepReport;
use super::samples::Samples;
use super::{boosting, boxes, calibration, filters, sieve};
use crate::dataset::Dataset;
use crate::landmarks::Checkpoints;
use crate::progress::Progress;

/// How far a window must be on the filters' side to be a hard negative.
const MARGIN: f32 = -1.0;

/// Fits a detector to 68-point faces and pictures without faces.
///
/// The same data, parameters and seed give the same detector, whatever the number of threads. `report` hears of the steps
/// that are done, not of those that are read back.
///
/// # Errors
/// If there is no face or no picture without faces that can be read, or a checkpoint cannot be written.
pub fn fit(
    dataset: &Dataset,
    negatives: &[PathBuf],
    params: &ValidDetectorParams,
    seed: u64,
    checkpoints: &Checkpoints,
    report: &mut dyn FnMut(StepReport),
) -> Result<Detector, DetectorError> {
    let shapes: Vec<Shape> = dataset.faces().map(|(_, face)| face.shape.clone()).collect();
    if shapes.is_empty() {
        return Err(DetectorError::NoFace);
    }
    let poses = poses::cluster(&shapes).map_err(DetectorError::Poses)?;
    let negatives = Negatives::read(negatives);
    if negatives.pictures.is_empty() {
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
    detector.box_regression =
        checkpoints.step("boxes", || Ok::<BoxRegression, DetectorError>(boxes::fit(&faces, params.box_penalty)))?;
    let mut hard = Samples::new(detector.window.len());
    for (round, &trees) in params.forest.trees.iter().enumerate() {
        // The first forest learns from any windows that the filters leave, later ones also from the worst mistakes so far.
        let found =
            learned.mine(
                "hard windows",
                &detector,
                params.mining_face,
                params.forest.hard,
                |i, candidate| match round {
                    0 => Some(mining::chance(seed, i, candidate)),
                    _ => detector.boosted_trees.score(candidate.features, &mut ()),
                },
            );
        hard.features.extend(found.features);
        detector.boosted_trees = checkpoints.step(&format!("forest {round}"), || {
            let columns = boosting::Columns::new(&faces.samples, &hard);
            let margin = Margin { lost: 0.01, slack: params.forest.slack };
            Ok::<BoostedTrees, DetectorError>(boosting::fit(
                &columns,
                trees,
                &(&params.forest).into(),
                margin,
                seed + round as u64,
            ))
        })?;
        let wrong = 100.0 * wrong_side(&detector.boosted_trees, &faces.samples, &hard);
        let counted = ("hard windows", hard.count());
        report(StepReport { step: format!("forest {round}"), counted, wrong: Some(wrong) });
    }
    // The others never learned from windows that a sieve had chosen: it only saves them time.
    detector.prefilter = checkpoints.step("sieve", || {
        Ok::<BoostedTrees, DetectorError>(sieve::fit(detector.window, &faces, &learned, params, seed))
    })?;
    let alarms = calibration::calibrate(&mut detector, &held, params.mining_face, &params.evidence);
    report(StepReport { step: "calibration".into(), counted: ("false alarms", alarms), wrong: None });
    Ok(detector)
}

/// The share of windows on the wrong side of a forest; faces and others have the same weight.
fn wrong_side(forest: &BoostedTrees, faces: &Samples, others: &Samples) -> f32 {
    let taken = |samples: &Samples| {
        let taken =
            samples.features.par_chunks(samples.len).filter(|row| forest.score(row, &mut ()).is_some_and(|s| s > 0.0));
        taken.count() as f32 / samples.count().max(1) as f32
    };
    (1.0 - taken(faces) + taken(others)) / 2.0
}

/// The windows around all faces, in the data's order.
fn sample_faces(dataset: &Dataset, poses: &[Pose], params: &ValidDetectorParams, seed: u64) -> FaceWindows {
    let window = params.window();
    let progress = Progress::new("windows around faces", dataset.pictures.len());
    let sampled: Vec<Vec<FaceWindows>> = dataset
        .pictures
        .par_iter()
        .enumerate()
        .map(|(i, picture)| {
            progress.advance(1);
            let Ok(image) = decode::read_grey(&picture.path, &ReadOptions::dataset()) else { return Vec::new() };
            let sample = |(k, face): (usize, &crate::dataset::AnnotatedFace)| {
                let own_seed = seed ^ ((i as u64) << 20 | k as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                faces::windows(&image, &face.shape, &window, poses, &params.faces, own_seed)
            };
            picture.faces.iter().enumerate().map(sample).collect()
        })
        .collect();
    let mut all = FaceWindows::new(&window);
    sampled.into_iter().flatten().for_each(|windows| all.append(windows));
    all
}

/// Random windows, then rounds of those that the filters of the round before take for faces.
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
    // The smallest faces' windows are most of all: without them this takes a quarter of the time.
    let mut others =
        negatives.mine("random windows", empty, 2.0 * params.mining_face, filter.random, |i, candidate| {
            // One window in twenty is enough to choose from, and bounds the memory.
            Some(mining::chance(seed, i, candidate)).filter(|&chance| chance > 0.95)
        });
    let mut fitted = filters::fit(faces, &others, poses, &window, filter, seed);
    for round in 0..filter.rounds {
        let detector = Detector { components: components(poses, faces, fitted), ..empty.clone() };
        let rank = |_: usize, candidate: &Candidate| (candidate.linear > MARGIN).then_some(candidate.linear);
        let hard = negatives.mine("hard windows", &detector, params.mining_face, filter.hard, rank);
        report(StepReport { step: format!("filters {round}"), counted: ("hard windows", hard.count()), wrong: None });
        others.features.extend(hard.features);
        fitted = filters::fit(faces, &others, poses, &window, filter, seed);
        if round + 1 < filter.rounds {
            // Mining needs no window below the margin: generous limits save most of its time.
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
