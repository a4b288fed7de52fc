//! One window for the page: what the detector saw in it, and how it was judged.

use lineament::raw::Detector;
use lineament::raw::hog::FEATURES;
use serde::Serialize;

use super::Square;
use crate::explain::charts::{self, Labels};
use crate::explain::record::{Judged, LevelRecord};

/// A window.
#[derive(Debug, Serialize)]
pub struct Window {
    level: usize,
    /// Column and row of its top-left cell.
    cell: [usize; 2],
    /// The box of a face in its middle, before the regression moved it.
    bounds: Square,
    component: usize,
    linear: f32,
    /// Trees that it went through, and the sum of their leaves.
    trees: usize,
    sum: Option<f32>,
    score: Option<f32>,
    /// The sum after each tree, beside what it must reach.
    chart: String,
    pixels: Option<Pixels>,
}

/// What is in a window, row by row.
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
    /// A window that the forest judged.
    pub fn new(judged: &Judged, levels: &[LevelRecord], detector: &Detector) -> Self {
        Self {
            level: judged.level,
            cell: judged.cell,
            bounds: judged.bounds.into(),
            component: judged.component,
            linear: judged.linear,
            trees: judged.sums.len(),
            sum: judged.sums.last().copied(),
            score: judged.left.map(|left| left.score),
            chart: chart(&judged.sums, &detector.boosted_trees.limits),
            pixels: Pixels::new(&levels[judged.level], judged.cell, &detector.window),
        }
    }
}

fn chart(sums: &[f32], limits: &[f32]) -> String {
    let numbered = |values: &[f32]| values.iter().enumerate().map(|(i, &v)| ((i + 1) as f32, v)).collect();
    let series = [("this window", numbered(sums)), ("given up below", numbered(limits))];
    charts::lines(Labels { x: "tree", y: "sum of the leaves" }, &series)
}

impl Pixels {
    /// None where the level was too large to keep its gradients.
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
