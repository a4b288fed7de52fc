//! Split search: the best of some random pairs of feature points at each node of a tree.
//!
//! A pair is drawn with an exponential prior on the distance of its points, `p ∝ exp(−λ·d)`
//! (section 2.3.2, equation 9, of Kazemi & Sullivan); its threshold comes from the differences of
//! the samples themselves. The best split leaves the smallest squared error: with the sums `S` and
//! counts `n` of the residuals on both sides, its gain `|S_left|² / n_left + |S_right|² / n_right`
//! is largest (equation 8).

use std::ops::Range;

use lineament::Shape;
use lineament::raw::tree_stage::{FeaturePoint, Split};
use rand::{Rng, RngExt};
use rayon::prelude::*;

use super::field::Field;
use super::hyperparams::TreeParams;
use crate::rng::stream;

/// Distribution of pairs of feature points: near pairs are more likely.
pub struct SplitPrior {
    /// For each point, the running sums of its weights with all others.
    cumulative: Vec<Vec<f32>>,
}

impl SplitPrior {
    /// Computes the prior of feature points, `exp(−distance / length)` in the mean shape.
    pub fn new(mean: &Shape, points: &[FeaturePoint], length: f32) -> Self {
        let places: Vec<_> = points.iter().map(|p| mean.points[usize::from(p.anchor)] + p.offset).collect();
        let cumulate = |i: usize| {
            let mut sum = 0.0;
            let weigh = |j: usize| {
                sum += if i == j { 0.0 } else { (-places[i].distance(places[j]) / length).exp() };
                sum
            };
            (0..places.len()).map(weigh).collect()
        };
        Self { cumulative: (0..places.len()).map(cumulate).collect() }
    }

    fn draw(&self, rng: &mut impl Rng) -> (u8, u8) {
        let first = rng.random_range(0..self.cumulative.len());
        let sums = &self.cumulative[first];
        let at = rng.random::<f32>() * sums[sums.len() - 1];
        let second = sums.partition_point(|&sum| sum <= at).min(sums.len() - 1);
        (first as u8, second as u8)
    }
}

/// The subsample on which the splits of one tree are compared, by the strongest components of the
/// residuals: the gain is a sum of squares, so weak components hardly change it.
///
/// It is a run of neighbours in the field, whose order is random, so its grey values are
/// contiguous.
pub struct Subsample {
    run: Range<usize>,
    components: usize,
}

/// Samples at a node: their places in the run, and their residuals.
struct Node {
    members: Vec<u32>,
    residuals: Vec<f32>,
}

impl Subsample {
    /// Draws up to `params.split_samples` samples.
    pub(super) fn draw(field: &Field, params: &TreeParams, rng: &mut impl Rng) -> Self {
        let count = params.split_samples.min(field.samples);
        let start = rng.random_range(0..=field.samples - count);
        Self { run: start..start + count, components: params.split_components.min(field.components) }
    }

    /// Grows a complete tree, level by level.
    pub(super) fn grow(&self, field: &Field, prior: &SplitPrior, params: &TreeParams, seed: u64) -> Vec<Split> {
        let residual = |s: usize| field.residuals[s * field.components..][..self.components].iter().copied();
        let residuals = self.run.clone().flat_map(residual).collect();
        let mut nodes = vec![Node { members: (0..self.run.len() as u32).collect(), residuals }];
        let mut tree = Vec::new();
        for level in 1..=params.depth {
            let first = tree.len() as u64;
            let grown: Vec<(Split, Vec<Node>)> = nodes
                .par_iter()
                .enumerate()
                .map(|(i, node)| {
                    // Each node has its own stream, so threads cannot change the draws.
                    let mut rng = stream(seed, first + i as u64);
                    let split = self.best_split(node, field, prior, params.candidates, &mut rng);
                    (split, if level < params.depth { self.divide(node, field, split) } else { vec![] })
                })
                .collect();
            nodes.clear();
            for (split, children) in grown {
                tree.push(split);
                nodes.extend(children);
            }
        }
        tree
    }

    fn best_split(
        &self,
        node: &Node,
        field: &Field,
        prior: &SplitPrior,
        candidates: usize,
        rng: &mut impl Rng,
    ) -> Split {
        let everyone = vec![1.0; node.members.len()];
        let total = masked_sum(&everyone, &node.residuals, self.components);
        let drawn: Vec<Split> = (0..candidates).map(|_| self.draw_split(node, field, prior, rng)).collect();
        let gain = |split: &Split| {
            let right = self.mask(node, field, *split);
            let sum = masked_sum(&right, &node.residuals, self.components);
            let count: f32 = right.iter().sum();
            let (mut gain_right, mut gain_left) = (0.0, 0.0);
            for (s, t) in sum.iter().zip(&total) {
                gain_right += s * s;
                gain_left += (t - s) * (t - s);
            }
            gain_right / count.max(1.0) + gain_left / (right.len() as f32 - count).max(1.0)
        };
        let gains: Vec<f32> = drawn.par_iter().map(gain).collect();
        let best = (0..drawn.len()).fold(0, |best, i| if gains[i] > gains[best] { i } else { best });
        drawn[best]
    }

    /// Draws a pair, with a threshold midway between the differences of two of the samples.
    fn draw_split(&self, node: &Node, field: &Field, prior: &SplitPrior, rng: &mut impl Rng) -> Split {
        let (first, second) = prior.draw(rng);
        if node.members.is_empty() {
            return Split { first, second, threshold: 0 };
        }
        let (a, b) = self.grey(field, first, second);
        let mut difference = || {
            let s = node.members[rng.random_range(0..node.members.len())] as usize;
            i16::from(a[s]) - i16::from(b[s])
        };
        let threshold = (difference() + difference()).div_euclid(2);
        Split { first, second, threshold }
    }

    /// Grey values of the subsample at two feature points.
    fn grey<'a>(&self, field: &'a Field, first: u8, second: u8) -> (&'a [u8], &'a [u8]) {
        (&field.row(first)[self.run.clone()], &field.row(second)[self.run.clone()])
    }

    /// 1 for each sample at a node that goes right, else 0.
    fn mask(&self, node: &Node, field: &Field, split: Split) -> Vec<f32> {
        let (a, b) = self.grey(field, split.first, split.second);
        let goes_right = |(a, b): (u8, u8)| f32::from(i16::from(a) - i16::from(b) > split.threshold);
        if node.members.len() == a.len() {
            return a.iter().zip(b).map(|(&a, &b)| goes_right((a, b))).collect();
        }
        node.members.iter().map(|&s| goes_right((a[s as usize], b[s as usize]))).collect()
    }

    fn divide(&self, node: &Node, field: &Field, split: Split) -> Vec<Node> {
        let mut children = [(); 2].map(|()| Node { members: Vec::new(), residuals: Vec::new() });
        let rows = node.residuals.chunks_exact(self.components);
        for ((&member, residual), right) in node.members.iter().zip(rows).zip(self.mask(node, field, split)) {
            let child = &mut children[usize::from(right > 0.5)];
            child.members.push(member);
            child.residuals.extend_from_slice(residual);
        }
        children.into()
    }
}

/// Adds up the residuals of the samples whose mask is 1.
fn masked_sum(mask: &[f32], residuals: &[f32], components: usize) -> Vec<f32> {
    let mut sum = vec![0.0; components];
    add_masked(mask, residuals, &mut sum);
    sum
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn add_masked(mask: &[f32], residuals: &[f32], sum: &mut [f32]) {
    /// Components whose sums stay in registers.
    const LANES: usize = 16;
    let components = sum.len();
    for (block, sums) in sum.chunks_mut(LANES).enumerate() {
        let mut part = [0.0f32; LANES];
        for (&mask, row) in mask.iter().zip(residuals.chunks_exact(components)) {
            let row = &row[block * LANES..];
            if let Some(row) = row.first_chunk::<LANES>() {
                for k in 0..LANES {
                    part[k] += mask * row[k];
                }
            } else {
                for (part, r) in part.iter_mut().zip(row) {
                    *part += mask * r;
                }
            }
        }
        sums.copy_from_slice(&part[..sums.len()]);
    }
}
