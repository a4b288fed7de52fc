//! The levels of the pyramid for the page: images, gradients, cells and score maps.

use image::{GrayImage, Luma, RgbImage};
use lineament::raw::hog::{Cell, ONE, ORIENTATIONS};
use serde::Serialize;

use crate::explain::encode;
use crate::explain::record::{Gradient, LevelRecord};

/// Index of the first unsigned orientation among the features of a cell, and number of these.
const UNSIGNED: (usize, usize) = (18, 9);
/// Gradient length, in hundredths, that is drawn at full brightness.
const BRIGHT: f32 = 10_000.0;
/// In score maps: from this value on, windows that a filter rejected, plus the number of rows of cells; below it, windows
/// that the prefilter rejected.
const FILTERED: u8 = 64;
/// In score maps: from this value on, windows that the filter accepted.
const SCORED: u8 = 128;

/// Limits on the size of a page: pixels of a level's image, cells of a level, and windows of a score map.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pixels: usize,
    cells: usize,
    windows: usize,
}

impl Limits {
    /// The limits for these levels: lower if they have many pixels in total.
    pub fn of(levels: &[LevelRecord]) -> Self {
        let total: usize = levels.iter().map(|level| level.level.image.as_raw().len()).sum();
        let many = total > 3_000_000;
        Self {
            pixels: if many { 150_000 } else { 600_000 },
            cells: if many { 12_000 } else { 40_000 },
            windows: if many { 30_000 } else { 60_000 },
        }
    }
}

/// Settings for all levels.
#[derive(Clone, Copy, Debug)]
pub struct Drawing {
    /// Limits on the size of the page.
    pub limits: Limits,
    /// The lowest and the highest score; see [`score_range`].
    pub range: [f32; 2],
    /// Number of trees of the prefilter.
    pub prefilter: usize,
}

/// A level.
#[derive(Debug, Serialize)]
pub struct Level {
    /// Level pixels per image pixel.
    scale: [f32; 2],
    /// Pixels added on each side.
    border: u32,
    /// Columns and rows of pixels, including the border.
    size: [u32; 2],
    /// Columns and rows of cells.
    cells: [usize; 2],
    /// Columns and rows of windows.
    windows: [usize; 2],
    image: Option<String>,
    /// Direction as hue, length as brightness.
    gradients: Option<String>,
    /// The nine unsigned orientations of each cell, 255 for 1; none if the level has too many cells to draw.
    glyphs: Option<String>,
    /// For each window, the number of trees after which the prefilter rejected it, up to 255; 0 if it did not.
    prefilter: Option<String>,
    maps: Vec<Map>,
}

/// The scores of a component for the windows of a level.
#[derive(Debug, Serialize)]
struct Map {
    /// For each window, the share of the prefilter's trees that it passed, or from [`FILTERED`] on the number of rows of
    /// cells after which the filter rejected it, or from [`SCORED`] on its score.
    image: Option<String>,
    /// Windows per pixel in both directions: a pixel shows the window that came furthest.
    step: usize,
    /// Accepted windows: column, row, score.
    scored: Vec<(usize, usize, f32)>,
}

/// The lowest and the highest score of any window that a filter accepted; twice 0 if there is none.
pub fn score_range(levels: &[LevelRecord]) -> [f32; 2] {
    let scores = levels.iter().flat_map(|level| level.scores.iter().flatten().map(|(_, score)| *score));
    let [low, high] = scores.fold([f32::MAX, f32::MIN], |[low, high], v| [low.min(v), high.max(v)]);
    if low <= high { [low, high] } else { [0.0; 2] }
}

impl Level {
    /// Converts a level.
    pub fn new(record: &LevelRecord, drawing: &Drawing) -> Self {
        let limits = drawing.limits;
        let image = &record.level.image;
        let size = [image.width(), image.height()];
        Self {
            scale: record.level.scale,
            border: record.level.border,
            size,
            cells: record.cells,
            windows: record.windows,
            image: encode::jpeg(GrayImage::from(image.view()).into(), limits.pixels),
            gradients: coloured(size, &record.gradients).and_then(|p| encode::jpeg(p.into(), limits.pixels)),
            glyphs: (record.features.len() <= limits.cells).then(|| glyphs(record.cells, &record.features)).flatten(),
            prefilter: prefilter(record, &limits),
            maps: (0..record.rows.len()).map(|component| Map::new(record, component, drawing)).collect(),
        }
    }
}

impl Map {
    fn new(record: &LevelRecord, component: usize, drawing: &Drawing) -> Self {
        let &Drawing { limits, range: [low, high], prefilter } = drawing;
        let [columns, rows] = record.windows;
        let mut step = 1;
        while columns.div_ceil(step) * rows.div_ceil(step) > limits.windows {
            step += 1;
        }
        let mut map = GrayImage::new(columns.div_ceil(step) as u32, rows.div_ceil(step) as u32);
        let mut mark = |column: usize, row: usize, value: u8| {
            let Luma([furthest]) = map.get_pixel_mut((column / step) as u32, (row / step) as u32);
            *furthest = value.max(*furthest);
        };
        for (window, (&added, &trees)) in record.rows[component].iter().zip(&record.prefilter).enumerate() {
            let passed = (usize::from(trees) * usize::from(FILTERED - 1) / prefilter.max(1)) as u8;
            let value = if trees > 0 { passed } else { (FILTERED + added).min(SCORED - 1) };
            mark(window % columns, window / columns, value);
        }
        let scored = &record.scores[component];
        for &([column, row], score) in scored {
            let share = (score - low) / (high - low).max(f32::EPSILON);
            mark(column, row, SCORED + (share * f32::from(255 - SCORED)) as u8);
        }
        let scored = scored.iter().map(|&([column, row], score)| (column, row, score)).collect();
        Self { image: encode::png(&map), step, scored }
    }
}

/// Gradients as an image: direction as hue, length as brightness.
fn coloured([width, height]: [u32; 2], gradients: &[Gradient]) -> Option<RgbImage> {
    let hues: [[f32; 3]; ORIENTATIONS] = std::array::from_fn(|direction| hue(direction as f32 * 20.0));
    let colour = |gradient: &Gradient| {
        let value = (f32::from(gradient.length) / BRIGHT).min(1.0).sqrt();
        hues[usize::from(gradient.direction)].map(|v| (255.0 * v * value) as u8)
    };
    let pixels = gradients.iter().flat_map(colour).collect();
    (!gradients.is_empty()).then(|| RgbImage::from_raw(width, height, pixels)).flatten()
}

/// The full colour of an angle in degrees: red at 0, green at 120, blue at 240.
fn hue(angle: f32) -> [f32; 3] {
    [0.0, 120.0, 240.0].map(|peak| {
        let distance = (angle - peak + 180.0).rem_euclid(360.0) - 180.0;
        (2.0 - distance.abs() / 60.0).clamp(0.0, 1.0)
    })
}

/// The number of prefilter trees of each window, unless there are too many windows.
fn prefilter(record: &LevelRecord, limits: &Limits) -> Option<String> {
    let [columns, rows] = record.windows;
    let trees = record.prefilter.iter().map(|&trees| trees.min(255) as u8).collect();
    let map = GrayImage::from_raw(columns as u32, rows as u32, trees);
    map.filter(|_| columns * rows <= limits.windows).as_ref().and_then(encode::png)
}

/// The nine unsigned orientations of each cell beside each other.
fn glyphs([columns, rows]: [usize; 2], features: &[Cell]) -> Option<String> {
    let (first, count) = UNSIGNED;
    let numbers = features.iter().flat_map(|cell| &cell[first..first + count]);
    let bytes = numbers.map(|&v| (f32::from(v) * (255.0 / ONE)).clamp(0.0, 255.0) as u8).collect();
    GrayImage::from_raw((columns * count) as u32, rows as u32, bytes).as_ref().and_then(encode::png)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hues_go_around_the_circle() {
        assert_eq!(hue(0.0), [1.0, 0.0, 0.0]);
        assert_eq!(hue(60.0), [1.0, 1.0, 0.0]);
        assert_eq!(hue(240.0), [0.0, 0.0, 1.0]);
        assert_eq!(hue(300.0), [1.0, 0.0, 1.0]);
    }
}
