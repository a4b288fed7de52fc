//! Finds the faces of image files.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lineament::geometry::Rect;
use lineament::raw::annotations::boxes::{Boxes, Row};
use lineament::raw::decode::{self, ReadOptions};
use lineament::raw::{Detection, Observer, run};
use lineament::{Image, Options, Pipeline};

use crate::error::unread_image;
use crate::inputs::Input;
use crate::result::{Found, Timing};

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
    pub boxes: Option<Boxes>,
}

impl Finder {
    /// Finds the faces of an image and returns both; the error is a clause that follows the file's name.
    pub fn find(&self, input: &Input) -> Result<(Image<'static>, Found), String> {
        if let Some(fault) = &input.fault {
            return Err(fault.clone());
        }
        let start = Instant::now();
        let Opened { image, animated, warning } = open(&input.path, &self.read)?;
        // Converting to grey counts as decoding: every later step shares the result.
        let _ = self.pipeline.landmarks().parts().grey(&image);
        let decode = milliseconds(start);
        let boxes = self.boxes.as_ref().map(|boxes| checked(boxes.of(&input.path), &image)).transpose()?;
        let (start, detector_time) = (Instant::now(), DetectorTime::default());
        let faces = run(&self.pipeline, &image, boxes.as_deref(), &self.options, &detector_time);
        let (all, detect) = (milliseconds(start), 1e3 * detector_time.lock().1.as_secs_f64());
        let found = Found {
            width: image.width(),
            height: image.height(),
            faces: faces.map_err(|error| error.to_string())?,
            given: boxes.is_some(),
            animated,
            warning,
            timing: Timing { decode, detect, landmarks: all - detect },
        };
        Ok((image, found))
    }
}

/// An image file that was read.
#[derive(Debug)]
pub struct Opened {
    /// The image.
    pub image: Image<'static>,
    /// Whether the file contains more frames than this one, the first.
    pub animated: bool,
    /// What the user should know about how the file was read: a clause.
    pub warning: Option<String>,
}

/// Reads an image file; the error is a clause that follows the file's name.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Opened, String> {
    let bytes = decode::read_bytes(path, options).map_err(|error| unread_image(&error))?;
    let animated = decode::is_animated(&bytes);
    let (image, notes) = decode::decode_with_notes(&bytes, options).map_err(|error| unread_image(&error))?;
    // The conversion to 8 bits may need memory of its own.
    drop(bytes);
    let warning = notes.iter().map(ToString::to_string).reduce(|all, note| format!("{all}; {note}"));
    Ok(Opened { image: image.into(), animated, warning })
}

/// The boxes of an image, all of which must overlap it.
fn checked(rows: &[Row], image: &Image) -> Result<Vec<Rect>, String> {
    rows.iter().try_for_each(|row| row.check(image.width(), image.height())).map_err(|error| error.to_string())?;
    Ok(rows.iter().map(|row| row.bounds).collect())
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
