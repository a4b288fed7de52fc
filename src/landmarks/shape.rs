//! A face's landmarks: an ordered list of points.

use crate::geometry::{Point, Rect};

/// An ordered list of landmarks; for the 68-point scheme in iBUG's order (see [`super::scheme`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// The landmarks, in the scheme's order.
    pub points: Vec<Point>,
}

impl Shape {
    /// A shape of these points.
    pub fn new(points: Vec<Point>) -> Self {
        Self { points }
    }

    /// The number of landmarks.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is no landmark at all.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The smallest upright box that holds all points.
    pub fn bounds(&self) -> Rect {
        bounds(&self.points)
    }
}

/// Changes of frame and of order, for training and for prediction.
pub trait ShapeExt: Sized {
    /// The mean of the points.
    fn centroid(&self) -> Point;

    /// From pixels to the frame of `bounds`, in which the box is the unit square.
    fn to_unit(&self, bounds: &Rect) -> Self;

    /// From the frame of `bounds`, in which the box is the unit square, to pixels.
    fn to_image(&self, bounds: &Rect) -> Self;

    /// The shape of all points mapped by `f`.
    fn map(&self, f: impl Fn(Point) -> Point) -> Self;

    /// The points in the order of `indices` (a subset, or the mirror image's order).
    ///
    /// # Panics
    /// If an index is out of range.
    fn select(&self, indices: &[usize]) -> Self;
}

impl ShapeExt for Shape {
    fn centroid(&self) -> Point {
        centroid(&self.points)
    }

    fn to_unit(&self, bounds: &Rect) -> Self {
        self.map(|p| Point::new((p.x - bounds.x) / bounds.width, (p.y - bounds.y) / bounds.height))
    }

    fn to_image(&self, bounds: &Rect) -> Self {
        self.map(|p| Point::new(bounds.x + p.x * bounds.width, bounds.y + p.y * bounds.height))
    }

    fn map(&self, f: impl Fn(Point) -> Point) -> Self {
        Self::new(self.points.iter().map(|&p| f(p)).collect())
    }

    fn select(&self, indices: &[usize]) -> Self {
        Self::new(indices.iter().map(|&i| self.points[i]).collect())
    }
}

/// The mean of `points`; the origin where there are none.
pub(crate) fn centroid(points: &[Point]) -> Point {
    let sum = points.iter().fold(Point::default(), |sum, &p| sum + p);
    sum * (1.0 / points.len().max(1) as f32)
}

/// The smallest upright box that contains all `points`; an empty one at the origin where there are none.
pub(crate) fn bounds(points: &[Point]) -> Rect {
    let (mut low, mut high) = (Point::new(f32::MAX, f32::MAX), Point::new(f32::MIN, f32::MIN));
    for p in points {
        low = Point::new(low.x.min(p.x), low.y.min(p.y));
        high = Point::new(high.x.max(p.x), high.y.max(p.y));
    }
    if points.is_empty() { Rect::default() } else { Rect::new(low.x, low.y, high.x - low.x, high.y - low.y) }
}
