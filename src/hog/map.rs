//! The features of all cells, in both orders in which the detector reads them.

use super::planes::plane_width;
use super::{Cell, FEATURES, STRIDE};

/// The features of an image, cell by cell in rows; and once more feature by feature, for a classifier that reads one
/// feature of many windows at once:
///
/// ```text
///   cells    row 0: │ cell 0: 31 features │ cell 1: 31 features │ …      a window's row of cells lies together
///   planes   row 0: │ feature 0 of cells 0, 1, … │ feature 1 of cells 0, 1, … │ …      neighbours' features lie together
/// ```
#[derive(Clone, Debug, Default)]
pub struct FeatureMap {
    columns: usize,
    rows: usize,
    /// Rows in memory that were forgotten, before the map's first row.
    forgotten: usize,
    cells: Vec<Cell>,
    planes: Vec<i16>,
}

impl FeatureMap {
    /// An empty map of rows of `columns` cells, with memory for this many of them.
    pub(crate) fn with_capacity(columns: usize, rows: usize) -> Self {
        let planes = vec![0; rows * FEATURES * plane_width(columns)];
        Self { columns, rows: 0, forgotten: 0, cells: vec![[0; STRIDE]; rows * columns], planes }
    }

    /// Forgets the first rows, at most all.
    pub(crate) fn forget(&mut self, rows: usize) {
        let rows = rows.min(self.rows);
        self.forgotten += rows;
        self.rows -= rows;
    }

    /// Appends a row and returns its memory, cell by cell and as planes: old numbers, but for the zeros that lie behind a
    /// plane's features.
    ///
    /// # Panics
    /// If the map has no memory for one more row.
    pub(super) fn append(&mut self) -> (&mut [Cell], &mut [i16]) {
        let (columns, plane) = (self.columns, FEATURES * self.plane_width());
        let end = self.forgotten + self.rows;
        if (end + 1) * plane > self.planes.len() {
            self.cells.copy_within(self.forgotten * columns..end * columns, 0);
            self.planes.copy_within(self.forgotten * plane..end * plane, 0);
            self.forgotten = 0;
        }
        let row = self.forgotten + self.rows;
        self.rows += 1;
        (&mut self.cells[row * columns..][..columns], &mut self.planes[row * plane..][..plane])
    }

    /// Cells in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows of cells.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The features of a cell.
    ///
    /// # Panics
    /// If there is no such cell.
    pub fn cell(&self, column: usize, row: usize) -> &Cell {
        &self.row(row)[column]
    }

    /// The features of `count` cells of a row from `column` on, one after the other.
    ///
    /// # Panics
    /// If there are no such cells.
    #[inline]
    pub fn span(&self, column: usize, row: usize, count: usize) -> &[i16] {
        self.cells[(self.forgotten + row) * self.columns + column..][..count].as_flattened()
    }

    fn row(&self, row: usize) -> &[Cell] {
        &self.cells[(self.forgotten + row) * self.columns..][..self.columns]
    }

    /// Numbers in a plane's row: a feature of a row's cells, and zeros.
    pub fn plane_width(&self) -> usize {
        plane_width(self.columns)
    }

    /// The planes from a row on: row by row feature by feature, each [`FeatureMap::plane_width`] numbers.
    ///
    /// # Panics
    /// If there is no such row.
    #[inline]
    pub fn planes(&self, row: usize) -> &[i16] {
        let row_of_planes = FEATURES * self.plane_width();
        &self.planes[(self.forgotten + row) * row_of_planes..(self.forgotten + self.rows) * row_of_planes]
    }
}
