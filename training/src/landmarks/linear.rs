//! Fits the steps of a linear stage (Xiong & De la Torre, section 3.2).
//!
//! ```text
//!   samples ──► patches ──► principal components ──► ridge regression of the residual ──► step
//!      ▲                                                     │
//!      └───── every part moved by the regressor that did not see it
//! ```
//!
//! A regressor does better on its training faces than on others. A next step that learned from such
//! small errors would be useless, so every part is moved by a regressor fitted to the other parts.

use std::ops::Range;

use bincode::{Decode, Encode};
use lineament::raw::linear_stage::{LinearStep, describe_shape};
use lineament::raw::model::Part;
use lineament::raw::patches::{FEATURE_ONE, OrientationMap, PATCH};
use lineament::raw::regression::{GlobalRegression, LocalRegression, Regression, WeightRows};
use lineament::raw::{ShapeBasis, ShapeExt};
use lineament::{Shape, Similarity};
use rayon::prelude::*;

use super::faces::TrainingFace;
use super::hyperparams::{LinearStepParams, RegressionParams};
use super::samples::Sample;
use crate::checkpoint::{self, StepResult};
use crate::math::pca::{Components, add_rows, principal_components, strongest};
use crate::math::ridge::{CrossFit, Regressor, Rows};

/// Maximum number of samples for the principal components of the patches.
const PATCH_SAMPLES: usize = 6000;

/// A fitted step, and the regressors that move the training samples.
#[derive(Clone, Debug)]
pub struct LinearFit {
    /// The step for prediction.
    pub step: LinearStep,
    /// Principal components of each patch, followed by those of the shape.
    patch_components: Vec<Components>,
    /// Which patches move which landmarks.
    blocks: Vec<Block>,
    /// For each part, one regressor per block that did not see the part.
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

/// Landmarks that are moved together, by the same features.
#[derive(Clone, Debug, Encode, Decode)]
pub(super) struct Block {
    /// Groups of features: patches, and the shape, which comes last.
    groups: Vec<u16>,
    /// Landmarks that are moved: the first, and how many.
    moved: (usize, usize),
}

/// A face on its way through a linear stage.
#[derive(Clone, Debug)]
pub struct Traveller {
    /// The face and its current shape.
    pub sample: Sample,
    /// Shape before the first step.
    pub start: Shape,
    /// Maps the frame of the mean shape to that of `start`.
    pub frame: Similarity,
}

impl Traveller {
    /// A face at the beginning of the stage.
    pub fn new(sample: Sample, mean: &Shape) -> Self {
        let frame = Similarity::between(&mean.points, &sample.shape.points);
        Self { start: sample.shape.clone(), sample, frame }
    }

    /// Residual: true shape minus current shape, in the frame of the mean shape.
    fn missing(&self, faces: &[TrainingFace]) -> Vec<f32> {
        let back = self.frame.inverse();
        let pairs = faces[self.sample.face].truth.points.iter().zip(&self.sample.shape.points);
        pairs.map(|(&t, &p)| back.rotate(t - p)).flat_map(|d| [d.x, d.y]).collect()
    }
}

/// Features that a step looks at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// All training faces.
    pub faces: &'a [TrainingFace],
    /// Mean shape.
    pub mean: &'a Shape,
    /// Level of the crop whose gradients are used.
    pub level: u8,
    /// Distance around a shape up to which gradients are taken, in crop pixels.
    pub reach: f32,
    /// Half the side of a patch, in crop pixels of the mean shape.
    pub radius: f32,
    /// Landmarks with a patch.
    pub patches: &'a [u16],
}

/// Fits a step to the first `oversampling` travellers of each face in each part; none if the
/// regression has no solution.
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
    /// Moves the travellers of each part by the regressors that did not see the part.
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

/// Returns the landmarks with a patch: all, or a given number of them spread over the face. The
/// first is the one nearest to the middle, each next one the farthest from those before.
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

/// Returns one block of everything, or one per landmark with its nearest neighbours in the mean
/// shape.
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
    /// Selects the block's features and targets; each landmark has `outputs` targets.
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

    /// Coefficients of each patch on its principal components, followed by those of the shape.
    pub(super) fn compact_features(&self, t: &Traveller, components: &[Components]) -> Vec<Vec<f32>> {
        let raw = self.raw_features(t);
        // All groups but the last have the length of a patch.
        let group = |g: usize| if g < self.patches.len() { &raw[g * PATCH..][..PATCH] } else { &raw[g * PATCH..] };
        components.iter().enumerate().map(|(g, components)| components.coefficients(group(g))).collect()
    }

    /// Principal components of each patch, followed by all those of the shapes.
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

    /// Features and residuals of all travellers, and the bounds of the parts.
    ///
    /// The few faces that earlier stages lost have residuals ten times as large. Weights of
    /// Cauchy's M-estimator, with the median residual as its scale, keep them from dominating the
    /// regression.
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

/// Root mean square.
fn size(missing: &[f32]) -> f32 {
    (missing.iter().map(|v| v * v).sum::<f32>() / missing.len().max(1) as f32).sqrt()
}

/// Converts weights of principal components (`outputs` numbers each) to weights of raw patches, one
/// row per output.
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

/// Reduced rank regression (Izenman 1975) from raw patches: keeps the `rank` shape components along
/// which the regressor moves training samples most.
fn reduce_rank(rows: &Rows, whole: &Regressor, components: &[Components], rank: usize) -> GlobalRegression {
    let (_, directions) = strongest(&rows.fitted_moment(whole), rank);
    let reduced: Vec<f32> =
        whole.weights.chunks_exact(whole.bias.len()).flat_map(|row| directions.coefficients(row)).collect();
    let weights = raw_rows(&reduced, directions.count, components.iter());
    let basis = ShapeBasis { rows: directions.vectors(), components: directions.count as u16 };
    GlobalRegression { rows: WeightRows::quantised(weights, directions.coefficients(&whole.bias)), basis }
}

/// The regressors of all blocks, from raw patches.
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
