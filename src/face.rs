//! What the pipeline finds.

use crate::geometry::Rect;
use crate::landmarks::{Confidence, Fit, Shape};
use crate::rect_ext::RectExt;

/// A face: where it is, how sure the detector is, and its landmarks.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Face {
    /// The face's box in pixels.
    pub bounds: Rect,
    /// The detector's calibrated score, plus `½·log₁₀(p / (1 − p))` for the face confidence `p`. 0 for a box that was
    /// given.
    pub score: f32,
    /// In-plane rotation of the detector's component that found it, in radians; positive is clockwise on the screen. `None`
    /// for a box that was given.
    pub angle: Option<f32>,
    /// The landmarks in pixels.
    pub shape: Shape,
    /// Probability that the landmarks are correct, if the model estimates it.
    pub confidence: Option<Confidence>,
}

impl Face {
    /// Whether box, score and landmarks are finite, and the box has an area.
    pub(crate) fn is_finite(&self) -> bool {
        let mut points = self.shape.points.iter();
        self.bounds.is_valid() && self.score.is_finite() && points.all(|p| p.x.is_finite() && p.y.is_finite())
    }
}

/// A face in a box that a detector, or a person, gave this score.
pub fn face(bounds: Rect, score: f32, fit: Fit) -> Face {
    let Fit { shape, confidence } = fit;
    Face { bounds, score, angle: None, shape, confidence }
}
