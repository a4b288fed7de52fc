//! A record of the detector's work on an image.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use lineament::geometry::Rect;
use lineament::raw::hog::{Cell, FeatureMap, Histogram, ORIENTATIONS, STRIDE};
use lineament::raw::pyramid::Level;
use lineament::raw::{Candidate, Detection, Window};
use lineament::raw::{DetectorObserver, HogObserver, StripObserver};

/// Levels of more pixels keep their score maps alone: their gradients would take too much memory.
const LARGEST: usize = 4_000_000;

/// A pixel's gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gradient {
    /// Length in hundredths of a grey level per pixel, see [`HogObserver::gradients`].
    pub length: u16,
    /// Direction from 0 to 17.
    pub direction: u8,
}

/// A level of the pyramid and its intermediate results. A list is empty if the level was too large to keep it.
#[derive(Debug)]
pub struct LevelRecord {
    /// The image at this size.
    pub level: Level,
    /// Columns and rows of cells.
    pub cells: [usize; 2],
    /// Columns and rows of windows.
    pub windows: [usize; 2],
    /// The gradient of each pixel.
    pub gradients: Vec<Gradient>,
    /// The votes of each cell.
    pub histograms: Vec<Histogram>,
    /// The features of each cell.
    pub features: Vec<Cell>,
    /// For each window, the number of trees after which the prefilter rejected it; 0 if it did not.
    pub prefilter: Vec<u16>,
    /// For each component and window, the rows of cells after which its filter rejected the window; 0 if it did not.
    pub rows: Vec<Vec<u8>>,
    /// For each component, the windows that its filter accepted (column, row), and their scores.
    pub scores: Vec<Vec<([usize; 2], f32)>>,
}

/// A window that reached the boosted trees.
#[derive(Clone, Debug)]
pub struct Classified {
    /// The level's number.
    pub level: usize,
    /// Column and row of its top-left cell.
    pub cell: [usize; 2],
    /// The box of a face in its middle, in pixels of the image.
    pub bounds: Rect,
    /// The component whose filter gave the highest score.
    pub component: usize,
    /// Score of that filter.
    pub linear: f32,
    /// The sum of the trees' leaves after each tree, until the window was rejected.
    pub sums: Vec<f32>,
    /// The detection that the window alone would be, if it was accepted.
    pub accepted: Option<Detection>,
}

/// Windows that were merged.
#[derive(Clone, Copy, Debug)]
pub struct Merged {
    /// The best of them.
    pub best: Detection,
    /// Their number.
    pub windows: usize,
    /// The result.
    pub detection: Detection,
}

/// The detector's work on an image.
#[derive(Debug)]
pub struct Search {
    /// From large to small.
    pub levels: Vec<LevelRecord>,
    /// The windows that reached the boosted trees, in the order of levels, rows and columns.
    pub classified: Vec<Classified>,
    /// Groups of accepted windows that overlap, the group of the best window first.
    pub merged: Vec<Merged>,
}

/// Records the work of a detector.
#[derive(Debug)]
pub struct DetectorRecord {
    window: Window,
    components: usize,
    levels: Mutex<Vec<LevelRecord>>,
    classified: Mutex<Vec<Classified>>,
    merged: Mutex<Vec<Merged>>,
}

impl DetectorRecord {
    /// A record for a detector with this window and number of components.
    pub fn new(window: Window, components: usize) -> Self {
        Self { window, components, levels: Mutex::default(), classified: Mutex::default(), merged: Mutex::default() }
    }

    /// Everything that was recorded.
    pub fn into_search(self) -> Search {
        let mut levels = self.levels.into_inner().unwrap_or_else(PoisonError::into_inner);
        // Strips finish in any order.
        for scores in levels.iter_mut().flat_map(|level| &mut level.scores) {
            scores.sort_by_key(|&([column, row], _)| (row, column));
        }
        let mut classified = self.classified.into_inner().unwrap_or_else(PoisonError::into_inner);
        classified.sort_by_key(|window| (window.level, window.cell[1], window.cell[0]));
        let merged = self.merged.into_inner().unwrap_or_else(PoisonError::into_inner);
        Search { levels, classified, merged }
    }
}

impl DetectorObserver for DetectorRecord {
    type Strip = Strip;

    fn level(&self, _number: usize, level: &Level) {
        let (width, height) = (level.image.width() as usize, level.image.height() as usize);
        let cells = [width, height].map(|side| side / usize::from(self.window.cell));
        let windows = cells.map(|cells| (cells + 1).saturating_sub(self.window.cells.into()));
        let pixels = width * height;
        let (pixels, cells_kept) = if pixels > LARGEST { (0, 0) } else { (pixels, cells[0] * cells[1]) };
        let record = LevelRecord {
            level: level.clone(),
            cells,
            windows,
            gradients: vec![Gradient::default(); pixels],
            histograms: vec![[0.0; ORIENTATIONS]; cells_kept],
            features: vec![[0; STRIDE]; cells_kept],
            prefilter: vec![0; windows[0] * windows[1]],
            rows: vec![vec![0; windows[0] * windows[1]]; self.components],
            scores: vec![Vec::new(); self.components],
        };
        self.levels.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }

    fn strip(&self, number: usize, first_row: usize) -> Strip {
        let levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        Strip {
            number,
            first_row,
            detailed: !levels[number].gradients.is_empty(),
            gradients: Vec::new(),
            histograms: Vec::new(),
            features: Vec::new(),
            prefilter_rejected: Vec::new(),
            filter_rejected: Vec::new(),
            scores: Vec::new(),
            sums: Vec::new(),
            classified: Vec::new(),
        }
    }

    fn finish(&self, strip: Strip) {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        strip.write(&mut levels[strip.number]);
        self.classified.lock().unwrap_or_else(PoisonError::into_inner).extend(strip.classified);
    }

    fn merged(&self, windows: &[Detection], &detection: &Detection) {
        if let Some(&best) = windows.first() {
            let merged = Merged { best, windows: windows.len(), detection };
            self.merged.lock().unwrap_or_else(PoisonError::into_inner).push(merged);
        }
    }
}

/// Records the work of a detector on a strip of a level.
#[derive(Debug)]
pub struct Strip {
    number: usize,
    first_row: usize,
    /// Whether gradients, votes and features are kept.
    detailed: bool,
    /// Rows of pixels, each with its number.
    gradients: Vec<(usize, Vec<Gradient>)>,
    /// Runs of cells, each with its first row.
    histograms: Vec<(usize, Vec<Histogram>)>,
    features: Vec<Cell>,
    /// Window, and trees of the prefilter.
    prefilter_rejected: Vec<([usize; 2], u16)>,
    /// Window, component, and rows of cells.
    filter_rejected: Vec<([usize; 2], usize, u8)>,
    /// Window, component, and score.
    scores: Vec<([usize; 2], usize, f32)>,
    /// Sums of the current window.
    sums: Vec<f32>,
    classified: Vec<Classified>,
}

impl Strip {
    /// Copies the record to its place in the level. Strips overlap; where they do, their records are equal.
    fn write(&self, level: &mut LevelRecord) {
        let width = level.level.image.width() as usize;
        for (row, gradients) in &self.gradients {
            level.gradients[row * width..][..width].copy_from_slice(gradients);
        }
        for (row, histograms) in &self.histograms {
            level.histograms[row * level.cells[0]..][..histograms.len()].copy_from_slice(histograms);
        }
        if self.detailed {
            level.features[self.first_row * level.cells[0]..][..self.features.len()].copy_from_slice(&self.features);
        }
        for &([column, row], trees) in &self.prefilter_rejected {
            level.prefilter[row * level.windows[0] + column] = trees;
        }
        for &([column, row], component, rows) in &self.filter_rejected {
            level.rows[component][row * level.windows[0] + column] = rows;
        }
        for &(window, component, score) in &self.scores {
            level.scores[component].push((window, score));
        }
    }
}

impl HogObserver for Strip {
    fn gradients(&mut self, row: usize, lengths: &[f32], directions: &[u8]) {
        if self.detailed {
            // Lengths are not negative, so adding half a hundredth before truncation rounds them.
            let gradient =
                |(&length, &direction): (&f32, &u8)| Gradient { length: (100.0 * length + 0.5) as u16, direction };
            self.gradients.push((row, lengths.iter().zip(directions).map(gradient).collect()));
        }
    }

    fn histograms(&mut self, rows: Range<usize>, histograms: &[Histogram]) {
        if self.detailed {
            self.histograms.push((rows.start, histograms.to_vec()));
        }
    }
}

impl StripObserver for Strip {
    fn features(&mut self, map: &FeatureMap) {
        if self.detailed {
            let row = |row: usize| map.span(0, row, map.columns()).as_chunks().0;
            self.features = (0..map.rows()).flat_map(row).copied().collect();
        }
    }

    fn prefilter_rejected(&mut self, [column, row]: [usize; 2], trees: usize) {
        self.prefilter_rejected.push(([column, self.first_row + row], trees.try_into().unwrap_or(u16::MAX)));
    }

    fn filter_rejected(&mut self, [column, row]: [usize; 2], component: usize, rows: usize) {
        self.filter_rejected.push(([column, self.first_row + row], component, rows as u8));
    }

    fn filter_scored(&mut self, [column, row]: [usize; 2], component: usize, score: f32) {
        self.scores.push(([column, self.first_row + row], component, score));
    }

    fn tree(&mut self, sum: f32) {
        self.sums.push(sum);
    }

    fn classified(&mut self, candidate: &Candidate, accepted: Option<&Detection>) {
        let &Candidate { cell, bounds, component, linear, .. } = candidate;
        let (level, sums) = (self.number, std::mem::take(&mut self.sums));
        let accepted = accepted.copied();
        self.classified.push(Classified { level, cell, bounds, component, linear, sums, accepted });
    }
}
