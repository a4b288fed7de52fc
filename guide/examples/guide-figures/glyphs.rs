//! Histograms of directions as glyphs: for each cell a star of strokes along its edges, brighter for more votes.

use image::{Rgb, RgbImage};
use lineament::geometry::Point;
use lineament::raw::drawing::stroke;

/// Unsigned directions of a cell.
pub const DIRECTIONS: usize = 9;

/// Draws the stars of cells in rows, `side` pixels each. The largest value of all is white.
pub fn glyphs(cells: &[[f32; DIRECTIONS]], columns: usize, side: u32) -> RgbImage {
    let rows = cells.len() / columns.max(1);
    let largest = cells.iter().flatten().fold(f32::MIN_POSITIVE, |largest, &v| largest.max(v));
    let mut image = RgbImage::from_pixel(columns as u32 * side, rows as u32 * side, Rgb([16; 3]));
    for (i, cell) in cells.iter().enumerate() {
        let middle = |index: usize| (index as f32 + 0.5) * side as f32;
        let centre = Point::new(middle(i % columns), middle(i / columns));
        // Faint strokes first: bright ones stay on top.
        let mut order: Vec<usize> = (0..DIRECTIONS).filter(|&k| cell[k] > 0.03 * largest).collect();
        order.sort_by(|&a, &b| cell[a].total_cmp(&cell[b]));
        for k in order {
            // An edge runs across the gradient.
            let angle = (k as f32 * 20.0 + 90.0).to_radians();
            let arm = Point::new(angle.cos(), angle.sin()) * (0.45 * side as f32);
            let level = (16.0 + 239.0 * (cell[k] / largest).sqrt()) as u8;
            stroke(&mut image, centre - arm, centre + arm, 0.4, Rgb([level; 3]));
        }
    }
    image
}
