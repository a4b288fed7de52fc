//! A linear stage: histograms of oriented gradients around the landmarks in, a shape increment out.
//!
//! The supervised descent step of Xiong & De la Torre, "Supervised Descent Method and Its Applications to Face
//! Alignment", CVPR 2013 (section 3.2): `Δ = R·φ(x) + b`, with `φ` the patches of [`super::patches`]. `R` is kept as the
//! product of two thin matrices, `features × rank` in 8-bit integers and `rank × 2·L`.

use bincode::{Decode, Encode};
use multiversion::multiversion;

use super::patches::{PATCH, PatchSpec};
use super::{ShapeBasis, Similarity};
use crate::geometry::Point;
use crate::image::GrayImage;

/// Columns of the weights that are summed together.
const TILE: usize = 16;

/// One linear stage of the cascade.
#[derive(Clone, Debug, Encode, Decode)]
pub struct LinearStage {
    /// What the stage looks at.
    pub patches: PatchSpec,
    /// A row for each feature, `columns()` numbers wide, in units of the column's scale.
    pub weights: Vec<i8>,
    /// For each component the value of a weight unit.
    pub scales: Vec<f32>,
    /// For each component the coefficient where all features are zero.
    pub bias: Vec<f32>,
    /// The components that the coefficients belong to.
    pub basis: ShapeBasis,
}

impl LinearStage {
    /// Rounds real weights (`features × rank`, rows of features) to 8 bits a number, a scale for each component.
    pub fn quantised(patches: PatchSpec, weights: &[f32], bias: Vec<f32>, basis: ShapeBasis) -> Self {
        let rank = usize::from(basis.components);
        let mut scales = vec![f32::MIN_POSITIVE; rank];
        for row in weights.chunks_exact(rank) {
            for (scale, weight) in scales.iter_mut().zip(row) {
                *scale = scale.max(weight.abs() / 127.0);
            }
        }
        let columns = rank.next_multiple_of(TILE);
        let mut rounded = vec![0; weights.len() / rank * columns];
        for (row, rounded) in weights.chunks_exact(rank).zip(rounded.chunks_exact_mut(columns)) {
            for ((weight, scale), rounded) in row.iter().zip(&scales).zip(rounded) {
                *rounded = (weight / scale).round() as i8;
            }
        }
        Self { patches, weights: rounded, scales, bias, basis }
    }

    fn columns(&self) -> usize {
        usize::from(self.basis.components).next_multiple_of(TILE)
    }

    pub(super) fn validate(&self, landmarks: usize) -> Result<(), String> {
        let rank = usize::from(self.basis.components);
        let sizes_fit = self.weights.len() == landmarks * PATCH * self.columns()
            && self.scales.len() == rank
            && self.bias.len() == rank;
        if !sizes_fit {
            return Err("a linear stage whose parts do not fit together".into());
        }
        if self.scales.iter().chain(&self.bias).any(|v| !v.is_finite()) {
            return Err("a linear stage with a number that is not finite".into());
        }
        self.patches.validate()?;
        self.basis.validate(landmarks)
    }

    /// The coefficients of the increment for these features.
    pub fn coefficients(&self, features: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0; self.columns()];
        multiply(features, &self.weights, &mut sums);
        sums.iter().zip(&self.scales).zip(&self.bias).map(|((sum, scale), bias)| sum * scale + bias).collect()
    }

    /// One step of the cascade: describe, multiply, move.
    pub fn step(&self, crop: &GrayImage, mean: &[Point], shape: &mut [Point]) {
        let frame = Similarity::between(mean, shape);
        let mut features = Vec::with_capacity(shape.len() * PATCH);
        self.patches.describe(crop, mean, shape, &frame, &mut features);
        self.basis.advance(shape, &frame, self.coefficients(&features));
    }
}

/// `sums = featuresᵀ · weights`, a tile of columns at a time so that its sums stay in registers.
#[multiversion(targets("x86_64+avx2"))]
fn multiply(features: &[f32], weights: &[i8], sums: &mut [f32]) {
    let columns = sums.len();
    for (tile, sums) in sums.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
        let mut sum = [0.0f32; TILE];
        for (&feature, row) in features.iter().zip(weights.chunks_exact(columns)) {
            let row = &row.as_chunks::<TILE>().0[tile];
            for k in 0..TILE {
                sum[k] += feature * f32::from(row[k]);
            }
        }
        *sums = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantised_weights_give_nearly_the_same_coefficients() {
        let (features, rank) = (2 * PATCH, 3);
        let weights: Vec<f32> = (0..features * rank).map(|i| ((i * 37) % 101) as f32 / 50.0 - 1.0).collect();
        let input: Vec<f32> = (0..features).map(|i| ((i * 13) % 17) as f32 / 17.0).collect();
        let basis = ShapeBasis { rows: vec![0.0; rank * 4], components: rank as u16 };
        let stage = LinearStage::quantised(PatchSpec { zoom: 1.0, radius: 8.0 }, &weights, vec![0.5; rank], basis);
        stage.validate(2).unwrap();
        for (k, coefficient) in stage.coefficients(&input).into_iter().enumerate() {
            let exact: f32 = 0.5 + input.iter().enumerate().map(|(f, x)| x * weights[f * rank + k]).sum::<f32>();
            assert!((coefficient - exact).abs() < 0.5, "{coefficient} for {exact}");
        }
    }
}
