//! A linear support vector machine: dual coordinate descent (Hsieh et al., ICML 2008, algorithm 1,
//! squared hinge loss).
//!
//! Minimises `½|w|² + Σ Cᵢ max(0, 1 − yᵢ w·xᵢ)²`. Features remain the 16-bit integers of the
//! detector.

use lineament::raw::hog::ONE;
use rand::seq::SliceRandom;

use crate::rng::seeded;

/// A separating plane: `weights · x + bias` is positive for faces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plane {
    /// Weight of each feature, for a feature of 1 (not [`ONE`]).
    pub weights: Vec<f32>,
    /// Value at the origin.
    pub bias: f32,
}

/// The bias is the weight of an additional feature with this value.
const BIAS: f32 = 1.0;

/// Fits a plane between `faces` and `others`. An error costs `costs.0` for a face, `costs.1` for
/// others.
///
/// Stops after `epochs` passes, or when no gradient is above 0.05.
pub fn fit(faces: &[&[i16]], others: &[&[i16]], costs: (f32, f32), epochs: usize, seed: u64) -> Plane {
    let samples: Vec<&[i16]> = faces.iter().chain(others).copied().collect();
    let len = samples.first().map_or(0, |row| row.len());
    let (mut weights, mut bias) = (vec![0.0f32; len], 0.0f32);
    let mut alphas = vec![0.0f32; samples.len()];
    let norms: Vec<f32> = samples.iter().map(|row| square(row) + BIAS * BIAS).collect();
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut rng = seeded(seed);
    for epoch in 0..epochs {
        order.shuffle(&mut rng);
        let mut largest = 0.0f32;
        // Samples far on the correct side are visited in every fourth epoch only (in place of the
        // paper's shrinking).
        let all = epoch % 4 == 0;
        for &i in &order {
            if !all && alphas[i] == 0.0 {
                continue;
            }
            let (sign, cost) = if i < faces.len() { (1.0, costs.0) } else { (-1.0, costs.1) };
            let diagonal = 0.5 / cost;
            let gradient = sign * (dot(&weights, samples[i]) + bias * BIAS) - 1.0 + diagonal * alphas[i];
            let projected = if alphas[i] == 0.0 { gradient.min(0.0) } else { gradient };
            if projected != 0.0 {
                largest = largest.max(projected.abs());
                let new = (alphas[i] - gradient / (norms[i] + diagonal)).max(0.0);
                let change = (new - alphas[i]) * sign;
                alphas[i] = new;
                add(&mut weights, samples[i], change / ONE);
                bias += change * BIAS;
            }
        }
        if all && largest < 0.05 {
            break;
        }
    }
    Plane { weights, bias: bias * BIAS }
}

/// Adds up in sixteen lanes: the order is fixed, and the compiler can vectorise it.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn dot(weights: &[f32], row: &[i16]) -> f32 {
    let mut lanes = [0.0f32; 16];
    for (w, x) in weights.as_chunks::<16>().0.iter().zip(row.as_chunks::<16>().0) {
        for k in 0..16 {
            lanes[k] += w[k] * f32::from(x[k]);
        }
    }
    lanes.iter().sum::<f32>() / ONE
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn add(weights: &mut [f32], row: &[i16], factor: f32) {
    for (w, &x) in weights.iter_mut().zip(row) {
        *w += factor * f32::from(x);
    }
}

fn square(row: &[i16]) -> f32 {
    let sum: i64 = row.iter().map(|&x| i64::from(x) * i64::from(x)).sum();
    (sum as f64 / f64::from(ONE * ONE)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_points_are_separated_half_way() {
        let (a, b) = ([4096i16; 16], [0i16; 16]);
        let plane = fit(&[&a], &[&b], (1e4, 1e4), 2000, 1);
        let value = |row: &[i16]| dot(&plane.weights, row) + plane.bias;
        assert!((value(&a) - 1.0).abs() < 0.06 && (value(&b) + 1.0).abs() < 0.06, "{} {}", value(&a), value(&b));
        // Both weights of the plane of largest margin are equal.
        assert!(plane.weights.iter().all(|w| (w - plane.weights[0]).abs() < 1e-6));
    }
}
