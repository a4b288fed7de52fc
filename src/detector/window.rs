//! The window that slides over the levels of the pyramid.

use crate::detector::pyramid::{Level, PyramidSpec};
use crate::geometry::{Point, Rect};
use crate::hog::{FeatureMap, STRIDE};
use crate::invalid::InvalidModel;
use crate::rect_ext::RectExt;

/// Size of the window and of the face in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// Side of a cell in pixels.
    pub cell: u8,
    /// Cells along a side of the window.
    pub cells: u8,
    /// Side of the face's box, which is in the middle of the window, in pixels.
    pub face: f32,
}

/// Levels per octave of the pyramid.
pub const LEVELS_PER_OCTAVE: u32 = 3;
/// Ratio of the pyramid's largest level to the one that the smallest face needs: four fifths of a level more.
const FINER: f32 = 1.2;
/// Cells by which windows may reach beyond the image's edge.
const OVERHANG: u32 = 2;

impl Window {
    /// Returns the number of features of a window, with the zeros behind each cell's.
    pub fn len(&self) -> usize {
        usize::from(self.cells).pow(2) * STRIDE
    }

    /// Returns whether the window has no cells. Windows of valid models have some.
    pub fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// Returns the window's side in pixels.
    pub fn side(&self) -> f32 {
        f32::from(self.cell) * f32::from(self.cells)
    }

    /// Returns the pyramid for faces of at least this side, in pixels. Its first level is for slightly smaller faces:
    /// several windows of about a face's size find it, and the smallest faces need them too.
    pub fn pyramid(&self, smallest_face: f32) -> PyramidSpec {
        PyramidSpec {
            first: self.face / smallest_face * FINER,
            per_octave: LEVELS_PER_OCTAVE,
            smallest: self.side() as u32,
            border: OVERHANG * u32::from(self.cell),
        }
    }

    /// Returns the box of the face, in pixels of the image, in the window whose top-left cell is `(column, row)`.
    pub fn face_box(&self, level: &Level, column: usize, row: usize) -> Rect {
        let middle = self.side() / 2.0;
        let cell = f32::from(self.cell);
        let centre = level.to_image(Point::new(column as f32 * cell + middle, row as f32 * cell + middle));
        let side = 2.0 * self.face / (level.scale[0] + level.scale[1]);
        Rect::square(centre, side)
    }

    /// Replaces `features` by those of the window whose top-left cell is `(column, row)`: row by row, cell by cell.
    ///
    /// # Panics
    /// If the window is not inside the map.
    pub fn copy(&self, map: &FeatureMap, column: usize, row: usize, features: &mut Vec<i16>) {
        let cells = usize::from(self.cells);
        features.clear();
        for row in row..row + cells {
            features.extend_from_slice(map.span(column, row, cells));
        }
    }

    pub(super) fn validate(&self) -> Result<(), InvalidModel> {
        let side = self.side();
        let sound = (2..=16).contains(&self.cell)
            && self.cell.is_multiple_of(2)
            && (2..=32).contains(&self.cells)
            && (side / 8.0..=side).contains(&self.face);
        let Self { cell, cells, face } = self;
        let size = || format!("has {cells}² cells of {cell} pixels and a face of {face} pixels, which does not work");
        if sound { Ok(()) } else { Err(InvalidModel::new("the window", size())) }
    }
}
