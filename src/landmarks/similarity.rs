//! Rotation, uniform scale and translation, fitted between two shapes.

use crate::geometry::Point;

/// The map `p ↦ s·R(θ)·p + t`, stored as the complex number `a + ib = s·e^{iθ}` and the translation `t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// `s·cos θ`.
    pub a: f32,
    /// `s·sin θ`.
    pub b: f32,
    /// The image of the origin.
    pub t: Point,
}

impl Similarity {
    /// The map that leaves every point where it is.
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0, t: Point::new(0.0, 0.0) };

    /// The similarity that takes `from` nearest to `to` in the least-squares sense.
    ///
    /// With both shapes centred and points as complex numbers `zᵢ` and `wᵢ`, the optimum is
    /// `a + ib = Σ z̄ᵢwᵢ / Σ |zᵢ|²` (Umeyama 1991, in two dimensions; reflections are not considered).
    /// Where `from` has no extent, a pure translation.
    pub fn between(from: &[Point], to: &[Point]) -> Self {
        let (from_mean, to_mean) = (super::shape::centroid(from), super::shape::centroid(to));
        let (mut a, mut b, mut norm) = (0.0f32, 0.0f32, 0.0f32);
        for (&p, &q) in from.iter().zip(to) {
            let (z, w) = (p - from_mean, q - to_mean);
            a += z.x * w.x + z.y * w.y;
            b += z.x * w.y - z.y * w.x;
            norm += z.x * z.x + z.y * z.y;
        }
        let linear =
            if norm > f32::EPSILON { Self { a: a / norm, b: b / norm, ..Self::IDENTITY } } else { Self::IDENTITY };
        Self { t: to_mean - linear.rotate(from_mean), ..linear }
    }

    /// The image of a point.
    #[inline]
    pub fn apply(&self, p: Point) -> Point {
        self.rotate(p) + self.t
    }

    /// The image of a difference of points: rotated and scaled, not moved.
    #[inline]
    pub fn rotate(&self, p: Point) -> Point {
        Point::new(self.a * p.x - self.b * p.y, self.b * p.x + self.a * p.y)
    }

    /// The scale factor `s`.
    pub fn scale(&self) -> f32 {
        self.a.hypot(self.b)
    }

    /// The angle `θ` in radians; positive turns from the x axis to the y axis (clockwise on the screen).
    pub fn angle(&self) -> f32 {
        self.b.atan2(self.a)
    }

    /// The inverse map. A map of scale 0 has none; the result then has scale 0 too.
    pub fn inverse(&self) -> Self {
        let norm = self.a * self.a + self.b * self.b;
        let norm = if norm > 0.0 { norm } else { f32::INFINITY };
        let linear = Self { a: self.a / norm, b: -self.b / norm, ..Self::IDENTITY };
        let t = linear.rotate(self.t);
        Self { t: Point::new(-t.x, -t.y), ..linear }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_map_is_found_and_inverted() {
        let truth = Similarity { a: 0.8, b: 0.5, t: Point::new(3.0, -2.0) };
        let from = [Point::new(0.0, 0.0), Point::new(4.0, 1.0), Point::new(-2.0, 3.0)];
        let to = from.map(|p| truth.apply(p));
        let found = Similarity::between(&from, &to);
        for p in from {
            assert!(found.apply(p).distance(truth.apply(p)) < 1e-5);
            assert!(found.inverse().apply(found.apply(p)).distance(p) < 1e-5);
        }
        assert!((found.angle() - 0.5f32.atan2(0.8)).abs() < 1e-6);
    }

    #[test]
    fn a_shape_without_extent_is_only_moved() {
        let found = Similarity::between(&[Point::new(1.0, 1.0); 2], &[Point::new(5.0, 4.0); 2]);
        assert_eq!(found, Similarity { t: Point::new(4.0, 3.0), ..Similarity::IDENTITY });
    }
}
