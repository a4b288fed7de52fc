//! Gradient boosting of one stage's trees (section 2.3 of Kazemi & Sullivan, algorithm 2).
//!
//! With the squared loss, the negative gradient is the residual itself. It is projected on its principal components
//! first, so that a sample's residual is some dozens of numbers. Then, tree after tree:
//!
//! ```text
//!   random splits ──► judged on a part of the samples ──► tree
//!   all samples down the tree ──► leaf = shrinkage · mean residual, rounded to 8 bits
//!   residual −= leaf
//! ```
//!
//! The rounded leaf is what is subtracted, so later trees mend what rounding did. All sums run over fixed chunks in a
//! fixed order: the result does not depend on the number of threads.

use lineament::Shape;
use lineament::Similarity;
use lineament::geometry::Point;
use lineament::raw::ShapeBasis;
use lineament::raw::tree_stage::{FeaturePoint, Split, TreeStage};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use rayon::prelude::*;

use super::components::{Components, principal_components};
use super::faces::TrainingFace;
use super::hyperparams::TreeParams;
use super::samples::{Sample, residual};
use super::splits::{Judges, SplitPrior};

/// Samples a parallel task; fixed, because sums are taken chunk by chunk.
const CHUNK: usize = 2048;

/// Grey values and residuals of all samples, as boosting needs them.
pub(super) struct Field {
    pub(super) samples: usize,
    /// A row for each feature point, one grey value a sample.
    pub(super) grey: Vec<u8>,
    /// A row for each sample, one number a component, in crop pixels.
    pub(super) residuals: Vec<f32>,
    pub(super) components: usize,
}

/// What samples show of their faces, and what is missing from them: the two things that trees are fitted to.
pub trait Scene: Sync {
    /// The mean shape, where the cascade starts.
    fn mean(&self) -> &Shape;

    /// The side of the face's box in the frame of the shapes.
    fn box_side(&self) -> f32;

    /// Appends the grey values at the feature points of a stage that has no trees yet.
    fn look(&self, stage: &TreeStage, sample: &Sample, grey: &mut Vec<u8>);

    /// What is missing from a sample's shape to the truth: `x, y` of each landmark in turn, as the stage is to add it.
    fn residual(&self, sample: &Sample) -> Vec<f32>;
}

/// Faces by their crops: increments turn with the shape.
#[derive(Clone, Copy, Debug)]
pub struct CropScene<'a> {
    /// The faces.
    pub faces: &'a [TrainingFace],
    /// The mean shape, in crop pixels.
    pub mean: &'a Shape,
    /// The side of the face's box in crop pixels.
    pub box_side: f32,
}

impl Scene for CropScene<'_> {
    fn mean(&self) -> &Shape {
        self.mean
    }

    fn box_side(&self) -> f32 {
        self.box_side
    }

    fn look(&self, stage: &TreeStage, sample: &Sample, grey: &mut Vec<u8>) {
        let frame = Similarity::between(&self.mean.points, &sample.shape.points);
        let seen = stage.look(&self.faces[sample.face].crop, &sample.shape.points, &frame);
        grey.extend_from_slice(&seen[..stage.points.len()]);
    }

    fn residual(&self, sample: &Sample) -> Vec<f32> {
        residual(&self.faces[sample.face].truth, &sample.shape, self.mean)
    }
}

/// Fits one stage to the samples. `radius` is that of the feature points, in the frame of the shapes.
pub fn fit_stage(
    scene: &impl Scene,
    samples: &[Sample],
    params: &TreeParams,
    radius: f32,
    rng: &mut impl Rng,
) -> TreeStage {
    let mut boosting = Boosting::new(scene, samples, params, radius, rng);
    for _ in 0..params.trees {
        boosting.round(rng);
    }
    boosting.finish(scene.mean())
}

/// A stage on its way: the trees so far, and what they leave of the residuals.
pub struct Boosting<'a> {
    params: &'a TreeParams,
    stage: TreeStage,
    field: Field,
    prior: SplitPrior,
    components: Components,
    /// For each component the length of one leaf unit: a mean residual of three standard deviations just fits into 8 bits.
    units: Vec<f32>,
}

impl<'a> Boosting<'a> {
    /// A stage without trees, for samples as they stand.
    pub fn new(
        scene: &impl Scene,
        samples: &[Sample],
        params: &'a TreeParams,
        radius: f32,
        rng: &mut impl Rng,
    ) -> Self {
        let mean = scene.mean();
        // Neighbours in the field are no kin, so that any run of them can speak for all.
        let mut places: Vec<usize> = (0..samples.len()).collect();
        places.shuffle(rng);
        let targets: Vec<Vec<f32>> = samples.par_iter().map(|sample| scene.residual(sample)).collect();
        let (components, deviations) = principal_components(&targets, params.components);
        let count = deviations.len();
        let stage = TreeStage {
            points: draw_points(mean, params.points, radius, rng),
            depth: params.depth,
            splits: Vec::with_capacity(params.trees * ((1 << params.depth) - 1)),
            leaves: Vec::with_capacity((params.trees * count) << params.depth),
            basis: ShapeBasis::default(),
        };
        let coefficients: Vec<Vec<f32>> = targets.par_iter().map(|t| components.coefficients(t)).collect();
        let mut residuals = vec![0.0; samples.len() * count];
        for (coefficients, &place) in coefficients.iter().zip(&places) {
            residuals[place * count..][..count].copy_from_slice(coefficients);
        }
        let grey = look_at_all(&stage, scene, samples, &places);
        let field = Field { samples: samples.len(), grey, residuals, components: count };
        let prior = SplitPrior::new(mean, &stage.points, params.prior * scene.box_side());
        let units =
            deviations.iter().map(|d| (params.shrinkage * 3.0 * d / 127.0).max(1e-6 * scene.box_side())).collect();
        Self { params, stage, field, prior, components, units }
    }

    /// One more tree.
    pub fn round(&mut self, rng: &mut impl Rng) {
        let judges = Judges::draw(&self.field, self.params, rng);
        let tree = judges.grow(&self.field, &self.prior, self.params, rng.random());
        let leaves = self.field.set_leaves(&tree, self.params, &self.units);
        self.stage.splits.extend(tree);
        self.stage.leaves.extend(leaves);
    }

    /// The stage with its trees.
    pub fn finish(self, mean: &Shape) -> TreeStage {
        let Self { mut stage, components, units, .. } = self;
        let mut rows = components.vectors();
        for (row, unit) in rows.chunks_exact_mut(2 * mean.len()).zip(&units) {
            row.iter_mut().for_each(|v| *v *= unit);
        }
        stage.basis = ShapeBasis { rows, components: units.len() as u16 };
        stage
    }
}

/// Feature points, each in a disk around a random landmark.
fn draw_points(mean: &Shape, count: usize, radius: f32, rng: &mut impl Rng) -> Vec<FeaturePoint> {
    let mut point = || {
        let anchor = rng.random_range(0..mean.len()) as u16;
        let (distance, angle) = (radius * rng.random::<f32>().sqrt(), std::f32::consts::TAU * rng.random::<f32>());
        FeaturePoint { anchor, offset: Point::new(distance * angle.cos(), distance * angle.sin()) }
    };
    (0..count).map(|_| point()).collect()
}

/// The grey values of all samples at the stage's feature points: a row for each point, the samples at their `places`.
fn look_at_all(stage: &TreeStage, scene: &impl Scene, samples: &[Sample], places: &[usize]) -> Vec<u8> {
    let points = stage.points.len();
    let mut grey = vec![0; points * samples.len()];
    // A block of samples at a time is looked up face by face, while the picture is at hand, and turned into rows.
    let blocks: Vec<Vec<u8>> = samples
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut values = Vec::with_capacity(chunk.len() * points);
            chunk.iter().for_each(|sample| scene.look(stage, sample, &mut values));
            values
        })
        .collect();
    grey.par_chunks_mut(samples.len()).enumerate().for_each(|(point, row)| {
        let values = blocks.iter().flat_map(|block| block.chunks_exact(points));
        for (sample, &place) in values.zip(places) {
            row[place] = sample[point];
        }
    });
    grey
}

impl Field {
    /// The grey values of all samples at a feature point.
    pub(super) fn row(&self, point: u8) -> &[u8] {
        &self.grey[usize::from(point) * self.samples..][..self.samples]
    }

    /// The leaves of a tree over all samples; subtracts them from the residuals.
    fn set_leaves(&mut self, tree: &[Split], params: &TreeParams, units: &[f32]) -> Vec<i8> {
        let (components, leaves) = (self.components, 1usize << params.depth);
        let field = &*self;
        let rows: Vec<(&[u8], &[u8], i16)> =
            tree.iter().map(|s| (field.row(s.first), field.row(s.second), s.threshold)).collect();
        let chunks: Vec<(Vec<u8>, Vec<f32>, Vec<u32>)> = field
            .residuals
            .par_chunks(CHUNK * components)
            .enumerate()
            .map(|(chunk, residuals)| {
                let start = chunk * CHUNK;
                let count = residuals.len() / components;
                let reached = reached_leaves(&rows, params.depth, start, count);
                let (mut sums, mut counts) = (vec![0.0; leaves * components], vec![0; leaves]);
                add_by_leaf(&reached, residuals, components, &mut sums, &mut counts);
                (reached, sums, counts)
            })
            .collect();
        let (mut sums, mut counts) = (vec![0.0f32; leaves * components], vec![0u32; leaves]);
        for (_, chunk_sums, chunk_counts) in &chunks {
            sums.iter_mut().zip(chunk_sums).for_each(|(sum, part)| *sum += part);
            counts.iter_mut().zip(chunk_counts).for_each(|(count, part)| *count += part);
        }
        let values: Vec<i8> = sums
            .chunks_exact(components)
            .zip(&counts)
            .flat_map(|(sums, &count)| {
                let share = params.shrinkage / count.max(1) as f32;
                sums.iter().zip(units).map(move |(sum, unit)| (sum * share / unit).round().clamp(-127.0, 127.0) as i8)
            })
            .collect();
        let steps: Vec<f32> = values
            .chunks_exact(components)
            .flat_map(|leaf| leaf.iter().zip(units).map(|(&v, u)| f32::from(v) * u))
            .collect();
        self.residuals.par_chunks_mut(CHUNK * components).zip(&chunks).for_each(|(residuals, (reached, _, _))| {
            for (residual, &leaf) in residuals.chunks_exact_mut(components).zip(reached) {
                let step = &steps[usize::from(leaf) * components..][..components];
                residual.iter_mut().zip(step).for_each(|(r, s)| *r -= s);
            }
        });
        values
    }
}

/// The leaf that each of `count` samples from `start` on reaches.
///
/// All samples take all tests of the tree; then, level by level, a sample's own test is picked. That is more work than
/// to walk down, but the same for every sample, so that many go abreast.
fn reached_leaves(rows: &[(&[u8], &[u8], i16)], depth: u8, start: usize, count: usize) -> Vec<u8> {
    let tests: Vec<Vec<u8>> = rows
        .iter()
        .map(|&(first, second, threshold)| {
            let mut right = vec![0; count];
            compare(&first[start..start + count], &second[start..start + count], threshold, &mut right);
            right
        })
        .collect();
    let mut node = vec![0u8; count];
    for level in 0..depth {
        let first = (1 << level) - 1;
        let mut right = vec![0u8; count];
        for (place, test) in tests[first..2 * first + 1].iter().enumerate() {
            pick(&node, place as u8, test, &mut right);
        }
        node.iter_mut().zip(&right).for_each(|(node, right)| *node = 2 * *node + right);
    }
    node
}

/// `right = 1` where `first − second > threshold`.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn compare(first: &[u8], second: &[u8], threshold: i16, right: &mut [u8]) {
    for ((&a, &b), right) in first.iter().zip(second).zip(right) {
        *right = u8::from(i16::from(a) - i16::from(b) > threshold);
    }
}

/// Takes a test's outcome for the samples whose node stands at this place of its level.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn pick(node: &[u8], place: u8, test: &[u8], right: &mut [u8]) {
    for ((&node, &test), right) in node.iter().zip(test).zip(right) {
        *right |= u8::from(node == place) & test;
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn add_by_leaf(reached: &[u8], residuals: &[f32], components: usize, sums: &mut [f32], counts: &mut [u32]) {
    for (residual, &leaf) in residuals.chunks_exact(components).zip(reached) {
        counts[usize::from(leaf)] += 1;
        let sum = &mut sums[usize::from(leaf) * components..][..components];
        sum.iter_mut().zip(residual).for_each(|(sum, r)| *sum += r);
    }
}

#[cfg(test)]
mod tests {
    use lineament::raw::tree_stage::{POINTS, leaf_of};

    use super::*;

    #[test]
    fn training_and_prediction_reach_the_same_leaf() {
        let tree = [
            Split { first: 0, second: 1, threshold: 3 },
            Split { first: 1, second: 2, threshold: -9 },
            Split { first: 2, second: 0, threshold: 20 },
        ];
        let field = Field {
            samples: 50,
            grey: (0..150).map(|i| (i * 89 % 251) as u8).collect(),
            residuals: vec![],
            components: 1,
        };
        let rows: Vec<_> = tree.iter().map(|s| (field.row(s.first), field.row(s.second), s.threshold)).collect();
        for (sample, leaf) in reached_leaves(&rows, 2, 0, 50).into_iter().enumerate() {
            let mut grey = [0; POINTS];
            (0..3u8).for_each(|p| grey[usize::from(p)] = field.row(p)[sample]);
            assert_eq!(usize::from(leaf), leaf_of(&tree, 2, &grey));
        }
    }
}
