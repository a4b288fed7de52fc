//! All decisions about a run, made from the arguments before the first image is opened.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use lineament::Options;
use lineament::annotations::Pixels;
use lineament::raw::decode::ReadOptions;

use crate::args::{OrientationChoice, SearchArgs};
use crate::boxes::BoxFile;
use crate::error::{Error, shown};
use crate::finder::Finder;
use crate::inputs::Inputs;
use crate::models;

/// The plan of a run, which does not change any more.
#[derive(Debug)]
pub struct Plan {
    /// The files and folders to search, as the user or the box file named them.
    pub inputs: Vec<PathBuf>,
    /// Separator of the names on stdin.
    pub separator: u8,
    /// Number of threads.
    pub threads: NonZeroUsize,
    /// Finds the faces.
    pub finder: Arc<Finder>,
}

impl Plan {
    /// Reads the models and the boxes that the arguments name.
    ///
    /// # Errors
    /// If one of these files cannot be used, or the arguments do not fit together.
    pub fn new(arguments: SearchArgs) -> Result<Self, Error> {
        let SearchArgs { inputs, boxes, detector, landmarks, .. } = &arguments;
        let boxes = boxes.as_deref().map(BoxFile::read).transpose()?;
        let inputs = match &boxes {
            Some(boxes) if inputs.is_empty() => boxes.images(),
            _ => inputs.clone(),
        };
        let pipeline = models::pipeline(detector.as_deref(), landmarks.as_deref(), boxes.is_none())?;
        let options = options(&arguments);
        if arguments.min_confidence > 0.0 && !pipeline.landmarks().has_confidence() {
            let model = landmarks.as_deref().map_or("the built-in landmark model".into(), shown);
            return Err(Error::Usage(format!("{model}: --min-confidence needs a landmark model that estimates one")));
        }
        let boxes = boxes.map(|boxes| boxes.with_pipeline(models::confident(&pipeline)));
        let available = || std::thread::available_parallelism().ok();
        Ok(Self {
            inputs,
            separator: if arguments.null { 0 } else { b'\n' },
            threads: arguments.threads.or_else(available).unwrap_or(NonZeroUsize::MIN),
            finder: Arc::new(Finder {
                pipeline,
                read: read_options(&arguments),
                options,
                boxes,
                pixels: pixels(&arguments),
            }),
        })
    }

    /// The images to process.
    pub fn inputs(&self) -> Inputs {
        Inputs::new(&self.inputs, self.separator)
    }
}

fn options(arguments: &SearchArgs) -> Options {
    let mut options = Options::default().fast(arguments.fast);
    options.threshold = arguments.threshold;
    options.min_face = arguments.min_face;
    options.max_faces = arguments.max_faces.map(NonZeroUsize::get);
    options.min_confidence = Some(arguments.min_confidence).filter(|least| *least > 0.0);
    options
}

fn read_options(arguments: &SearchArgs) -> ReadOptions {
    ReadOptions { max_pixels: (arguments.max_megapixels * 1e6) as u64, ..ReadOptions::default() }
}

fn pixels(arguments: &SearchArgs) -> Option<Pixels> {
    match arguments.orientation {
        OrientationChoice::Auto => None,
        OrientationChoice::Upright => Some(Pixels::Upright),
        OrientationChoice::Stored => Some(Pixels::Stored),
    }
}
