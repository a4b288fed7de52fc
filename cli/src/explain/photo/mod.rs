//! The page of a photograph: what each step of the pipeline made of it.
//!
//! The pipeline runs once, watched by the observers of [`record`](super::record); all that the page shows comes from
//! them and from the results.

mod fit;
mod levels;
mod subject;
mod watch;
mod window;

use image::RgbImage;
use lineament::geometry::Rect;
use lineament::raw::Detection;
use lineament::{Image, Options, PipelineError};
use rayon::prelude::*;
use serde::Serialize;

use self::subject::Subject;
use self::watch::{Placed, Watch};
use super::cascade::Model;
use super::encode;
use super::models::Models;
use super::page::{self, Kind};
use super::record::{Judged, Search};

/// The most pixels of the photograph in the page.
const PHOTOGRAPH: usize = 2_100_000;
/// The most faces, and windows that were taken for one at first, that can be followed through the pipeline.
const SUBJECTS: usize = 12;
/// The most windows that are drawn before they are united.
const BEFORE: usize = 2000;

/// A box: left, top, width and height.
#[derive(Clone, Copy, Debug, Serialize)]
struct Square([f32; 4]);

impl From<Rect> for Square {
    fn from(bounds: Rect) -> Self {
        Self([bounds.x, bounds.y, bounds.width, bounds.height])
    }
}

/// What the template says.
#[derive(Debug, Serialize)]
struct Words<'a> {
    name: &'a str,
    width: u32,
    height: u32,
    faces: usize,
    candidates: usize,
    followed: usize,
}

#[derive(Debug, Serialize)]
struct Page {
    width: u32,
    height: u32,
    picture: Option<String>,
    threshold: f32,
    /// The score from which detections are shown to the landmarks: lower where the confidence can still lift them.
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
    sieve: usize,
    trees: usize,
    components: Vec<String>,
}

/// How many windows came how far.
#[derive(Debug, Serialize)]
struct Counts {
    windows: usize,
    sieve: usize,
    filters: usize,
    forest: usize,
    united: usize,
    kept: usize,
    faces: usize,
}

/// A window that all judges left.
#[derive(Debug, Serialize)]
struct Before {
    bounds: Square,
    score: f32,
    component: usize,
    level: usize,
}

/// What windows on one place are together.
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

/// The page of a photograph.
///
/// # Errors
/// If the page cannot be put together; the error is one clause.
pub fn page(models: &Models, name: &str, image: &Image, options: &Options) -> Result<String, String> {
    let failed = |error: PipelineError| error.to_string();
    let watch = Watch::new(models);
    let faces = models.pipeline.run(image, None, options, &watch).map_err(failed)?;
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
        sieve: models.detector.prefilter.trees.len(),
    };
    let words = Words { name, width, height, faces: faces.len(), candidates, followed };
    let data = Page {
        width,
        height,
        picture: encode::jpeg(RgbImage::from(image).into(), PHOTOGRAPH),
        threshold: models.pipeline.detect_options(options).map_err(failed)?.threshold,
        kept_from: models.pipeline.candidate_threshold(options).map_err(failed)?,
        detector: Detector {
            cell: models.detector.window.cell,
            cells: models.detector.window.cells,
            face: models.detector.window.face,
            sieve: models.detector.prefilter.trees.len(),
            trees: models.detector.boosted_trees.trees.len(),
            components: models.detector.components.iter().map(|component| component.name.clone()).collect(),
        },
        counts: Counts::new(&search, candidates, faces.len()),
        before: before(&search),
        after,
        subjects,
        cascade: Model::new(models.landmarks),
        // Encoding the pictures is most of the work.
        levels: levels.par_iter().map(|level| levels::Level::new(level, &drawing)).collect(),
        score_range: drawing.range,
    };
    page::render(Kind::Photo, words, &data)
}

impl Counts {
    fn new(Search { levels, judged, united }: &Search, kept: usize, faces: usize) -> Self {
        Self {
            windows: levels.iter().map(|level| level.windows[0] * level.windows[1]).sum(),
            sieve: levels.iter().flat_map(|level| &level.sieved).filter(|&&trees| trees == 0).count(),
            filters: judged.len(),
            forest: judged.iter().filter(|window| window.left.is_some()).count(),
            united: united.len(),
            kept,
            faces,
        }
    }
}

/// The windows that all judges left, best first.
fn before(search: &Search) -> Vec<Before> {
    let window = |judged: &Judged| {
        let Detection { bounds, score, component, .. } = judged.left?;
        Some(Before { bounds: bounds.into(), score, component, level: judged.level })
    };
    let mut windows: Vec<Before> = search.judged.iter().filter_map(window).collect();
    windows.sort_by(|a, b| b.score.total_cmp(&a.score));
    windows.truncate(BEFORE);
    windows
}
