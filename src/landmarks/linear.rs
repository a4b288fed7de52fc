//! A linear stage: histograms of oriented gradients around the landmarks in, shape increments out.
//!
//! The supervised descent of Xiong & De la Torre, "Supervised Descent Method and Its Applications to Face Alignment",
//! CVPR 2013 (section 3.2): `Δ = R·φ(x) + b`, several times, with `φ` the patches of [`super::patches`]. `R` is kept as
//! the product of two thin matrices, `rank × features` in 8-bit integers and `2·L × rank`.
//!
//! ```text
//!   crop ──► chip ──► orientation map ─┬──► patches ──► R₁ ──► move ─┐
//!                                      ├──► patches ──► R₂ ──► move ◄┘
//!                                      └──► …
//! ```
//!
//! All steps of a stage look at one chip, cut where the shape stood before the first: rotation and scale hardly change
//! any more, and the map costs more than the patches.

use bincode::{Decode, Encode};
use multiversion::multiversion;

use super::patches::{ChipSpec, FEATURE_ONE, PATCH};
use super::{ShapeBasis, Similarity};
use crate::geometry::Point;
use crate::image::GrayImage;

/// Features that are multiplied together.
const LANES: usize = 32;

/// One linear stage of the cascade.
#[derive(Clone, Debug, Encode, Decode)]
pub struct LinearStage {
    /// How the chip is cut.
    pub chip: ChipSpec,
    /// The steps in order.
    pub steps: Vec<LinearStep>,
}

/// One step of a linear stage.
#[derive(Clone, Debug, Encode, Decode)]
pub struct LinearStep {
    /// Half a patch's side, in crop pixels of the mean shape's frame.
    pub radius: f32,
    /// A row for each component, one number a feature in units of the row's scale.
    pub weights: Vec<i8>,
    /// For each component the value of a weight unit.
    pub scales: Vec<f32>,
    /// For each component the coefficient where all features are zero.
    pub bias: Vec<f32>,
    /// The components that the coefficients belong to.
    pub basis: ShapeBasis,
}

impl LinearStage {
    pub(super) fn validate(&self, landmarks: usize) -> Result<(), String> {
        self.chip.validate()?;
        self.steps.iter().try_for_each(|step| step.validate(&self.chip, landmarks))
    }

    /// The stage's work on a shape: cut the chip, then describe, multiply and move once a step.
    pub fn step(&self, crop: &GrayImage, mean: &[Point], shape: &mut [Point]) {
        let frame = Similarity::between(mean, shape);
        let mut chip = self.chip.cut(crop, mean, &frame);
        let mut features = Vec::with_capacity(shape.len() * PATCH);
        for step in &self.steps {
            features.clear();
            chip.describe(shape, step.radius, &mut features);
            step.basis.advance(shape, &frame, step.coefficients(&features));
        }
    }
}

impl LinearStep {
    /// Rounds real weights (rows of features, one number a component) to 8 bits, with a scale for each component.
    pub fn quantised(radius: f32, weights: &[f32], bias: Vec<f32>, basis: ShapeBasis) -> Self {
        let rank = usize::from(basis.components);
        let features = weights.len() / rank.max(1);
        let mut rounded = Vec::with_capacity(weights.len());
        let mut scales = Vec::with_capacity(rank);
        for component in 0..rank {
            let column = || weights.iter().skip(component).step_by(rank);
            let largest = column().fold(f32::MIN_POSITIVE, |largest, w| largest.max(w.abs()));
            let scale = largest / 127.0;
            rounded.extend(column().map(|w| (w / scale).round() as i8));
            scales.push(scale);
        }
        debug_assert_eq!(rounded.len(), features * rank);
        Self { radius, weights: rounded, scales, bias, basis }
    }

    fn validate(&self, chip: &ChipSpec, landmarks: usize) -> Result<(), String> {
        let rank = usize::from(self.basis.components);
        let sizes_fit =
            self.weights.len() == landmarks * PATCH * rank && self.scales.len() == rank && self.bias.len() == rank;
        if !sizes_fit {
            return Err("a linear step whose parts do not fit together".into());
        }
        if self.scales.iter().chain(&self.bias).any(|v| !v.is_finite()) {
            return Err("a linear step with a number that is not finite".into());
        }
        if !(0.5..=200.0).contains(&self.radius) || self.radius > 2.0 * chip.margin {
            return Err(format!("patches of radius {}", self.radius));
        }
        self.basis.validate(landmarks)
    }

    /// The coefficients of the increment for these features.
    pub fn coefficients(&self, features: &[i16]) -> Vec<f32> {
        let rows = self.weights.chunks_exact(features.len().max(1));
        rows.zip(&self.scales)
            .zip(&self.bias)
            .map(|((row, scale), bias)| dot(features, row) as f32 * (scale / FEATURE_ONE) + bias)
            .collect()
    }
}

/// The sum of products. A patch's squares sum to at most `FEATURE_ONE²`, so its features to at most `√128·FEATURE_ONE`,
/// and 1000 patches stay within 32 bits.
#[multiversion(targets("x86_64+avx2"))]
fn dot(features: &[i16], weights: &[i8]) -> i32 {
    let mut sums = [0i32; LANES];
    let (features, weights) = (features.as_chunks::<LANES>().0, weights.as_chunks::<LANES>().0);
    for (features, weights) in features.iter().zip(weights) {
        for k in 0..LANES {
            sums[k] += i32::from(features[k]) * i32::from(weights[k]);
        }
    }
    let mut sum = 0;
    for part in sums {
        sum += part;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantised_weights_give_nearly_the_same_coefficients() {
        let (features, rank) = (2 * PATCH, 3);
        let weights: Vec<f32> = (0..features * rank).map(|i| ((i * 37) % 101) as f32 / 50.0 - 1.0).collect();
        let input: Vec<i16> = (0..features).map(|i| ((i * 13) % 170) as i16).collect();
        let basis = ShapeBasis { rows: vec![0.0; rank * 4], components: rank as u16 };
        let step = LinearStep::quantised(8.0, &weights, vec![0.5; rank], basis);
        step.validate(&ChipSpec { zoom: 1.0, margin: 10.0 }, 2).unwrap();
        for (k, coefficient) in step.coefficients(&input).into_iter().enumerate() {
            let products = input.iter().enumerate().map(|(f, &x)| f32::from(x) / FEATURE_ONE * weights[f * rank + k]);
            let exact: f32 = 0.5 + products.sum::<f32>();
            assert!((coefficient - exact).abs() < 0.05, "{coefficient} for {exact}");
        }
    }
}
