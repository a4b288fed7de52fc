//! Restarts: where else runs of the cascade begin, and which run's result is taken.
//!
//! A cascade goes astray where the box is poor or the head is tilted further than the first stages can see. Its confidence
//! shows it, and then restarts are worth their time:
//!
//! ```text
//!   box ──► run ──► confident? ──► done
//!                    │ no
//!                    ▼
//!             a run from the box that fits the shape of the first ──► confident now? ──► the better of the two
//!                    │ no
//!                    ▼
//!             26 boxes around, and 4 angles, each without the refinement
//!                    │ the 3 best
//!                    ▼
//!             a run from the box that fits each shape ──► the best of all
//! ```
//!
//! Results compare by the log-odds of their confidence, less a penalty for a shape far from the given box: boxes err, but a
//! face that sits elsewhere is rather another face. The best of many runs is less sure than it looks
//! ([`Confidence::after`]): if no run can lift the face to a confidence that is of use any more
//! ([`FitOptions::useful_confidence`]), none is made.

use super::confidence::{Confidence, ConfidenceModel};
use super::crop::{Crop, CropSpec};
use super::observer::CascadeObserver;
use super::{Cascade, Fit, FitOptions, Similarity};
use crate::geometry::{Point, Rect};
use crate::image::GreyImage;
use crate::landmarks::ShapeExt;
use crate::log_odds::log_odds;
use crate::rect_ext::RectExt;

/// Below this confidence of a face the cascade runs once more, from the box that fits the shape of the first run.
const RESTART_BELOW: f32 = 0.85;

/// Below this confidence it searches around.
const SEARCH_BELOW: f32 = 0.7;

/// Maximum number of initialisations around the box that run to the end.
const MAX_RESTARTS: usize = 3;

/// Minimum gain in log-odds for a restart to replace the first run.
const MIN_GAIN: f32 = 0.5;

impl Cascade {
    /// Places the landmarks of the face in `bounds` (pixels of the image), reporting each step to `observer`.
    pub fn fit(
        &self,
        image: &GreyImage,
        bounds: &Rect,
        options: &FitOptions,
        observer: &mut impl CascadeObserver,
    ) -> Fit {
        let given = Initialisation::given(bounds);
        let first = self.run(image, &given, options, observer);
        let confidence = first.face_confidence();
        let within_reach = Confidence::within_reach(confidence) >= options.useful_confidence;
        let restart = !options.fast && confidence < RESTART_BELOW && within_reach;
        match self.confidence.as_ref().filter(|_| restart) {
            Some(model) => self.restart(image, &given, first, model, options, observer),
            None => first,
        }
    }

    /// The best of the first run and its restarts.
    fn restart(
        &self,
        image: &GreyImage,
        given: &Initialisation,
        first: Fit,
        model: &ConfidenceModel,
        options: &FitOptions,
        observer: &mut impl CascadeObserver,
    ) -> Fit {
        let confidence = first.face_confidence();
        let again = self.run(image, &self.nearest(&first), options, observer);
        let mut restarts = vec![again];
        if confidence.max(restarts[0].face_confidence()) < SEARCH_BELOW {
            let around = self.search_around(image, given, model);
            restarts.extend(around.iter().map(|start| self.run(image, start, options, observer)));
        }
        let value = |fit: &Fit| self.nearest(fit).value(given, fit.face_confidence());
        let best = restarts.into_iter().max_by(|a, b| value(a).total_cmp(&value(b)));
        match best.filter(|best| value(best) > value(&first) + MIN_GAIN) {
            Some(best) => Fit { confidence: best.confidence.map(|own| own.after(confidence)), ..best },
            None => first,
        }
    }

    /// The initialisation that is nearest to a fit.
    fn nearest(&self, fit: &Fit) -> Initialisation {
        Initialisation::of(&fit.shape.points, &self.mean.points, &self.crop)
    }

    /// The initialisations nearest to the best results of the boxes around, without the refinement.
    fn search_around(&self, image: &GreyImage, given: &Initialisation, model: &ConfidenceModel) -> Vec<Initialisation> {
        let fast = FitOptions { fast: true, ..FitOptions::default() };
        let end = |start: Initialisation| {
            let crop = Crop::new(image, &start.bounds, &self.crop);
            let mut shape = self.turned_mean(start.angle);
            self.advance(&crop, &mut shape, &fast, &mut ());
            let confidence = model.confidence(&crop, &self.mean.points, &shape.points).face;
            let end = self.nearest(&Fit { shape: shape.map(|p| crop.to_image(p)), confidence: None });
            (end, end.value(given, confidence))
        };
        let mut ends: Vec<(Initialisation, f32)> = given.around().map(end).collect();
        ends.sort_by(|a, b| b.1.total_cmp(&a.1));
        ends.into_iter().take(MAX_RESTARTS).map(|(end, _)| end).collect()
    }
}

/// Error of boxes, as a share of their side and as the logarithm of its ratio: standard deviations of a normal
/// distribution.
const SPREAD: f32 = 0.3;

/// Where a run begins: with the mean shape in a box, turned about the shape's centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Initialisation {
    /// The box in the image, a square.
    pub bounds: Rect,
    /// In radians.
    pub angle: f32,
}

impl Initialisation {
    /// The mean shape as it is, in a given box.
    pub fn given(bounds: &Rect) -> Self {
        Self { bounds: Rect::square(bounds.centre(), (bounds.width + bounds.height) / 2.0), angle: 0.0 }
    }

    /// The box and angle in which the mean shape is nearest to a shape in the image.
    pub fn of(shape: &[Point], mean: &[Point], crop: &CropSpec) -> Self {
        let frame = Similarity::between(mean, shape);
        let middle = crop.bounds().centre();
        Self { bounds: Rect::square(frame.apply(middle), frame.scale() * f32::from(crop.face)), angle: frame.angle() }
    }

    /// The initialisations around this one: moved by a fifth of the box in eight directions or not at all, in three sizes, and turned.
    pub fn around(&self) -> impl Iterator<Item = Self> {
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

    /// Returns the value of a result with this confidence and this nearest initialisation, for the box of `given`: the
    /// log-odds of the confidence, and the logarithm of the (normal) density of the box's error.
    pub fn value(&self, given: &Self, confidence: f32) -> f32 {
        let shift = (self.bounds.centre() - given.bounds.centre()) * (1.0 / given.bounds.width);
        let growth = (self.bounds.width / given.bounds.width).ln();
        let away = (shift.x * shift.x + shift.y * shift.y + growth * growth) / (SPREAD * SPREAD);
        log_odds(confidence, 1e-5) - 0.5 * away
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CROP: CropSpec = CropSpec { face: 64, margin: 16, coarse: 32 };

    #[test]
    fn an_initialisation_is_found_again_in_its_own_shape() {
        let mean = [Point::new(30.0, 40.0), Point::new(60.0, 40.0), Point::new(45.0, 70.0)];
        let frame = Similarity { a: 2.0 * 0.3f32.cos(), b: 2.0 * 0.3f32.sin(), t: Point::new(100.0, 50.0) };
        let start = Initialisation::of(&mean.map(|p| frame.apply(p)), &mean, &CROP);
        assert!((start.angle - 0.3).abs() < 1e-4 && (start.bounds.width - 128.0).abs() < 1e-2);
        assert!(start.bounds.centre().distance(frame.apply(Point::new(48.0, 48.0))) < 1e-2);
        let straight = Initialisation::of(&mean, &mean, &CROP);
        assert!(straight.bounds.centre().distance(CROP.bounds().centre()) < 1e-3);
    }

    #[test]
    fn initialisations_lie_around_the_box_and_are_all_different() {
        let given = Initialisation::given(&Rect::new(10.0, 20.0, 100.0, 100.0));
        let around: Vec<Initialisation> = given.around().collect();
        assert_eq!(around.len(), 30);
        for (i, start) in around.iter().enumerate() {
            assert!(*start != given && !around[..i].contains(start));
            assert!(start.bounds.centre().distance(given.bounds.centre()) < 30.0);
        }
    }

    #[test]
    fn a_face_elsewhere_needs_more_confidence() {
        let given = Initialisation::given(&Rect::new(0.0, 0.0, 100.0, 100.0));
        let beside = Initialisation { bounds: Rect::new(60.0, 0.0, 100.0, 100.0), angle: 0.0 };
        let smaller = Initialisation { bounds: Rect::square(given.bounds.centre(), 55.0), angle: 0.2 };
        assert!((given.value(&given, 0.5)).abs() < 1e-6);
        assert!((beside.value(&given, 0.5) + 2.0).abs() < 1e-4);
        assert!(smaller.value(&given, 0.6) < given.value(&given, 0.5));
        assert!(smaller.value(&given, 0.99) > given.value(&given, 0.5));
        assert!(given.value(&given, 0.0).is_finite() && given.value(&given, 1.0).is_finite());
    }
}
