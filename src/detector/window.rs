//! The window that slides over the pyramid's levels.

use crate::detector::pyramid::{Level, PyramidSpec};
use crate::geometry::{Point, Rect};
use crate::hog::{FeatureMap, STRIDE};
use crate::model::InvalidModel;

/// The window's size, and how large a face is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// Side of a cell in pixels.
    pub cell: u8,
    /// Cells along a side of the window.
    pub cells: u8,
    /// Side in pixels of the face's box in the middle of the window.
    pub face: f32,
}

/// Levels an octave of the pyramid.
pub const LEVELS_PER_OCTAVE: u32 = 3;
/// By what factor the pyramid's largest level is larger than the smallest face needs: four fifths of a level.
const FINER: f32 = 1.2;
/// Cells by which windows may hang over the picture's edge.
const OVERHANG: u32 = 2;

impl Window {
    /// Numbers in the features of a window.
    pub fn len(&self) -> usize {
        usize::from(self.cells).pow(2) * STRIDE
    }

    /// Whether the window has no cell, which no valid model's has.
    pub fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// The window's side in pixels.
    pub fn side(&self) -> f32 {
        f32::from(self.cell) * f32::from(self.cells)
    }

    /// The pyramid for faces from this side on. Its first level is made for faces that are a little smaller: windows of nearly a
    /// face's size find it too, and the smallest faces need some below their own.
    pub fn pyramid(&self, smallest_face: f32) -> PyramidSpec {
        PyramidSpec {
            first: self.face / smallest_face * FINER,
            per_octave: LEVELS_PER_OCTAVE,
            smallest: self.side() as u32,
            border: OVERHANG * u32::from(self.cell),
        }
    }

    /// The box of the face, in the picture's pixels, in the window whose top-left cell is `(column, row)`.
    pub fn face_box(&self, level: &Level, column: usize, row: usize) -> Rect {
        let middle = self.side() / 2.0;
        let cell = f32::from(self.cell);
        let centre = level.to_image(Point::new(column as f32 * cell + middle, row as f32 * cell + middle));
        let side = 2.0 * self.face / (level.scale[0] + level.scale[1]);
        Rect::square(centre, side)
    }

    /// Copies the features of the window whose top-left cell is `(column, row)`.
    ///
    /// # Panics
    /// If the window leaves the map.
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
