//! From votes to features, by dividing the contrast out.

use super::histogram::Histogram;
use super::planes::plane_width;
use super::{Cell, FEATURES, ONE};

/// Unsigned directions.
const UNSIGNED: usize = 9;
/// Upper limit of a normalised vote.
const CLIP: f32 = 0.2;
/// Added to a block's energy, so that a flat block's votes are not divided by 0.
const EPSILON: f32 = 1e-4;
/// The factor of the block energies, 1/√18.
const TEXTURE: f32 = 0.235_702_26;

/// The energy of a cell: the squared length of its unsigned histogram.
pub(super) fn energy(histogram: &Histogram) -> f32 {
    (0..UNSIGNED).map(|k| histogram[k] + histogram[k + UNSIGNED]).fold(0.0, |sum, v| sum + v * v)
}

/// Computes the features of a row of cells, cell by cell and as planes ([`FeatureMap`](super::FeatureMap)). `energy`
/// contains the cells' energies in the row above, in this row and in the row below; beyond the image's edge the nearest
/// cell is repeated.
///
/// # Panics
/// If the slices' lengths do not fit together.
pub fn normalise_row(histograms: &[Histogram], energy: [&[f32]; 3], features: &mut [Cell], planes: &mut [i16]) {
    assert!(energy.iter().all(|row| row.len() == histograms.len()) && features.len() == histograms.len());
    assert!(planes.len() == FEATURES * plane_width(histograms.len()));
    normalise(histograms, energy, features, planes);
}

/// Cells that are normalised together: a vector of 32-bit numbers.
const BATCH: usize = 8;
/// A number for each cell of a batch.
type Lane = [f32; BATCH];

/// Works on a batch of cells at once, direction by direction, so that the compiler uses vectors and needs no sums across
/// one.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn normalise(histograms: &[Histogram], energy: [&[f32]; 3], features: &mut [Cell], planes: &mut [i16]) {
    let plane = planes.len() / FEATURES;
    for start in (0..histograms.len()).step_by(BATCH) {
        let count = BATCH.min(histograms.len() - start);
        let mut votes: [Lane; 2 * UNSIGNED] = [[0.0; BATCH]; 2 * UNSIGNED];
        for x in 0..count {
            for k in 0..2 * UNSIGNED {
                votes[k][x] = histograms[start + x][k];
            }
        }
        let scales = scales(energy, start, count);
        let mut texture: [Lane; 4] = [[0.0; BATCH]; 4];
        let mut batch = [[0i16; BATCH]; FEATURES];
        for k in 0..3 * UNSIGNED {
            let mut lane = [0.0; BATCH];
            if k < 2 * UNSIGNED {
                lane = votes[k];
            } else {
                for x in 0..BATCH {
                    lane[x] = votes[k - 2 * UNSIGNED][x] + votes[k - UNSIGNED][x];
                }
            }
            let mut sums = [0.0; BATCH];
            for b in 0..4 {
                for x in 0..BATCH {
                    let scaled = lane[x] * scales[b][x];
                    let clipped = if scaled < CLIP { scaled } else { CLIP };
                    sums[x] += clipped;
                    texture[b][x] += if k < 2 * UNSIGNED { clipped } else { 0.0 };
                }
            }
            for x in 0..BATCH {
                batch[k][x] = fixed(0.5 * sums[x]);
            }
        }
        for b in 0..4 {
            for x in 0..BATCH {
                batch[3 * UNSIGNED + b][x] = fixed(TEXTURE * texture[b][x]);
            }
        }
        for k in 0..FEATURES {
            planes[k * plane + start..][..BATCH].copy_from_slice(&batch[k]);
        }
        for (x, cell) in features[start..start + count].iter_mut().enumerate() {
            for k in 0..FEATURES {
                cell[k] = batch[k][x];
            }
            cell[FEATURES] = 0;
        }
    }
}

/// Returns, for each of the four blocks around the cells of a batch, the factors of their votes.
#[inline(always)]
fn scales([above, here, below]: [&[f32]; 3], start: usize, count: usize) -> [Lane; 4] {
    let last = here.len() - 1;
    let mut scales = [[0.0; BATCH]; 4];
    for (i, x) in (start..start + count).enumerate() {
        let (left, right) = (x.saturating_sub(1), (x + 1).min(last));
        scales[0][i] = here[x] + here[left] + above[x] + above[left];
        scales[1][i] = here[x] + here[right] + above[x] + above[right];
        scales[2][i] = here[x] + here[left] + below[x] + below[left];
        scales[3][i] = here[x] + here[right] + below[x] + below[right];
    }
    for block in &mut scales {
        for energy in block {
            *energy = 1.0 / (*energy + EPSILON).sqrt();
        }
    }
    scales
}

/// Rounds to the nearest multiple of 1/[`ONE`]. Beyond 2²³ the last bits of a float count whole numbers, so adding 1.5·2²³
/// rounds, and the last bits are the integer.
#[inline(always)]
fn fixed(value: f32) -> i16 {
    (value * ONE + 12_582_912.0).to_bits() as i16
}
