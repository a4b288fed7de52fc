//! Landmarks that cannot be those of a face, because they stand for missing points or coincide.

use lineament::Shape;
use lineament::geometry::Point;
use lineament::scheme::{POINTS, inter_ocular, inter_pupil};

/// Coordinates that programs write for missing points: `0 0` and `-1 -1`, in files that count from
/// 0 and from 1.
const MISSING: [f32; 3] = [0.0, -1.0, -2.0];

/// Landmarks nearer than this coincide, in pixels: files have two or three decimals.
pub const ONE_SPOT: f32 = 0.01;

/// Number of landmarks on one spot that is too many even for a tiny face in whole pixels.
const CROWD: usize = 10;

/// Eye distance below which the eyes coincide, in pixels.
const ONE_EYE: f32 = 1e-3;

/// Returns what is wrong with the landmarks of a face, as a clause; none if they may be those of a
/// face, or are not 68. Landmarks are counted from 1, as in iBUG.
///
/// No face of 300-W is invalid.
pub fn invalid(shape: &Shape) -> Option<String> {
    if shape.len() != POINTS {
        return None;
    }
    let is_missing = |p: &Point| p.x == p.y && MISSING.contains(&p.x);
    if let Some(first) = shape.points.iter().position(is_missing) {
        let at = "0 0 or -1 -1, which stand for missing points";
        return Some(match shape.points.iter().filter(|p| is_missing(p)).count() {
            1 => format!("landmark {} is at {at}", first + 1),
            count => format!("{count} landmarks, the first of them {}, are at {at}", first + 1),
        });
    }
    let crowd = |p: &Point| shape.points.iter().filter(|other| p.distance(**other) < ONE_SPOT).count();
    let largest = shape.points.iter().map(crowd).max().unwrap_or(0);
    if largest >= CROWD {
        return Some(format!("{largest} landmarks coincide"));
    }
    eyes_coincide(shape).then(|| "the eyes coincide".into())
}

/// Whether the eyes of a 68-point face coincide, so that errors cannot be divided by their
/// distance.
pub fn eyes_coincide(shape: &Shape) -> bool {
    inter_ocular(shape).min(inter_pupil(shape)) <= ONE_EYE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::face_shapes;

    #[test]
    fn missing_points_and_coinciding_ones_are_invalid() {
        let shapes = face_shapes(40, 5);
        assert!(shapes.iter().all(|shape| invalid(shape).is_none()));
        let broken = |change: &dyn Fn(&mut Shape)| {
            let mut shape = shapes[3].clone();
            change(&mut shape);
            invalid(&shape).unwrap_or_default()
        };
        let at = "0 0 or -1 -1, which stand for missing points";
        // `0 0` in a file that counts from 1.
        let zeros = broken(&|shape| shape.points[..10].fill(Point::new(-1.0, -1.0)));
        assert_eq!(zeros, format!("10 landmarks, the first of them 1, are at {at}"));
        assert_eq!(broken(&|shape| shape.points[30] = Point::default()), format!("landmark 31 is at {at}"));
        assert_eq!(broken(&|shape| shape.points.fill(Point::new(3.0, 4.0))), "68 landmarks coincide");
        assert_eq!(broken(&|shape| shape.points[45] = shape.points[36]), "the eyes coincide");
        // At the left edge of the image, or in its corner but not exactly.
        assert_eq!(broken(&|shape| shape.points[0] = Point::new(0.0, 40.0)), "");
        assert_eq!(broken(&|shape| shape.points[0] = Point::new(0.0, 0.5)), "");
        // Two corners of a square instead of landmarks.
        assert_eq!(invalid(&Shape::new(vec![Point::default(), Point::new(9.0, 9.0)])), None);
    }
}
