//! Finds the faces of image files.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

use lineament::annotations::Pixels;
use lineament::geometry::Rect;
use lineament::raw::decode::{self, Decoded, ReadOptions};
use lineament::raw::orientation::Turn;
use lineament::raw::{Detection, Observer};
use lineament::{Image, Options, Pipeline};

use crate::boxes::{BoxFile, ImageBoxes};
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
    pub boxes: Option<BoxFile>,
    /// The pixels that coordinates refer to, if the user says it.
    pub pixels: Option<Pixels>,
}

impl Finder {
    /// Finds the faces of an image and returns both; the error is a clause that follows the file's name.
    pub fn find(&self, input: &Input) -> Result<(Image<'static>, Found), String> {
        if let Some(fault) = &input.fault {
            return Err(fault.clone());
        }
        let given = self.boxes.as_ref().map(|file| (file, file.rows(&input.path)));
        let start = Instant::now();
        let Opened { image, turn, animated, warning } = open(&input.path, &self.read)?;
        // Converting to grey counts as decoding: every later step shares the result.
        let _ = self.pipeline.landmarks().grey(&image);
        let decode = milliseconds(start);
        let given = given.map(|(file, rows)| file.boxes(rows, &image, &turn, self.pixels));
        let ImageBoxes { boxes, remarks, left_out } = given.unwrap_or_default();
        let (start, detected) = (Instant::now(), Detected::default());
        let faces = self.pipeline.run(&image, boxes.as_deref(), &self.options, &detected);
        let (all, detect) = (milliseconds(start), detected.0.get().map_or(0.0, |at| (*at - start).as_secs_f64() * 1e3));
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
        Ok((image, found))
    }
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

/// Reads an image file; the error is a clause that follows the file's name.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Opened, String> {
    let bytes = decode::read_bytes(path, options).map_err(|error| unread_image(&error))?;
    let animated = decode::is_animated(&bytes);
    let Decoded { image, turn, notes } =
        decode::decode_with_notes(&bytes, options).map_err(|error| unread_image(&error))?;
    // The conversion to 8 bits may need memory of its own.
    drop(bytes);
    let warning = notes.iter().map(ToString::to_string).reduce(|all, note| format!("{all}; {note}"));
    Ok(Opened { image: image.into(), turn, animated, warning })
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
