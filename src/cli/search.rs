//! Which pictures to search, with which models, and how: what `detect` and `align` have in common.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use lineament::boxes::{Boxes, BoxesError, Row};
use lineament::detector::{DetectOptions, SMALLEST_FACE};
use lineament::image::{self, DynamicImage, GrayImage, Orientation, ReadError, ReadOptions};
use lineament::landmarks::FitOptions;
use lineament::{Face, Pipeline};
use rayon::prelude::*;

use super::failure::{Failure, unread};
use super::inputs::{Input, Inputs};
use super::models;
use super::record::{Found, Timing};

/// Arguments about pictures, models and the search.
#[derive(Clone, Debug, Args)]
pub struct Search {
    /// Pictures, folders of pictures (with the folders in them), and `-` for a list of names on standard input.
    #[arg(value_name = "FILE or DIR", required_unless_present = "boxes")]
    inputs: Vec<PathBuf>,

    /// The names on standard input end with a zero byte each, as `find -print0` writes them.
    #[arg(long, short = '0')]
    null: bool,

    /// Skip the detector, fit landmarks in these boxes (columns image, x, y, width, height). Without FILE or DIR, the
    /// pictures that the file names.
    #[arg(long, value_name = "FILE.csv")]
    boxes: Option<PathBuf>,

    /// Another detector than the one in the program.
    #[arg(long, value_name = "FILE")]
    detector: Option<PathBuf>,

    /// Another landmark model than the one in the program.
    #[arg(long, value_name = "FILE")]
    pub landmarks: Option<PathBuf>,

    /// The score from which a face is reported; `lineament info` says what scores mean.
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true, value_parser = finite)]
    threshold: Option<f32>,

    /// The side of the smallest face to look for, in pixels, from 16.
    #[arg(long, value_name = "PX", value_parser = face_side)]
    min_face: Option<f32>,

    /// The most faces to report per picture, best first.
    #[arg(long, value_name = "N")]
    max_faces: Option<NonZeroUsize>,

    /// Leave out the refinement of the landmark model: faster, less exact, and without a confidence
    #[arg(long, conflicts_with = "min_confidence")]
    fast: bool,

    /// Leave out faces whose landmarks are less likely right than this, from 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = share)]
    min_confidence: f32,

    /// How many threads work; all cores by default.
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// The largest picture that is opened, in million pixels.
    #[arg(long, value_name = "MP", default_value_t = 200.0, value_parser = positive)]
    max_megapixels: f64,

    /// Which pixels coordinates refer to, where the camera noted that the picture must be turned (EXIF).
    #[arg(long, value_enum, default_value_t)]
    orientation: OrientationChoice,
}

/// What to do with EXIF orientations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum OrientationChoice {
    /// Stored with `--boxes`, since the boxes of data sets refer to stored pixels; else upright.
    #[default]
    Auto,
    /// The picture as viewers show it.
    Upright,
    /// The pixels as the file stores them.
    Stored,
}

pub(super) fn finite(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v: &f32| v.is_finite()).ok_or_else(|| "a number is needed".into())
}

fn share(text: &str) -> Result<f32, String> {
    let share = finite(text).ok().filter(|v| (0.0..=1.0).contains(v));
    share.ok_or_else(|| "a number from 0 to 1 is needed".into())
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|v: &f64| v.is_finite() && *v > 0.0).ok_or_else(|| "a number above 0 is needed".into())
}

pub(super) fn face_side(text: &str) -> Result<f32, String> {
    let side = finite(text).ok().filter(|v| *v >= SMALLEST_FACE);
    side.ok_or_else(|| format!("a number of pixels from {SMALLEST_FACE} on is needed"))
}

impl Search {
    /// Reads the models and the boxes.
    ///
    /// # Errors
    /// If one of those files cannot be used.
    pub fn finder(&mut self) -> Result<Finder, Failure> {
        let read = |path: &PathBuf| {
            Boxes::read(path).map_err(|error| match error {
                BoxesError::Io(error) => Failure::file(path, unread(&error)),
                error => Failure::file(path, error),
            })
        };
        let boxes = self.boxes.as_ref().map(read).transpose()?;
        if let (true, Some(boxes)) = (self.inputs.is_empty(), &boxes) {
            self.inputs.clone_from(&boxes.images);
        }
        let pipeline = models::pipeline(self.detector.as_ref(), self.landmarks.as_ref(), boxes.is_some())?;
        let usual = pipeline.detector.usual_options();
        let detect = DetectOptions {
            threshold: self.threshold.unwrap_or(usual.threshold),
            min_face: self.min_face.unwrap_or(usual.min_face),
            max_faces: self.max_faces.map(NonZeroUsize::get).or(usual.max_faces),
        };
        let fit = FitOptions { fast: self.fast, least_confidence: self.min_confidence };
        Ok(Finder { pipeline, read: self.read_options(), detect, fit, boxes })
    }

    fn read_options(&self) -> ReadOptions {
        let stored = match self.orientation {
            OrientationChoice::Auto => self.boxes.is_some(),
            OrientationChoice::Upright => false,
            OrientationChoice::Stored => true,
        };
        let orientation = if stored { Orientation::Ignore } else { Orientation::Apply };
        ReadOptions { max_pixels: (self.max_megapixels * 1e6) as u64, orientation, ..ReadOptions::default() }
    }

    /// The files and folders, as the user gave them.
    pub fn arguments(&self) -> &[PathBuf] {
        &self.inputs
    }

    /// The pictures that the arguments stand for.
    pub fn inputs(&self) -> Inputs {
        Inputs::new(&self.inputs, if self.null { 0 } else { b'\n' })
    }

    /// How many threads may work.
    pub fn threads(&self) -> NonZeroUsize {
        self.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }
}

/// Finds the faces of pictures in files.
#[derive(Debug)]
pub struct Finder {
    /// The models.
    pub pipeline: Pipeline,
    read: ReadOptions,
    detect: DetectOptions,
    fit: FitOptions,
    boxes: Option<Boxes>,
}

impl Finder {
    /// The faces of a picture, and the picture; the error is one clause that follows the file's name.
    pub fn find(&self, input: &Input) -> Result<(DynamicImage, Found), String> {
        if let Some(fault) = &input.fault {
            return Err(fault.clone());
        }
        let mut timing = Timing::default();
        let read = || {
            let bytes = image::read_bytes(&input.path, &self.read)?;
            Ok((image::decode(&bytes, &self.read)?, image::is_animated(&bytes)))
        };
        let (picture, animated) = timed(&mut timing.decode, read).map_err(|error| match error {
            ReadError::Io(error) => unread(&error),
            error => error.to_string(),
        })?;
        let grey = timed(&mut timing.decode, || self.pipeline.landmarks.to_grey(&picture));
        let (width, height) = grey.dimensions();
        let mut faces = self.faces(&input.path, &picture, &grey, &mut timing)?;
        faces.retain(|face| {
            face.confidence.as_ref().is_none_or(|confidence| confidence.face >= self.fit.least_confidence)
        });
        if !faces.iter().all(Face::is_finite) {
            return Err("the models give numbers that are not finite".into());
        }
        Ok((picture, Found { width, height, faces, given: self.boxes.is_some(), animated, timing }))
    }

    fn faces(
        &self,
        path: &Path,
        picture: &DynamicImage,
        image: &GrayImage,
        timing: &mut Timing,
    ) -> Result<Vec<Face>, String> {
        let Some(boxes) = &self.boxes else {
            let search = || self.pipeline.candidates_in(picture, image, &self.detect, &self.fit);
            let found = timed(&mut timing.detect, search);
            let place = |detection| self.pipeline.place(image, detection, &self.detect, &self.fit);
            let placed = timed(&mut timing.landmarks, || found.par_iter().map(place).collect());
            return Ok(self.pipeline.judge(placed, &self.detect));
        };
        let rows = boxes.of(path);
        rows.iter().try_for_each(|row| row.check(image.width(), image.height()))?;
        let place = |row: &Row| Face::new(row.bounds, 0.0, self.pipeline.landmarks.fit(image, &row.bounds, &self.fit));
        Ok(timed(&mut timing.landmarks, || rows.iter().map(place).collect()))
    }
}

/// Runs a step and adds the milliseconds that it took.
fn timed<T>(ms: &mut f64, step: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = step();
    *ms += 1e3 * start.elapsed().as_secs_f64();
    result
}
