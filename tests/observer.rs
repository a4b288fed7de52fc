//! Observers see every step, and change nothing.

use std::path::Path;
use std::sync::Mutex;

use lineament::geometry::{Point, Rect};
use lineament::raw::Cascade;
use lineament::raw::crop::Crop;
use lineament::raw::decode::{ReadOptions, read_grey};
use lineament::raw::hog::ORIENTATIONS;
use lineament::raw::model;
use lineament::raw::pyramid::Level;
use lineament::raw::tree_stage::{POINTS, leaf_of};
use lineament::raw::{Candidate, DetectOptions, Detection, Detector, nms};
use lineament::raw::{CascadeObserver, DetectorObserver, HogObserver, StripObserver};
use lineament::raw::{Fit, FitOptions, GreyImage, Stage};
use lineament::{Shape, Similarity};

fn detector() -> Detector {
    model::from_bytes(lineament_models::DETECTOR).unwrap().0
}

fn cascade() -> Cascade {
    model::from_bytes(lineament_models::LANDMARKS).unwrap().0
}

fn astronaut() -> GreyImage<'static> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/astronaut.png");
    read_grey(&path, &ReadOptions::default()).unwrap()
}

/// What became of a window and a component: level, column, row, component.
type Place = (usize, usize, usize, usize);

struct Windows {
    detector: Detector,
    /// Columns and rows of windows of each level.
    levels: Mutex<Vec<[usize; 2]>>,
    /// Rows of pixels of each level.
    heights: Mutex<Vec<usize>>,
    strips: Mutex<Vec<Strip>>,
    /// Windows on one place, and what they are together.
    united: Mutex<Vec<(Vec<Detection>, Detection)>>,
}

#[derive(Default)]
struct Strip {
    /// Rows of cells in a window.
    cells: usize,
    level: usize,
    first_row: usize,
    sieved: Vec<(usize, usize, usize)>,
    told: Vec<Place>,
    scored: Vec<Place>,
    gradients: usize,
    trees: usize,
    judged: Vec<(Place, usize, Option<Detection>)>,
}

impl DetectorObserver for Windows {
    type Strip = Strip;

    fn level(&self, number: usize, level: &Level) {
        let mut levels = self.levels.lock().unwrap();
        assert_eq!(number, levels.len());
        let (cell, cells) = (usize::from(self.detector.window.cell), usize::from(self.detector.window.cells));
        self.heights.lock().unwrap().push(level.image.height() as usize);
        let windows = |side: u32| (side as usize / cell + 1).saturating_sub(cells);
        levels.push([level.image.width(), level.image.height()].map(windows));
    }

    fn strip(&self, level: usize, first_row: usize) -> Strip {
        Strip { cells: self.detector.window.cells.into(), level, first_row, ..Strip::default() }
    }

    fn finish(&self, strip: Strip) {
        self.strips.lock().unwrap().push(strip);
    }

    fn merged(&self, windows: &[Detection], detection: &Detection) {
        self.united.lock().unwrap().push((windows.to_vec(), *detection));
    }
}

impl HogObserver for Strip {
    fn gradients(&mut self, _: usize, lengths: &[f32], directions: &[u8]) {
        assert!(
            directions.iter().all(|&direction| usize::from(direction) < ORIENTATIONS)
                && lengths.len() == directions.len()
        );
        self.gradients += 1;
    }
}

impl StripObserver for Strip {
    fn prefilter_rejected(&mut self, [column, row]: [usize; 2], trees: usize) {
        assert!(trees > 0);
        self.sieved.push((self.level, column, self.first_row + row));
    }

    fn filter_rejected(&mut self, [column, row]: [usize; 2], component: usize, rows: usize) {
        assert!((1..=self.cells).contains(&rows));
        self.told.push((self.level, column, self.first_row + row, component));
    }

    fn filter_scored(&mut self, [column, row]: [usize; 2], component: usize, _: f32) {
        self.scored.push((self.level, column, self.first_row + row, component));
    }

    fn tree(&mut self, _: f32) {
        self.trees += 1;
    }

    fn classified(&mut self, candidate: &Candidate, left: Option<&Detection>) {
        let place = (self.level, candidate.cell[0], candidate.cell[1], candidate.component);
        self.judged.push((place, std::mem::take(&mut self.trees), left.copied()));
    }
}

#[test]
fn a_detector_tells_of_every_window_and_finds_the_same() {
    let (detector, image) = (detector(), astronaut());
    let options = DetectOptions { threshold: -0.8, ..DetectOptions::default() };
    let windows = Windows {
        detector: detector.clone(),
        levels: Mutex::default(),
        heights: Mutex::default(),
        strips: Mutex::default(),
        united: Mutex::default(),
    };
    let found = detector.detect_observed(&image, &options, &windows);
    assert_eq!(found, detector.detect(&image, &options));
    let heights = windows.heights.into_inner().unwrap();
    let (levels, strips) = (windows.levels.into_inner().unwrap(), windows.strips.into_inner().unwrap());
    let united = windows.united.into_inner().unwrap();
    let components = detector.components.len();
    let mut told: Vec<Place> =
        strips.iter().flat_map(|strip| strip.told.iter().chain(&strip.scored)).copied().collect();
    let passed = told.len();
    let sieved = strips.iter().flat_map(|strip| &strip.sieved);
    told.extend(sieved.flat_map(|&(level, column, row)| (0..components).map(move |k| (level, column, row, k))));
    assert!(passed > 0 && passed < told.len() / 2, "the prefilter rejects most windows");
    told.sort_unstable();
    let all = levels.iter().enumerate().flat_map(|(level, &[columns, rows])| {
        (0..columns).flat_map(move |c| (0..rows).flat_map(move |r| (0..components).map(move |k| (level, c, r, k))))
    });
    assert!(told.into_iter().eq(all));
    // Rows of gradients are made once, and where they are first needed: the last strip of a run may need no more.
    let rows: usize = strips.iter().map(|strip| strip.gradients).sum();
    let all: usize = heights.iter().sum();
    assert!(rows >= all - heights.len() * usize::from(detector.window.cell), "{rows} rows of gradients of {all}");
    let trees = detector.boosted_trees.trees.len();
    let mut left = Vec::new();
    for (place, walked, detection) in strips.iter().flat_map(|strip| &strip.judged) {
        assert!(strips.iter().any(|strip| strip.scored.contains(place)));
        assert!(*walked == trees || detection.is_none(), "{walked} trees");
        left.extend(detection);
    }
    assert!(left.len() > 5, "{} windows on a face", left.len());
    let (windows, detections): (Vec<_>, Vec<_>) = united.into_iter().unzip();
    nms::sort(&mut left);
    let mut together = windows.concat();
    nms::sort(&mut together);
    assert_eq!(together, left);
    assert!(windows.iter().zip(&detections).all(|(windows, detection)| windows[0].score <= detection.score));
    let mut detections = nms::suppress(detections);
    detections.retain(|detection| detection.score >= options.threshold);
    assert_eq!(detections, found);
}

/// Checks a run as it goes.
#[derive(Default)]
struct Face {
    crop: Option<Crop<'static>>,
    shape: Vec<Point>,
    stage: usize,
    grey: Vec<u8>,
    leaves: Vec<usize>,
    /// For each stage of trees its number, what it saw, and where its trees came.
    trees: Vec<(usize, Vec<u8>, Vec<usize>)>,
    moves: usize,
    result: Option<Fit>,
}

impl CascadeObserver for Face {
    fn start(&mut self, _: &Rect, crop: &Crop, shape: &Shape) {
        *self = Self { crop: Some(crop.cut()), shape: shape.points.clone(), ..Self::default() };
    }

    fn stage(&mut self, number: usize, frame: &Similarity) {
        self.stage = number;
        assert!(frame.scale() > 0.5 && frame.scale() < 2.0);
    }

    fn pixel(&mut self, point: usize, [column, row]: [usize; 2], grey: u8) {
        assert_eq!(point, self.grey.len());
        assert_eq!(self.crop.as_ref().unwrap().coarse().pixel(column as u32, row as u32), grey);
        self.grey.push(grey);
    }

    fn tree(&mut self, tree: usize, leaf: usize) {
        assert_eq!(tree, self.leaves.len());
        self.leaves.push(leaf);
    }

    fn moved(&mut self, shape: &[Point]) {
        assert_ne!(self.shape, shape);
        self.shape = shape.to_vec();
        self.moves += 1;
        if !self.leaves.is_empty() {
            self.trees.push((self.stage, std::mem::take(&mut self.grey), std::mem::take(&mut self.leaves)));
        }
    }

    fn end(&mut self, fit: &Fit) {
        let crop = self.crop.as_ref().unwrap();
        let ended: Vec<Point> = self.shape.iter().map(|&p| crop.to_image(p)).collect();
        assert_eq!(fit.shape.points, ended);
        self.result = Some(fit.clone());
    }
}

#[test]
fn a_cascade_tells_what_its_trees_saw_and_ends_at_the_same_place() {
    let (cascade, image) = (cascade(), astronaut());
    let bounds = Rect::new(178.0, 82.0, 90.0, 90.0);
    let mut face = Face::default();
    let fit = cascade.fit(&image, &bounds, &FitOptions::default(), &mut face);
    assert_eq!(fit, cascade.fit(&image, &bounds, &FitOptions::default(), &mut ()));
    assert_eq!(face.result, Some(fit));
    let steps = cascade.stages.iter().map(|stage| match stage {
        Stage::Trees(_) => 1,
        Stage::Linear(stage) => stage.steps.len(),
    });
    assert_eq!(face.moves, steps.sum());
    let stages = cascade.stages.iter().filter(|stage| matches!(stage, Stage::Trees(_))).count();
    assert_eq!(face.trees.len(), stages);
    for (stage, seen, leaves) in face.trees {
        let Stage::Trees(stage) = &cascade.stages[stage] else { panic!("no stage of trees") };
        let mut grey = [0; POINTS];
        grey[..seen.len()].copy_from_slice(&seen);
        let trees = stage.splits.chunks_exact(stage.splits_per_tree());
        let reached: Vec<usize> = trees.map(|tree| leaf_of(tree, stage.depth.into(), &grey)).collect();
        assert_eq!(reached, leaves);
    }
}
