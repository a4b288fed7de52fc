//! Fitting the steps of the linear stage (Xiong & De la Torre, section 3.2).
//!
//! ```text
//!   truth − what other faces still miss ──► patches ──► principal components ──► ridge regression ──► step
//!                     ▲                                                               │
//!                     └────────── every fold moved by the regressor that never saw it ┘
//! ```
//!
//! A regressor does better on the faces it learned from than on others, and a next step that learned from errors so
//! small would be of no use. So every fold is moved by a regressor of the other folds, and what is then missing is drawn
//! from at random to displace the true shapes of all faces: the next step sees errors as large as they will be, as often
//! as wanted, and its regressors owe nothing to the folds that they are kept from.

use bincode::{Decode, Encode};
use lineament::geometry::Point;
use lineament::landmarks::linear::LinearStep;
use lineament::landmarks::patches::{ChipSpec, FEATURE_ONE, PATCH};
use lineament::landmarks::{Shape, ShapeBasis, Similarity};
use rand::Rng;
use rand::seq::IndexedRandom;
use rayon::prelude::*;

use super::components::{Components, add_rows, principal_components, strongest};
use super::faces::TrainingFace;
use super::hyperparams::LinearParams;
use super::ridge::{Moments, Regressor, Rows};
use super::samples::Sample;

/// Samples from which the patches' principal components are learned, at most.
const PATCH_SAMPLES: usize = 6000;

/// A fitted step, and what moves the training samples.
#[derive(Clone, Debug, Encode, Decode)]
pub struct LinearFit {
    /// The step for prediction.
    pub step: LinearStep,
    /// For each landmark the principal components of its patches.
    patch_components: Vec<Components>,
    /// For each fold the regressor that never saw it.
    held_out: Vec<Regressor>,
    /// The ridge penalty that held-out faces chose.
    pub penalty: f32,
}

/// A face on its way through the linear stage.
#[derive(Clone, Debug)]
pub struct Traveller {
    /// The face and its current shape.
    pub sample: Sample,
    /// The shape before the first step.
    start: Shape,
    /// From the mean shape's frame to that of the shape before the first step.
    frame: Similarity,
}

impl Traveller {
    /// A face that is about to enter the stage.
    pub fn new(sample: Sample, mean: &Shape) -> Self {
        let frame = Similarity::between(&mean.points, &sample.shape.points);
        Self { start: sample.shape.clone(), sample, frame }
    }

    /// What is missing from a shape to the truth, in the mean shape's frame.
    fn missing(&self, faces: &[TrainingFace], shape: &Shape) -> Vec<f32> {
        let back = self.frame.inverse();
        let pairs = faces[self.sample.face].truth.points.iter().zip(&shape.points);
        pairs.map(|(&t, &p)| back.rotate(t - p)).flat_map(|d| [d.x, d.y]).collect()
    }

    /// A face displaced from its truth by what a donor missed at the start and misses now.
    fn displaced(face: usize, faces: &[TrainingFace], mean: &Shape, (first, now): &(Vec<f32>, Vec<f32>)) -> Self {
        let truth = &faces[face].truth;
        let minus = |frame: &Similarity, missing: &[f32]| {
            let steps = missing.as_chunks::<2>().0.iter().map(|&[x, y]| frame.rotate(Point::new(x, y)));
            Shape::new(truth.points.iter().zip(steps).map(|(&p, step)| p - step).collect())
        };
        let start = minus(&Similarity::between(&mean.points, &truth.points), first);
        let frame = Similarity::between(&mean.points, &start.points);
        Self { sample: Sample { face, shape: minus(&frame, now) }, start, frame }
    }
}

/// What a step looks at.
struct View<'a> {
    faces: &'a [TrainingFace],
    mean: &'a Shape,
    chip: ChipSpec,
    radius: f32,
}

/// Fits the step `number` to the travellers of each fold.
pub fn fit_step(
    faces: &[TrainingFace],
    mean: &Shape,
    folds: &[Vec<Traveller>],
    params: &LinearParams,
    number: usize,
    box_side: f32,
    rng: &mut impl Rng,
) -> Option<LinearFit> {
    let step = &params.steps[number];
    let view = View { faces, mean, chip: params.chip.spec(box_side), radius: step.radius * box_side };
    let folds = training_travellers(&view, folds, step.own, params.oversampling, rng);
    let patch_components = view.patch_components(&folds, step.patch_components);
    let width = patch_components.iter().map(|components| components.count).sum();
    let mut rows = Rows::new(width, 2 * mean.len());
    let mut bounds = vec![0];
    let typical = typical_size(faces, &folds);
    for fold in &folds {
        let describe = |t: &Traveller| (view.compact_features(t, &patch_components), t.missing(faces, &t.sample.shape));
        let described: Vec<(Vec<f32>, Vec<f32>)> = fold.par_iter().map(describe).collect();
        for (features, missing) in described {
            rows.push(&features, &missing, 1.0 / (1.0 + (size(&missing) / typical).powi(2)));
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
    let step = reduce_rank(&all, &whole, view.radius, &patch_components, step.rank);
    Some(LinearFit { step, patch_components, held_out, penalty })
}

impl LinearFit {
    /// Moves the travellers of each fold by the regressor that never saw the fold.
    pub fn advance(&self, faces: &[TrainingFace], mean: &Shape, chip: ChipSpec, folds: &mut [Vec<Traveller>]) {
        let view = View { faces, mean, chip, radius: self.step.radius };
        let identity = ShapeBasis::identity(mean.len());
        for (fold, regressor) in folds.iter_mut().zip(&self.held_out) {
            fold.par_iter_mut().for_each(|t| {
                let features = view.compact_features(t, &self.patch_components);
                identity.advance(&mut t.sample.shape.points, &t.frame, regressor.apply(&features));
            });
        }
    }
}

/// For each fold `own` of each face's own travellers, and `oversampling` that are displaced by what travellers of all
/// folds miss.
fn training_travellers(
    view: &View,
    folds: &[Vec<Traveller>],
    own: usize,
    oversampling: usize,
    rng: &mut impl Rng,
) -> Vec<Vec<Traveller>> {
    let donors: Vec<(Vec<f32>, Vec<f32>)> = folds
        .iter()
        .flatten()
        .map(|t| (t.missing(view.faces, &t.start), t.missing(view.faces, &t.sample.shape)))
        .collect();
    let mut displaced =
        |face: usize| donors.choose(rng).map(|donor| Traveller::displaced(face, view.faces, view.mean, donor));
    let mut travellers = Vec::new();
    for fold in folds {
        let mut drawn = Vec::new();
        for travellers in fold.chunk_by(|a, b| a.sample.face == b.sample.face) {
            drawn.extend(travellers.iter().take(own).cloned());
            drawn.extend((0..oversampling).filter_map(|_| displaced(travellers[0].sample.face)));
        }
        travellers.push(drawn);
    }
    travellers
}

impl View<'_> {
    fn raw_features(&self, t: &Traveller) -> Vec<f32> {
        let crop = &self.faces[t.sample.face].crop;
        let mut features = Vec::with_capacity(self.mean.len() * PATCH);
        let mut chip = self.chip.cut(crop, &self.mean.points, &t.frame);
        chip.describe(&t.sample.shape.points, self.radius, &mut features);
        features.into_iter().map(|v| f32::from(v) / FEATURE_ONE).collect()
    }

    /// The patches' coefficients on their principal components, landmark after landmark.
    fn compact_features(&self, t: &Traveller, components: &[Components]) -> Vec<f32> {
        let raw = self.raw_features(t);
        raw.chunks_exact(PATCH).zip(components).flat_map(|(patch, components)| components.coefficients(patch)).collect()
    }

    /// The principal components of each landmark's patches.
    fn patch_components(&self, folds: &[Vec<Traveller>], count: usize) -> Vec<Components> {
        let all: Vec<&Traveller> = folds.iter().flatten().collect();
        let step = all.len().div_ceil(PATCH_SAMPLES).max(1);
        let chosen: Vec<&Traveller> = all.into_iter().step_by(step).collect();
        let raw: Vec<Vec<f32>> = chosen.par_iter().map(|t| self.raw_features(t)).collect();
        (0..self.mean.len())
            .into_par_iter()
            .map(|landmark| {
                let own: Vec<Vec<f32>> = raw.iter().map(|r| r[landmark * PATCH..][..PATCH].to_vec()).collect();
                principal_components(&own, count).0
            })
            .collect()
    }
}

/// The mean squared error of held-out rows.
fn held_out_error(rows: &Rows, bounds: &[usize], held_out: &[Regressor]) -> f64 {
    let error = |fold: usize| -> f64 {
        let own = bounds[fold]..bounds[fold + 1];
        let errors: Vec<f64> = own.into_par_iter().map(|row| rows.squared_error(row, &held_out[fold])).collect();
        errors.iter().sum()
    };
    (0..held_out.len()).map(error).sum::<f64>() / rows.count() as f64
}

/// The root mean square of the numbers.
fn size(missing: &[f32]) -> f32 {
    (missing.iter().map(|v| v * v).sum::<f32>() / missing.len().max(1) as f32).sqrt()
}

/// The median of what is missing. The few faces that the trees lost miss ten times as much; a row's weight is that of
/// Cauchy's M-estimator with this as its scale, so that they do not decide for all.
fn typical_size(faces: &[TrainingFace], folds: &[Vec<Traveller>]) -> f32 {
    let mut sizes: Vec<f32> = folds.iter().flatten().map(|t| size(&t.missing(faces, &t.sample.shape))).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(1.0).max(1e-3)
}

/// The step that moves only the `rank` shape components in which the regressor moves training samples most (reduced
/// rank regression, Izenman 1975), from raw patches.
fn reduce_rank(all: &Moments, whole: &Regressor, radius: f32, components: &[Components], rank: usize) -> LinearStep {
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
    LinearStep::quantised(radius, &weights, bias, basis)
}
