//! From the window's place to the face's box: a linear regression of where the face sits in the window.

use crate::geometry::{Point, Rect};
use crate::hog::ONE;
use crate::invalid::InvalidModel;
use crate::rect_ext::RectExt;

/// Predicts from a window's features how the face's box differs from the window's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxRegression {
    /// For x, y and the logarithm of the scale: a weight for each feature.
    pub weights: [Vec<i16>; 3],
    /// Offset that a weight of 1 stands for, per output.
    pub scales: [f32; 3],
    /// The offsets for features of 0.
    pub biases: [f32; 3],
}

/// The furthest that a box is moved, in box sides, and the largest change of the logarithm of its side.
const FURTHEST: [f32; 3] = [0.2, 0.2, 0.5];

impl BoxRegression {
    /// A refinement with these real weights.
    pub fn new(weights: &[Vec<f32>; 3], biases: [f32; 3]) -> Self {
        let largest = |k: usize| weights[k].iter().fold(1e-12f32, |m, w| m.max(w.abs()));
        let scales = [0, 1, 2].map(|k| largest(k) / 30_000.0);
        let rounded = [0, 1, 2].map(|k| weights[k].iter().map(|w| (w / scales[k]).round() as i16).collect());
        Self { weights: rounded, scales, biases }
    }

    /// Where the face's centre lies, in sides of the box, and the logarithm of its side in that unit.
    pub fn offsets(&self, features: &[i16]) -> [f32; 3] {
        [0, 1, 2].map(|k| {
            let offset = dot(&self.weights[k], features) as f32 * (self.scales[k] / ONE) + self.biases[k];
            offset.clamp(-FURTHEST[k], FURTHEST[k])
        })
    }

    /// The refined box.
    pub fn apply(&self, bounds: &Rect, features: &[i16]) -> Rect {
        let [dx, dy, log_scale] = self.offsets(features);
        let centre = bounds.centre() + Point::new(dx, dy) * bounds.width;
        Rect::square(centre, bounds.width * log_scale.exp())
    }

    pub(super) fn validate(&self, features: usize) -> Result<(), InvalidModel> {
        let numbers = self.scales.iter().chain(&self.biases);
        if self.weights.iter().any(|weights| weights.len() != features) {
            Err(InvalidModel::new("the box regression", "has another size than the window"))
        } else if numbers.into_iter().any(|v| !v.is_finite()) {
            Err(InvalidModel::new("the box regression", "has a number that is not finite"))
        } else {
            Ok(())
        }
    }
}

/// Products whose sum a 32-bit integer holds: features lie below 3500, weights below 2¹⁵.
const CHUNK: usize = 16;

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn dot(weights: &[i16], features: &[i16]) -> i64 {
    let (weights, last_weights) = weights.as_chunks::<CHUNK>();
    let (features, last_features) = features.as_chunks::<CHUNK>();
    let last = last_weights.iter().zip(last_features);
    let mut total: i64 = last.map(|(&w, &f)| i64::from(w) * i64::from(f)).sum();
    for (w, f) in weights.iter().zip(features) {
        let mut sum = 0i32;
        for k in 0..CHUNK {
            sum = sum.wrapping_add(i32::from(w[k]) * i32::from(f[k]));
        }
        total += i64::from(sum);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_moves_as_the_weights_say() {
        let weights = [vec![0.1, 0.0], vec![0.0, -0.1], vec![0.0, 0.0]];
        let refinement = BoxRegression::new(&weights, [0.0, 0.0, 0.2]);
        let refined = refinement.apply(&Rect::new(10.0, 10.0, 100.0, 100.0), &[ONE as i16, ONE as i16]);
        assert!(refined.centre().distance(Point::new(70.0, 50.0)) < 0.01, "{refined:?}");
        assert!((refined.width - 100.0 * 0.2f32.exp()).abs() < 0.01);
        let far = refinement.apply(&Rect::new(0.0, 0.0, 10.0, 10.0), &[i16::MAX, 0]);
        assert!((far.centre().x - 7.0).abs() < 1e-4);
    }
}
