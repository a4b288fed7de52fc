//! Histograms of oriented gradients: the 31 numbers per cell of Felzenszwalb et al. (PAMI 2010, section 6.2).
//!
//! ```text
//! pixels ─► gradient ──► votes of a cell's pixels ──► divided by the energy of the ──► 18 signed + 9 unsigned
//!           (length,      among 18 directions,          four 2×2 blocks of cells        orientations + 4 block
//!           direction)    shared by near cells          around, cut off at 0.2          energies (texture)
//!           [gradient]    [histogram]                   [normalise]
//! ```
//!
//! The numbers are between 0 and 0.85. They are stored as 16-bit integers, in units of 1/[`ONE`]: the scan that follows
//! multiplies integers, sixteen at once, and gives the same sums on every machine.

mod gradient;
pub mod histogram;
mod map;
mod normalise;
mod observer;
mod planes;
#[cfg(test)]
mod reference;
mod rows;

pub use gradient::{ORIENTATIONS, gradient_row};
pub use histogram::{Histogram, histogram_rows};
pub use map::FeatureMap;
pub use normalise::normalise_row;
pub use observer::HogObserver;
pub use planes::LANES;
pub(crate) use rows::FeatureRows;

/// Numbers per cell: 18 signed orientations, 9 unsigned ones, 4 block energies.
pub const FEATURES: usize = 31;
/// Numbers per cell in memory: the features and one 0.
pub const STRIDE: usize = 32;
/// The integer that stands for the feature value 1.
pub const ONE: f32 = 4096.0;

/// The features of a cell.
pub type Cell = [i16; STRIDE];

/// The place of each feature of a cell in the mirror image: `mirrored[i] = original[MIRROR[i]]`.
pub const MIRROR: [usize; STRIDE] = {
    let mut mirror = [0; STRIDE];
    let mut i = 0;
    while i < STRIDE {
        mirror[i] = match i {
            // Direction k is at k·20°, its mirror image at 180° − k·20°.
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
    use std::ops::Range;

    use super::*;
    use crate::image::GreyImage;

    /// Smooth waves and noise, so that every direction occurs.
    fn textured(width: u32, height: u32) -> GreyImage<'static> {
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
            let image = textured(width, height);
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
            let map = FeatureMap::new(&textured(width, 20), 4);
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
        let image = textured(53, 90);
        let whole = FeatureMap::new(&image, 8);
        for rows in [0..3, 2..7, 5..11, 10..11, 4..4] {
            let strip = FeatureMap::of_rows(&image, 8, rows.clone(), &mut ());
            assert_same(&strip, &whole, rows);
        }
        for first in [0, 1, 4] {
            let mut rows = FeatureRows::new(&image, 8, first);
            let mut sliding = FeatureMap::with_capacity(6, 6);
            let mut shown = first..first;
            for (forgotten, appended) in [(0, 4), (2, 1), (3, 0), (0, 2)] {
                sliding.forget(forgotten);
                rows.append(&mut sliding, appended, &mut ());
                shown = shown.start + forgotten..shown.end + appended;
                assert_same(&sliding, &whole, shown.clone());
            }
        }
    }

    fn assert_same(part: &FeatureMap, whole: &FeatureMap, rows: Range<usize>) {
        let (columns, planes) = (whole.columns(), FEATURES * whole.plane_width());
        assert_eq!([part.columns(), part.rows()], [columns, rows.len()]);
        for (i, row) in rows.enumerate() {
            assert_eq!(part.span(0, i, columns), whole.span(0, row, columns));
            assert_eq!(part.planes(i)[..planes], whole.planes(row)[..planes]);
        }
    }

    #[test]
    fn the_mirror_image_has_mirrored_features() {
        let image = textured(64, 40);
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
    fn images_without_a_cell_have_no_features() {
        assert_eq!(FeatureMap::new(&GreyImage::new(7, 100), 8).columns(), 0);
        assert_eq!(FeatureMap::new(&GreyImage::new(100, 3), 8).rows(), 0);
    }
}
