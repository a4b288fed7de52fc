//! Boosted trees: gradient boosting with logistic loss (Friedman 2001; second-order leaves as in
//! Chen & Guestrin 2016).
//!
//! Features are quantised to 256 steps, so that a histogram of gradients gives the best split. Each
//! tree tries a random part of the features. Samples with negligible gradients are skipped (weight
//! trimming, Friedman, Hastie & Tibshirani 2000).

use lineament::raw::boosted_trees::{DEPTH, LEAVES, NODES};
use lineament::raw::{BoostedTrees, Tree};
use rand::Rng;
use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::hyperparams::{BoostedTreesParams, PrefilterParams};
use super::samples::Samples;
use crate::progress::Progress;
use crate::rng::seeded;

/// One step of a feature's histogram covers `2^SHIFT` integer values.
const SHIFT: u32 = 3;
const STEPS: usize = 256;
/// Share of all gradients that a tree may leave out.
const TRIMMED: f64 = 0.01;

/// Samples stored feature by feature.
pub struct Columns {
    columns: Vec<Vec<u8>>,
    faces: usize,
    count: usize,
}

impl Columns {
    /// Transposes faces, then others, into columns.
    pub fn new(faces: &Samples, others: &Samples) -> Self {
        let count = faces.count() + others.count();
        let column = |feature: usize| {
            let values = faces.features.iter().chain(&others.features).skip(feature).step_by(faces.len);
            values.map(|&v| (v >> SHIFT).clamp(0, STEPS as i16 - 1) as u8).collect()
        };
        let columns = (0..faces.len).into_par_iter().map(column).collect();
        Self { columns, faces: faces.count(), count }
    }
}

/// Gradient and second derivative of the loss.
type Slope = [f32; 2];

#[derive(Clone, Copy)]
struct Split {
    gain: f32,
    feature: usize,
    step: usize,
}

/// Parameters of tree growth.
#[derive(Clone, Copy, Debug)]
pub struct BoostingParams {
    /// Shrinkage: factor of each leaf.
    pub shrinkage: f32,
    /// Features tried per tree.
    pub features: usize,
    /// Damping: number added to the sum of second derivatives in a leaf.
    pub damping: f32,
}

impl From<&BoostedTreesParams> for BoostingParams {
    fn from(params: &BoostedTreesParams) -> Self {
        Self { shrinkage: params.shrinkage, features: params.features, damping: params.damping }
    }
}

impl From<&PrefilterParams> for BoostingParams {
    fn from(params: &PrefilterParams) -> Self {
        Self { shrinkage: params.shrinkage, features: params.features, damping: params.damping }
    }
}

/// Early rejection: after each tree, windows far below the scores of nearly all faces are rejected.
#[derive(Clone, Copy, Debug)]
pub struct Margin {
    /// Share of the faces, those with the lowest final scores, that may be rejected.
    pub lost: f32,
    /// Distance of the limits below the lowest of the other faces.
    pub slack: f32,
}

/// Fits `count` trees. Faces and others have the same total weight.
pub fn fit(data: &Columns, count: usize, params: &BoostingParams, margin: Margin, seed: u64) -> BoostedTrees {
    let progress = Progress::new("trees", count);
    let mut rng = seeded(seed);
    let others = data.count - data.faces;
    let weights = [1.0, data.faces as f32 / others.max(1) as f32];
    let mut scores = vec![0.0f32; data.count];
    let mut trees = Vec::with_capacity(count);
    let mut lowest = vec![Vec::with_capacity(count); data.faces];
    for _ in 0..count {
        let slopes: Vec<Slope> = (0..data.count)
            .into_par_iter()
            .map(|i| {
                let face = i < data.faces;
                let p = 1.0 / (1.0 + (-scores[i]).exp());
                let weight = weights[usize::from(!face)];
                [weight * (if face { 1.0 } else { 0.0 } - p), weight * (p * (1.0 - p)).max(1e-6)]
            })
            .collect();
        let active = heavy(&slopes);
        let features = draw(data.columns.len(), params.features, &mut rng);
        let tree = grow(data, &slopes, &active, &features, params);
        let leaves: Vec<f32> = (0..data.count).into_par_iter().map(|i| tree.leaves[leaf_of(&tree, data, i)]).collect();
        scores.iter_mut().zip(leaves).for_each(|(score, leaf)| *score += leaf);
        for (path, &score) in lowest.iter_mut().zip(&scores) {
            path.push(score);
        }
        trees.push(tree);
        progress.advance(1);
    }
    let limits = limits(&lowest, margin);
    BoostedTrees { trees, limits }
}

/// The limit after each tree: lowest running score of the faces to keep, minus the slack.
fn limits(paths: &[Vec<f32>], margin: Margin) -> Vec<f32> {
    let mut order: Vec<&Vec<f32>> = paths.iter().collect();
    order.sort_by(|a, b| b.last().copied().unwrap_or(0.0).total_cmp(&a.last().copied().unwrap_or(0.0)));
    let kept = &order[..order.len() - (order.len() as f32 * margin.lost) as usize];
    let count = paths.first().map_or(0, Vec::len);
    (0..count).map(|t| kept.iter().map(|path| path[t]).fold(f32::MAX, f32::min) - margin.slack).collect()
}

/// Samples that carry all but [`TRIMMED`] of the gradients, in order.
fn heavy(slopes: &[Slope]) -> Vec<u32> {
    let mut sorted: Vec<f32> = slopes.iter().map(|s| s[0].abs()).collect();
    sorted.sort_by(f32::total_cmp);
    let total: f64 = sorted.iter().map(|&g| f64::from(g)).sum();
    let mut left_out = 0.0;
    let bar = sorted.iter().find(|&&g| {
        left_out += f64::from(g);
        left_out > TRIMMED * total
    });
    let bar = bar.copied().unwrap_or(0.0);
    (0..slopes.len() as u32).filter(|&i| slopes[i as usize][0].abs() >= bar).collect()
}

/// Draws `count` distinct features.
fn draw(features: usize, count: usize, rng: &mut impl Rng) -> Vec<usize> {
    let mut all: Vec<usize> =
        (0..features).filter(|f| f % lineament::raw::hog::STRIDE < lineament::raw::hog::FEATURES).collect();
    let (drawn, _) = all.partial_shuffle(rng, count);
    drawn.to_vec()
}

fn grow(data: &Columns, slopes: &[Slope], active: &[u32], features: &[usize], params: &BoostingParams) -> Tree {
    let mut tree = Tree::default();
    let mut nodes: Vec<u8> = vec![0; active.len()];
    let slopes: Vec<Slope> = active.iter().map(|&i| slopes[i as usize]).collect();
    for depth in 0..DEPTH {
        let (first, width) = ((1 << depth) - 1, 1 << depth);
        let best = features
            .par_iter()
            .map(|&feature| {
                best_splits(&data.columns[feature], feature, active, &slopes, &nodes, width, params.damping)
            })
            .collect::<Vec<_>>()
            .into_iter()
            .reduce(|a, b| a.into_iter().zip(b).map(|(a, b)| if b.gain > a.gain { b } else { a }).collect());
        let best = best.unwrap_or_else(|| vec![Split { gain: 0.0, feature: 0, step: STEPS - 1 }; width]);
        for (node, split) in best.iter().enumerate() {
            tree.features[first + node] = split.feature as u16;
            tree.thresholds[first + node] = (((split.step + 1) << SHIFT) - 1) as i16;
        }
        for (node, &sample) in nodes.iter_mut().zip(active) {
            let split = best[usize::from(*node)];
            let right = usize::from(data.columns[split.feature][sample as usize]) > split.step;
            *node = 2 * *node + u8::from(right);
        }
    }
    let mut sums = [[0.0f64; 2]; LEAVES];
    for (&leaf, slope) in nodes.iter().zip(&slopes) {
        sums[usize::from(leaf)][0] += f64::from(slope[0]);
        sums[usize::from(leaf)][1] += f64::from(slope[1]);
    }
    for (leaf, [g, h]) in tree.leaves.iter_mut().zip(sums) {
        *leaf = params.shrinkage * (g / (h + f64::from(params.damping))).clamp(-4.0, 4.0) as f32;
    }
    tree
}

/// The best split of each node at one depth by one feature.
fn best_splits(
    column: &[u8],
    feature: usize,
    active: &[u32],
    slopes: &[Slope],
    nodes: &[u8],
    width: usize,
    damping: f32,
) -> Vec<Split> {
    let mut histogram = vec![[0.0f32; 2]; width * STEPS];
    for ((&sample, slope), &node) in active.iter().zip(slopes).zip(nodes) {
        let bin = &mut histogram[usize::from(node) * STEPS + usize::from(column[sample as usize])];
        bin[0] += slope[0];
        bin[1] += slope[1];
    }
    let worth = |g: f32, h: f32| g * g / (h + damping).max(1e-9);
    histogram
        .chunks_exact(STEPS)
        .map(|bins| {
            let total = bins.iter().fold([0.0f32; 2], |sum, bin| [sum[0] + bin[0], sum[1] + bin[1]]);
            let mut best = Split { gain: 0.0, feature, step: STEPS - 1 };
            let mut left = [0.0f32; 2];
            for (step, bin) in bins.iter().enumerate() {
                left = [left[0] + bin[0], left[1] + bin[1]];
                let gain = worth(left[0], left[1]) + worth(total[0] - left[0], (total[1] - left[1]).max(0.0));
                let gain = gain - worth(total[0], total[1]);
                if gain > best.gain {
                    best = Split { gain, feature, step };
                }
            }
            best
        })
        .collect()
}

fn leaf_of(tree: &Tree, data: &Columns, sample: usize) -> usize {
    let mut node = 0;
    for _ in 0..DEPTH {
        let step = (tree.thresholds[node] >> SHIFT) as usize;
        let right = usize::from(data.columns[usize::from(tree.features[node])][sample]) > step;
        node = 2 * node + 1 + usize::from(right);
    }
    node - NODES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boosted_trees_learn_what_no_plane_can() {
        // Exclusive or of two features.
        let (mut faces, mut others) = (Samples::new(32), Samples::new(32));
        for i in 0..200i16 {
            let (a, b) = (i % 2, i / 2 % 2);
            let mut row = [0i16; 32];
            (row[3], row[7]) = (400 * a + i, 400 * b + i % 13);
            if a != b { faces.push(&row) } else { others.push(&row) }
        }
        let params = BoostingParams { shrinkage: 0.1, features: 31, damping: 1.0 };
        let margin = Margin { lost: 0.01, slack: 2.0 };
        let data = Columns::new(&faces, &others);
        let trees = fit(&data, 30, &params, margin, 1);
        assert!(faces.rows().all(|row| trees.score(row, &mut ()).is_some_and(|s| s > 1.0)));
        assert!(others.rows().all(|row| trees.score(row, &mut ()).is_none_or(|s| s < -1.0)));
        assert_eq!(trees, fit(&data, 30, &params, margin, 1));
    }
}
