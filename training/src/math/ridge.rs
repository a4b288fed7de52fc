//! Ridge regression, cross-fitted: `R = (XᵀWX/n + λI)⁻¹·XᵀWY/n` on centred data, with a weight for
//! each row.
//!
//! Sums over all rows are taken once; holding a part out subtracts the sums of that part. A
//! held-out regressor therefore costs one factorisation and a second pass over its part, and memory
//! holds two Gram matrices for any number of parts.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::prelude::*;
use faer::{Accum, Mat, MatRef, Par, Side};
use rayon::prelude::*;

use crate::math::pca::add_rows;

/// Columns per block of the Gram matrix; one task computes a block.
const BLOCK: usize = 256;

/// Weighted rows of features and targets.
///
/// Features and targets are stored times the root of the weight, so that sums of products are
/// weighted.
pub struct Rows {
    features: Vec<f32>,
    width: usize,
    targets: Vec<f32>,
    outputs: usize,
    /// Root of the weight of each row.
    roots: Vec<f32>,
}

/// The regressor of all rows, and those of all rows but one part.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossFit {
    /// Fitted to all rows.
    pub whole: Regressor,
    /// For each part, the regressor that did not see it.
    pub held_out: Vec<Regressor>,
}

/// Sums over a set of rows that a regression needs.
struct Moments {
    weight: f64,
    feature_sums: Vec<f64>,
    target_sums: Vec<f64>,
    /// `XᵀWX`, lower triangle.
    gram: Mat<f32>,
    /// `XᵀWY`.
    cross: Mat<f32>,
}

/// `y = bias + x·weights`.
#[derive(Clone, Debug, PartialEq, bincode::Encode, bincode::Decode)]
pub struct Regressor {
    /// One row per feature, of `outputs` numbers.
    pub weights: Vec<f32>,
    /// One number per output.
    pub bias: Vec<f32>,
}

impl Rows {
    /// Starts without rows; rows will have `width` features and `outputs` targets.
    pub fn new(width: usize, outputs: usize) -> Self {
        Self { features: Vec::new(), width, targets: Vec::new(), outputs, roots: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, features: &[f32], targets: &[f32], weight: f32) {
        let root = weight.sqrt();
        self.features.extend(features.iter().map(|v| v * root));
        self.targets.extend(targets.iter().map(|v| v * root));
        self.roots.push(root);
    }

    /// Features of a row of weight 1.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.features[row * self.width..][..self.width]
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.roots.len()
    }

    /// Selects some of the features and targets.
    pub fn select(&self, features: &[usize], targets: Range<usize>) -> Self {
        let chosen = |row: &[f32]| features.iter().map(|&i| row[i]).collect::<Vec<f32>>();
        Self {
            features: self.features.chunks_exact(self.width).flat_map(chosen).collect(),
            width: features.len(),
            targets: self.targets.chunks_exact(self.outputs).flat_map(|row| &row[targets.clone()]).copied().collect(),
            outputs: targets.len(),
            roots: self.roots.clone(),
        }
    }

    /// Fits regressors to all rows, and to all but each part; part `i` has the rows
    /// `bounds[i]..bounds[i + 1]`. The ridge is `penalty` times the mean variance of the features.
    /// None if the system is singular.
    pub fn cross_fit(&self, bounds: &[usize], penalty: f32) -> Option<CrossFit> {
        let all = self.moments(0..self.count());
        let without = |part: &[usize]| self.moments(part[0]..part[1]).complement(&all).solve(penalty);
        let held_out: Option<Vec<Regressor>> = bounds.windows(2).map(without).collect();
        Some(CrossFit { whole: all.solve(penalty)?, held_out: held_out? })
    }

    /// Returns the second moment of the predictions of a regressor, `Σ w·ŷŷᵀ / Σ w` around the
    /// mean: the directions that it moves.
    pub fn fitted_moment(&self, regressor: &Regressor) -> Mat<f64> {
        let x = MatRef::from_row_major_slice(&self.features, self.count(), self.width);
        let weights = MatRef::from_row_major_slice(&regressor.weights, self.width, self.outputs);
        let mut fitted = Mat::<f32>::zeros(self.count(), self.outputs);
        matmul(&mut fitted, Accum::Replace, x, weights, 1.0, Par::Seq);
        let weight: f64 = self.roots.iter().map(|&root| f64::from(root) * f64::from(root)).sum();
        let mean: Vec<f64> = (0..self.outputs)
            .map(|j| {
                let column = self.roots.iter().enumerate();
                column.map(|(i, &root)| f64::from(fitted[(i, j)]) * f64::from(root)).sum::<f64>() / weight
            })
            .collect();
        let moment = fitted.transpose() * &fitted;
        Mat::from_fn(self.outputs, self.outputs, |i, j| f64::from(moment[(i, j)]) / weight - mean[i] * mean[j])
    }

    /// Sums over some rows.
    fn moments(&self, Range { start, end }: Range<usize>) -> Moments {
        let count = end - start;
        let features = &self.features[start * self.width..end * self.width];
        let targets = &self.targets[start * self.outputs..end * self.outputs];
        let x = MatRef::from_row_major_slice(features, count, self.width);
        let y = MatRef::from_row_major_slice(targets, count, self.outputs);
        let blocks = self.width.div_ceil(BLOCK);
        let pairs: Vec<(usize, usize)> = (0..blocks).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
        let columns = |block: usize| block * BLOCK..((block + 1) * BLOCK).min(self.width);
        let product = |left: MatRef<f32>, right: MatRef<f32>| {
            let mut out = Mat::zeros(left.ncols(), right.ncols());
            matmul(&mut out, Accum::Replace, left.transpose(), right, 1.0, Par::Seq);
            out
        };
        let part = |block: usize| x.subcols(columns(block).start, columns(block).len());
        let compute = |&(i, j): &(usize, usize)| (i, j, product(part(i), part(j)));
        // Many small systems are solved in parallel; only large ones are divided.
        let computed: Vec<_> =
            if blocks > 4 { pairs.par_iter().map(compute).collect() } else { pairs.iter().map(compute).collect() };
        let mut gram = Mat::zeros(self.width, self.width);
        for (i, j, block) in computed {
            let (rows, cols) = (columns(i), columns(j));
            gram.as_mut().submatrix_mut(rows.start, cols.start, rows.len(), cols.len()).copy_from(&block);
        }
        let roots = &self.roots[start..end];
        let sums = |values: &[f32], width: usize| {
            let mut sums = vec![0.0; width];
            for (row, &root) in values.chunks_exact(width).zip(roots) {
                sums.iter_mut().zip(row).for_each(|(sum, &v)| *sum += f64::from(v * root));
            }
            sums
        };
        Moments {
            weight: roots.iter().map(|&root| f64::from(root * root)).sum(),
            feature_sums: sums(features, self.width),
            target_sums: sums(targets, self.outputs),
            gram,
            cross: product(x, y),
        }
    }
}

impl Moments {
    /// Sums over `all` without this part.
    fn complement(mut self, all: &Self) -> Self {
        let rest = |part: &mut [f64], all: &[f64]| part.iter_mut().zip(all).for_each(|(p, a)| *p = a - *p);
        self.weight = all.weight - self.weight;
        rest(&mut self.feature_sums, &all.feature_sums);
        rest(&mut self.target_sums, &all.target_sums);
        self.gram = &all.gram - &self.gram;
        self.cross = &all.cross - &self.cross;
        self
    }

    /// Solves with a ridge of `penalty` times the mean variance of the features; none if the system
    /// is singular.
    fn solve(&self, penalty: f32) -> Option<Regressor> {
        let (n, width, outputs) = (self.weight.max(f64::MIN_POSITIVE), self.gram.nrows(), self.cross.ncols());
        let x_mean: Vec<f64> = self.feature_sums.iter().map(|s| s / n).collect();
        let y_mean: Vec<f64> = self.target_sums.iter().map(|s| s / n).collect();
        let covariance = |i: usize, j: usize| f64::from(self.gram[(i, j)]) / n - x_mean[i] * x_mean[j];
        let variance: f64 = (0..width).map(|i| covariance(i, i)).sum::<f64>() / width as f64;
        let ridge = f64::from(penalty) * variance + 1e-12;
        // The ridge keeps the system well-conditioned: single precision suffices, and takes half
        // the time.
        let system = Mat::from_fn(width, width, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Greater => covariance(i, j) as f32,
            std::cmp::Ordering::Equal => (covariance(i, i) + ridge) as f32,
            std::cmp::Ordering::Less => 0.0,
        });
        let right =
            Mat::from_fn(width, outputs, |i, j| (f64::from(self.cross[(i, j)]) / n - x_mean[i] * y_mean[j]) as f32);
        let weights = system.llt(Side::Lower).ok()?.solve(&right);
        let bias = (0..outputs).map(|j| {
            let shift: f64 = (0..width).map(|i| x_mean[i] * f64::from(weights[(i, j)])).sum();
            (y_mean[j] - shift) as f32
        });
        let bias = bias.collect();
        let rows = (0..width).flat_map(|i| (0..outputs).map(move |j| (i, j)));
        Some(Regressor { weights: rows.map(|(i, j)| weights[(i, j)]).collect(), bias })
    }
}

impl Regressor {
    /// Replaces every output `y` by `slope·y + offset`.
    pub fn scale(&mut self, slope: f32, offset: f32) {
        self.weights.iter_mut().for_each(|w| *w *= slope);
        self.bias.iter_mut().for_each(|b| *b = slope * *b + offset);
    }

    /// Returns the outputs for a row of features.
    pub fn apply(&self, features: &[f32]) -> Vec<f32> {
        let mut out = self.bias.clone();
        add_rows(features, &self.weights, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `y = 2 + 3·x₀ − x₁` with some weights; from row 600 on, contradicting rows of weight 0.
    fn rows() -> Rows {
        let mut rows = Rows::new(2, 1);
        for i in 0..700 {
            let x = [(i % 17) as f32 / 17.0, (i % 23) as f32 / 23.0];
            let lie = if i < 600 { 0.0 } else { 5.0 };
            let weight = if i < 600 { 0.5 + (i % 3) as f32 } else { 0.0 };
            rows.push(&x, &[2.0 + 3.0 * x[0] - x[1] + lie], weight);
        }
        rows
    }

    #[test]
    fn a_linear_law_is_found() {
        let fitted = rows().cross_fit(&[], 1e-6).unwrap().whole;
        assert!((fitted.apply(&[0.5, 0.25])[0] - 3.25).abs() < 1e-3);
    }

    #[test]
    fn leaving_a_part_out_equals_never_seeing_it() {
        let rows = rows();
        let without = &rows.cross_fit(&[200, 600], 0.1).unwrap().held_out[0];
        let mut others = Rows::new(2, 1);
        for i in (0..200).chain(600..700) {
            let root = rows.roots[i].max(1e-9);
            others.push(
                &[rows.features[2 * i] / root, rows.features[2 * i + 1] / root],
                &[rows.targets[i] / root],
                root * root,
            );
        }
        let never = others.cross_fit(&[], 0.1).unwrap().whole;
        assert!((without.apply(&[0.3, 0.9])[0] - never.apply(&[0.3, 0.9])[0]).abs() < 1e-3);
    }

    #[test]
    fn chosen_columns_stay_together() {
        let chosen = rows().select(&[1], 0..1);
        assert_eq!((chosen.count(), chosen.width, chosen.outputs), (700, 1, 1));
        assert_eq!(chosen.features[5], rows().features[11]);
    }
}
