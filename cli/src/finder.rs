//! From an image file to its faces.

use std::sync::OnceLock;
use std::time::Instant;

use lineament::annotations::boxes::{Boxes, Row};
use lineament::decode::{self, ReadError, ReadOptions};
use lineament::files::reason_unread;
use lineament::geometry::Rect;
use lineament::raw::{Detection, Observer};
use lineament::{Image, Options, Pipeline};

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
    /// The boxes that the user gave.
    pub boxes: Option<Boxes>,
}

impl Finder {
    /// The faces of an image, and the image; the error is one clause that follows the file's name.
    pub fn find(&self, input: &Input) -> Result<(Image<'static>, Found), String> {
        if let Some(fault) = &input.fault {
            return Err(fault.clone());
        }
        let start = Instant::now();
        let bytes = decode::read_bytes(&input.path, &self.read).map_err(clause)?;
        let animated = decode::is_animated(&bytes);
        let image = Image::from(decode::decode(&bytes, &self.read).map_err(clause)?);
        drop(bytes);
        // The grey levels belong to decoding: every later step shares them.
        let _ = self.pipeline.landmarks().grey(&image);
        let decode = milliseconds(start);
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
            timing: Timing { decode, detect, landmarks: all - detect },
        };
        Ok((image, found))
    }
}

/// The boxes of an image, all of which must lie in it.
fn checked(rows: &[Row], image: &Image) -> Result<Vec<Rect>, String> {
    rows.iter().try_for_each(|row| row.check(image.width(), image.height())).map_err(|error| error.to_string())?;
    Ok(rows.iter().map(|row| row.bounds).collect())
}

fn clause(error: ReadError) -> String {
    match error {
        ReadError::Io(error) => reason_unread(&error),
        error => error.to_string(),
    }
}

fn milliseconds(start: Instant) -> f64 {
    1e3 * start.elapsed().as_secs_f64()
}

/// When the detector was done.
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
