//! From votes to features: what is left when contrast is divided out.

use multiversion::multiversion;

use super::histogram::Histogram;
use super::{Cell, ONE};

/// Unsigned directions.
const UNSIGNED: usize = 9;
/// Where a feature is cut off.
const CLIP: f32 = 0.2;
/// Added to a block's energy, so that flat grey is not divided by 0.
const EPSILON: f32 = 1e-4;
/// The factor of the block energies, 1/√18.
const TEXTURE: f32 = 0.235_702_26;

/// The energy of a cell: the squared length of its unsigned histogram.
pub(super) fn energy(histogram: &Histogram) -> f32 {
    (0..UNSIGNED).map(|k| histogram[k] + histogram[k + UNSIGNED]).fold(0.0, |sum, v| sum + v * v)
}

/// The features of a row of cells. `energy` holds the energies of the rows above, here and below; beyond the picture's
/// edge the nearest cell is repeated.
///
/// # Panics
/// If the slices' lengths differ.
pub fn normalise_row(histograms: &[Histogram], energy: [&[f32]; 3], features: &mut [Cell]) {
    assert!(energy.iter().all(|row| row.len() == histograms.len()) && features.len() == histograms.len());
    normalise(histograms, energy, features);
}

#[multiversion(targets("x86_64+avx2"))]
fn normalise(histograms: &[Histogram], [above, here, below]: [&[f32]; 3], features: &mut [Cell]) {
    let last = histograms.len() - 1;
    for (x, (histogram, cell)) in histograms.iter().zip(features).enumerate() {
        let (left, right) = (x.saturating_sub(1), (x + 1).min(last));
        let block = |row: &[f32], column: usize| here[x] + here[column] + row[x] + row[column];
        let energies = [block(above, left), block(above, right), block(below, left), block(below, right)];
        let scales = energies.map(|energy| 1.0 / (energy + EPSILON).sqrt());
        let mut texture = [0.0f32; 4];
        for k in 0..2 * UNSIGNED {
            let clipped = scales.map(|scale| (histogram[k] * scale).min(CLIP));
            for (sum, part) in texture.iter_mut().zip(clipped) {
                *sum += part;
            }
            cell[k] = fixed(0.5 * (clipped[0] + clipped[1] + clipped[2] + clipped[3]));
        }
        for k in 0..UNSIGNED {
            let sum = histogram[k] + histogram[k + UNSIGNED];
            let clipped = scales.map(|scale| (sum * scale).min(CLIP));
            cell[2 * UNSIGNED + k] = fixed(0.5 * (clipped[0] + clipped[1] + clipped[2] + clipped[3]));
        }
        for k in 0..4 {
            cell[3 * UNSIGNED + k] = fixed(TEXTURE * texture[k]);
        }
    }
}

/// The nearest integer; the features are not negative.
#[inline(always)]
fn fixed(value: f32) -> i16 {
    (value * ONE + 0.5) as i32 as i16
}
