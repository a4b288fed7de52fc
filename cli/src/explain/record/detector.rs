//! What a detector did with a picture.

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
    /// Length in hundredths of what [`HogObserver::gradients`] tells.
    pub length: u16,
    /// Direction from 0 to 17.
    pub direction: u8,
}

/// A level of the pyramid, and what was made of it. A list is empty where the level was too large to keep it.
#[derive(Debug)]
pub struct LevelRecord {
    /// The picture at this size.
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
    /// For each window after how many trees the sieve gave it up; 0 where it did not.
    pub sieved: Vec<u16>,
    /// For each component and window how many rows of cells its filter added up; 0 for none, or for all of them without giving up.
    pub rows: Vec<Vec<u8>>,
    /// For each component the windows that its filter did not give up (column, row), and their scores.
    pub scores: Vec<Vec<([usize; 2], f32)>>,
}

/// A window that came to the forest.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The level's number.
    pub level: usize,
    /// Column and row of its top-left cell.
    pub cell: [usize; 2],
    /// The box of a face in its middle, in the picture's pixels.
    pub bounds: Rect,
    /// The component whose filter gave the highest score.
    pub component: usize,
    /// That score.
    pub linear: f32,
    /// The sum of the trees' leaves after each tree, until it was given up.
    pub sums: Vec<f32>,
    /// The detection that it would be alone, if it was not given up.
    pub left: Option<Detection>,
}

/// Windows on one place.
#[derive(Clone, Copy, Debug)]
pub struct United {
    /// The best of them.
    pub best: Detection,
    /// How many they are.
    pub windows: usize,
    /// What they are together.
    pub detection: Detection,
}

/// What a detector did with a picture.
#[derive(Debug)]
pub struct Search {
    /// From large to small.
    pub levels: Vec<LevelRecord>,
    /// The windows that came to the forest, in the order of levels, rows and columns.
    pub judged: Vec<Judged>,
    /// What was made of those that it left, the best window first.
    pub united: Vec<United>,
}

/// Keeps what a detector does.
#[derive(Debug)]
pub struct DetectorRecord {
    window: Window,
    components: usize,
    levels: Mutex<Vec<LevelRecord>>,
    judged: Mutex<Vec<Judged>>,
    united: Mutex<Vec<United>>,
}

impl DetectorRecord {
    /// A record of a detector with this window and as many components.
    pub fn new(window: Window, components: usize) -> Self {
        Self { window, components, levels: Mutex::default(), judged: Mutex::default(), united: Mutex::default() }
    }

    /// What was seen.
    pub fn into_search(self) -> Search {
        let mut levels = self.levels.into_inner().unwrap_or_else(PoisonError::into_inner);
        // Strips are done in any order.
        for scores in levels.iter_mut().flat_map(|level| &mut level.scores) {
            scores.sort_by_key(|&([column, row], _)| (row, column));
        }
        let mut judged = self.judged.into_inner().unwrap_or_else(PoisonError::into_inner);
        judged.sort_by_key(|window| (window.level, window.cell[1], window.cell[0]));
        let united = self.united.into_inner().unwrap_or_else(PoisonError::into_inner);
        Search { levels, judged, united }
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
            sieved: vec![0; windows[0] * windows[1]],
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
            sieved: Vec::new(),
            given_up: Vec::new(),
            scores: Vec::new(),
            sums: Vec::new(),
            judged: Vec::new(),
        }
    }

    fn finish(&self, strip: Strip) {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        strip.write(&mut levels[strip.number]);
        self.judged.lock().unwrap_or_else(PoisonError::into_inner).extend(strip.judged);
    }

    fn merged(&self, windows: &[Detection], &detection: &Detection) {
        if let Some(&best) = windows.first() {
            let united = United { best, windows: windows.len(), detection };
            self.united.lock().unwrap_or_else(PoisonError::into_inner).push(united);
        }
    }
}

/// Keeps what a detector does with a strip of a level.
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
    /// Window, and trees of the sieve.
    sieved: Vec<([usize; 2], u16)>,
    /// Window, component, and rows of cells.
    given_up: Vec<([usize; 2], usize, u8)>,
    /// Window, component, and score.
    scores: Vec<([usize; 2], usize, f32)>,
    /// Of the window in question.
    sums: Vec<f32>,
    judged: Vec<Judged>,
}

impl Strip {
    /// Copies what was seen to its place in the level. Strips overlap; where they do, they saw the same.
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
        for &([column, row], trees) in &self.sieved {
            level.sieved[row * level.windows[0] + column] = trees;
        }
        for &([column, row], component, rows) in &self.given_up {
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
            // Lengths are not negative: half a hundredth more, cut off, is the nearest one.
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
        self.sieved.push(([column, self.first_row + row], trees.try_into().unwrap_or(u16::MAX)));
    }

    fn filter_rejected(&mut self, [column, row]: [usize; 2], component: usize, rows: usize) {
        self.given_up.push(([column, self.first_row + row], component, rows as u8));
    }

    fn filter_scored(&mut self, [column, row]: [usize; 2], component: usize, score: f32) {
        self.scores.push(([column, self.first_row + row], component, score));
    }

    fn tree(&mut self, sum: f32) {
        self.sums.push(sum);
    }

    fn classified(&mut self, candidate: &Candidate, left: Option<&Detection>) {
        let &Candidate { cell, bounds, component, linear, .. } = candidate;
        let (level, sums) = (self.number, std::mem::take(&mut self.sums));
        self.judged.push(Judged { level, cell, bounds, component, linear, sums, left: left.copied() });
    }
}
