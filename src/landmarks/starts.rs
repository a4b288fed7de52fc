//! Where runs of the cascade begin, and which run's result counts.
//!
//! A cascade goes astray where the box is poor or the head is tilted further than the first stages can see. Its confidence
//! tells so, and then other starts are worth their time:
//!
//! ```text
//!   box ──► run ──► sure? ──► done
//!                    │ no
//!                    ▼
//!             a run from the box that fits the shape it came to ──► sure by now? ──► the better of the two
//!                    │ no
//!                    ▼
//!             26 boxes around, and 4 angles, each without the refinement
//!                    │ the 3 best
//!                    ▼
//!             a run from the box that fits each shape ──► the best of all
//! ```
//!
//! What counts is evidence: the logarithm of the odds that the confidence tells, less what a shape so far from the given box
//! costs. Boxes err, but a face that sits elsewhere is rather another face. And the best of many tries is less sure than it looks
//! ([`Confidence::after`](super::confidence::Confidence::after)): where so little is left that no try can make the face of use
//! ([`FitOptions::least_confidence`](super::FitOptions::least_confidence)), none is made.

use super::Similarity;
use super::crop::CropSpec;
use crate::geometry::{Point, Rect};

/// Below this confidence of a face the cascade runs once more, from the box that fits the shape it came to.
pub(super) const UNSURE: f32 = 0.85;

/// Below this confidence it looks around.
pub(super) const DOUBTFUL: f32 = 0.7;

/// How many of the other starts are followed to the end.
pub(super) const PROMISING: usize = 3;

/// By so much, in natural logarithms of odds, another result must have more evidence than the first.
pub(super) const MARGIN: f32 = 0.5;

/// How far boxes err, as a share of their side and as the logarithm of its ratio: standard deviations of a normal
/// distribution, which the evidence assumes.
const SPREAD: f32 = 0.3;

/// Where a run begins: with the mean shape in a box, turned about the shape's centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Start {
    /// The box in the photograph, a square.
    pub bounds: Rect,
    /// In radians.
    pub angle: f32,
}

impl Start {
    /// The mean shape as it is, in a given box.
    pub fn given(bounds: &Rect) -> Self {
        Self { bounds: Rect::square(bounds.centre(), (bounds.width + bounds.height) / 2.0), angle: 0.0 }
    }

    /// The box and angle in which the mean shape is nearest to a shape in the photograph.
    pub fn of(shape: &[Point], mean: &[Point], crop: &CropSpec) -> Self {
        let frame = Similarity::between(mean, shape);
        let middle = crop.bounds().centre();
        Self { bounds: Rect::square(frame.apply(middle), frame.scale() * f32::from(crop.face)), angle: frame.angle() }
    }

    /// The starts around this one: moved by a fifth of the box in eight directions or not at all, in three sizes, and turned.
    pub fn others(&self) -> impl Iterator<Item = Self> {
        const SHARES: [f32; 3] = [-0.2, 0.0, 0.2];
        const SCALES: [f32; 3] = [0.75, 1.0, 1.33];
        const ANGLES: [f32; 4] = [0.45, -0.45, 0.9, -0.9];
        let (centre, side) = (self.bounds.centre(), self.bounds.width);
        let moved = SCALES.into_iter().flat_map(move |scale| {
            let at = move |x: f32, y: f32| Rect::square(centre + Point::new(x, y) * side, scale * side);
            SHARES.into_iter().flat_map(move |x| SHARES.map(|y| Self { bounds: at(x, y), angle: 0.0 }))
        });
        let bounds = self.bounds;
        moved.chain(ANGLES.map(|angle| Self { bounds, angle })).filter(move |start| start != self)
    }

    /// The evidence for a result with this confidence whose own box and angle these are, where the box of `given` was given.
    pub fn evidence(&self, given: &Self, confidence: f32) -> f32 {
        let confidence = confidence.clamp(1e-5, 1.0 - 1e-5);
        let shift = (self.bounds.centre() - given.bounds.centre()) * (1.0 / given.bounds.width);
        let growth = (self.bounds.width / given.bounds.width).ln();
        let away = (shift.x * shift.x + shift.y * shift.y + growth * growth) / (SPREAD * SPREAD);
        (confidence / (1.0 - confidence)).ln() - 0.5 * away
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CROP: CropSpec = CropSpec { face: 64, margin: 16, coarse: 32 };

    #[test]
    fn a_start_is_found_again_in_its_own_shape() {
        let mean = [Point::new(30.0, 40.0), Point::new(60.0, 40.0), Point::new(45.0, 70.0)];
        let frame = Similarity { a: 2.0 * 0.3f32.cos(), b: 2.0 * 0.3f32.sin(), t: Point::new(100.0, 50.0) };
        let start = Start::of(&mean.map(|p| frame.apply(p)), &mean, &CROP);
        assert!((start.angle - 0.3).abs() < 1e-4 && (start.bounds.width - 128.0).abs() < 1e-2);
        assert!(start.bounds.centre().distance(frame.apply(Point::new(48.0, 48.0))) < 1e-2);
        let straight = Start::of(&mean, &mean, &CROP);
        assert!(straight.bounds.centre().distance(CROP.bounds().centre()) < 1e-3);
    }

    #[test]
    fn other_starts_lie_around_the_box_and_are_all_different() {
        let given = Start::given(&Rect::new(10.0, 20.0, 100.0, 100.0));
        let others: Vec<Start> = given.others().collect();
        assert_eq!(others.len(), 30);
        for (i, start) in others.iter().enumerate() {
            assert!(*start != given && !others[..i].contains(start));
            assert!(start.bounds.centre().distance(given.bounds.centre()) < 30.0);
        }
    }

    #[test]
    fn a_face_elsewhere_needs_more_confidence() {
        let given = Start::given(&Rect::new(0.0, 0.0, 100.0, 100.0));
        let beside = Start { bounds: Rect::new(60.0, 0.0, 100.0, 100.0), angle: 0.0 };
        let smaller = Start { bounds: Rect::square(given.bounds.centre(), 55.0), angle: 0.2 };
        assert!((given.evidence(&given, 0.5)).abs() < 1e-6);
        assert!((beside.evidence(&given, 0.5) + 2.0).abs() < 1e-4);
        assert!(smaller.evidence(&given, 0.6) < given.evidence(&given, 0.5));
        assert!(smaller.evidence(&given, 0.99) > given.evidence(&given, 0.5));
        assert!(given.evidence(&given, 0.0).is_finite() && given.evidence(&given, 1.0).is_finite());
    }
}
