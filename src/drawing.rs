//! Annotated pictures: boxes and landmarks drawn over a photograph.
//!
//! Every mark is a stroke: the set of pixels within a distance of a line segment (a dot is a segment of no length).
//! A pixel's share of the stroke's colour falls from 1 to 0 over the last pixel of that distance, which smooths the
//! edges.

use image::{Rgb, RgbImage};

use crate::Face;
use crate::geometry::Point;
use crate::landmarks::scheme;

const BOX: Rgb<u8> = Rgb([255, 214, 64]);
const LINE: Rgb<u8> = Rgb([64, 224, 255]);
const DOT: Rgb<u8> = Rgb([255, 255, 255]);

/// Draws the faces' boxes, their landmarks, and for the 68-point scheme the curves through them. Strokes grow with the
/// face.
pub fn draw_faces(picture: &mut RgbImage, faces: &[Face]) {
    for face in faces {
        let b = face.bounds;
        let radius = ((b.width + b.height) / 2.0 / 250.0).clamp(0.5, 8.0);
        // A box's edges lie between pixels, half a pixel before their centres.
        let (left, top) = (b.x - 0.5, b.y - 0.5);
        let (right, bottom) = (left + b.width, top + b.height);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point::new(x, y));
        for i in 0..4 {
            stroke(picture, corners[i], corners[(i + 1) % 4], radius, BOX);
        }
        let points = &face.shape.points;
        if points.len() == scheme::POINTS {
            for (first, last, closed) in scheme::CURVES {
                for i in first..last {
                    stroke(picture, points[i], points[i + 1], 0.6 * radius, LINE);
                }
                if closed {
                    stroke(picture, points[last], points[first], 0.6 * radius, LINE);
                }
            }
        }
        for &point in points {
            stroke(picture, point, point, 1.6 * radius, DOT);
        }
    }
}

/// Draws the line segment from `a` to `b` with the given half width, in pixels. What lies outside the picture is left
/// out.
pub fn stroke(picture: &mut RgbImage, a: Point, b: Point, radius: f32, colour: Rgb<u8>) {
    let reach = radius + 1.0;
    let columns = span(a.x.min(b.x) - reach, a.x.max(b.x) + reach, picture.width());
    let rows = span(a.y.min(b.y) - reach, a.y.max(b.y) + reach, picture.height());
    for y in rows {
        for x in columns.clone() {
            let distance = distance_to_segment(Point::new(x as f32, y as f32), a, b);
            let share = (radius + 0.5 - distance).clamp(0.0, 1.0);
            if share > 0.0 {
                let pixel = picture.get_pixel_mut(x, y);
                for (have, want) in pixel.0.iter_mut().zip(colour.0) {
                    *have = (f32::from(*have) + share * (f32::from(want) - f32::from(*have))).round() as u8;
                }
            }
        }
    }
}

/// The pixels of a row or column of `size` between two coordinates. The cast takes what is negative or no number to 0.
fn span(low: f32, high: f32, size: u32) -> std::ops::Range<u32> {
    (low.floor() as u32).min(size)..((high.ceil() as u32).saturating_add(1)).min(size)
}

fn distance_to_segment(p: Point, a: Point, b: Point) -> f32 {
    let (along, to_p) = (b - a, p - a);
    let length = along.x * along.x + along.y * along.y;
    let t = if length > 0.0 { ((to_p.x * along.x + to_p.y * along.y) / length).clamp(0.0, 1.0) } else { 0.0 };
    p.distance(a + along * t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::landmarks::Shape;

    #[test]
    fn a_stroke_covers_its_width() {
        let mut picture = RgbImage::new(20, 20);
        stroke(&mut picture, Point::new(5.0, 10.0), Point::new(14.0, 10.0), 1.5, Rgb([200, 100, 0]));
        assert_eq!(picture.get_pixel(8, 10), &Rgb([200, 100, 0]));
        assert_eq!(picture.get_pixel(8, 11), &Rgb([200, 100, 0]));
        assert_eq!(picture.get_pixel(8, 12), &Rgb([0, 0, 0]));
        assert_eq!(picture.get_pixel(1, 10), &Rgb([0, 0, 0]));
    }

    #[test]
    fn marks_outside_the_picture_are_left_out() {
        let mut picture = RgbImage::new(8, 8);
        let points = vec![Point::new(-50.0, 3.0), Point::new(1e9, 1e9), Point::new(f32::NAN, 0.0)];
        let face = Face {
            bounds: Rect::new(-100.0, -100.0, 1e7, 1e7),
            score: 0.0,
            angle: None,
            shape: Shape::new(points),
            confidence: None,
        };
        draw_faces(&mut picture, &[face]);
        assert!(picture.pixels().all(|p| p.0 == [0, 0, 0]));
    }
}
