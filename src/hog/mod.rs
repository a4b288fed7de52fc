//! Histograms of oriented gradients: the 31 numbers a cell of Felzenszwalb et al. (PAMI 2010, section 6.2).
//!
//! ```text
//! pixels ─► gradient ──► votes of a cell's pixels ──► divided by the energy of the ──► 18 signed + 9 unsigned
//!           (length,      among 18 directions,          four 2×2 blocks of cells        orientations + 4 block
//!           direction)    shared by near cells          around, cut off at 0.2          energies (texture)
//!           [gradient]    [histogram]                   [normalise]
//! ```
//!
//! The numbers lie between 0 and 0.85 and are stored as 16-bit integers, [`ONE`] standing for 1: the scan that follows
//! multiplies integers, sixteen at once, and gives the same sums on every machine.

mod gradient;
pub mod histogram;
mod normalise;
mod observer;
#[cfg(test)]
mod reference;

use std::ops::Range;

use crate::image::GreyImage;

pub use gradient::{ORIENTATIONS, gradient_row};
pub use histogram::{Histogram, histogram_rows};
pub use normalise::normalise_row;
pub use observer::HogObserver;

/// Numbers a cell: 18 signed orientations, 9 unsigned ones, 4 block energies.
pub const FEATURES: usize = 31;
/// The numbers of a cell in memory: the features and one 0.
pub const STRIDE: usize = 32;
/// The integer that stands for the feature value 1.
pub const ONE: f32 = 4096.0;

/// The features of a cell.
pub type Cell = [i16; STRIDE];

/// The features of a picture, cell by cell in rows; and once more feature by feature, for judges that look at one feature
/// of many windows at once:
///
/// ```text
///   cells    row 0: │ cell 0: 31 features │ cell 1: 31 features │ …      a window's row of cells lies together
///   planes   row 0: │ feature 0 of cells 0, 1, … │ feature 1 of cells 0, 1, … │ …      neighbours' features lie together
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureMap {
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
    planes: Vec<i16>,
}

impl FeatureMap {
    /// The features of a picture in cells of `cell × cell` pixels (an even number). Pixels beyond the last whole cell have a
    /// vote in it, as far as they lie within half a cell.
    ///
    /// # Panics
    /// If `cell` is odd or larger than [`histogram::LARGEST_CELL`].
    pub fn new(image: &GreyImage, cell: usize) -> Self {
        Self::of_rows(image, cell, 0..image.height() as usize / cell, &mut ())
    }

    /// The same rows of cells that [`FeatureMap::new`] gives for the whole image, without the others.
    ///
    /// # Panics
    /// Like [`FeatureMap::new`], or if the rows go beyond the image.
    pub fn of_rows(image: &GreyImage, cell: usize, rows: Range<usize>, observer: &mut impl HogObserver) -> Self {
        let mut map = Self { columns: image.width() as usize / cell, ..Self::default() };
        map.append(image, cell, rows, observer);
        map
    }

    /// Appends more rows of the same picture.
    pub(crate) fn append(
        &mut self,
        image: &GreyImage,
        cell: usize,
        rows: Range<usize>,
        observer: &mut impl HogObserver,
    ) {
        let (columns, all_rows) = (image.width() as usize / cell, image.height() as usize / cell);
        assert!(rows.end <= all_rows && columns == self.columns, "rows {rows:?} of {all_rows}");
        if rows.is_empty() || columns == 0 {
            self.rows += rows.len();
            return;
        }
        let (had, plane) = (self.rows, FEATURES * self.plane_width());
        self.rows += rows.len();
        self.cells.resize(self.rows * columns, [0; STRIDE]);
        self.planes.resize(self.rows * plane, 0);
        // The blocks around a cell reach one cell further.
        let around = rows.start.saturating_sub(1)..(rows.end + 1).min(all_rows);
        let histograms = histogram_rows(image, cell, around.clone(), observer);
        let energies: Vec<f32> = histograms.iter().map(normalise::energy).collect();
        let row_of = |row: usize| (row - around.start) * columns..(row - around.start + 1) * columns;
        let cells = self.cells[had * columns..].chunks_exact_mut(columns);
        let planes = self.planes[had * plane..].chunks_exact_mut(plane);
        for ((row, cells), planes) in rows.zip(cells).zip(planes) {
            let above = row_of(row.max(around.start + 1) - 1);
            let below = row_of((row + 1).min(around.end - 1));
            let energy = [&energies[above], &energies[row_of(row)], &energies[below]];
            normalise_row(&histograms[row_of(row)], energy, cells, planes);
        }
    }

    /// Forgets the first rows.
    pub(crate) fn forget(&mut self, rows: usize) {
        let rows = rows.min(self.rows);
        self.cells.drain(..rows * self.columns);
        self.planes.drain(..self.planes.len() / self.rows.max(1) * rows);
        self.rows -= rows;
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
        &self.cells[row * self.columns + column]
    }

    /// The features of `count` cells of a row from `column` on, one after the other.
    ///
    /// # Panics
    /// If there are no such cells.
    #[inline]
    pub fn span(&self, column: usize, row: usize, count: usize) -> &[i16] {
        self.cells[row * self.columns + column..][..count].as_flattened()
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
        &self.planes[row * FEATURES * self.plane_width()..]
    }
}

/// Cells whose features are side by side in a vector.
pub const LANES: usize = 16;

/// Whole vectors, and one more, so that a vector may begin at any cell.
fn plane_width(columns: usize) -> usize {
    columns.next_multiple_of(LANES) + LANES
}

/// Where each feature of a cell stands in the mirror image: `mirrored[i] = original[MIRROR[i]]`.
pub const MIRROR: [usize; STRIDE] = {
    let mut mirror = [0; STRIDE];
    let mut i = 0;
    while i < STRIDE {
        mirror[i] = match i {
            // Direction k stands at the angle k·20°; its mirror image at 180° − k·20°.
            0..18 => (27 - i) % 18,
            18..27 => 18 + (27 - i) % 9,
            // The blocks: up left, up right, down left, down right.
            27 => 28,
            28 => 27,
            29 => 30,
            30 => 29,
            _ => i,
        };
        i += 1;
    }
    mirror
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Smooth waves and noise, so that every direction occurs.
    pub(super) fn picture(width: u32, height: u32) -> GreyImage {
        let mut state = 1u32;
        GreyImage::from_fn(width, height, |x, y| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (x, y) = (x as f32, y as f32);
            let wave = (x * 0.21 + y * 0.05).sin() * 60.0 + (y * 0.3 - x * 0.02).cos() * 50.0;
            (128.0 + wave + (state >> 28) as f32) as u8
        })
    }

    #[test]
    fn features_equal_the_plain_definition() {
        for (width, height, cell) in [(64, 48, 8), (67, 61, 8), (50, 33, 4), (4, 4, 4), (9, 40, 8)] {
            let image = picture(width, height);
            let map = FeatureMap::new(&image, cell);
            let plain = reference::features(&image, cell);
            assert_eq!((map.columns(), map.rows()), (width as usize / cell, height as usize / cell));
            for row in 0..map.rows() {
                for column in 0..map.columns() {
                    for (k, &wanted) in plain[row * map.columns() + column].iter().enumerate() {
                        let found = f64::from(map.cell(column, row)[k]) / f64::from(ONE);
                        assert!((found - wanted).abs() < 2e-4, "{column},{row}: feature {k} {found} not {wanted}");
                    }
                    assert_eq!(map.cell(column, row)[FEATURES], 0);
                }
            }
        }
    }

    #[test]
    fn planes_hold_the_same_features() {
        for width in [4, 31, 64, 77, 300] {
            let map = FeatureMap::new(&picture(width, 20), 4);
            let plane = map.plane_width();
            for (row, planes) in (0..map.rows()).map(|row| (row, map.planes(row))) {
                for (k, plane) in planes.chunks_exact(plane).take(FEATURES).enumerate() {
                    assert!((0..map.columns()).all(|column| plane[column] == map.cell(column, row)[k]));
                    assert!(plane[map.columns()..].iter().all(|&v| v == 0) && plane.len() >= map.columns() + LANES);
                }
            }
        }
    }

    #[test]
    fn a_strip_of_rows_equals_the_whole() {
        let image = picture(53, 90);
        let whole = FeatureMap::new(&image, 8);
        for rows in [0..3, 2..7, 5..11, 10..11, 4..4] {
            let strip = FeatureMap::of_rows(&image, 8, rows.clone(), &mut ());
            assert_eq!(strip.cells, whole.cells[rows.start * 6..rows.end * 6]);
        }
        let mut sliding = FeatureMap::of_rows(&image, 8, 0..5, &mut ());
        for (start, had, end) in [(0, 5, 6), (3, 6, 8), (8, 8, 8), (8, 8, 11)] {
            sliding.forget(sliding.rows() - (had - start));
            sliding.append(&image, 8, had..end, &mut ());
            assert_eq!(sliding, FeatureMap::of_rows(&image, 8, start..end, &mut ()));
        }
    }

    #[test]
    fn the_mirror_image_has_mirrored_features() {
        let image = picture(64, 40);
        let (map, mirrored) = (FeatureMap::new(&image, 8), FeatureMap::new(&image.mirrored(), 8));
        for row in 0..map.rows() {
            for column in 0..map.columns() {
                let (a, b) = (map.cell(column, row), mirrored.cell(map.columns() - 1 - column, row));
                // A gradient right between two directions falls to the first, and to the second in the mirror image.
                let differences: i32 = (0..STRIDE).map(|k| i32::from((a[MIRROR[k]] - b[k]).abs())).sum();
                assert!(differences < 1500, "{column},{row}: {differences}");
            }
        }
    }

    #[test]
    fn pictures_without_a_cell_have_no_features() {
        assert_eq!(FeatureMap::new(&GreyImage::new(7, 100), 8).columns(), 0);
        assert_eq!(FeatureMap::new(&GreyImage::new(100, 3), 8).rows(), 0);
    }
}
