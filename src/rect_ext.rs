//! Areas and checks of boxes.

use crate::geometry::{self, Point, Rect};

/// Methods of boxes for training and detection.
pub trait RectExt {
    /// The square around `centre` with the given side.
    fn square(centre: Point, side: f32) -> Self;

    /// The area in square pixels; 0 where a side is not positive.
    fn area(&self) -> f32;

    /// Whether all four numbers are finite and both sides positive.
    fn is_valid(&self) -> bool;

    /// The area that both boxes cover.
    fn intersection(&self, other: &Self) -> f32;
}

impl RectExt for Rect {
    fn square(centre: Point, side: f32) -> Self {
        Self::new(centre.x - side / 2.0, centre.y - side / 2.0, side, side)
    }

    fn area(&self) -> f32 {
        geometry::area(self)
    }

    fn is_valid(&self) -> bool {
        [self.x, self.y, self.width, self.height].iter().all(|v| v.is_finite()) && self.width > 0.0 && self.height > 0.0
    }

    fn intersection(&self, other: &Self) -> f32 {
        geometry::intersection(self, other)
    }
}
