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

/// The largest mean distance of fitted and annotated landmarks, divided by the distance of the outer eye corners, that
/// counts as agreement. Fits on faces are below 0.1, those beside them above 0.5.
const AGREEMENT: f32 = 0.25;

/// The lowest mean confidence that counts as a face. Boxes beside faces have a few percent.
const CONFIDENT: f32 = 0.3;

/// The better reading must be so many times as good as the other.
const CLEARLY: f32 = 2.0;

/// Returns the reading in which a model's landmarks agree clearly better with the faces of an upright image, if there is
/// one. `upright` and `stored` are the same faces, in upright pixels, under either reading: boxes, and shapes if the file has
/// them.
pub fn find(
    model: &LandmarkModel,
    image: &Image,
    upright: &[(Rect, Option<Shape>)],
    stored: &[(Rect, Option<Shape>)],
) -> Option<Pixels> {
    let comparable = |(_, shape): &(Rect, Option<Shape>)| {
        shape.as_ref().is_some_and(|shape| shape.len() == scheme::POINTS) && model.landmarks().len() == scheme::POINTS
    };
    let [a, b] = if !upright.is_empty() && upright.iter().all(comparable) {
        [upright, stored].map(|faces| AGREEMENT / mean(faces, |face| error(model, image, face)).max(f32::MIN_POSITIVE))
    } else if model.has_confidence() {
        [upright, stored].map(|faces| mean(faces, |face| confidence(model, image, face)) / CONFIDENT)
    } else {
        return None;
    };
    let is_better = |one: f32, other: f32| one >= 1.0 && one >= CLEARLY * other;
    if is_better(a, b) { Some(Pixels::Upright) } else { is_better(b, a).then_some(Pixels::Stored) }
}

fn mean(faces: &[(Rect, Option<Shape>)], measure: impl Fn(&(Rect, Option<Shape>)) -> f32) -> f32 {
    faces.iter().map(measure).sum::<f32>() / faces.len().max(1) as f32
}

/// Distance of the fitted to the annotated landmarks, at most that of a fit that has nothing to do with them.
fn error(model: &LandmarkModel, image: &Image, (bounds, shape): &(Rect, Option<Shape>)) -> f32 {
    let Some(shape) = shape.as_ref().filter(|_| bounds.is_valid()) else { return 1.0 };
    // Without its confidence, a fit does not restart.
    let options = FitOptions { fast: true, ..FitOptions::default() };
    let fit = model.parts().fit(image, bounds, &options).shape;
    let distances = fit.points.iter().zip(&shape.points).map(|(a, b)| a.distance(*b));
    let error = distances.sum::<f32>() / shape.len() as f32 / scheme::inter_ocular(shape);
    if error.is_finite() { error.min(1.0) } else { 1.0 }
}

fn confidence(model: &LandmarkModel, image: &Image, (bounds, _): &(Rect, Option<Shape>)) -> f32 {
    if !bounds.is_valid() {
        return 0.0;
    }
    model.parts().fit(image, bounds, &FitOptions::default()).confidence.map_or(0.0, |confidence| confidence.face)
}
