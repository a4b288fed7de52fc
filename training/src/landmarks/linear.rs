//! Fitting the steps of a linear stage (Xiong & De la Torre, section 3.2).
//!
//! ```text
//!   samples ──► patches ──► principal components ──► ridge regression of what is missing ──► step
//!      ▲                                                     │
//!      └───── every part moved by the regressor that never saw it
//! ```
//!
//! A regressor does better on the faces it learned from than on others, and a next step that learned from errors so
//! small would be of no use. So every part is moved by a regressor of the other parts.

use std::ops::Range;

use bincode::{Decode, Encode};
use lineament::raw::ShapeBasis;
use lineament::raw::linear_stage::{LinearStep, describe_shape};
use lineament::raw::model::Part;
use lineament::raw::patches::{FEATURE_ONE, OrientationMap, PATCH};
use lineament::raw::regression::{GlobalRegression, LocalRegression, Regression, WeightRows};
use lineament::{Shape, Similarity};
use rayon::prelude::*;

use super::checkpoint::{self, StepResult};
use super::components::{Components, add_rows, principal_components, strongest};
use super::faces::TrainingFace;
use super::hyperparams::{LinearStepParams, RegressionParams};
use super::ridge::{CrossFit, Regressor, Rows};
use super::samples::Sample;

/// Samples from which the patches' principal components are learned, at most.
const PATCH_SAMPLES: usize = 6000;

/// A fitted step, and what moves the training samples.
#[derive(Clone, Debug)]
pub struct LinearFit {
    /// The step for prediction.
    pub step: LinearStep,
    /// The principal components of each patch; at last those of the shape.
    patch_components: Vec<Components>,
    /// Which patches move which landmarks.
    blocks: Vec<Block>,
    /// For each part the blocks' regressors that never saw it.
    held_out: Vec<Vec<Regressor>>,
}

impl StepResult for LinearFit {
    fn store(&self, bytes: &mut Vec<u8>) {
        self.step.store(bytes);
        checkpoint::store(&(&self.patch_components, &self.blocks, &self.held_out), bytes);
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        let (step, used) = LinearStep::load(bytes)?;
        let (patch_components, blocks, held_out) = checkpoint::load(&bytes[used..])?;
        Some(Self { step, patch_components, blocks, held_out })
    }
}

/// Landmarks that are moved together by the same features.
#[derive(Clone, Debug, Encode, Decode)]
pub(super) struct Block {
    /// The groups of features that are looked at: patches, and the shape, which comes after all of them.
    groups: Vec<u16>,
    /// The landmarks that are moved: the first, and how many.
    moved: (usize, usize),
}

/// A face on its way through a linear stage.
#[derive(Clone, Debug)]
pub struct Traveller {
    /// The face and its current shape.
    pub sample: Sample,
    /// The shape before the first step.
    pub start: Shape,
    /// From the mean shape's frame to that of the start.
    pub frame: Similarity,
}

impl Traveller {
    /// A face that is about to enter the stage.
    pub fn new(sample: Sample, mean: &Shape) -> Self {
        let frame = Similarity::between(&mean.points, &sample.shape.points);
        Self { start: sample.shape.clone(), sample, frame }
    }

    /// What is missing to the truth, in the mean shape's frame.
    fn missing(&self, faces: &[TrainingFace]) -> Vec<f32> {
        let back = self.frame.inverse();
        let pairs = faces[self.sample.face].truth.points.iter().zip(&self.sample.shape.points);
        pairs.map(|(&t, &p)| back.rotate(t - p)).flat_map(|d| [d.x, d.y]).collect()
    }
}

/// What a step looks at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// All training faces.
    pub faces: &'a [TrainingFace],
    /// The mean shape.
    pub mean: &'a Shape,
    /// The level of the crop whose gradients are taken.
    pub level: u8,
    /// How far around a shape the gradients are taken, in crop pixels.
    pub reach: f32,
    /// Half a patch's side, in crop pixels of the mean shape's frame.
    pub radius: f32,
    /// The landmarks with a patch.
    pub patches: &'a [u16],
}

/// Fits a step to the first `oversampling` travellers of each face in each part; none where the numbers are degenerate.
pub fn fit_step(
    view: &View,
    parts: &[Vec<Traveller>],
    oversampling: usize,
    step: &LinearStepParams,
) -> Option<LinearFit> {
    let same_face = |a: &Traveller, b: &Traveller| a.sample.face == b.sample.face;
    let parts: Vec<Vec<&Traveller>> = parts
        .iter()
        .map(|part| part.chunk_by(same_face).flat_map(|own| &own[..oversampling.min(own.len())]).collect())
        .collect();
    let patch_components = view.patch_components(&parts, step.patch_components);
    let (rows, bounds) = view.rows(&parts, &patch_components);
    let blocks = blocks(step.regression, view);
    let fits: Option<Vec<CrossFit>> = match step.regression {
        RegressionParams::Global { .. } => rows.cross_fit(&bounds, step.penalty).map(|fit| vec![fit]),
        RegressionParams::Local { .. } => blocks
            .par_iter()
            .map(|block| block.select(&rows, &patch_components, 2).cross_fit(&bounds, step.penalty))
            .collect(),
    };
    let fits = fits?;
    let regression = match step.regression {
        RegressionParams::Global { rank, .. } => {
            Regression::Global(reduce_rank(&rows, &fits[0].whole, &patch_components, rank))
        }
        RegressionParams::Local { .. } => Regression::Local(local(&fits, &blocks, &patch_components)),
    };
    let held_out = (0..parts.len()).map(|part| fits.iter().map(|fit| fit.held_out[part].clone()).collect()).collect();
    let step = LinearStep { radius: view.radius, patches: view.patches.to_vec(), regression };
    Some(LinearFit { step, patch_components, blocks, held_out })
}

impl LinearFit {
    /// Moves the travellers of each part by the regressors that never saw the part.
    pub fn advance(&self, view: &View, parts: &mut [Vec<Traveller>]) {
        let identity = ShapeBasis::identity(view.mean.len());
        for (part, regressors) in parts.iter_mut().zip(&self.held_out) {
            part.par_iter_mut().for_each(|t| {
                let features = view.compact_features(t, &self.patch_components);
                let mut increment = vec![0.0; 2 * view.mean.len()];
                for (block, regressor) in self.blocks.iter().zip(regressors) {
                    let (first, count) = block.moved;
                    let seen = block.groups.iter().flat_map(|&p| &features[usize::from(p)]).copied();
                    increment[2 * first..2 * (first + count)]
                        .copy_from_slice(&regressor.apply(&seen.collect::<Vec<_>>()));
                }
                identity.advance(&mut t.sample.shape.points, &t.frame, increment);
            });
        }
    }
}

/// The landmarks with a patch: all of them, or so many that each is far from those before it, from the shape's middle on.
pub fn patches(regression: RegressionParams, mean: &Shape) -> Vec<u16> {
    let wanted = match regression {
        RegressionParams::Global { patches, .. } => patches.min(mean.len()),
        RegressionParams::Local { .. } => return (0..mean.len() as u16).collect(),
    };
    let centre = mean.centroid();
    let mut distances: Vec<f32> = mean.points.iter().map(|p| -p.distance(centre)).collect();
    let mut chosen = Vec::new();
    while chosen.len() < wanted {
        let farthest = (0..mean.len()).fold(0, |best, i| if distances[i] > distances[best] { i } else { best });
        let from_chosen = mean.points.iter().map(|p| p.distance(mean.points[farthest]));
        distances
            .iter_mut()
            .zip(from_chosen)
            .for_each(|(d, new)| *d = if chosen.is_empty() { new } else { d.min(new) });
        chosen.push(farthest as u16);
    }
    chosen.sort_unstable();
    chosen
}

/// One block of everything, or one of each landmark with its nearest neighbours in the mean shape.
pub(super) fn blocks(regression: RegressionParams, view: &View) -> Vec<Block> {
    let (mean, shape) = (view.mean, view.patches.len() as u16);
    match regression {
        RegressionParams::Global { .. } => vec![Block { groups: (0..=shape).collect(), moved: (0, mean.len()) }],
        RegressionParams::Local { neighbours } => (0..mean.len())
            .map(|landmark| {
                let distance = |&other: &u16| mean.points[usize::from(other)].distance(mean.points[landmark]);
                let mut groups: Vec<u16> = (0..shape).collect();
                groups.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
                groups.truncate(neighbours);
                groups.push(shape);
                Block { groups, moved: (landmark, 1) }
            })
            .collect(),
    }
}

impl Block {
    /// The rows with the block's features and targets alone; a landmark has `outputs` targets.
    pub(super) fn select(&self, rows: &Rows, components: &[Components], outputs: usize) -> Rows {
        let starts: Vec<usize> = components
            .iter()
            .scan(0, |start, components| Some(std::mem::replace(start, *start + components.count)))
            .collect();
        let columns = |&group: &u16| {
            let group = usize::from(group);
            starts[group]..starts[group] + components[group].count
        };
        let features: Vec<usize> = self.groups.iter().flat_map(columns).collect();
        let (first, count) = self.moved;
        rows.select(&features, outputs * first..outputs * (first + count))
    }
}

impl View<'_> {
    fn raw_features(&self, t: &Traveller) -> Vec<f32> {
        let crop = &self.faces[t.sample.face].crop;
        let mut features = Vec::with_capacity(self.patches.len() * PATCH + 2 * self.mean.len());
        let mut map = OrientationMap::new(crop, self.level, &t.start.points, &t.frame, self.reach);
        let centres = self.patches.iter().map(|&landmark| t.sample.shape.points[usize::from(landmark)]);
        map.describe(centres, &t.frame, self.radius, &mut features);
        describe_shape(&t.sample.shape.points, &self.mean.points, &t.frame, &mut features);
        features.into_iter().map(|v| f32::from(v) / FEATURE_ONE).collect()
    }

    /// Each patch's coefficients on the principal components; at last the shape's.
    pub(super) fn compact_features(&self, t: &Traveller, components: &[Components]) -> Vec<Vec<f32>> {
        let raw = self.raw_features(t);
        // All groups but the last are as long as a patch.
        let group = |g: usize| if g < self.patches.len() { &raw[g * PATCH..][..PATCH] } else { &raw[g * PATCH..] };
        components.iter().enumerate().map(|(g, components)| components.coefficients(group(g))).collect()
    }

    /// The principal components of each of the patches, and at last those of the shapes, all of them.
    pub(super) fn patch_components(&self, parts: &[Vec<&Traveller>], count: usize) -> Vec<Components> {
        let all: Vec<&Traveller> = parts.iter().flatten().copied().collect();
        let step = all.len().div_ceil(PATCH_SAMPLES).max(1);
        let chosen: Vec<&Traveller> = all.into_iter().step_by(step).collect();
        let raw: Vec<Vec<f32>> = chosen.par_iter().map(|t| self.raw_features(t)).collect();
        let shapes = self.patches.len() * PATCH;
        let of = |columns: Range<usize>, count: usize| {
            let own: Vec<Vec<f32>> = raw.iter().map(|r| r[columns.clone()].to_vec()).collect();
            principal_components(&own, count).0
        };
        let patches = (0..self.patches.len()).into_par_iter().map(|l| of(l * PATCH..(l + 1) * PATCH, count));
        patches.chain([of(shapes..shapes + 2 * self.mean.len(), usize::MAX)]).collect()
    }

    /// Features and what is missing of all travellers, and where the parts begin and end.
    ///
    /// The few faces that earlier stages lost miss ten times as much as others; a row's weight is that of Cauchy's
    /// M-estimator with the median as its scale, so that they do not decide for all.
    fn rows(&self, parts: &[Vec<&Traveller>], components: &[Components]) -> (Rows, Vec<usize>) {
        let width = components.iter().map(|components| components.count).sum();
        let missing: Vec<Vec<f32>> = parts.iter().flatten().map(|t| t.missing(self.faces)).collect();
        let mut sizes: Vec<f32> = missing.iter().map(|m| size(m)).collect();
        sizes.sort_by(f32::total_cmp);
        let typical = sizes.get(sizes.len() / 2).copied().unwrap_or(1.0).max(1e-3);
        let (mut rows, mut bounds) = (Rows::new(width, 2 * self.mean.len()), vec![0]);
        let mut missing = missing.iter();
        for part in parts {
            let described: Vec<Vec<f32>> =
                part.par_iter().map(|t| self.compact_features(t, components).concat()).collect();
            for (features, missing) in described.iter().zip(&mut missing) {
                rows.push(features, missing, 1.0 / (1.0 + (size(missing) / typical).powi(2)));
            }
            bounds.push(rows.count());
        }
        (rows, bounds)
    }
}

/// The root mean square of the numbers.
fn size(missing: &[f32]) -> f32 {
    (missing.iter().map(|v| v * v).sum::<f32>() / missing.len().max(1) as f32).sqrt()
}

/// The rows of weights for raw patches: those for their principal components (`outputs` numbers each), multiplied with
/// the components. One row an output.
fn raw_rows<'a>(weights: &[f32], outputs: usize, patches: impl Iterator<Item = &'a Components>) -> Vec<Vec<f32>> {
    let mut rows = vec![Vec::new(); outputs];
    let mut left = weights;
    for components in patches {
        let (own, rest) = left.split_at(components.count * outputs);
        left = rest;
        for shares in components.rows() {
            let mut sums = vec![0.0; outputs];
            add_rows(shares, own, &mut sums);
            rows.iter_mut().zip(sums).for_each(|(row, sum)| row.push(sum));
        }
    }
    rows
}

/// The map that moves only the `rank` shape components in which the regressor moves training samples most (reduced rank
/// regression, Izenman 1975), from raw patches.
fn reduce_rank(rows: &Rows, whole: &Regressor, components: &[Components], rank: usize) -> GlobalRegression {
    let (_, directions) = strongest(&rows.fitted_moment(whole), rank);
    let reduced: Vec<f32> =
        whole.weights.chunks_exact(whole.bias.len()).flat_map(|row| directions.coefficients(row)).collect();
    let weights = raw_rows(&reduced, directions.count, components.iter());
    let basis = ShapeBasis { rows: directions.vectors(), components: directions.count as u16 };
    GlobalRegression { rows: WeightRows::quantised(weights, directions.coefficients(&whole.bias)), basis }
}

/// The map of the blocks' regressors, from raw patches.
pub(super) fn local(fits: &[CrossFit], blocks: &[Block], components: &[Components]) -> LocalRegression {
    let weights = fits.iter().zip(blocks).flat_map(|(fit, block)| {
        raw_rows(&fit.whole.weights, fit.whole.bias.len(), block.groups.iter().map(|&p| &components[usize::from(p)]))
    });
    let bias = fits.iter().flat_map(|fit| fit.whole.bias.clone()).collect();
    LocalRegression {
        neighbours: blocks.iter().flat_map(|block| &block.groups[..block.groups.len() - 1]).copied().collect(),
        rows: WeightRows::quantised(weights, bias),
    }
}
