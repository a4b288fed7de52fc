//! Annotated images: boxes and landmarks drawn over an image.

pub(crate) mod stroke;

use image::{Rgb, RgbImage};

use self::stroke::stroke;
use crate::Face;
use crate::geometry::Point;
use crate::landmarks::scheme;

const BOX: Rgb<u8> = Rgb([255, 214, 64]);
const LINE: Rgb<u8> = Rgb([64, 224, 255]);
const DOT: Rgb<u8> = Rgb([255, 255, 255]);

/// Draws the faces' boxes, their landmarks, and for the 68-point scheme the curves through them. Strokes grow with the
/// face.
pub fn draw_faces(image: &mut RgbImage, faces: &[Face]) {
    for face in faces {
        let b = face.bounds;
        let radius = ((b.width + b.height) / 2.0 / 250.0).clamp(0.5, 8.0);
        // A box's edges lie between pixels, half a pixel before their centres.
        let (left, top) = (b.x - 0.5, b.y - 0.5);
        let (right, bottom) = (left + b.width, top + b.height);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point::new(x, y));
        for i in 0..4 {
            stroke(image, corners[i], corners[(i + 1) % 4], radius, BOX);
        }
        let points = &face.shape.points;
        if points.len() == scheme::POINTS {
            for (first, last, closed) in scheme::CURVES {
                for i in first..last {
                    stroke(image, points[i], points[i + 1], 0.6 * radius, LINE);
                }
                if closed {
                    stroke(image, points[last], points[first], 0.6 * radius, LINE);
                }
            }
        }
        for &point in points {
            stroke(image, point, point, 1.6 * radius, DOT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::face;
    use crate::geometry::Rect;
    use crate::landmarks::{Fit, Shape};

    #[test]
    fn marks_outside_the_image_are_left_out() {
        let mut image = RgbImage::new(8, 8);
        let points = vec![Point::new(-50.0, 3.0), Point::new(1e9, 1e9), Point::new(f32::NAN, 0.0)];
        let fit = Fit { shape: Shape::new(points), confidence: None };
        draw_faces(&mut image, &[face(Rect::new(-100.0, -100.0, 1e7, 1e7), 0.0, fit)]);
        assert!(image.pixels().all(|p| p.0 == [0, 0, 0]));
    }
}
