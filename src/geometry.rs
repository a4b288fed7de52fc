//! Points and boxes in image coordinates.
//!
//! Everywhere in lineament a coordinate is in pixels and the origin is the centre of the top-left pixel, so that the
//! pixel in column 3 and row 5 is at `(3.0, 5.0)`.

/// A position in pixels (or in a frame that the context names).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

impl Point {
    /// The point `(x, y)`.
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// The Euclidean distance to `other`.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

impl std::ops::Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl std::ops::Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

impl std::ops::Mul<f32> for Point {
    type Output = Self;
    fn mul(self, factor: f32) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }
}

/// An upright box: its top-left corner and its size, in pixels.
///
/// A box that covers the columns 10 to 19 has `x = 10` and `width = 10`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width; positive for a box with an area.
    pub width: f32,
    /// Height; positive for a box with an area.
    pub height: f32,
}

impl Rect {
    /// The box with the top-left corner `(x, y)` and the given size.
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// The middle of the box.
    pub fn centre(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Intersection over union (Jaccard index): 1 for equal boxes, 0 for disjoint ones.
    pub fn overlap(&self, other: &Self) -> f32 {
        let both = intersection(self, other);
        let either = area(self) + area(other) - both;
        if either > 0.0 { both / either } else { 0.0 }
    }
}

pub(crate) fn area(bounds: &Rect) -> f32 {
    bounds.width.max(0.0) * bounds.height.max(0.0)
}

pub(crate) fn intersection(a: &Rect, b: &Rect) -> f32 {
    let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    width.max(0.0) * height.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_counts_the_shared_area_once() {
        let a = Rect::new(0.0, 0.0, 2.0, 2.0);
        assert_eq!(a.overlap(&a), 1.0);
        assert_eq!(a.overlap(&Rect::new(1.0, 0.0, 2.0, 2.0)), 2.0 / 6.0);
        assert_eq!(a.overlap(&Rect::new(5.0, 5.0, 2.0, 2.0)), 0.0);
        assert_eq!(Rect::default().overlap(&Rect::default()), 0.0);
    }
}
