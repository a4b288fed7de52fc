//! Ridge regression with held-out folds: `R = (XᵀWX/n + λI)⁻¹·XᵀWY/n` on centred data, with a
//! weight for each row.
//!
//! The sums of every fold are taken once; leaving a fold out is a subtraction. So the regressors that do not know a
//! fold, which move that fold's samples as a stranger's model would, cost a factorisation each and no second pass.

use faer::linalg::matmul::matmul;
use faer::prelude::*;
use faer::{Accum, Mat, MatRef, Par, Side};
use rayon::prelude::*;

use super::components::add_rows;

/// Columns of a block of the Gram matrix that one task computes.
const BLOCK: usize = 256;

/// Rows of features with rows of targets, each with a weight.
///
/// Features and targets are kept multiplied by the root of the weight: sums of products then come out weighted.
pub struct Rows {
    features: Vec<f32>,
    width: usize,
    targets: Vec<f32>,
    outputs: usize,
    /// The root of each row's weight.
    roots: Vec<f32>,
}

/// What a regression needs to know of a set of rows.
#[derive(Clone)]
pub struct Moments {
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
    /// One row a feature, `outputs` numbers each.
    pub weights: Vec<f32>,
    /// One number an output.
    pub bias: Vec<f32>,
}

impl Rows {
    /// No rows yet, for rows of `width` features and `outputs` targets.
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

    /// The number of rows.
    pub fn count(&self) -> usize {
        self.roots.len()
    }

    /// The weighted squared error of a regressor on a row.
    pub fn squared_error(&self, row: usize, regressor: &Regressor) -> f64 {
        let root = self.roots[row];
        let features = &self.features[row * self.width..][..self.width];
        let mut predicted: Vec<f32> = regressor.bias.iter().map(|b| b * root).collect();
        add_rows(features, &regressor.weights, &mut predicted);
        let targets = &self.targets[row * self.outputs..][..self.outputs];
        predicted.iter().zip(targets).map(|(p, t)| f64::from((p - t) * (p - t))).sum()
    }

    /// The sums over rows `start..end`.
    pub fn moments(&self, start: usize, end: usize) -> Moments {
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
        let computed: Vec<_> = pairs.par_iter().map(|&(i, j)| (i, j, product(part(i), part(j)))).collect();
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
    /// The sums over both sets of rows.
    pub fn plus(mut self, other: &Self) -> Self {
        self.combine(other, 1.0);
        self
    }

    /// The sums without those of a part.
    pub fn minus(mut self, part: &Self) -> Self {
        self.combine(part, -1.0);
        self
    }

    fn combine(&mut self, other: &Self, sign: f32) {
        self.weight += f64::from(sign) * other.weight;
        let add = |a: &mut [f64], b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += f64::from(sign) * b);
        add(&mut self.feature_sums, &other.feature_sums);
        add(&mut self.target_sums, &other.target_sums);
        self.gram += faer::Scale(sign) * &other.gram;
        self.cross += faer::Scale(sign) * &other.cross;
    }

    /// The regressor with a ridge of `penalty` times the features' mean variance; none where the system is singular.
    pub fn solve(&self, penalty: f32) -> Option<Regressor> {
        let (n, width, outputs) = (self.weight.max(f64::MIN_POSITIVE), self.gram.nrows(), self.cross.ncols());
        let x_mean: Vec<f64> = self.feature_sums.iter().map(|s| s / n).collect();
        let y_mean: Vec<f64> = self.target_sums.iter().map(|s| s / n).collect();
        let mut system = Mat::from_fn(width, width, |i, j| {
            if i >= j { f64::from(self.gram[(i, j)]) / n - x_mean[i] * x_mean[j] } else { 0.0 }
        });
        let variance: f64 = (0..width).map(|i| system[(i, i)]).sum::<f64>() / width as f64;
        for i in 0..width {
            system[(i, i)] += f64::from(penalty) * variance + 1e-12;
        }
        let right = Mat::from_fn(width, outputs, |i, j| f64::from(self.cross[(i, j)]) / n - x_mean[i] * y_mean[j]);
        let weights = system.llt(Side::Lower).ok()?.solve(&right);
        let bias = (0..outputs).map(|j| {
            let shift: f64 = (0..width).map(|i| x_mean[i] * weights[(i, j)]).sum();
            (y_mean[j] - shift) as f32
        });
        let bias = bias.collect();
        let rows = (0..width).flat_map(|i| (0..outputs).map(move |j| (i, j)));
        Some(Regressor { weights: rows.map(|(i, j)| weights[(i, j)] as f32).collect(), bias })
    }

    /// The second moment of what the regressor's weights make of the centred features, `Wᵀ·Cov(X)·W`: which outputs it
    /// really moves.
    pub fn fitted_moment(&self, regressor: &Regressor) -> Mat<f64> {
        let (n, width, outputs) = (self.weight.max(f64::MIN_POSITIVE), self.gram.nrows(), regressor.bias.len());
        let covariance = Mat::from_fn(width, width, |i, j| {
            let (low, high) = (i.max(j), i.min(j));
            (f64::from(self.gram[(low, high)]) / n - self.feature_sums[i] * self.feature_sums[j] / (n * n)) as f32
        });
        let weights = MatRef::from_row_major_slice(&regressor.weights, width, outputs);
        let moment = weights.transpose() * (covariance * weights);
        Mat::from_fn(outputs, outputs, |i, j| f64::from(moment[(i, j)]))
    }
}

impl Regressor {
    /// The outputs for one row of features.
    pub fn apply(&self, features: &[f32]) -> Vec<f32> {
        let mut out = self.bias.clone();
        add_rows(features, &self.weights, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `y = 2 + 3·x₀ − x₁` with some weights, and beyond row 600 rows of no weight that say otherwise.
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
        let fitted = rows().moments(0, 700).solve(1e-6).unwrap();
        assert!((fitted.apply(&[0.5, 0.25])[0] - 3.25).abs() < 1e-3);
    }

    #[test]
    fn leaving_a_fold_out_equals_never_seeing_it() {
        let rows = rows();
        let without = rows.moments(0, 600).minus(&rows.moments(200, 600)).solve(0.1).unwrap();
        let never = rows.moments(0, 200).solve(0.1).unwrap();
        assert!((without.apply(&[0.3, 0.9])[0] - never.apply(&[0.3, 0.9])[0]).abs() < 1e-3);
    }
}
