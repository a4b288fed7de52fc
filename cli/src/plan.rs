//! All decisions about a run, made from the arguments before the first image is opened.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lineament::Options;
use lineament::raw::annotations::Pixels;
use lineament::raw::decode::ReadOptions;

use crate::args::{OrientationChoice, SearchArgs};
use crate::boxes::BoxFile;
use crate::error::{Error, shown};
use crate::finder::Finder;
use crate::inputs::{self, Input, Inputs, Stdin};
use crate::memory::{Budget, Estimate, address_space, available};
use crate::models;
use crate::outputs::{Kind, Outputs, Place, check_apart, same_file};

/// The plan of a run.
#[derive(Debug)]
pub struct Plan {
    /// The images and folders, as the user or the box file named them.
    arguments: Vec<PathBuf>,
    stdin: Option<Stdin>,
    /// The other files that are read: models and boxes.
    files: Vec<PathBuf>,
    /// Number of threads.
    pub threads: NonZeroUsize,
    /// Finds the faces.
    pub finder: Arc<Finder>,
}

impl Plan {
    /// Reads the models and the boxes that the arguments name, and the beginning of stdin. `draws` tells whether images will
    /// be drawn.
    ///
    /// # Errors
    /// If one of these files cannot be used, or the arguments do not fit together.
    pub fn new(arguments: SearchArgs, draws: bool) -> Result<Self, Error> {
        let SearchArgs { inputs, boxes: boxes_file, detector, landmarks, .. } = &arguments;
        let boxes = boxes_file.as_deref().map(BoxFile::read).transpose()?;
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
        let boxes = boxes.map(|boxes| boxes.with_model(models::confident(&pipeline)));
        let cores = || std::thread::available_parallelism().ok();
        let threads = arguments.threads.or_else(cores).unwrap_or(NonZeroUsize::MIN);
        let default_memory = || available(threads.get()).map_or(u64::MAX, |bytes| bytes / 5 * 4);
        let memory = arguments.memory.unwrap_or_else(default_memory);
        let budget = Budget::new(memory.min(address_space(threads.get()).unwrap_or(u64::MAX)));
        let estimate = Estimate::new(&pipeline, &options, boxes.is_none(), draws);
        let (read, pixels) = (read_options(&arguments), pixels(&arguments));
        Ok(Self {
            stdin: inputs::stdin(&inputs, if arguments.null { 0 } else { b'\n' }),
            arguments: inputs,
            files: [boxes_file, detector, landmarks].into_iter().flatten().cloned().collect(),
            threads,
            finder: Arc::new(Finder { pipeline, read, options, boxes, pixels, budget, estimate }),
        })
    }

    /// Decides where the outputs go that `output` names.
    ///
    /// # Errors
    /// If it cannot be written, or is no place for outputs of this kind.
    pub fn place(&self, output: &Path, kind: Kind) -> Result<Place, Error> {
        let place = match kind {
            Kind::Chips => Place::folder(output)?,
            _ => Place::new(output, inputs::is_one_image(&self.arguments, self.stdin.as_ref()), kind)?,
        };
        let is_searched =
            |folder: &Path| self.arguments.iter().any(|argument| argument.is_dir() && same_file(argument, folder));
        match place.as_folder().filter(|_| kind != Kind::Points) {
            Some(folder) if is_searched(folder) => {
                let clause = "the output folder is itself searched for images: name another one, also one within it";
                Err(Error::file(folder, clause))
            }
            _ => Ok(place),
        }
    }

    /// The images to process, with the names of their outputs.
    ///
    /// # Errors
    /// If the file of `results` would replace one of them.
    pub fn images(&mut self, outputs: Option<(Kind, Place)>, results: Option<&Path>) -> Result<Images, Error> {
        let place = outputs.as_ref().and_then(|(_, place)| place.as_folder());
        let inputs = Inputs::new(&self.arguments, self.stdin.take(), place);
        if let Some(results) = results {
            let alike = inputs.known().map(|input| &input.path).filter(|path| path.file_name() == results.file_name());
            check_apart(results, self.files.iter().chain(alike))?;
        }
        let outputs = outputs.map(|(kind, place)| Outputs::new(kind, place, &self.files, &inputs));
        Ok(Images { inputs, outputs })
    }
}

/// The images of a run, with the names of their outputs.
#[derive(Debug)]
pub struct Images {
    /// The images.
    pub inputs: Inputs,
    /// Names the outputs, if there are any.
    pub outputs: Option<Outputs>,
}

impl Iterator for Images {
    type Item = Input;

    fn next(&mut self) -> Option<Input> {
        let input = self.inputs.next()?;
        Some(match &mut self.outputs {
            Some(outputs) => outputs.claim(input),
            None => input,
        })
    }
}

fn options(arguments: &SearchArgs) -> Options {
    let mut options = Options::default().fast(arguments.fast).turned(arguments.turned);
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
