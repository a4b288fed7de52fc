//! Principal components of residuals.

use faer::{Mat, Side};
use rayon::prelude::*;

/// Vectors a partial sum; fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 1024;

/// The directions in which `vectors` have most of their energy, at most `count` unit vectors, strongest first, and the
/// root mean square of the vectors along each. The mean is not removed: it is energy that a stage has to explain too.
pub fn principal_components(vectors: &[Vec<f32>], count: usize) -> (Vec<Vec<f32>>, Vec<f32>) {
    let length = vectors.first().map_or(0, Vec::len);
    let (values, directions) = strongest(&second_moment(vectors, length), count);
    (directions, values.into_iter().map(|v| v.max(0.0).sqrt()).collect())
}

/// The mean of `v·vᵀ`.
fn second_moment(vectors: &[Vec<f32>], length: usize) -> Mat<f64> {
    let moment_of = |chunk: &[Vec<f32>]| {
        let rows = Mat::from_fn(chunk.len(), length, |i, j| f64::from(chunk[i][j]));
        rows.transpose() * &rows
    };
    let parts: Vec<Mat<f64>> = vectors.par_chunks(CHUNK).map(moment_of).collect();
    let sum = parts.iter().fold(Mat::zeros(length, length), |sum, part| sum + part);
    faer::Scale(1.0 / vectors.len().max(1) as f64) * sum
}

/// The `count` largest eigenvalues of a symmetric matrix and their unit eigenvectors; none where the matrix is not
/// finite.
pub fn strongest(matrix: &Mat<f64>, count: usize) -> (Vec<f32>, Vec<Vec<f32>>) {
    let Ok(eigen) = matrix.self_adjoint_eigen(Side::Lower) else { return Default::default() };
    let (values, vectors) = (eigen.S().column_vector(), eigen.U());
    // The eigenvalues come in ascending order.
    let order = (0..matrix.nrows()).rev().take(count);
    order.map(|i| (values[i] as f32, vectors.col(i).iter().map(|&v| v as f32).collect())).unzip()
}

/// The coefficients of a vector on unit directions.
pub fn project(vector: &[f32], directions: &[Vec<f32>]) -> Vec<f32> {
    directions.iter().map(|d| d.iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_direction_comes_first() {
        let vectors = vec![vec![3.0, 0.1], vec![-3.0, 0.1], vec![3.0, -0.1]];
        let (directions, deviations) = principal_components(&vectors, 2);
        assert!((directions[0][0].abs() - 1.0).abs() < 1e-3);
        assert!((deviations[0] - 3.0).abs() < 1e-2 && deviations[1] < 0.2);
        let p = project(&vectors[0], &directions);
        let back: Vec<f32> = (0..2).map(|k| p[0] * directions[0][k] + p[1] * directions[1][k]).collect();
        assert!((back[0] - 3.0).abs() < 1e-5 && (back[1] - 0.1).abs() < 1e-5);
    }
}
