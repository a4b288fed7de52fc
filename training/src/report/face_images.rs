//! Images of faces with shapes drawn on them.

use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use lineament::Image;
use lineament::align::ChipSpec;
use lineament::geometry::{Point, Rect};
use lineament::raw::decode as images;
use lineament::raw::decode::ReadOptions;
use lineament::raw::drawing::stroke;
use lineament::raw::{RectExt, ShapeExt};
use lineament::scheme::CURVES;
use lineament::scheme::POINTS;
use lineament::{Shape, Similarity};

use super::folder::ReportError;

/// Side of the image of a face, in pixels.
const SIDE: u32 = 400;
/// Side of the image, divided by that of the landmarks.
const AROUND: f32 = 1.3;
/// Longer side of a whole photograph, in pixels.
const PHOTOGRAPH: u32 = 400;
/// JPEG quality.
const QUALITY: u8 = 85;

/// Colour of annotations.
const TRUTH: Rgb<u8> = Rgb([64, 224, 255]);
/// Colour of other shapes.
const MODEL: Rgb<u8> = Rgb([255, 170, 0]);
/// Colour of rings.
const RING: Rgb<u8> = Rgb([255, 64, 160]);

/// A face to draw.
#[derive(Clone, Debug)]
pub struct FaceImage<'a> {
    /// The photograph.
    pub photograph: &'a Path,
    /// Annotated landmarks, all 68.
    pub truth: &'a Shape,
    /// Other landmarks, with their indices in the scheme.
    pub other: Option<(&'a Shape, &'a [usize])>,
    /// Annotated landmark with a ring around it, counted from 0.
    pub ringed: Option<usize>,
}

impl FaceImage<'_> {
    /// Returns the face as JPEG, cut from its photograph and scaled to a fixed size. The annotation
    /// is blue-green, the other shape orange.
    ///
    /// # Errors
    /// If the photograph cannot be read, or the image cannot be encoded.
    pub fn jpeg(&self) -> Result<Vec<u8>, ReportError> {
        let photograph = read(self.photograph)?;
        let all = self.truth.points.iter().chain(self.other.iter().flat_map(|(shape, _)| &shape.points));
        let (whole, own) = (Shape::new(all.copied().collect()).bounds(), self.truth.bounds());
        let span = |bounds: &Rect| bounds.width.max(bounds.height);
        // A shape far away must not shrink the face to nothing.
        let shown = if span(&whole) > 3.0 * span(&own) { own } else { whole };
        let side = AROUND * span(&shown).max(1.0);
        let cut = Rect::square(shown.centre(), side);
        let scale = SIDE as f32 / side;
        let onto = Similarity { a: scale, b: 0.0, t: Point::new(-cut.x * scale, -cut.y * scale) };
        let chip = ChipSpec { size: SIDE, padding: 0.0 }.cut(&Image::from(photograph), &onto);
        let mut image = RgbImage::from(&chip);
        let place = |shape: &Shape| shape.map(|p| onto.apply(p));
        draw(&mut image, &on_scheme(&place(self.truth), None), TRUTH);
        if let Some((shape, landmarks)) = self.other {
            draw(&mut image, &on_scheme(&place(shape), Some(landmarks)), MODEL);
        }
        if let Some(&p) = self.ringed.and_then(|landmark| self.truth.points.get(landmark)) {
            ring(&mut image, onto.apply(p));
        }
        encode(&image, self.photograph)
    }
}

/// Returns a whole photograph as a small JPEG.
///
/// # Errors
/// If it cannot be read or encoded.
pub fn photograph(path: &Path) -> Result<Vec<u8>, ReportError> {
    let whole = read(path)?;
    let scale = (PHOTOGRAPH as f32 / whole.width().max(whole.height()) as f32).min(1.0);
    let side = |length: u32| ((length as f32 * scale).round() as u32).max(1);
    let small = image::imageops::thumbnail(&whole, side(whole.width()), side(whole.height()));
    encode(&small, path)
}

fn read(path: &Path) -> Result<RgbImage, ReportError> {
    let read = images::read(path, &ReadOptions::dataset());
    Ok(read.map_err(|error| ReportError::content(&name(path), error))?.to_rgb8())
}

fn encode(image: &RgbImage, path: &Path) -> Result<Vec<u8>, ReportError> {
    let mut bytes = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(image);
    encoded.map_err(|error| ReportError::content(&name(path), error))?;
    Ok(bytes)
}

fn name(path: &Path) -> String {
    format!("image of {}", path.display())
}

/// Puts the landmarks at their places in the scheme.
fn on_scheme(shape: &Shape, landmarks: Option<&[usize]>) -> Vec<Option<Point>> {
    let mut points = vec![None; POINTS];
    for (i, &p) in shape.points.iter().enumerate() {
        let place = landmarks.map_or(i, |landmarks| landmarks[i]);
        if let Some(point) = points.get_mut(place) {
            *point = Some(p);
        }
    }
    points
}

/// Draws points, and those parts of the curves that have both ends.
fn draw(image: &mut RgbImage, points: &[Option<Point>], colour: Rgb<u8>) {
    for (first, last, closed) in CURVES {
        let pieces = (first..last).map(|i| (i, i + 1)).chain(closed.then_some((last, first)));
        for (from, to) in pieces {
            if let (Some(a), Some(b)) = (points[from], points[to]) {
                stroke(image, a, b, 0.8, colour);
            }
        }
    }
    points.iter().flatten().for_each(|&p| stroke(image, p, p, 2.1, colour));
}

/// Draws a ring of sixteen strokes.
fn ring(image: &mut RgbImage, centre: Point) {
    let around = |i: u32| {
        let (sin, cos) = (std::f32::consts::TAU * i as f32 / 16.0).sin_cos();
        centre + Point::new(cos, sin) * 13.0
    };
    (0..16).for_each(|i| stroke(image, around(i), around(i + 1), 1.2, RING));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::write_faces;

    #[test]
    fn a_face_is_shown_with_both_shapes() {
        let folder = tempfile::tempdir().unwrap();
        write_faces(folder.path(), 1, 1).unwrap();
        let photograph = folder.path().join("face_000.png");
        let truth = lineament::raw::annotations::pts::read(folder.path().join("face_000.pts")).unwrap();
        let eyes: Vec<usize> = (36..48).collect();
        let far = truth.select(&eyes).map(|p| p + Point::new(9000.0, 0.0));
        let share = |face: &FaceImage, wanted: Rgb<u8>| {
            let image = image::load_from_memory(&face.jpeg().unwrap()).unwrap().to_rgb8();
            assert_eq!(image.dimensions(), (SIDE, SIDE));
            let near = |p: &Rgb<u8>| p.0.iter().zip(wanted.0).all(|(&a, b)| a.abs_diff(b) < 60);
            image.pixels().filter(|p| near(p)).count()
        };
        let mut face = FaceImage { photograph: &photograph, truth: &truth, other: None, ringed: None };
        let without = share(&face, MODEL);
        assert!(share(&face, TRUTH) > 300);
        let moved = truth.select(&eyes).map(|p| p + Point::new(12.0, 0.0));
        face.other = Some((&moved, &eyes));
        assert!(share(&face, MODEL) > without + 50);
        // A shape outside the photograph leaves the face in the image.
        face.other = Some((&far, &eyes));
        assert!(share(&face, TRUTH) > 100);

        let small = image::load_from_memory(&super::photograph(&photograph).unwrap()).unwrap();
        assert!(small.width().max(small.height()) <= PHOTOGRAPH);
        assert!(super::photograph(&folder.path().join("none.png")).is_err());
    }
}
