//! Search at all in-plane rotations: the image is turned in memory, searched, and its faces are turned back.
//!
//! ```text
//!   image ──► turned by −φ, for φ = 0°, 45°, … 315° ──► search ──► faces, turned by φ ──► non-maximum suppression
//! ```
//!
//! The detector finds upright faces and those that tilt by at least half a step. Turns by 90° move whole pixels; the others
//! interpolate them bilinearly and repeat the image's edge outside of it.

use std::f32::consts::{FRAC_1_SQRT_2, PI, TAU};

use crate::Face;
use crate::geometry::{Point, Rect};
use crate::image::{Image, PixelFormat};
use crate::landmarks::{ShapeExt, Similarity};
use crate::rect_ext::RectExt;

/// A rotation of the image in which faces of one direction are upright.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rotation {
    /// Rotation of these faces in the image, in radians, clockwise on the screen.
    angle: f32,
    /// Its cosine and its sine, exact for whole quarters.
    direction: (f32, f32),
}

/// The most pixels of a turned image per pixel of the image: that of one six times as long as wide.
const MOST_CANVAS: f32 = 4.1;

const R: f32 = FRAC_1_SQRT_2;

/// All turns except that of upright faces.
pub(crate) const ROTATIONS: [Rotation; 7] = [
    Rotation { angle: 0.25 * PI, direction: (R, R) },
    Rotation { angle: 0.5 * PI, direction: (0.0, 1.0) },
    Rotation { angle: 0.75 * PI, direction: (-R, R) },
    Rotation { angle: PI, direction: (-1.0, 0.0) },
    Rotation { angle: 1.25 * PI, direction: (-R, -R) },
    Rotation { angle: 1.5 * PI, direction: (0.0, -1.0) },
    Rotation { angle: 1.75 * PI, direction: (R, -R) },
];

impl Rotation {
    /// The image in which faces of this direction are upright, and the map from its pixels to those of `image`. In grey
    /// levels, unless its colours are `wanted`.
    pub(crate) fn apply(&self, image: &Image, colours: bool) -> (Image<'static>, Similarity) {
        let (cos, sin) = self.direction;
        let [width, height] = [image.width(), image.height()].map(|side| side as f32);
        let across = (width * cos.abs() + height * sin.abs()).ceil();
        let down = (width * sin.abs() + height * cos.abs()).ceil();
        let middle = |width: f32, height: f32| Point::new((width - 1.0) / 2.0, (height - 1.0) / 2.0);
        let rotation = Similarity { a: cos, b: sin, t: Point::default() };
        let to_image = Similarity { t: middle(width, height) - rotation.rotate(middle(across, down)), ..rotation };
        let (across, down) = (across as u32, down as u32);
        let turned = if colours {
            let pixels = sample::<3>(&image.to_rgb(), [image.width(), image.height()], [across, down], &to_image);
            Image::new(pixels, across, down, PixelFormat::Rgb, 3 * across as usize)
        } else {
            let luma = image.luma().into_owned();
            let pixels = sample::<1>(luma.as_raw(), [image.width(), image.height()], [across, down], &to_image);
            Image::new(pixels, across, down, PixelFormat::Grey, across as usize)
        };
        (turned.expect("a pixel for each place"), to_image)
    }

    /// Whether the turned image has few pixels beside those of an image of this size. Turned by 45°, a long and narrow one
    /// would be nearly all of its surroundings.
    pub(crate) fn suits(&self, [width, height]: [u32; 2]) -> bool {
        let (cos, sin) = self.direction;
        let [width, height] = [width, height].map(|side| side as f32);
        let canvas = (width * cos.abs() + height * sin.abs()) * (width * sin.abs() + height * cos.abs());
        canvas <= MOST_CANVAS * width * height
    }

    /// A face of the turned image as a face of the image.
    pub(crate) fn turn_back(&self, face: Face, to_image: &Similarity) -> Face {
        Face {
            bounds: turned_box(&face.bounds, to_image),
            angle: face.angle.map(|angle| (angle + self.angle + PI).rem_euclid(TAU) - PI),
            shape: face.shape.map(|p| to_image.apply(p)),
            ..face
        }
    }
}

/// The square around the turned middle of a box.
pub(crate) fn turned_box(bounds: &Rect, map: &Similarity) -> Rect {
    Rect::square(map.apply(bounds.centre()), (bounds.width + bounds.height) / 2.0)
}

/// Samples an image of `N` bytes a pixel at the places of the pixels of another size.
fn sample<const N: usize>(pixels: &[u8], from: [u32; 2], to: [u32; 2], to_image: &Similarity) -> Vec<u8> {
    let [width, height] = from.map(|side| side as usize);
    let pixel = |x: usize, y: usize| &pixels[N * (y * width + x)..][..N];
    let limit = |v: f32, side: usize| v.clamp(0.0, (side - 1) as f32);
    let mut out = Vec::with_capacity(N * to[0] as usize * to[1] as usize);
    for (x, y) in (0..to[1]).flat_map(|y| (0..to[0]).map(move |x| (x, y))) {
        let place = to_image.apply(Point::new(x as f32, y as f32));
        let (px, py) = (limit(place.x, width), limit(place.y, height));
        let (left, top) = (px as usize, py as usize);
        let (u, v) = (px - left as f32, py - top as f32);
        let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
        let corners = [pixel(left, top), pixel(right, top), pixel(left, bottom), pixel(right, bottom)];
        out.extend((0..N).map(|i| {
            let [a, b, c, d] = corners.map(|corner| f32::from(corner[i]));
            ((1.0 - v) * ((1.0 - u) * a + u * b) + v * ((1.0 - u) * c + u * d)).round() as u8
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmarks::Shape;

    fn ramp(width: u32, height: u32) -> Image<'static> {
        let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).map(move |x| (10 * y + x) as u8)).collect();
        Image::new(pixels, width, height, PixelFormat::Grey, width as usize).unwrap()
    }

    #[test]
    fn quarter_turns_move_whole_pixels() {
        let image = ramp(4, 3);
        // A face that lies on its right side looks right: its upper side is the image's right side.
        let (turned, to_image) = ROTATIONS[1].apply(&image, false);
        assert_eq!((turned.width(), turned.height()), (3, 4));
        assert_eq!(
            turned.luma().as_raw()[..3],
            [23, 13, 3].map(|v: u8| v)[..].iter().rev().copied().collect::<Vec<_>>()
        );
        assert_eq!(to_image.apply(Point::new(0.0, 0.0)), Point::new(3.0, 0.0));
        let (turned, _) = ROTATIONS[3].apply(&image, false);
        assert_eq!((turned.width(), turned.height()), (4, 3));
        assert_eq!(turned.luma().as_raw()[0], 23);
    }

    #[test]
    fn diagonal_turns_keep_the_middle_and_its_colours() {
        let rgb: Vec<u8> = ramp(20, 10).luma().as_raw().iter().flat_map(|&v| [v, v / 2, 0]).collect();
        let image = Image::rgb(&rgb, 20, 10).unwrap();
        let (turned, to_image) = ROTATIONS[0].apply(&image, true);
        let middle = Point::new((turned.width() - 1) as f32 / 2.0, (turned.height() - 1) as f32 / 2.0);
        assert!(to_image.apply(middle).distance(Point::new(9.5, 4.5)) < 1e-4);
        let at = to_image.inverse().apply(Point::new(9.0, 5.0));
        let pixel = turned.pixel(at.x.round() as u32, at.y.round() as u32);
        let place = to_image.apply(Point::new(at.x.round(), at.y.round()));
        assert!((f32::from(pixel[0]) - (10.0 * place.y + place.x)).abs() < 1.5, "{pixel:?} at {place:?}");
    }

    #[test]
    fn faces_are_turned_back() {
        let image = ramp(40, 30);
        for rotation in ROTATIONS {
            let (_, to_image) = rotation.apply(&image, false);
            let there = to_image.inverse().apply(Point::new(20.0, 12.0));
            let face = Face {
                bounds: Rect::square(there, 8.0),
                score: 1.0,
                angle: Some(0.1),
                shape: Shape::new(vec![there]),
                confidence: None,
            };
            let back = rotation.turn_back(face, &to_image);
            assert!(back.shape.points[0].distance(Point::new(20.0, 12.0)) < 1e-3);
            assert!(back.bounds.centre().distance(Point::new(20.0, 12.0)) < 1e-3);
            let angle = back.angle.unwrap();
            assert!((-PI..=PI).contains(&angle));
            assert!(
                ((angle - 0.1 - rotation.angle) / TAU)
                    .fract()
                    .abs()
                    .min(1.0 - ((angle - 0.1 - rotation.angle) / TAU).fract().abs())
                    < 1e-4
            );
        }
    }

    #[test]
    fn a_long_image_is_not_turned_by_45_degrees() {
        let suits = |size| ROTATIONS.map(|rotation| rotation.suits(size));
        assert_eq!(suits([600, 100]), [true; 7]);
        assert_eq!(suits([5000, 3]), [false, true, false, true, false, true, false]);
    }
}
