//! Grey values and residuals of all samples, and the leaves of a tree over them.
//!
//! Own loops instead of matrix types: comparisons of bytes and sums by leaf are the hot part of
//! boosting.

use lineament::raw::tree_stage::{Split, TreeStage};
use rayon::prelude::*;

use super::hyperparams::TreeParams;
use super::samples::Sample;
use super::scene::Scene;

/// Samples per task; fixed, because sums are taken chunk by chunk.
const CHUNK: usize = 2048;

/// Grey values and residuals of all samples.
pub(super) struct Field {
    pub(super) samples: usize,
    /// One row per feature point, with one grey value per sample.
    pub(super) grey: Vec<u8>,
    /// One row per sample, with one number per component, in crop pixels.
    pub(super) residuals: Vec<f32>,
    pub(super) components: usize,
}

/// Looks up the grey values of all samples at the feature points of a stage: one row per point,
/// with each sample at its place in `places`.
pub(super) fn look_at_all(stage: &TreeStage, scene: &impl Scene, samples: &[Sample], places: &[usize]) -> Vec<u8> {
    let points = stage.points.len();
    let mut grey = vec![0; points * samples.len()];
    // Blocks of samples are looked up face by face, while the image is in the cache, then
    // transposed.
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
    /// Grey values of all samples at a feature point.
    pub(super) fn row(&self, point: u8) -> &[u8] {
        &self.grey[usize::from(point) * self.samples..][..self.samples]
    }

    /// Computes the leaves of a tree over all samples, and subtracts them from the residuals.
    pub(super) fn set_leaves(&mut self, tree: &[Split], params: &TreeParams, units: &[f32]) -> Vec<i8> {
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

/// Returns the leaf that each of `count` samples from `start` on reaches.
///
/// Every sample takes all tests of the tree; then its own test is picked, level by level. This is
/// more work than walking down the tree, but the same for every sample, so it vectorises.
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

/// Sets `right` to 1 where `first − second > threshold`.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn compare(first: &[u8], second: &[u8], threshold: i16, right: &mut [u8]) {
    for ((&a, &b), right) in first.iter().zip(second).zip(right) {
        *right = u8::from(i16::from(a) - i16::from(b) > threshold);
    }
}

/// Takes the outcome of a test for samples at this node of a level.
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
