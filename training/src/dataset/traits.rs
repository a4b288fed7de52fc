//! Properties of a face from its 68 landmarks: pose, opening of eyes and mouth.

use std::ops::Range;

use lineament::Shape;
use lineament::geometry::Point;
use lineament::raw::ShapeExt;
use lineament::scheme::{EYES, OUTER_EYE_CORNERS};

/// Tip of the nose.
const NOSE_TIP: usize = 30;
/// Corners of the mouth.
const MOUTH_CORNERS: (usize, usize) = (48, 54);

/// Outer eye corner relative to the tip of the nose in front view: to the side, up, and back. With
/// the next constant, a rough average head in arbitrary units.
const EYE_CORNER: (f32, f32, f32) = (225.0, 170.0, 135.0);
/// Mouth corner relative to the tip of the nose: to the side, down, and back.
const MOUTH_CORNER: (f32, f32, f32) = (150.0, 150.0, 125.0);

/// Pose of a head, in degrees. A rough estimate from seven landmarks and an average head: good for
/// grouping faces, not for measuring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Rotation about the vertical axis; positive to the viewer's right.
    pub yaw: f32,
    /// Nodding; positive downwards.
    pub pitch: f32,
    /// Rotation in the image plane; positive clockwise.
    pub roll: f32,
}

/// Estimates the pose of a 68-point shape.
///
/// Roll is the angle of the line through the eye centres; it is removed first. A turn by `yaw`
/// shifts the tip of the nose against the middle of the eye corners by `depth·sin(yaw)`, and
/// narrows their distance to `width·cos(yaw)`. A nod shifts it between the lines of the eyes and of
/// the mouth in the same way. Both are solved for the angle.
///
/// # Panics
/// If the shape has fewer than 68 points.
pub fn pose(shape: &Shape) -> Pose {
    let p = |i: usize| shape.points[i];
    let middle = |eye: Range<usize>| Shape::new(shape.points[eye].to_vec()).centroid();
    let line = middle(EYES.1) - middle(EYES.0);
    let roll = line.y.atan2(line.x);
    let upright = |q: Point| Point::new(q.x * roll.cos() + q.y * roll.sin(), q.y * roll.cos() - q.x * roll.sin());
    let (left, right, nose) = (upright(p(OUTER_EYE_CORNERS.0)), upright(p(OUTER_EYE_CORNERS.1)), upright(p(NOSE_TIP)));
    let (width, _, depth) = EYE_CORNER;
    let aside = (2.0 * nose.x - left.x - right.x) / (right.x - left.x);
    let eyes = (left.y + right.y) / 2.0;
    let mouth = (upright(p(MOUTH_CORNERS.0)).y + upright(p(MOUTH_CORNERS.1)).y) / 2.0;
    // With t = tan(pitch) and the nose at 0, the eyes are at −up − t·back_e, the mouth at down −
    // t·back_m.
    let (_, up, back_e) = EYE_CORNER;
    let (_, down, back_m) = MOUTH_CORNER;
    let share = (nose.y - eyes) / (mouth - eyes);
    let nod = (share * (up + down) - up) / (back_e - share * (back_e - back_m));
    let degrees = |tangent: f32| if tangent.is_finite() { tangent.atan().to_degrees() } else { 0.0 };
    Pose { yaw: degrees(aside * width / depth), pitch: degrees(nod), roll: roll.to_degrees() }
}

/// Returns the eye aspect ratio, mean of both eyes: mean distance of the lids over the distance of
/// the corners (Soukupová & Čech 2016). About 0.3 for open eyes, below 0.15 for closed ones.
///
/// # Panics
/// If the shape has fewer than 48 points.
pub fn eye_opening(shape: &Shape) -> f32 {
    let ratio = |eye: Range<usize>| {
        let p = &shape.points[eye];
        ratio(p[1].distance(p[5]) + p[2].distance(p[4]), 2.0 * p[0].distance(p[3]))
    };
    (ratio(EYES.0) + ratio(EYES.1)) / 2.0
}

/// Returns the distance of the inner lips over that of their corners: 0 for a closed mouth.
///
/// # Panics
/// If the shape has fewer than 68 points.
pub fn mouth_opening(shape: &Shape) -> f32 {
    let p = &shape.points;
    ratio(p[62].distance(p[66]), p[60].distance(p[64]))
}

/// A quotient; 0 if the divisor is 0.
fn ratio(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The average head, turned and nodded, seen from far away.
    fn head(yaw: f32, pitch: f32, roll: f32) -> Shape {
        let (sin, cos) = yaw.to_radians().sin_cos();
        let turned = |(x, y, z): (f32, f32, f32)| (x * cos + z * sin, y, z * cos - x * sin);
        let (s, c) = pitch.to_radians().sin_cos();
        let nodded = |(x, y, z): (f32, f32, f32)| (x, y * c + z * s, z * c - y * s);
        let (rs, rc) = roll.to_radians().sin_cos();
        let seen = |p: (f32, f32, f32)| {
            let (x, y, _) = nodded(turned(p));
            Point::new(300.0 + x * rc - y * rs, 300.0 + x * rs + y * rc)
        };
        let mut shape = Shape::new(vec![Point::default(); 68]);
        // z towards the viewer; the nose is the origin.
        let (w, up, back) = EYE_CORNER;
        for i in 36..48 {
            let side = if i < 42 { -1.0 } else { 1.0 };
            shape.points[i] = seen((side * w * 0.7, -up, -back));
        }
        shape.points[36] = seen((-w, -up, -back));
        shape.points[39] = seen((-w * 0.4, -up, -back));
        shape.points[45] = seen((w, -up, -back));
        shape.points[42] = seen((w * 0.4, -up, -back));
        let (w, down, back) = MOUTH_CORNER;
        shape.points[48] = seen((-w, down, -back));
        shape.points[54] = seen((w, down, -back));
        shape.points[NOSE_TIP] = seen((0.0, 0.0, 0.0));
        shape
    }

    #[test]
    fn the_pose_of_the_common_head_is_found() {
        for (yaw, pitch, roll) in [(0.0, 0.0, 0.0), (30.0, 0.0, 0.0), (-45.0, 0.0, 20.0), (0.0, 15.0, -10.0)] {
            let found = pose(&head(yaw, pitch, roll));
            let errors = [found.yaw - yaw, found.pitch - pitch, found.roll - roll];
            assert!(errors.iter().all(|e| e.abs() < 1.0), "{yaw} {pitch} {roll}: {found:?}");
        }
    }
}
