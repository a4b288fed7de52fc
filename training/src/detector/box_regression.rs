//! Fits the box regression: ridge regression by conjugate gradients (Hestenes & Stiefel 1952).
//!
//! The method needs no matrix except the samples: a window has thousands of features, and their
//! Gram matrix would be larger than the samples themselves.

use lineament::raw::BoxRegression;
use lineament::raw::hog::ONE;
use rayon::prelude::*;

use super::faces::FaceWindows;

/// Steps of the conjugate-gradient method; with the ridge penalty it converges earlier.
const STEPS: usize = 40;
/// Samples per task; fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 512;

/// Fits the offsets of the face boxes; `penalty` is a share of the mean squared length of the
/// features.
pub fn fit(faces: &FaceWindows, penalty: f32) -> BoxRegression {
    let samples = &faces.samples;
    let count = samples.count().max(1) as f32;
    let mut mean = vec![0.0f32; samples.len];
    for row in samples.rows() {
        mean.iter_mut().zip(row).for_each(|(m, &x)| *m += f32::from(x) / (ONE * count));
    }
    let variance: f64 = samples.rows().map(|row| square(row, &mean)).sum::<f64>() / f64::from(count);
    let damping = penalty * variance as f32 / samples.len.max(1) as f32 * count;
    let fits: Vec<(Vec<f32>, f32)> = (0..3)
        .map(|k| {
            let targets: Vec<f32> = faces.offsets.iter().map(|offset| offset[k]).collect();
            let level = targets.iter().sum::<f32>() / count;
            let weights = solve(faces, &mean, &targets.iter().map(|t| t - level).collect::<Vec<_>>(), damping);
            let bias = level - dot(&weights, &mean);
            (weights, bias)
        })
        .collect();
    let weights = [0, 1, 2].map(|k: usize| fits[k].0.clone());
    BoxRegression::new(&weights, [fits[0].1, fits[1].1, fits[2].1])
}

/// Minimises `|X w − t|² + damping |w|²` for centred samples X.
fn solve(faces: &FaceWindows, mean: &[f32], targets: &[f32], damping: f32) -> Vec<f32> {
    let mut weights = vec![0.0f32; mean.len()];
    let mut residual = transposed(faces, mean, targets);
    let mut direction = residual.clone();
    let mut energy = dot(&residual, &residual);
    let first = energy;
    for _ in 0..STEPS {
        if energy <= 1e-10 * first {
            break;
        }
        let image = product(faces, mean, &direction);
        let mut curved = transposed(faces, mean, &image);
        curved.iter_mut().zip(&direction).for_each(|(c, d)| *c += damping * d);
        let step = energy / dot(&direction, &curved).max(f32::MIN_POSITIVE);
        for ((w, r), (d, c)) in weights.iter_mut().zip(&mut residual).zip(direction.iter().zip(&curved)) {
            *w += step * d;
            *r -= step * c;
        }
        let next = dot(&residual, &residual);
        direction.iter_mut().zip(&residual).for_each(|(d, r)| *d = r + next / energy * *d);
        energy = next;
    }
    weights
}

/// `X v`.
fn product(faces: &FaceWindows, mean: &[f32], v: &[f32]) -> Vec<f32> {
    let shift = dot(mean, v);
    let rows = faces.samples.features.par_chunks(faces.samples.len.max(1));
    rows.map(|row| row.iter().zip(v).map(|(&x, v)| f32::from(x) * v).sum::<f32>() / ONE - shift).collect()
}

/// `Xᵀ u`.
fn transposed(faces: &FaceWindows, mean: &[f32], u: &[f32]) -> Vec<f32> {
    let len = faces.samples.len.max(1);
    let chunks = faces.samples.features.par_chunks(CHUNK * len).zip(u.par_chunks(CHUNK));
    let parts: Vec<Vec<f32>> = chunks
        .map(|(rows, u)| {
            let mut sum = vec![0.0f32; len];
            for (row, &u) in rows.chunks_exact(len).zip(u) {
                sum.iter_mut().zip(row).for_each(|(s, &x)| *s += f32::from(x) * (u / ONE));
            }
            sum
        })
        .collect();
    let total: f32 = u.iter().sum();
    let mut sum: Vec<f32> = mean.iter().map(|m| -m * total).collect();
    for part in parts {
        sum.iter_mut().zip(part).for_each(|(s, p)| *s += p);
    }
    sum
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>() as f32
}

fn square(row: &[i16], mean: &[f32]) -> f64 {
    row.iter().zip(mean).map(|(&x, m)| f64::from(f32::from(x) / ONE - m).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::super::samples::Samples;
    use super::*;

    #[test]
    fn a_linear_relation_is_found() {
        let mut faces = FaceWindows { samples: Samples::new(8), ..FaceWindows::default() };
        for i in 0..400usize {
            let row: Vec<i16> = (0..8).map(|k| ((i * (k * k + 3) * 131) % 1601) as i16).collect();
            let x = |k: usize| f32::from(row[k]) / ONE;
            faces.offsets.push([0.3 * x(1) - 0.1, 0.2 * x(3) - 0.2 * x(5), 0.05]);
            faces.samples.push(&row);
        }
        let refinement = fit(&faces, 1e-6);
        for (row, wanted) in faces.samples.rows().zip(&faces.offsets) {
            for (found, wanted) in refinement.offsets(row).iter().zip(wanted) {
                assert!((found - wanted).abs() < 1e-3, "{found} not {wanted}");
            }
        }
    }
}
