//! Turns annotations upright: images are decoded as their EXIF records ask, but some programs write coordinates of the
//! pixels before that.

use std::path::Path;

use lineament::annotations::Pixels;
use lineament::geometry::Rect;
use lineament::raw::decode::{self, ReadError, ReadOptions};
use lineament::raw::orientation::{Turn, find};
use lineament::scheme::POINTS;
use lineament::{Image, LandmarkModel, Shape};

use super::boxes::box_from_shape;

/// The fault of annotations that may refer to either.
pub const UNCLEAR: &str = "its image must be turned by its EXIF data, and its coordinates may refer to the upright or \
                           to the stored pixels; they were taken as upright (--orientation says which)";

/// What a file of annotations says about the pixels of an image that it refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The pixels, by name.
    pub pixels: Option<Pixels>,
    /// Width and height of the image.
    pub size: Option<(u32, u32)>,
}

impl Hints {
    /// The pixels that the file names, or those with the size that it names.
    pub fn pixels(&self, turn: &Turn) -> Option<Pixels> {
        let has = |size: (u32, u32)| turn.stored_size() != turn.upright_size() && self.size == Some(size);
        let by_size = || {
            let stored = has(turn.stored_size()).then_some(Pixels::Stored);
            has(turn.upright_size()).then_some(Pixels::Upright).or(stored)
        };
        self.pixels.or_else(by_size)
    }
}

/// A box, if there is one, and the landmarks of a face.
pub type Face = (Option<Rect>, Shape);

/// Finds the pixels that the faces of an image refer to: fits the built-in landmark model, if there is one, in both
/// readings. None if that does not decide.
///
/// # Errors
/// If the image cannot be read.
pub fn pixels_of(faces: &[Face], path: &Path, turn: &Turn) -> Result<Option<Pixels>, ReadError> {
    let Some(model) = built_in() else { return Ok(None) };
    let image = Image::from(decode::read(path, &ReadOptions::dataset())?);
    let described = |faces: &[Face]| {
        let described = faces.iter().map(|(given, shape)| {
            // The box that suits the model, if the points are there to make it from.
            let bounds = given.filter(|_| shape.len() != POINTS).unwrap_or_else(|| box_from_shape(shape));
            (bounds, Some(shape.clone()))
        });
        described.collect::<Vec<_>>()
    };
    Ok(find(model, &image, &described(faces), &described(&upright(faces, turn))))
}

/// Returns faces in upright pixels that are given in stored ones.
pub fn upright(faces: &[Face], turn: &Turn) -> Vec<Face> {
    let turned =
        |(bounds, shape): &Face| (bounds.map(|bounds| turn.upright_box(&bounds)), shape.map(|p| turn.upright_point(p)));
    faces.iter().map(turned).collect()
}

#[cfg(feature = "embedded-models")]
fn built_in() -> Option<&'static LandmarkModel> {
    use std::sync::LazyLock;

    use lineament::Pipeline;

    static PIPELINE: LazyLock<Pipeline> = LazyLock::new(Pipeline::default);
    Some(PIPELINE.landmarks())
}

#[cfg(not(feature = "embedded-models"))]
fn built_in() -> Option<&'static LandmarkModel> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_names_the_pixels_unless_both_have_it() {
        let hint = |size, exif| Hints { pixels: None, size: Some(size) }.pixels(&Turn::new(exif, (4, 3)));
        assert_eq!(hint((4, 3), 6), Some(Pixels::Stored));
        assert_eq!(hint((3, 4), 8), Some(Pixels::Upright));
        assert_eq!(hint((8, 6), 6), None);
        assert_eq!(hint((4, 3), 3), None);
        let named = Hints { pixels: Some(Pixels::Stored), size: Some((3, 4)) };
        assert_eq!(named.pixels(&Turn::new(6, (4, 3))), Some(Pixels::Stored));
        assert_eq!(Hints::default().pixels(&Turn::new(6, (4, 3))), None);
    }
}
