//! Finds the faces of image files.

use std::sync::OnceLock;
use std::time::Instant;

use lineament::annotations::boxes::{Boxes, Row};
use lineament::geometry::Rect;
use lineament::raw::decode::{self, Need, ReadError, ReadOptions};
use lineament::raw::{Detection, Observer};
use lineament::{Image, Options, Pipeline};

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
    pub boxes: Option<Boxes>,
    /// The memory of all images that are in work.
    pub budget: Budget,
    /// How much of it an image needs.
    pub estimate: Estimate,
}

impl Finder {
    /// Finds the faces of an image; the error is a clause that follows the file's name.
    pub fn find(&self, input: &Input) -> Result<Seen<'_>, String> {
        if let Some(fault) = &input.fault {
            return Err(fault.clone());
        }
        let mut permit = self.budget.begin(GUESS.saturating_mul(input.length()));
        let (start, mut waited) = (Instant::now(), 0.0);
        let Opened { image, animated, warning } = open(input, &self.read, |need| {
            let (start, needed) = (Instant::now(), self.estimate.of(need));
            permit.settle(needed)?;
            waited = milliseconds(start);
            decode::check_available(needed)
        })?;
        // Converting to grey counts as decoding: every later step shares the result.
        let _ = self.pipeline.landmarks().grey(&image);
        let decode = milliseconds(start) - waited;
        let boxes = self.boxes.as_ref().map(|boxes| checked(boxes.of(&input.path), &image)).transpose()?;
        let (start, detected) = (Instant::now(), Detected::default());
        let faces = self.pipeline.run(&image, boxes.as_deref(), &self.options, &detected);
        let (all, detect) = (milliseconds(start), detected.0.get().map_or(0.0, |at| (*at - start).as_secs_f64() * 1e3));
        let found = Found {
            width: image.width(),
            height: image.height(),
            faces: faces.map_err(|error| error.to_string())?,
            given: boxes.is_some(),
            animated,
            warning,
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
    /// The image.
    pub image: Image<'static>,
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
    let (image, notes) = decode::decode_admitted(&bytes, options, admit).map_err(|error| unread_image(&error))?;
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

/// The time at which the detector finished.
#[derive(Debug, Default)]
struct Detected(OnceLock<Instant>);

impl Observer for Detected {
    type Detector = ();
    type Cascade = ();

    fn detect(&self) -> &() {
        &()
    }

    fn detected(&self, _: &[Detection]) {
        let _ = self.0.set(Instant::now());
    }

    fn fit(&self, _: &Rect) {}
}
