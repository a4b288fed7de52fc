//! Weights in 8 bits, multiplied with features in 16.

use super::super::patches::FEATURE_ONE;
use crate::model::InvalidModel;

/// The rows of a weight matrix, each with its own scale and bias.
#[derive(Clone, Debug, Default)]
pub struct WeightRows {
    /// A row for each output, one number a feature in units of the row's scale.
    pub(crate) weights: Vec<i8>,
    /// For each output the value of a weight unit.
    pub(crate) scales: Vec<f32>,
    /// For each output its value where all features are zero.
    pub(crate) bias: Vec<f32>,
}

impl WeightRows {
    /// Rounds rows of real weights, one for each bias and all of the same length, to 8 bits.
    pub fn quantised(rows: impl IntoIterator<Item = Vec<f32>>, bias: Vec<f32>) -> Self {
        let (mut weights, mut scales) = (Vec::new(), Vec::new());
        for row in rows {
            let largest = row.iter().fold(f32::MIN_POSITIVE, |largest, w| largest.max(w.abs()));
            let scale = largest / 127.0;
            weights.extend(row.iter().map(|w| (w / scale).round() as i8));
            scales.push(scale);
        }
        debug_assert_eq!(scales.len(), bias.len());
        Self { weights, scales, bias }
    }

    /// The number of rows.
    pub fn count(&self) -> usize {
        self.scales.len()
    }

    pub(super) fn validate(&self, count: usize, features: usize) -> Result<(), InvalidModel> {
        if self.weights.len() != count * features || self.scales.len() != count || self.bias.len() != count {
            return Err(InvalidModel::new("a regression", "has parts that do not fit together"));
        }
        let finite = self.scales.iter().chain(&self.bias).all(|v| v.is_finite());
        InvalidModel::unless(finite, "a regression", "has a number that is not finite")
    }

    /// The output of a row for these features, in units of [`FEATURE_ONE`].
    pub fn output(&self, row: usize, features: &[i16]) -> f32 {
        let weights = &self.weights[row * features.len()..][..features.len()];
        dot(features, weights) as f32 * (self.scales[row] / FEATURE_ONE) + self.bias[row]
    }
}

/// Products that are added side by side: two vectors of pairs.
const LANES: usize = 32;

/// The sum of products. A patch's squares sum to at most `FEATURE_ONE²`, so its features to at most `√128·FEATURE_ONE`;
/// with the shape's two numbers a landmark, 1000 landmarks stay within 32 bits.
fn dot(features: &[i16], weights: &[i8]) -> i32 {
    let (features, features_left) = features.as_chunks();
    let (weights, weights_left) = weights.as_chunks();
    let left = features_left.iter().zip(weights_left).map(|(&feature, &weight)| i32::from(feature) * i32::from(weight));
    dot_of_vectors(features, weights) + left.sum::<i32>()
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn dot_of_vectors(features: &[[i16; LANES]], weights: &[[i8; LANES]]) -> i32 {
    let mut sums = [0; LANES];
    for (features, weights) in features.iter().zip(weights) {
        for k in 0..LANES {
            sums[k] += i32::from(features[k]) * i32::from(weights[k]);
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_weights_give_nearly_the_same_outputs() {
        let features = 264;
        let rows: Vec<Vec<f32>> =
            (0..3).map(|r| (0..features).map(|i| ((i * 37 + r * 11) % 101) as f32 / 50.0 - 1.0).collect()).collect();
        let input: Vec<i16> = (0..features).map(|i| ((i * 13) % 170) as i16).collect();
        let quantised = WeightRows::quantised(rows.clone(), vec![0.5; 3]);
        quantised.validate(3, features).unwrap();
        for (k, row) in rows.iter().enumerate() {
            let products = input.iter().zip(row).map(|(&x, w)| f32::from(x) / FEATURE_ONE * w);
            let exact: f32 = 0.5 + products.sum::<f32>();
            let output = quantised.output(k, &input);
            assert!((output - exact).abs() < 0.05, "{output} for {exact}");
        }
    }
}
