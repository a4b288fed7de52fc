//! Boxes of whole pixels, and how windows of cells become boxes in the image.
//!
//! All in whole numbers, rounded where dlib rounds: towards zero within a level, to the nearest pixel between levels.

use super::{HogDetector, Overlap, pyramid};
use crate::geometry::Rect;

/// A box from its first to its last pixel, both belonging to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PixelBox {
    /// Left, top.
    pub first: [i64; 2],
    /// Right, bottom.
    pub last: [i64; 2],
}

impl PixelBox {
    /// The box of this size around a place; of an even size, the place is right below the middle.
    fn centred(place: [i64; 2], size: [i64; 2]) -> Self {
        let first = [0, 1].map(|axis| place[axis] - size[axis] / 2);
        Self { first, last: [0, 1].map(|axis| first[axis] + size[axis] - 1) }
    }

    fn size(&self) -> [i64; 2] {
        [0, 1].map(|axis| (self.last[axis] - self.first[axis] + 1).max(0))
    }

    fn area(&self) -> f64 {
        let [width, height] = self.size();
        width as f64 * height as f64
    }

    /// The box in the image of a box in a level of the pyramid.
    pub fn up(&self, level: usize) -> Self {
        self.mapped(|v, _| (0..level).fold(v, |v, _| pyramid::up(v)))
    }

    /// The box in the image of a box in the image that was doubled some times.
    pub fn halved(&self, doublings: u8) -> Self {
        if doublings == 0 {
            return *self;
        }
        self.mapped(|v, axis| (0..doublings).fold(v, |v, _| pyramid::halved(v, axis)))
    }

    /// The nearest box of whole pixels when every coordinate is mapped.
    pub fn mapped(&self, map: impl Fn(f64, usize) -> f64) -> Self {
        let corner = |corner: [i64; 2]| [0, 1].map(|axis| (map(corner[axis] as f64, axis) + 0.5).floor() as i64);
        Self { first: corner(self.first), last: corner(self.last) }
    }

    /// Whether the boxes are one object.
    pub fn overlaps(&self, other: &Self, overlap: &Overlap) -> bool {
        let both = |pick: fn(i64, i64) -> i64, a: [i64; 2], b: [i64; 2]| [0, 1].map(|axis| pick(a[axis], b[axis]));
        let common =
            Self { first: both(i64::max, self.first, other.first), last: both(i64::min, self.last, other.last) };
        let around =
            Self { first: both(i64::min, self.first, other.first), last: both(i64::max, self.last, other.last) };
        let shared = common.area();
        shared > 0.0
            && (shared / around.area() > overlap.of_both
                || shared / self.area() > overlap.of_one
                || shared / other.area() > overlap.of_one)
    }

    pub fn to_rect(self) -> Rect {
        let [width, height] = self.size();
        Rect::new(self.first[0] as f32, self.first[1] as f32, width as f32, height as f32)
    }
}

/// Columns and rows of cells in the filters for an object of this size in pixels. One cell and one pixel at the image's
/// edge have no features.
pub(super) fn window_cells(window: [i64; 2], cell: i64, padding: i64) -> [i64; 2] {
    let object = PixelBox::centred([0, 0], window);
    // Division towards zero.
    let to_cell = |v: i64| (v - 1) / cell - 1;
    [0, 1].map(|axis| to_cell(object.last[axis]) - to_cell(object.first[axis]) + 1 + 2 * padding)
}

/// The object's box, in pixels of the level, in the window whose first cell stands here among all windows.
pub(super) fn object_box(detector: &HogDetector, window: [i64; 2]) -> PixelBox {
    let (cells, cell, padding) = (detector.cells(), i64::from(detector.cell), i64::from(detector.padding));
    let middle = [0, 1].map(|axis| window[axis] + cells[axis] / 2);
    let object = PixelBox::centred(middle, cells.map(|side| side - 2 * padding));
    // Cells that were added before the first, and the one without features; then to the middle of the cell.
    let pixel = |v: i64, axis: usize| {
        let corner = (v + 1 - (cells[axis] - 1) / 2) * cell + 1;
        corner + if corner >= 0 { cell / 2 } else { -cell / 2 }
    };
    let pixels = |corner: [i64; 2]| [0, 1].map(|axis| pixel(corner[axis], axis));
    PixelBox { first: pixels(object.first), last: pixels(object.last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_of_80_pixels_has_10_cells() {
        assert_eq!(window_cells([80, 80], 8, 0), [10, 10]);
        assert_eq!(window_cells([80, 80], 8, 1), [12, 12]);
        assert_eq!(window_cells([64, 40], 8, 1), [10, 7]);
    }

    #[test]
    fn boxes_overlap_by_either_share() {
        let of = |x: i64, side: i64| PixelBox { first: [x, 0], last: [x + side - 1, side - 1] };
        let overlap = Overlap { of_both: 0.5, of_one: 0.9 };
        assert!(of(0, 10).overlaps(&of(3, 10), &overlap));
        assert!(!of(0, 10).overlaps(&of(4, 10), &overlap));
        assert!(of(0, 10).overlaps(&of(3, 3), &overlap));
        assert!(!of(0, 10).overlaps(&of(20, 10), &overlap));
    }
}
