//! Stored and upright pixels: the same place in both, for each of EXIF's eight orientations.
//!
//! ```text
//!   stored (width × height) ── exchange x and y? ── mirror left and right? ── mirror top and bottom? ──► upright
//! ```

use crate::geometry::{Point, Rect};

/// Relation between the pixels that a file stores and the image as viewers show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    exif: u8,
    stored: (u32, u32),
}

impl Turn {
    /// The relation for an orientation of EXIF, from 1 to 8, and the size of the stored image. Other numbers count as 1.
    pub fn new(exif: u8, stored: (u32, u32)) -> Self {
        Self { exif: if (1..=8).contains(&exif) { exif } else { 1 }, stored }
    }

    /// Whether stored and upright pixels are the same.
    pub fn is_none(&self) -> bool {
        self.exif == 1
    }

    /// EXIF's number, from 1 to 8.
    pub fn exif(&self) -> u8 {
        self.exif
    }

    /// Width and height of the image as the file stores it.
    pub fn stored_size(&self) -> (u32, u32) {
        self.stored
    }

    /// Width and height of the upright image.
    pub fn upright_size(&self) -> (u32, u32) {
        if self.exchanges() { (self.stored.1, self.stored.0) } else { self.stored }
    }

    /// The place in the upright image of a point among the stored pixels.
    pub fn upright_point(&self, p: Point) -> Point {
        self.mirrored_point(if self.exchanges() { Point::new(p.y, p.x) } else { p })
    }

    /// The place among the stored pixels of a point in the upright image.
    pub fn stored_point(&self, p: Point) -> Point {
        let p = self.mirrored_point(p);
        if self.exchanges() { Point::new(p.y, p.x) } else { p }
    }

    /// The box in the upright image that covers the same pixels as a box among the stored ones.
    pub fn upright_box(&self, bounds: &Rect) -> Rect {
        self.mirrored_box(if self.exchanges() { exchanged(bounds) } else { *bounds })
    }

    /// The box among the stored pixels that covers the same pixels as a box in the upright image.
    pub fn stored_box(&self, bounds: &Rect) -> Rect {
        let bounds = self.mirrored_box(*bounds);
        if self.exchanges() { exchanged(&bounds) } else { bounds }
    }

    /// The direction among the stored pixels of a direction in the upright image: both are angles from the vertical, in
    /// radians, clockwise.
    pub fn stored_angle(&self, angle: f32) -> f32 {
        let tip = self.stored_point(Point::new(angle.sin(), -angle.cos())) - self.stored_point(Point::default());
        tip.x.atan2(-tip.y)
    }

    fn exchanges(&self) -> bool {
        self.exif >= 5
    }

    /// Mirrors in the upright image: from left to right, and from top to bottom.
    fn mirrors(&self) -> [bool; 2] {
        [matches!(self.exif, 2 | 3 | 6 | 7), matches!(self.exif, 3 | 4 | 7 | 8)]
    }

    fn mirrored_point(&self, p: Point) -> Point {
        let ((width, height), [x, y]) = (self.upright_size(), self.mirrors());
        let mirrored = |v: f32, length: u32, is: bool| if is { (length as f32 - 1.0) - v } else { v };
        Point::new(mirrored(p.x, width, x), mirrored(p.y, height, y))
    }

    fn mirrored_box(&self, bounds: Rect) -> Rect {
        let ((width, height), [x, y]) = (self.upright_size(), self.mirrors());
        let mirrored = |v: f32, side: f32, length: u32, is: bool| if is { length as f32 - (v + side) } else { v };
        Rect {
            x: mirrored(bounds.x, bounds.width, width, x),
            y: mirrored(bounds.y, bounds.height, height, y),
            ..bounds
        }
    }
}

fn exchanged(bounds: &Rect) -> Rect {
    Rect::new(bounds.y, bounds.x, bounds.height, bounds.width)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The upright image is `abc/def`; the file stores it as the meaning of the tag says: where its first row and column
    /// are.
    #[test]
    fn places_follow_the_meaning_of_the_tag() {
        let stored = ["abc/def", "cba/fed", "fed/cba", "def/abc", "ad/be/cf", "cf/be/ad", "fc/eb/da", "da/eb/fc"];
        let upright = ["abc", "def"];
        for (exif, text) in (1..).zip(stored) {
            let rows: Vec<&str> = text.split('/').collect();
            let turn = Turn::new(exif, (rows[0].len() as u32, rows.len() as u32));
            assert_eq!(turn.upright_size(), (3, 2), "orientation {exif}");
            for (y, row) in rows.iter().enumerate() {
                for (x, letter) in row.bytes().enumerate() {
                    let place = turn.upright_point(Point::new(x as f32, y as f32));
                    assert_eq!(upright[place.y as usize].as_bytes()[place.x as usize], letter, "orientation {exif}");
                    assert_eq!(turn.stored_point(place), Point::new(x as f32, y as f32));
                    let pixel = |p: Point| Rect::new(p.x, p.y, 1.0, 1.0);
                    let bounds = turn.upright_box(&pixel(Point::new(x as f32, y as f32)));
                    assert_eq!(bounds, pixel(place), "orientation {exif}");
                }
            }
            let bounds = Rect::new(0.0, 0.5, 1.0, 1.25);
            assert_eq!(turn.stored_box(&turn.upright_box(&bounds)), bounds);
        }
    }

    #[test]
    fn directions_turn_with_the_image() {
        let degrees = |exif, angle: f32| Turn::new(exif, (9, 5)).stored_angle(angle.to_radians()).to_degrees().round();
        // To be turned clockwise: what is up lies to the left.
        assert_eq!((degrees(6, 0.0), degrees(6, 20.0)), (-90.0, -70.0));
        assert_eq!((degrees(8, 0.0), degrees(2, 20.0), degrees(1, -7.0)), (90.0, -20.0, -7.0));
        assert_eq!(degrees(3, 10.0), -170.0);
    }
}
