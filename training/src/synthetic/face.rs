//! The head: 68 landmarks from a few numbers.

use std::f32::consts::PI;

use lineament::Shape;
use lineament::geometry::Point;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Build, expression and pose of a head. The unit of length is half the width of the head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// Distance of the chin below the ears.
    pub chin: f32,
    /// Shape of the chin, from square (0.6) to pointed (1.0).
    pub taper: f32,
    /// Distance of an eye from the middle of the face.
    pub eye_distance: f32,
    /// Half the length of an eye.
    pub eye_length: f32,
    /// Half the height of an eye: 0 closed, 0.08 wide open.
    pub eye_opening: f32,
    /// Distance of the brows above the eyes.
    pub brow_height: f32,
    /// Distance of the nose tip below the eyes.
    pub nose_length: f32,
    /// Half the width of the nostrils.
    pub nose_width: f32,
    /// Distance of the mouth below the eyes.
    pub mouth_height: f32,
    /// Half the length of the mouth.
    pub mouth_length: f32,
    /// Distance of the inner lips: 0 closed.
    pub mouth_opening: f32,
    /// Height of the corners of the mouth above its middle.
    pub smile: f32,
    /// Turn about the vertical axis, in radians; positive to the viewer's right.
    pub yaw: f32,
    /// Nod, in radians; positive downwards.
    pub pitch: f32,
    /// Rotation in the image plane, in radians; positive clockwise.
    pub roll: f32,
}

impl Head {
    /// Draws a random head, turned by up to about 25° and tilted by up to 15°.
    pub fn random(rng: &mut impl Rng) -> Self {
        let mut between = |low: f32, high: f32| low + (high - low) * rng.random::<f32>();
        Self {
            chin: between(1.15, 1.4),
            taper: between(0.65, 0.95),
            eye_distance: between(0.4, 0.47),
            eye_length: between(0.16, 0.2),
            eye_opening: between(0.01, 0.09),
            brow_height: between(0.2, 0.34),
            nose_length: between(0.42, 0.54),
            nose_width: between(0.15, 0.22),
            mouth_height: between(0.82, 0.95),
            mouth_length: between(0.28, 0.42),
            mouth_opening: between(-0.2, 0.25).max(0.0),
            smile: between(-0.04, 0.08),
            yaw: between(-0.43, 0.43),
            pitch: between(-0.2, 0.2),
            roll: between(-0.26, 0.26),
        }
    }

    /// Returns the 68 landmarks in the image; `centre` is the position of the point between the
    /// eyes, `half_width` half the width of the head in pixels.
    pub fn landmarks(&self, centre: Point, half_width: f32) -> Shape {
        let (ys, yc) = self.yaw.sin_cos();
        let (ps, pc) = self.pitch.sin_cos();
        let (rs, rc) = self.roll.sin_cos();
        let project = |[x, y, z]: [f32; 3]| {
            let (x, z) = (x * yc + z * ys, z * yc - x * ys);
            let y = y * pc + z * ps;
            centre + Point::new(x * rc - y * rs, x * rs + y * rc) * half_width
        };
        Shape::new(self.in_space().into_iter().map(project).collect())
    }

    /// Landmarks in space: x to the right, y down, z towards the viewer; the origin is between the
    /// eyes.
    fn in_space(&self) -> Vec<[f32; 3]> {
        let mut points = Vec::with_capacity(68);
        // The jaw, from ear to ear; the mouth pulls the chin down when it opens.
        for i in 0..17 {
            let t = PI * i as f32 / 16.0;
            // The rounded sine of π is below zero.
            let down = t.sin().max(0.0).powf(self.taper);
            let open = 0.6 * self.mouth_opening * down * down;
            points.push([-t.cos(), 0.05 + self.chin * down + open, -0.75 * t.cos().powi(2)]);
        }
        for side in [-1.0, 1.0] {
            for i in 0..5 {
                let outwards = if side < 0.0 { 4 - i } else { i } as f32 / 4.0;
                let x = self.eye_distance - 0.26 + 0.56 * outwards;
                let arch = 0.07 * (PI * (0.15 + 0.7 * outwards)).sin();
                points.push([side * x, -self.brow_height - arch, 0.08 - 0.25 * x * x]);
            }
        }
        for i in 0..4 {
            let down = i as f32 / 3.0;
            points.push([0.0, self.nose_length * down, 0.05 + 0.3 * down]);
        }
        for i in 0..5 {
            let aside = (i as f32 - 2.0) / 2.0;
            let y = self.nose_length + 0.1 + 0.05 * (1.0 - aside.abs());
            points.push([self.nose_width * aside, y, 0.18 - 0.08 * aside.abs()]);
        }
        for side in [-1.0, 1.0] {
            // Corner, two points of the upper lid, corner, two of the lower lid, from left to right
            // and back.
            for (along, up) in [(-1.0, 0.0), (-0.35, 1.0), (0.35, 1.0), (1.0, 0.0), (0.35, -0.8), (-0.35, -0.8)] {
                let x = side * self.eye_distance + self.eye_length * along;
                points.push([x, -self.eye_opening * up, -0.25 * x * x]);
            }
        }
        let lip = |along: f32, y: f32| {
            let lift = self.smile * (2.0 * along * along - 1.0);
            let x = self.mouth_length * along;
            [x, self.mouth_height - lift + y, 0.05 - 0.3 * x * x]
        };
        let open = self.mouth_opening / 2.0;
        let (upper, lower) = (0.09, 0.11);
        for (along, thick) in [(-1.0, 0.0), (-0.6, 0.75), (-0.2, 1.0), (0.0, 0.85), (0.2, 1.0), (0.6, 0.75), (1.0, 0.0)]
        {
            points.push(lip(along, -(upper + open) * thick));
        }
        for (along, thick) in [(0.6, 0.8), (0.2, 1.0), (0.0, 1.05), (-0.2, 1.0), (-0.6, 0.8)] {
            points.push(lip(along, (lower + open) * thick));
        }
        for (along, wide) in [(-0.85, 0.0), (-0.35, 0.9), (0.0, 1.0), (0.35, 0.9), (0.85, 0.0)] {
            points.push(lip(along, -open * wide));
        }
        for (along, wide) in [(0.35, 0.9), (0.0, 1.0), (-0.35, 0.9)] {
            points.push(lip(along, open * wide));
        }
        points
    }
}

/// Returns shapes of faces about 180 pixels wide, in the middle of images of 320×320 pixels.
pub fn face_shapes(count: usize, seed: u64) -> Vec<Shape> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count)
        .map(|_| {
            let half_width = 80.0 + 20.0 * rng.random::<f32>();
            Head::random(&mut rng).landmarks(Point::new(160.0, 120.0), half_width)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use lineament::scheme::MIRROR;

    use super::*;
    use crate::dataset::traits::pose;

    #[test]
    fn a_head_in_front_view_is_symmetric() {
        let head = Head { yaw: 0.0, roll: 0.0, ..Head::random(&mut ChaCha8Rng::seed_from_u64(1)) };
        let shape = head.landmarks(Point::new(100.0, 50.0), 40.0);
        assert_eq!(shape.len(), 68);
        for (i, p) in shape.points.iter().enumerate() {
            let q = shape.points[MIRROR[i]];
            assert!((p.x - 100.0 + q.x - 100.0).abs() < 1e-3 && (p.y - q.y).abs() < 1e-3, "{i}: {p:?} {q:?}");
        }
    }

    #[test]
    fn a_turned_head_looks_turned() {
        let head = Head { yaw: 0.4, pitch: 0.0, roll: -0.2, ..Head::random(&mut ChaCha8Rng::seed_from_u64(2)) };
        let found = pose(&head.landmarks(Point::default(), 50.0));
        assert!(found.yaw > 10.0 && found.yaw < 40.0 && (found.roll + 11.5).abs() < 2.0, "{found:?}");
    }
}
