//! Score fusion: of filter and boosted trees for a window, and of the windows on a face.
//!
//! Filters and boosted trees learned from the same windows and err in different ways: a window's score is the trees' sum
//! plus a part of the filter's score. A real face is found by many windows that nearly fit, a face-like pattern by few: the
//! windows that overlap the best one of a place add to its score, and they vote for the box.
//!
//! ```text
//!   ┌───┐ s₁, the best        score  s₁ + ln(Σ oᵢ·exp(k(sᵢ − s₁))) / k      between the best one's and all of them at once
//!  ┌┼──┐│ s₂   o₂ = IoU       box    Σ wᵢ·boxᵢ,   wᵢ ~ oᵢ·exp(k(sᵢ − s₁))   (voting: Gidaris & Komodakis, ICCV 2015)
//!  └┼──┘│
//!   └───┘
//! ```

use super::Detection;
use crate::geometry::{Point, Rect};
use crate::invalid::InvalidModel;
use crate::rect_ext::RectExt;

/// The weights of the fusion. The default takes the boosted trees' sum of the best window alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScoreFusion {
    /// Weight of the filter's score beside the boosted trees' sum.
    pub linear: f32,
    /// Rate at which the weight of a window falls with its distance from the best sum: `k`, for sums that are not
    /// calibrated. 0 takes the best window alone.
    pub sharpness: f32,
}

impl ScoreFusion {
    /// A window's score, not calibrated.
    pub fn score(&self, trees: f32, linear: f32) -> f32 {
        trees + self.linear * linear
    }

    /// Merges windows on one place, the best one first, into one detection; `slope` is the calibration's. `None` if there
    /// is no window.
    pub fn merge(&self, windows: &[Detection], slope: f32) -> Option<Detection> {
        let best = *windows.first()?;
        if self.sharpness <= 0.0 {
            return Some(best);
        }
        let sharpness = self.sharpness / slope;
        let (mut weights, mut centre, mut log_side) = (1.0, Point::default(), 0.0);
        for window in &windows[1..] {
            let overlap = best.bounds.overlap(&window.bounds);
            let weight = overlap * (sharpness * (window.score - best.score)).exp();
            weights += weight;
            centre = centre + (window.bounds.centre() - best.bounds.centre()) * weight;
            log_side += weight * (window.bounds.width / best.bounds.width).ln();
        }
        let side = best.bounds.width * (log_side / weights).exp();
        Some(Detection {
            bounds: Rect::square(best.bounds.centre() + centre * (1.0 / weights), side),
            score: best.score + weights.ln() / sharpness,
            ..best
        })
    }

    pub(super) fn validate(&self) -> Result<(), InvalidModel> {
        let sound = self.linear.is_finite() && self.sharpness.is_finite() && self.sharpness >= 0.0;
        InvalidModel::unless(sound, "the score fusion", "has a number that is negative or not finite")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(x: f32, side: f32, score: f32) -> Detection {
        Detection { bounds: Rect::new(x, 0.0, side, side), score, angle: 0.1, component: 2 }
    }

    #[test]
    fn windows_that_agree_score_higher_than_one() {
        let fusion = ScoreFusion { linear: 0.0, sharpness: 1.0 };
        let best = window(10.0, 20.0, 1.0);
        assert_eq!(fusion.merge(&[best], 0.5), Some(best));
        // Two equal windows: twice the weight, exp(2 · 0.3466) = 2.
        let two = fusion.merge(&[best, best], 0.5).unwrap();
        assert!((two.score - 1.346_57).abs() < 1e-4 && two.bounds == best.bounds);
        // A shifted one of two thirds IoU and a score lower by ln(2) / 2: a third of the best one's weight.
        let shifted = fusion.merge(&[best, window(14.0, 20.0, 1.0 - 0.346_57)], 0.5).unwrap();
        assert!((shifted.score - 1.0 - (4.0f32 / 3.0).ln() / 2.0).abs() < 1e-4, "{shifted:?}");
        assert!((shifted.bounds.x - 11.0).abs() < 1e-3 && shifted.component == 2);
        assert_eq!(fusion.merge(&[], 1.0), None);
    }

    #[test]
    fn without_sharpness_the_best_window_counts_alone() {
        let windows = [window(10.0, 20.0, 1.0), window(11.0, 20.0, 0.9)];
        assert_eq!(ScoreFusion::default().merge(&windows, 1.0), Some(windows[0]));
        assert_eq!(ScoreFusion::default().score(2.0, -0.7), 2.0);
    }
}
