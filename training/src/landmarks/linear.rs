//! Fitting one linear stage (Xiong & De la Torre, section 3.2) with cross-fitting.
//!
//! ```text
//!   samples, fold by fold ──► patches ──► principal components of each landmark's patch ──► ridge regression
//!                                                                     │                        │
//!       moved by the regressor that never saw their fold ◄── held-out folds                    ▼
//!                                                                      the stage: rank-reduced, 8 bits a weight
//! ```
//!
//! A regressor does better on the samples it learned from than on any other face. The next stage must learn from errors
//! as they will be on other faces, so every fold is moved by the regressor fitted to the other folds.

use bincode::{Decode, Encode};
use lineament::geometry::Point;
use lineament::landmarks::linear::LinearStage;
use lineament::landmarks::patches::{PATCH, PatchSpec};
use lineament::landmarks::{Shape, ShapeBasis, Similarity};
use rand::Rng;
use rand::seq::IndexedRandom;
use rayon::prelude::*;

use super::components::{Components, add_rows, principal_components, strongest};
use super::faces::TrainingFace;
use super::hyperparams::{LinearParams, LinearStageParams};
use super::ridge::{Moments, Regressor, Rows};
use super::samples::{Sample, residual};

/// Samples from which the patches' principal components are learned, at most.
const PATCH_SAMPLES: usize = 6000;

/// A fitted stage, and what moves the training samples.
#[derive(Clone, Debug, Encode, Decode)]
pub struct LinearFit {
    /// The stage for prediction.
    pub stage: LinearStage,
    /// For each landmark the principal components of its patches.
    patch_components: Vec<Components>,
    /// For each fold the regressor that never saw it.
    held_out: Vec<Regressor>,
    /// The ridge penalty that held-out faces chose.
    pub penalty: f32,
}

/// Fits a stage to the samples of each fold.
pub fn fit_stage(
    faces: &[TrainingFace],
    mean: &Shape,
    folds: &[Vec<Sample>],
    params: &LinearParams,
    stage: &LinearStageParams,
    box_side: f32,
    rng: &mut impl Rng,
) -> Option<LinearFit> {
    let folds: &[Vec<Sample>] = &training_samples(faces, mean, folds, params.oversampling, rng);
    let patches = PatchSpec { zoom: stage.face / box_side, radius: stage.radius * box_side };
    let patch_components = patch_components(faces, mean, folds, &patches, stage.patch_components);
    let mut rows = Rows { features: Vec::new(), width: 0, targets: Vec::new(), outputs: 2 * mean.len() };
    let mut bounds = vec![0];
    for fold in folds {
        let described: Vec<(Vec<f32>, Vec<f32>)> = fold
            .par_iter()
            .map(|s| {
                let target = residual(&faces[s.face].truth, &s.shape, mean);
                (compact_features(&faces[s.face], mean, s, &patches, &patch_components), target)
            })
            .collect();
        for (features, targets) in described {
            rows.width = features.len();
            rows.features.extend(features);
            rows.targets.extend(targets);
        }
        bounds.push(rows.count());
    }
    let moments: Vec<Moments> = bounds.windows(2).map(|b| rows.moments(b[0], b[1])).collect();
    let all = moments[1..].iter().fold(moments[0].clone(), Moments::plus);
    let without: Vec<Moments> = moments.iter().map(|part| all.clone().minus(part)).collect();
    drop(moments);
    let fitted = params.penalties.iter().map(|&penalty| {
        let held_out: Option<Vec<Regressor>> = without.par_iter().map(|m| m.solve(penalty)).collect();
        held_out.map(|held_out| (held_out_error(&rows, &bounds, &held_out), penalty, held_out))
    });
    let fitted: Vec<(f64, f32, Vec<Regressor>)> = fitted.flatten().collect();
    let (_, penalty, held_out) = fitted.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let whole = all.solve(penalty)?;
    let stage = reduce_rank(&all, &whole, patches, &patch_components, stage.rank);
    Some(LinearFit { stage, patch_components, held_out, penalty })
}

impl LinearFit {
    /// Moves the samples of each fold by the regressor that never saw the fold.
    pub fn advance(&self, faces: &[TrainingFace], mean: &Shape, folds: &mut [Vec<Sample>]) {
        let identity = ShapeBasis::identity(mean.len());
        for (fold, regressor) in folds.iter_mut().zip(&self.held_out) {
            fold.par_iter_mut().for_each(|s| {
                let features = compact_features(&faces[s.face], mean, s, &self.stage.patches, &self.patch_components);
                let frame = Similarity::between(&mean.points, &s.shape.points);
                identity.advance(&mut s.shape.points, &frame, regressor.apply(&features));
            });
        }
    }
}

/// For each fold `oversampling` samples of each of its faces: the truth, displaced by what other faces miss of theirs.
fn training_samples(
    faces: &[TrainingFace],
    mean: &Shape,
    folds: &[Vec<Sample>],
    oversampling: usize,
    rng: &mut impl Rng,
) -> Vec<Vec<Sample>> {
    let pool: Vec<Vec<f32>> = folds.iter().flatten().map(|s| residual(&faces[s.face].truth, &s.shape, mean)).collect();
    let mut displaced = |face: usize| {
        let truth = &faces[face].truth;
        let missing = pool.choose(rng).map_or(&[][..], Vec::as_slice);
        let frame = Similarity::between(&mean.points, &truth.points);
        let steps = missing.as_chunks::<2>().0.iter().map(|&[x, y]| frame.rotate(Point::new(x, y)));
        Sample { face, shape: Shape::new(truth.points.iter().zip(steps).map(|(&p, step)| p - step).collect()) }
    };
    let mut samples = Vec::new();
    for fold in folds {
        let mut members: Vec<usize> = fold.iter().map(|s| s.face).collect();
        members.dedup();
        samples
            .push(members.iter().flat_map(|&face| (0..oversampling).map(move |_| face)).map(&mut displaced).collect());
    }
    samples
}

fn raw_features(face: &TrainingFace, mean: &Shape, sample: &Sample, patches: &PatchSpec) -> Vec<f32> {
    let frame = Similarity::between(&mean.points, &sample.shape.points);
    let mut features = Vec::with_capacity(mean.len() * PATCH);
    patches.describe(&face.crop, &mean.points, &sample.shape.points, &frame, &mut features);
    features
}

/// The patches' coefficients on their principal components, landmark after landmark.
fn compact_features(
    face: &TrainingFace,
    mean: &Shape,
    sample: &Sample,
    patches: &PatchSpec,
    components: &[Components],
) -> Vec<f32> {
    let raw = raw_features(face, mean, sample, patches);
    raw.chunks_exact(PATCH).zip(components).flat_map(|(patch, components)| components.coefficients(patch)).collect()
}

/// The principal components of each landmark's patches.
fn patch_components(
    faces: &[TrainingFace],
    mean: &Shape,
    folds: &[Vec<Sample>],
    patches: &PatchSpec,
    count: usize,
) -> Vec<Components> {
    let samples: Vec<&Sample> = folds.iter().flatten().collect();
    let step = samples.len().div_ceil(PATCH_SAMPLES).max(1);
    let samples: Vec<&Sample> = samples.into_iter().step_by(step).collect();
    let raw: Vec<Vec<f32>> = samples.par_iter().map(|s| raw_features(&faces[s.face], mean, s, patches)).collect();
    (0..mean.len())
        .map(|landmark| {
            let own: Vec<Vec<f32>> = raw.iter().map(|r| r[landmark * PATCH..][..PATCH].to_vec()).collect();
            principal_components(&own, count).0
        })
        .collect()
}

/// The mean squared error of held-out rows.
fn held_out_error(rows: &Rows, bounds: &[usize], held_out: &[Regressor]) -> f64 {
    let error = |fold: usize| -> f64 {
        let errors: Vec<f64> = (bounds[fold]..bounds[fold + 1])
            .into_par_iter()
            .map(|i| {
                let predicted = held_out[fold].apply(&rows.features[i * rows.width..][..rows.width]);
                let target = &rows.targets[i * rows.outputs..][..rows.outputs];
                predicted.iter().zip(target).map(|(p, t)| f64::from((p - t) * (p - t))).sum()
            })
            .collect();
        errors.iter().sum()
    };
    (0..held_out.len()).map(error).sum::<f64>() / rows.count() as f64
}

/// The stage that moves only the `rank` shape components in which the regressor moves training samples most (reduced
/// rank regression, Izenman 1975), from raw patches.
fn reduce_rank(
    all: &Moments,
    whole: &Regressor,
    patches: PatchSpec,
    components: &[Components],
    rank: usize,
) -> LinearStage {
    let outputs = whole.bias.len();
    let moment = all.fitted_moment(whole);
    let (_, directions) = strongest(&moment, rank);
    let rank = directions.count;
    let mut weights = Vec::with_capacity(components.len() * PATCH * rank);
    let mut rows_of_whole = whole.weights.chunks_exact(outputs);
    for components in components {
        // The regressor's rows for this landmark's components, in the kept directions.
        let reduced: Vec<f32> =
            rows_of_whole.by_ref().take(components.count).flat_map(|row| directions.coefficients(row)).collect();
        for shares in components.rows() {
            let mut row = vec![0.0; rank];
            add_rows(shares, &reduced, &mut row);
            weights.extend(row);
        }
    }
    let bias = directions.coefficients(&whole.bias);
    let basis = ShapeBasis { rows: directions.vectors(), components: rank as u16 };
    LinearStage::quantised(patches, &weights, bias, basis)
}
