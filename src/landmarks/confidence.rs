//! How likely the landmarks are correct.
//!
//! A cascade always ends somewhere, whether there is a face in the box or not. Where it ends at the right places, the
//! patches around the landmarks look like those in training; a linear classifier per landmark reads that from them:
//!
//! ```text
//!   crop ──► orientation map ──► patches at the fitted landmarks ──► log-odds of each landmark ──► probability
//!                                                                            └──► mean ──► probability for the face
//! ```
//!
//! The maps from features to log-odds are fitted to faces that the cascade had not seen, and to boxes beside faces, and
//! then calibrated by logistic regression (Platt, "Probabilistic Outputs for Support Vector Machines", 1999).

use super::Similarity;
use super::crop::Crop;
use super::linear_stage::describe_shape;
use super::patches::{OrientationMap, PATCH};
use super::regression::LocalRegression;
use crate::geometry::Point;
use crate::invalid::InvalidModel;
use crate::log_odds::{log_odds, probability};

/// A landmark counts as correct within this share of the inter-ocular distance, a face if its mean error is no larger: it
/// is then no failure in the usual sense, failures@8.
pub const RIGHT: f32 = 0.08;

/// The highest probability that counts: the calibration has not seen the rarest errors.
pub const MOST_RIGHT: f32 = 0.99;

/// Probabilities from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Confidence {
    /// Probability that the face's mean error is at most [`RIGHT`].
    pub face: f32,
    /// For each landmark, the probability that its error is at most [`RIGHT`].
    pub landmarks: Vec<f32>,
}

/// Estimates how likely fitted landmarks are correct.
#[derive(Clone, Debug)]
pub struct ConfidenceModel {
    /// The level of the crop whose gradients are taken.
    pub level: u8,
    /// Half a patch's side, in crop pixels of the mean shape's frame.
    pub radius: f32,
    /// One row a landmark: its log-odds.
    pub regression: LocalRegression,
    /// Slope and offset of the face's log-odds over the mean of the landmarks'.
    pub face: [f32; 2],
}

impl ConfidenceModel {
    pub(super) fn validate(&self, landmarks: usize) -> Result<(), InvalidModel> {
        if self.level > 2 || !(0.5..=200.0).contains(&self.radius) || self.face.iter().any(|v| !v.is_finite()) {
            return Err(InvalidModel::new("the confidence model", "has a number that is out of range"));
        }
        self.regression.validate(1, landmarks, landmarks)
    }

    /// Returns how far around a shape a model with patches of this radius looks, all in crop pixels.
    pub fn reach_of(radius: f32) -> f32 {
        1.6 * radius
    }

    /// Estimates how likely a shape (crop pixels) is correct; `mean` is the cascade's mean shape.
    pub fn confidence(&self, crop: &Crop, mean: &[Point], shape: &[Point]) -> Confidence {
        let frame = Similarity::between(mean, shape);
        let mut map = OrientationMap::new(crop, self.level, shape, &frame, Self::reach_of(self.radius));
        let mut features = Vec::with_capacity(shape.len() * (PATCH + 2));
        map.describe(shape.iter().copied(), &frame, self.radius, &mut features);
        describe_shape(shape, mean, &frame, &mut features);
        let mut odds = Vec::with_capacity(shape.len());
        self.regression.each(shape.len(), &features, |_, [landmark]| odds.push(landmark));
        let mean = odds.iter().sum::<f32>() / odds.len().max(1) as f32;
        let [slope, offset] = self.face;
        Confidence { face: probability(slope * mean + offset), landmarks: odds.into_iter().map(probability).collect() }
    }
}

/// The confidence of a face, and of each of its landmarks.
pub fn of(face: f32, landmarks: Vec<f32>) -> Confidence {
    Confidence { face, landmarks }
}

impl Confidence {
    /// The confidence of the best of several runs, where the first one's was `first`. The best of many looks surer than
    /// it is, above all where there is no face: the face's odds are the geometric mean of both.
    pub(super) fn after(self, first: f32) -> Self {
        Self { face: after(self.face, first), ..self }
    }

    /// The highest confidence that a face can have after restarts.
    pub(super) fn within_reach(first: f32) -> f32 {
        first.max(after(MOST_RIGHT, first))
    }
}

fn after(best: f32, first: f32) -> f32 {
    // Finite for every probability.
    let log_odds = |p: f32| log_odds(p, 1e-6);
    probability((log_odds(best.min(MOST_RIGHT)) + log_odds(first)) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_several_tries_is_less_sure_than_it_looks() {
        let best = Confidence { face: 0.9, landmarks: vec![0.8] };
        // Odds of 9 and 1/4: their geometric mean is 1.5.
        let told = best.clone().after(0.2);
        assert!((told.face - 0.6).abs() < 1e-4);
        assert_eq!(told.landmarks, best.landmarks);
        assert!(best.after(0.0).face > 0.0);
    }

    #[test]
    fn no_other_try_goes_beyond_what_is_within_reach() {
        for first in [0.0, 1e-5, 0.01, 0.3, 0.8, 0.999, 1.0] {
            let reach = Confidence::within_reach(first);
            for face in [0.0, 0.5, 0.99, 0.999, 1.0] {
                assert!(Confidence { face, landmarks: vec![] }.after(first).face <= reach);
            }
            assert!(first <= reach);
        }
        // Odds of 99 and 1/99.
        assert!((Confidence::within_reach(0.01) - 0.5).abs() < 1e-4);
    }
}
