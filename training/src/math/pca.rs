//! Principal components.
//!
//! faer instead of `linfa-reduction`: that crate centres the data and approximates the components,
//! which would change the bytes of fitted models.

use bincode::{Decode, Encode};
use faer::{Mat, Side};
use rayon::prelude::*;

/// Vectors per partial sum; fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 1024;

/// Orthogonal unit vectors, strongest first.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Components {
    /// Number of vectors.
    pub count: usize,
    /// One row per coordinate, with one number per vector, in the order that
    /// [`Components::coefficients`] reads.
    coordinates: Vec<f32>,
}

impl Components {
    /// Returns the coefficients of a vector.
    pub fn coefficients(&self, vector: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0; self.count];
        add_rows(vector, &self.coordinates, &mut sums);
        sums
    }

    /// Rows: for each coordinate, its number in each vector.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.coordinates.chunks_exact(self.count.max(1))
    }

    /// Vectors, one after the other.
    pub fn vectors(&self) -> Vec<f32> {
        (0..self.count).flat_map(|k| self.rows().map(move |row| row[k])).collect()
    }
}

/// Adds the rows, each times its number in `vector`, to the sums.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
pub fn add_rows(vector: &[f32], rows: &[f32], sums: &mut [f32]) {
    for (&x, row) in vector.iter().zip(rows.chunks_exact(sums.len().max(1))) {
        for (sum, &v) in sums.iter_mut().zip(row) {
            *sum += x * v;
        }
    }
}

/// Returns up to `count` directions with most of the energy of `vectors`, and the root mean square
/// along each. The mean is not removed: a stage has to explain it, too.
pub fn principal_components(vectors: &[Vec<f32>], count: usize) -> (Components, Vec<f32>) {
    let length = vectors.first().map_or(0, Vec::len);
    let (values, components) = strongest(&second_moment(vectors, length), count);
    (components, values.into_iter().map(|v| v.max(0.0).sqrt()).collect())
}

/// Mean of `v·vᵀ`.
fn second_moment(vectors: &[Vec<f32>], length: usize) -> Mat<f64> {
    let moment_of = |chunk: &[Vec<f32>]| {
        let rows = Mat::from_fn(chunk.len(), length, |i, j| f64::from(chunk[i][j]));
        rows.transpose() * &rows
    };
    let parts: Vec<Mat<f64>> = vectors.par_chunks(CHUNK).map(moment_of).collect();
    let sum = parts.iter().fold(Mat::zeros(length, length), |sum, part| sum + part);
    faer::Scale(1.0 / vectors.len().max(1) as f64) * sum
}

/// Returns the `count` largest eigenvalues of a symmetric matrix with unit eigenvectors; none if
/// the matrix is not finite.
pub fn strongest(matrix: &Mat<f64>, count: usize) -> (Vec<f32>, Components) {
    let Ok(eigen) = matrix.self_adjoint_eigen(Side::Lower) else { return Default::default() };
    let (values, vectors) = (eigen.S().column_vector(), eigen.U());
    // The eigenvalues come in ascending order.
    let order: Vec<usize> = (0..matrix.nrows()).rev().take(count).collect();
    let row = |i: usize| order.iter().map(move |&k| vectors[(i, k)] as f32);
    let components = Components { count: order.len(), coordinates: (0..matrix.nrows()).flat_map(row).collect() };
    (order.iter().map(|&k| values[k] as f32).collect(), components)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_direction_comes_first() {
        let vectors = vec![vec![3.0, 0.1], vec![-3.0, 0.1], vec![3.0, -0.1]];
        let (components, deviations) = principal_components(&vectors, 2);
        assert!((deviations[0] - 3.0).abs() < 1e-2 && deviations[1] < 0.2);
        let p = components.coefficients(&vectors[0]);
        let back: Vec<f32> = components.rows().map(|row| row[0] * p[0] + row[1] * p[1]).collect();
        assert!((components.vectors()[0].abs() - 1.0).abs() < 1e-3);
        assert!((back[0] - 3.0).abs() < 1e-5 && (back[1] - 0.1).abs() < 1e-5);
    }
}
