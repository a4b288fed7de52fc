//! From votes to features: what is left when contrast is divided out.

use multiversion::multiversion;

use super::histogram::Histogram;
use super::{Cell, FEATURES, ONE, STRIDE};

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
    // Plain loops over whole arrays become vector instructions; closures in iterators do not always.
    for x in 0..histograms.len() {
        let (left, right) = (x.saturating_sub(1), (x + 1).min(last));
        let energies = [
            here[x] + here[left] + above[x] + above[left],
            here[x] + here[right] + above[x] + above[right],
            here[x] + here[left] + below[x] + below[left],
            here[x] + here[right] + below[x] + below[right],
        ];
        let mut votes = [0.0f32; STRIDE];
        for k in 0..UNSIGNED {
            let (one, other) = (histograms[x][k], histograms[x][k + UNSIGNED]);
            votes[k] = one;
            votes[k + UNSIGNED] = other;
            votes[k + 2 * UNSIGNED] = one + other;
        }
        let (mut sums, mut texture) = ([0.0f32; STRIDE], [0.0f32; 4]);
        for b in 0..4 {
            let scale = 1.0 / (energies[b] + EPSILON).sqrt();
            let mut clipped = [0.0f32; STRIDE];
            for k in 0..STRIDE {
                let scaled = votes[k] * scale;
                clipped[k] = if scaled < CLIP { scaled } else { CLIP };
                sums[k] += clipped[k];
            }
            // The sum of the 18 signed ones, pair by pair.
            let mut lanes = [0.0f32; 8];
            for k in 0..8 {
                lanes[k] = clipped[k] + clipped[k + 8];
            }
            let four = [lanes[0] + lanes[4], lanes[1] + lanes[5], lanes[2] + lanes[6], lanes[3] + lanes[7]];
            texture[b] = (four[0] + four[2]) + (four[1] + four[3]) + (clipped[16] + clipped[17]);
        }
        let cell = &mut features[x];
        for k in 0..STRIDE {
            cell[k] = fixed(0.5 * sums[k]);
        }
        for b in 0..4 {
            cell[3 * UNSIGNED + b] = fixed(TEXTURE * texture[b]);
        }
        cell[FEATURES] = 0;
    }
}

/// The nearest integer, read from the last bits of the number when 1.5·2²³ is added: an addition of floating-point numbers
/// rounds it there.
#[inline(always)]
fn fixed(value: f32) -> i16 {
    (value * ONE + 12_582_912.0).to_bits() as i16
}
