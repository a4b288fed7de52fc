//! The search for a tree's splits: the best of some random pairs of feature points at each node.
//!
//! A pair is drawn with the exponential prior on the distance of its points, `p ∝ exp(−λ·d)` (section 2.3.2, equation
//! 9, of Kazemi & Sullivan), its threshold from the differences of the samples themselves. A split is judged by what it
//! leaves of the squared error: for the sums `S` and counts `n` of the residuals on both sides, the gain is
//! `|S_left|² / n_left + |S_right|² / n_right` (equation 8).

use lineament::landmarks::Shape;
use lineament::landmarks::trees::{FeaturePoint, Split};
use multiversion::multiversion;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::boosting::Field;
use super::hyperparams::TreeParams;

/// How likely two feature points are compared: nearer ones more often.
pub struct SplitPrior {
    /// For each point the running sums of its weights with all others.
    cumulative: Vec<Vec<f32>>,
}

impl SplitPrior {
    /// The prior of these feature points, `exp(−distance / length)` in the mean shape.
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

    fn draw(&self, rng: &mut impl Rng) -> (u16, u16) {
        let first = rng.random_range(0..self.cumulative.len());
        let sums = &self.cumulative[first];
        let at = rng.random::<f32>() * sums[sums.len() - 1];
        let second = sums.partition_point(|&sum| sum <= at).min(sums.len() - 1);
        (first as u16, second as u16)
    }
}

/// The samples that judge one tree's splits, by the strongest components of their residuals: the gain is a sum of
/// squares, so the weak components hardly change it.
pub struct Judges {
    members: Vec<u32>,
    components: usize,
}

/// The judges at a node, with their residuals side by side.
struct Node {
    members: Vec<u32>,
    residuals: Vec<f32>,
    components: usize,
}

impl Judges {
    /// At most `params.judges` samples, evenly spread from a random start, so that all faces have a say.
    pub(super) fn draw(field: &Field, params: &TreeParams, rng: &mut impl Rng) -> Self {
        let step = field.samples.div_ceil(params.judges).max(1);
        let start = rng.random_range(0..step);
        let members = (start..field.samples).step_by(step).map(|i| i as u32).collect();
        Self { members, components: params.judged_components.min(field.components) }
    }

    /// Grows a complete tree, level by level.
    pub(super) fn grow(self, field: &Field, prior: &SplitPrior, params: &TreeParams, seed: u64) -> Vec<Split> {
        let components = self.components;
        let residual = |&s: &u32| field.residuals[s as usize * field.components..][..components].iter().copied();
        let residuals = self.members.iter().flat_map(residual).collect();
        let mut nodes = vec![Node { members: self.members, residuals, components }];
        let mut tree = Vec::new();
        for _ in 0..params.depth {
            let first = tree.len() as u64;
            let grown: Vec<(Split, [Node; 2])> = nodes
                .par_iter()
                .enumerate()
                .map(|(i, node)| {
                    // A stream of its own for each node: threads cannot change what is drawn.
                    let mut rng = ChaCha8Rng::seed_from_u64(seed);
                    rng.set_stream(first + i as u64);
                    let split = node.best_split(field, prior, params.candidates, &mut rng);
                    (split, node.divide(field, split))
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
}

impl Node {
    fn best_split(&self, field: &Field, prior: &SplitPrior, candidates: usize, rng: &mut impl Rng) -> Split {
        let components = self.components;
        let mut total = vec![0.0; components];
        for residual in self.residuals.chunks_exact(components) {
            total.iter_mut().zip(residual).for_each(|(sum, r)| *sum += r);
        }
        let drawn: Vec<Split> = (0..candidates).map(|_| self.draw_split(field, prior, rng)).collect();
        let gain = |split: &Split| {
            let right: Vec<f32> = self.sides(field, *split).map(f32::from).collect();
            let mut sum = vec![0.0; components];
            add_masked(&right, &self.residuals, &mut sum);
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

    /// A random pair, with a threshold between the differences that two of the samples show.
    fn draw_split(&self, field: &Field, prior: &SplitPrior, rng: &mut impl Rng) -> Split {
        let (first, second) = prior.draw(rng);
        if self.members.is_empty() {
            return Split { first, second, threshold: 0 };
        }
        let (a, b) = (field.row(first), field.row(second));
        let mut difference = || {
            let s = self.members[rng.random_range(0..self.members.len())] as usize;
            i16::from(a[s]) - i16::from(b[s])
        };
        let threshold = (difference() + difference()).div_euclid(2);
        Split { first, second, threshold }
    }

    /// For each judge whether it goes right.
    fn sides<'a>(&'a self, field: &'a Field, split: Split) -> impl Iterator<Item = bool> + 'a {
        let (a, b) = (field.row(split.first), field.row(split.second));
        self.members.iter().map(move |&s| i16::from(a[s as usize]) - i16::from(b[s as usize]) > split.threshold)
    }

    fn divide(&self, field: &Field, split: Split) -> [Self; 2] {
        let components = self.components;
        let mut children = [(); 2].map(|()| Self { members: Vec::new(), residuals: Vec::new(), components });
        let rows = self.residuals.chunks_exact(components);
        for ((&member, residual), right) in self.members.iter().zip(rows).zip(self.sides(field, split)) {
            let child = &mut children[usize::from(right)];
            child.members.push(member);
            child.residuals.extend_from_slice(residual);
        }
        children
    }
}

/// Adds the residuals of the samples whose mask is 1.
#[multiversion(targets("x86_64+avx2"))]
fn add_masked(mask: &[f32], residuals: &[f32], sum: &mut [f32]) {
    /// Components whose sums stay in registers.
    const LANES: usize = 16;
    let components = sum.len();
    for (block, sums) in sum.chunks_mut(LANES).enumerate() {
        let mut part = [0.0f32; LANES];
        let rows = residuals.chunks_exact(components).map(|row| &row[block * LANES..]);
        for (&mask, row) in mask.iter().zip(rows) {
            match row.first_chunk::<LANES>() {
                Some(row) => (0..LANES).for_each(|k| part[k] += mask * row[k]),
                None => part.iter_mut().zip(row).for_each(|(part, r)| *part += mask * r),
            }
        }
        sums.iter_mut().zip(part).for_each(|(sum, part)| *sum = part);
    }
}
