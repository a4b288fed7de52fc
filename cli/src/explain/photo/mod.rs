//! The page of an image: the result of each step of the pipeline.
//!
//! The pipeline runs once, with the observers of [`record`](super::record); everything on the page comes from them and
//! from the results.

mod fit;
mod levels;
mod subject;
mod watch;
mod window;

use image::RgbImage;
use lineament::geometry::Rect;
use lineament::raw::{Detection, LEVELS_PER_OCTAVE, candidate_threshold, detect_options, run};
use lineament::{Image, Options, PipelineError};
use rayon::prelude::*;
use serde::Serialize;

use self::subject::Subject;
use self::watch::{Placed, Watch};
use super::cascade::Model;
use super::encode;
use super::models::Models;
use super::page::{self, Kind};
use super::record::{Classified, Search};

/// Maximum number of pixels of the image in the page.
const PIXELS: usize = 2_100_000;
/// Maximum number of faces and rejected detections that can be followed through the pipeline.
const SUBJECTS: usize = 12;
/// Maximum number of windows that are drawn before merging.
const BEFORE: usize = 2000;

/// A box: left, top, width and height.
#[derive(Clone, Copy, Debug, Serialize)]
struct Square([f32; 4]);

impl From<Rect> for Square {
    fn from(bounds: Rect) -> Self {
        Self([bounds.x, bounds.y, bounds.width, bounds.height])
    }
}

/// Words of the template.
#[derive(Debug, Serialize)]
struct Words<'a> {
    name: &'a str,
    width: u32,
    height: u32,
    faces: usize,
    candidates: usize,
    followed: usize,
    levels_per_octave: u32,
}

#[derive(Debug, Serialize)]
struct Page {
    width: u32,
    height: u32,
    image: Option<String>,
    threshold: f32,
    /// The lowest score of detections that get landmarks: lower than the threshold if the confidence can still raise it.
    kept_from: f32,
    detector: Detector,
    levels: Vec<levels::Level>,
    score_range: [f32; 2],
    counts: Counts,
    before: Vec<Before>,
    after: Vec<After>,
    subjects: Vec<Subject>,
    cascade: Model,
}

#[derive(Debug, Serialize)]
struct Detector {
    cell: u8,
    cells: u8,
    face: f32,
    prefilter: usize,
    trees: usize,
    components: Vec<String>,
}

/// Number of windows after each stage.
#[derive(Debug, Serialize)]
struct Counts {
    windows: usize,
    prefilter: usize,
    filters: usize,
    boosted_trees: usize,
    merged: usize,
    kept: usize,
    faces: usize,
}

/// A window that all stages accepted.
#[derive(Debug, Serialize)]
struct Before {
    bounds: Square,
    score: f32,
    component: usize,
    level: usize,
}

/// The result of merging windows.
#[derive(Debug, Serialize)]
struct After {
    bounds: Square,
    score: f32,
    face: bool,
}

impl After {
    fn new(placed: &Placed, face: bool) -> Self {
        Self { bounds: placed.face.bounds.into(), score: placed.face.score, face }
    }
}

/// Writes the page of an image.
///
/// # Errors
/// If the pipeline cannot process the image; the error is a clause.
pub fn page(models: &Models, name: &str, image: &Image, options: &Options) -> Result<String, String> {
    let failed = |error: PipelineError| error.to_string();
    let watch = Watch::new(models);
    let faces = run(models.pipeline, image, None, options, &watch).map_err(failed)?;
    let (search, mut placed) = watch.into_parts();
    let levels = &search.levels;
    // Faces first, best first; then the others in the detector's order.
    placed.sort_by_key(|one| faces.iter().position(|face| *face == one.face).unwrap_or(usize::MAX));
    let candidates = placed.len();
    let after = placed.iter().enumerate().map(|(place, one)| After::new(one, place < faces.len())).collect();
    let followed = placed.len().min(SUBJECTS);
    placed.truncate(SUBJECTS);
    let subjects = subject::all(placed, faces.len(), &search, models);
    let (width, height) = (image.width(), image.height());
    let drawing = levels::Drawing {
        limits: levels::Limits::of(levels),
        range: levels::score_range(levels),
        prefilter: models.detector.prefilter.trees.len(),
    };
    let levels_per_octave = LEVELS_PER_OCTAVE;
    let words = Words { name, width, height, faces: faces.len(), candidates, followed, levels_per_octave };
    let data = Page {
        width,
        height,
        image: encode::jpeg(RgbImage::from(image).into(), PIXELS),
        threshold: detect_options(models.pipeline, options).map_err(failed)?.threshold,
        kept_from: candidate_threshold(models.pipeline, options).map_err(failed)?,
        detector: Detector {
            cell: models.detector.window.cell,
            cells: models.detector.window.cells,
            face: models.detector.window.face,
            prefilter: models.detector.prefilter.trees.len(),
            trees: models.detector.boosted_trees.trees.len(),
            components: models.detector.components.iter().map(|component| component.name.clone()).collect(),
        },
        counts: Counts::new(&search, candidates, faces.len()),
        before: before(&search),
        after,
        subjects,
        cascade: Model::new(models.landmarks),
        // Encoding the images takes most of the time.
        levels: levels.par_iter().map(|level| levels::Level::new(level, &drawing)).collect(),
        score_range: drawing.range,
    };
    Ok(page::render(Kind::Photo, words, &data))
}

impl Counts {
    fn new(Search { levels, classified, merged }: &Search, kept: usize, faces: usize) -> Self {
        Self {
            windows: levels.iter().map(|level| level.windows[0] * level.windows[1]).sum(),
            prefilter: levels.iter().flat_map(|level| &level.prefilter).filter(|&&trees| trees == 0).count(),
            filters: classified.len(),
            boosted_trees: classified.iter().filter(|window| window.accepted.is_some()).count(),
            merged: merged.len(),
            kept,
            faces,
        }
    }
}

/// The windows that all stages accepted, best first.
fn before(search: &Search) -> Vec<Before> {
    let before = |window: &Classified| {
        let Detection { bounds, score, component, .. } = window.accepted?;
        Some(Before { bounds: bounds.into(), score, component, level: window.level })
    };
    let mut windows: Vec<Before> = search.classified.iter().filter_map(before).collect();
    windows.sort_by(|a, b| b.score.total_cmp(&a.score));
    windows.truncate(BEFORE);
    windows
}
