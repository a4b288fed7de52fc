//! One window for the page: its pixels and features, and its scores.

use lineament::raw::Detector;
use lineament::raw::hog::FEATURES;
use serde::Serialize;

use super::Square;
use crate::explain::charts::{self, Labels};
use crate::explain::record::{Classified, LevelRecord};

/// A window.
#[derive(Debug, Serialize)]
pub struct Window {
    level: usize,
    /// Column and row of its top-left cell.
    cell: [usize; 2],
    /// The box of a face in its middle, before box regression.
    bounds: Square,
    component: usize,
    linear: f32,
    /// Trees that scored it, and the sum of their leaves.
    trees: usize,
    sum: Option<f32>,
    score: Option<f32>,
    /// The sum after each tree, and its limits.
    chart: String,
    pixels: Option<Pixels>,
}

/// The content of a window, row by row.
#[derive(Debug, Serialize)]
struct Pixels {
    /// Pixels along a side.
    side: usize,
    grey: Vec<u8>,
    /// Gradient lengths in hundredths.
    lengths: Vec<u16>,
    directions: Vec<u8>,
    /// For each cell its 18 votes, in tenths.
    votes: Vec<Vec<u32>>,
    /// For each cell its 31 features.
    features: Vec<Vec<i16>>,
}

impl Window {
    /// Converts a window that reached the boosted trees.
    pub fn new(classified: &Classified, levels: &[LevelRecord], detector: &Detector) -> Self {
        Self {
            level: classified.level,
            cell: classified.cell,
            bounds: classified.bounds.into(),
            component: classified.component,
            linear: classified.linear,
            trees: classified.sums.len(),
            sum: classified.sums.last().copied(),
            score: classified.accepted.map(|accepted| accepted.score),
            chart: chart(&classified.sums, &detector.boosted_trees.limits),
            pixels: Pixels::new(&levels[classified.level], classified.cell, &detector.window),
        }
    }
}

fn chart(sums: &[f32], limits: &[f32]) -> String {
    let numbered = |values: &[f32]| values.iter().enumerate().map(|(i, &v)| (i as i32 + 1, v)).collect();
    let series = [("this window", numbered(sums)), ("rejected below", numbered(limits))];
    charts::lines(Labels { x: "tree", y: "sum of the leaves" }, &series)
}

impl Pixels {
    /// None if the level was too large to keep its gradients.
    fn new(record: &LevelRecord, [column, row]: [usize; 2], window: &lineament::raw::Window) -> Option<Self> {
        if record.gradients.is_empty() {
            return None;
        }
        let (cell, cells) = (usize::from(window.cell), usize::from(window.cells));
        let (side, width) = (cell * cells, record.level.image.width() as usize);
        let places = || {
            let start = row * cell * width + column * cell;
            (0..side).flat_map(move |y| (0..side).map(move |x| start + y * width + x))
        };
        let inside = || (row..row + cells).flat_map(|y| (column..column + cells).map(move |x| y * record.cells[0] + x));
        Some(Self {
            side,
            grey: places().map(|i| record.level.image.as_raw()[i]).collect(),
            lengths: places().map(|i| record.gradients[i].length).collect(),
            directions: places().map(|i| record.gradients[i].direction).collect(),
            votes: inside().map(|i| record.histograms[i].map(|v| (10.0 * v).round() as u32).to_vec()).collect(),
            features: inside().map(|i| record.features[i][..FEATURES].to_vec()).collect(),
        })
    }
}
