//! The pixels that coordinates in a file refer to, if the image's EXIF data says that it must be turned.
//!
//! Everything here refers to the upright image. But programs that ignore the EXIF record write coordinates of the stored
//! pixels, and neither a `.pts` file nor a plain list of boxes says which it means. Then the face tells: landmarks that are
//! fitted in the right place agree with the annotation, or are confident; in the wrong place they are not.

use std::fmt;
use std::str::FromStr;

use crate::LandmarkModel;
use crate::geometry::Rect;
use crate::image::Image;
use crate::landmarks::{FitOptions, Shape, scheme};
use crate::rect_ext::RectExt;

/// Pixels that coordinates refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// Those of the image as viewers show it.
    Upright,
    /// Those that the file stores, before the turn that its EXIF record asks for.
    Stored,
}

impl fmt::Display for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Upright => "upright",
            Self::Stored => "stored",
        })
    }
}

/// The word of [`Pixels`]'s `Display`.
impl FromStr for Pixels {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Upright, Self::Stored].into_iter().find(|pixels| pixels.to_string() == word).ok_or(())
    }
}

/// The largest mean distance that counts as agreement: of fitted and annotated landmarks, divided by the distance of the
/// outer eye corners, or of the centres of fitted landmarks and box, divided by the side of the box. Fits on faces are below
/// 0.1, those beside them above 0.5.
const AGREEMENT: f32 = 0.25;

/// The lowest mean confidence that counts as a face. Boxes beside faces have a few percent.
const CONFIDENT: f32 = 0.3;

/// The better reading must be so many times as good as the other.
const CLEARLY: f32 = 2.0;

/// A box, and the landmarks in it if the file has them.
type Described = (Rect, Option<Shape>);

/// Returns the reading in which a model's landmarks agree clearly better with the faces of an upright image, if there is
/// one. `upright` and `stored` are the same faces, in upright pixels, under either reading: boxes, and shapes if the file has
/// them.
pub fn find(model: &LandmarkModel, image: &Image, upright: &[Described], stored: &[Described]) -> Option<Pixels> {
    let all_points = |shape: &Shape| shape.len() == scheme::POINTS && model.landmarks().len() == scheme::POINTS;
    let has_points = |(_, shape): &Described| shape.as_ref().is_some_and(all_points);
    if !upright.is_empty() && upright.iter().all(has_points) {
        // The mean shape agrees with every upright annotation: on a face that lies in both readings, neither fit is sure.
        return better([upright, stored].map(|faces| {
            let fits: Vec<_> = faces.iter().map(|face| error_and_confidence(model, image, face)).collect();
            let is_sure = mean(fits.iter().map(|fit| fit.1)) >= CONFIDENT;
            if is_sure { AGREEMENT / mean(fits.iter().map(|fit| fit.0)) } else { 0.0 }
        }));
    }
    if !model.has_confidence() {
        return None;
    }
    let fits = [upright, stored].map(|faces| {
        if faces.is_empty() {
            return [0.0; 2];
        }
        let fits: Vec<_> = faces.iter().map(|(bounds, _)| confidence_and_distance(model, image, bounds)).collect();
        [mean(fits.iter().map(|fit| fit.0)) / CONFIDENT, AGREEMENT / mean(fits.iter().map(|fit| fit.1))]
    });
    if fits.iter().all(|[confidence, _]| *confidence >= 1.0) {
        // Both boxes are so near to the face that the fit finds it: it is in the middle of the right one.
        return better(fits.map(|[_, nearness]| nearness));
    }
    better(fits.map(|[confidence, _]| confidence))
}

/// The reading whose measure, at least 1, is clearly the greater one.
fn better([upright, stored]: [f32; 2]) -> Option<Pixels> {
    let is_better = |one: f32, other: f32| one >= 1.0 && one >= CLEARLY * other;
    if is_better(upright, stored) {
        Some(Pixels::Upright)
    } else {
        is_better(stored, upright).then_some(Pixels::Stored)
    }
}

fn mean(values: impl ExactSizeIterator<Item = f32>) -> f32 {
    let count = values.len().max(1) as f32;
    values.sum::<f32>() / count
}

/// Distance of the fitted to the annotated landmarks, at most that of a fit that has nothing to do with them, and its
/// confidence, which is 1 if the model estimates none.
fn error_and_confidence(model: &LandmarkModel, image: &Image, (bounds, shape): &Described) -> (f32, f32) {
    let Some(shape) = shape.as_ref().filter(|_| bounds.is_valid()) else { return (1.0, 0.0) };
    let fit = model.parts().fit(image, bounds, &FitOptions::default());
    let distances = fit.shape.points.iter().zip(&shape.points).map(|(a, b)| a.distance(*b));
    let error = limited(distances.sum::<f32>() / shape.len() as f32 / scheme::inter_ocular(shape));
    (error, fit.confidence.map_or(1.0, |confidence| confidence.face))
}

/// Confidence of the landmarks in a box, and the distance of their middle to its own in sides of the box.
fn confidence_and_distance(model: &LandmarkModel, image: &Image, bounds: &Rect) -> (f32, f32) {
    if !bounds.is_valid() {
        return (0.0, 1.0);
    }
    let fit = model.parts().fit(image, bounds, &FitOptions::default());
    let distance = fit.shape.bounds().centre().distance(bounds.centre()) / bounds.width.max(bounds.height);
    (fit.confidence.map_or(0.0, |confidence| confidence.face), limited(distance))
}

/// A distance from a little above 0 to 1; 1 for one that is not finite.
fn limited(distance: f32) -> f32 {
    if distance.is_finite() { distance.clamp(1e-6, 1.0) } else { 1.0 }
}
