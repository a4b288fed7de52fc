//! Finds the faces of image files.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lineament::geometry::Rect;
use lineament::raw::annotations::Pixels;
use lineament::raw::decode::{self, Decoded, Need, ReadError, ReadOptions};
use lineament::raw::orientation::Turn;
use lineament::raw::{Detection, Observer, run};
use lineament::{Image, Options, Pipeline};

use crate::boxes::{BoxFile, ImageBoxes};
use crate::error::unread_image;
use crate::inputs::Input;
use crate::memory::{Budget, Estimate, Permit};
use crate::result::{Found, Timing};

/// Memory that an image may need, in sizes of its file: about what one without compression needs.
const GUESS: u64 = 4;

/// Finds the faces of images in files.
#[derive(Debug)]
pub struct Finder {
    /// The models.
    pub pipeline: Pipeline,
    /// How to read the files.
    pub read: ReadOptions,
    /// What to search for.
    pub options: Options,
    /// Boxes to use instead of the detector.
    pub boxes: Option<BoxFile>,
    /// The pixels that coordinates refer to, if the user says it.
    pub pixels: Option<Pixels>,
    /// The memory of all images that are in work.
    pub budget: Budget,
    /// How much of it an image needs.
    pub estimate: Estimate,
}

impl Finder {
    /// Finds the faces of an image; the error is a clause that follows the file's name.
    pub fn find(&self, input: &Input) -> Result<Seen<'_>, String> {
        let given = self.boxes.as_ref().map(|file| (file, file.rows(&input.path)));
        if let Some(fault) = &input.fault {
            return Err(fault.clone());
        }
        let mut permit = self.budget.begin(GUESS.saturating_mul(input.length()));
        let (start, mut waited) = (Instant::now(), 0.0);
        let Opened { image, turn, animated, warning } = open(input, &self.read, |need| {
            let (start, needed) = (Instant::now(), self.estimate.of(need));
            permit.settle(needed)?;
            waited = milliseconds(start);
            decode::check_available(needed)
        })?;
        // Converting to grey counts as decoding: every later step shares the result.
        let _ = self.pipeline.landmarks().parts().grey(&image);
        let decode = milliseconds(start) - waited;
        let given = given.map(|(file, rows)| file.boxes(rows, &image, &turn, self.pixels));
        let ImageBoxes { boxes, remarks, left_out } = given.unwrap_or_default();
        let (start, detector_time) = (Instant::now(), DetectorTime::default());
        let faces = run(&self.pipeline, &image, boxes.as_deref(), &self.options, &detector_time);
        let (all, detect) = (milliseconds(start), 1e3 * detector_time.lock().1.as_secs_f64());
        let found = Found {
            width: image.width(),
            height: image.height(),
            faces: faces.map_err(|error| error.to_string())?,
            given: boxes.is_some(),
            animated,
            warning: warning.into_iter().chain(remarks).reduce(|all, note| format!("{all}; {note}")),
            left_out,
            turn,
            pixels: Pixels::Upright,
            timing: Timing { decode, detect, landmarks: all - detect },
        };
        Ok(Seen { permit, image, found })
    }
}

/// An image and its faces.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The memory of the image; drop it last.
    pub permit: Permit<'a>,
    /// The image.
    pub image: Image<'static>,
    /// Its faces.
    pub found: Found,
}

/// An image file that was read.
#[derive(Debug)]
pub struct Opened {
    /// The upright image.
    pub image: Image<'static>,
    /// How its pixels relate to those in the file.
    pub turn: Turn,
    /// Whether the file contains more frames than this one, the first.
    pub animated: bool,
    /// What the user should know about how the file was read: a clause.
    pub warning: Option<String>,
}

/// Reads an image file, after `admit` has agreed to the memory that this needs; the error is a clause that follows the file's
/// name.
pub fn open(
    input: &Input,
    options: &ReadOptions,
    admit: impl FnOnce(&Need) -> Result<(), ReadError>,
) -> Result<Opened, String> {
    let bytes = input.bytes(options).map_err(|error| unread_image(&error))?;
    let animated = decode::is_animated(&bytes);
    let opened = decode::decode_admitted(&bytes, options, admit).map_err(|error| unread_image(&error))?;
    let Decoded { image, turn, notes } = opened;
    // The conversion to 8 bits may need memory of its own.
    drop(bytes);
    let warning = notes.iter().map(ToString::to_string).reduce(|all, note| format!("{all}; {note}"));
    Ok(Opened { image: image.into(), turn, animated, warning })
}

fn milliseconds(start: Instant) -> f64 {
    1e3 * start.elapsed().as_secs_f64()
}

/// Measures the time that the detector takes, over all searches of an image.
#[derive(Debug, Default)]
struct DetectorTime(Mutex<(Option<Instant>, Duration)>);

impl DetectorTime {
    fn lock(&self) -> MutexGuard<'_, (Option<Instant>, Duration)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for DetectorTime {
    type Detector = ();
    type Cascade = ();

    fn detect(&self) -> &() {
        self.lock().0 = Some(Instant::now());
        &()
    }

    fn detected(&self, _: &[Detection]) {
        let (start, sum) = &mut *self.lock();
        *sum += start.take().map_or(Duration::ZERO, |start| start.elapsed());
    }

    fn fit(&self, _: &Rect) {}
}
