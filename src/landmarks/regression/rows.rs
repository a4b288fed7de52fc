//! Weights in 8 bits, multiplied with features in 16.

use super::super::patches::{FEATURE_ONE, PATCH};
use crate::invalid::InvalidModel;

/// The rows of a weight matrix, each with its own scale and bias.
#[derive(Clone, Debug, Default)]
pub struct WeightRows {
    /// A row for each output, one number per feature in units of the row's scale.
    pub(crate) weights: Vec<i8>,
    /// For each output the value of a weight of 1.
    pub(crate) scales: Vec<f32>,
    /// For each output its value if all features are zero.
    pub(crate) bias: Vec<f32>,
}

impl WeightRows {
    /// Rounds rows of real weights to 8 bits. There is a row for each bias, and all have the same length.
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

    /// Returns the number of rows.
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

    /// Returns the output of a row for these features, which are in units of [`FEATURE_ONE`].
    ///
    /// # Panics
    /// If there is no such row of as many weights.
    pub fn output(&self, row: usize, features: &[i16]) -> f32 {
        self.output_of(row, &[], &[], features)
    }

    /// Returns the output of a row for the features of some of the patches, in the order of `chosen`, and then the rest. No
    /// patch is copied.
    ///
    /// # Panics
    /// If there is no such row of as many weights, or no such patch.
    pub(super) fn output_of(&self, row: usize, patches: &[[i16; PATCH]], chosen: &[u16], rest: &[i16]) -> f32 {
        let length = chosen.len() * PATCH + rest.len();
        let weights = &self.weights[row * length..][..length];
        dot(weights, patches, chosen, rest) as f32 * (self.scales[row] / FEATURE_ONE) + self.bias[row]
    }
}

/// Products that are added side by side: two vectors of pairs.
const LANES: usize = 32;

/// Returns the sum of products. A patch's squares sum to at most `FEATURE_ONE²`, so its features to at most
/// `√128·FEATURE_ONE`; with the shape's two numbers per landmark, 1000 landmarks stay within 32 bits. Sums of integers
/// are the same in any order.
///
/// The compiler multiplies pairs of 16-bit numbers only where a sum is of a single loop: one for patches, one for the rest.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn dot(weights: &[i8], patches: &[[i16; PATCH]], chosen: &[u16], rest: &[i16]) -> i32 {
    let (of_patches, of_rest) = weights.split_at(chosen.len() * PATCH);
    let mut sums = [0; LANES];
    for (&patch, weights) in chosen.iter().zip(of_patches.as_chunks::<PATCH>().0) {
        let (features, weights) = (patches[usize::from(patch)].as_chunks().0, weights.as_chunks().0);
        for part in 0..PATCH / LANES {
            add_products(&features[part], &weights[part], &mut sums);
        }
    }
    let mut total: i32 = sums.iter().sum();
    let ((features, features_left), (weights, weights_left)) = (rest.as_chunks(), of_rest.as_chunks());
    let mut sums = [0; LANES];
    for (features, weights) in features.iter().zip(weights) {
        add_products(features, weights, &mut sums);
    }
    total += sums.iter().sum::<i32>();
    for (&feature, &weight) in features_left.iter().zip(weights_left) {
        total += i32::from(feature) * i32::from(weight);
    }
    total
}

#[inline(always)]
fn add_products(features: &[i16; LANES], weights: &[i8; LANES], sums: &mut [i32; LANES]) {
    for k in 0..LANES {
        sums[k] += i32::from(features[k]) * i32::from(weights[k]);
    }
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

    #[test]
    fn chosen_patches_give_the_same_outputs_as_their_copies() {
        let patch = |seed: i16| std::array::from_fn(|i| (i as i16 * 13 + seed) % 170);
        let patches: Vec<[i16; PATCH]> = (0..5).map(patch).collect();
        for (chosen, rest) in [(vec![3, 0, 3], 136), (vec![], 40), (vec![1], 0), (vec![4, 2], 7)] {
            let rest: Vec<i16> = (0..rest).map(|i| i * 7 % 90 - 40).collect();
            let copied = chosen.iter().flat_map(|&i| patches[usize::from(i)]).chain(rest.iter().copied());
            let copied: Vec<i16> = copied.collect();
            let row = |r: usize| (0..copied.len()).map(|i| ((i * 37 + r * 11) % 101) as f32 - 50.0).collect();
            let rows = WeightRows::quantised((0..4).map(row), vec![0.5; 4]);
            for row in 0..4 {
                assert_eq!(rows.output_of(row, &patches, &chosen, &rest), rows.output(row, &copied));
            }
            let product = |w: &i8, f: &i16| i32::from(*w) * i32::from(*f);
            let plain: i32 = rows.weights[..copied.len()].iter().zip(&copied).map(|(w, f)| product(w, f)).sum();
            assert_eq!(rows.output(0, &copied), plain as f32 * (rows.scales[0] / FEATURE_ONE) + 0.5);
        }
    }
}
