//! `lineament explain`: a page that shows how an image goes through the pipeline, or what the models have learnt.

use std::path::{Path, PathBuf};

use clap::Args;
use lineament::raw::decode::ReadOptions;
use lineament::raw::files::write_atomically;
use lineament::{Options, Pipeline};

use crate::error::{Error, Status, shown};
use crate::explain::{Models, model, photo};
use crate::finder::{self, Opened};
use crate::inputs::Input;
use crate::models;
use crate::numbers::{face_side, finite};
use crate::outputs::check_apart;
use crate::result::FIRST_FRAME;

/// Show each step of the pipeline on an image, or what the models have learnt, as one self-contained HTML page
#[derive(Clone, Debug, Args)]
pub struct Explain {
    /// Image to follow through the pipeline
    #[arg(value_name = "IMAGE", required_unless_present = "model", conflicts_with = "model")]
    image: Option<PathBuf>,

    /// Show the models instead: filters, feature points, mean shape and shape components
    #[arg(long)]
    model: bool,

    /// Page to write
    #[arg(long, short, value_name = "FILE.html")]
    output: PathBuf,

    /// Detector model to use instead of the built-in one
    #[arg(long, value_name = "FILE")]
    detector: Option<PathBuf>,

    /// Landmark model to use instead of the built-in one
    #[arg(long, value_name = "FILE")]
    landmarks: Option<PathBuf>,

    /// Lowest score to report [default: -0.5]
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true, value_parser = finite, conflicts_with = "model")]
    threshold: Option<f32>,

    /// Side of the smallest face to search for, in pixels [default: 80]
    #[arg(long, value_name = "PX", value_parser = face_side, conflicts_with = "model")]
    min_face: Option<f32>,

    /// Skip the last refinement of the landmarks, and the confidence
    #[arg(long, conflicts_with = "model")]
    fast: bool,
}

impl Explain {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        check_apart(&self.output, [&self.image, &self.detector, &self.landmarks].into_iter().flatten())?;
        let pipeline = models::pipeline(self.detector.as_deref(), self.landmarks.as_deref(), true)?;
        let models = Models::of(&pipeline).ok_or_else(|| self.unexplained(&pipeline))?;
        let page = match &self.image {
            None => model::page(&models),
            Some(image) => match self.page_of(&models, image) {
                Ok(page) => page,
                Err(clause) => {
                    eprintln!("lineament: {}: {clause}", shown(image));
                    return Ok(Status::SomeFailed);
                }
            },
        };
        write_atomically(&self.output, page.as_bytes()).map_err(|error| Error::output(&self.output, &error))?;
        Ok(Status::Success)
    }

    /// The error about the first model that the pages cannot show.
    fn unexplained(&self, pipeline: &Pipeline) -> Error {
        let detector = self
            .detector
            .as_ref()
            .filter(|_| !pipeline.detector().is_some_and(|detector| detector.parts().is_calibrated()));
        let model = detector.or(self.landmarks.as_ref()).map_or(Path::new("the model"), PathBuf::as_path);
        Error::file(model, "models from dlib cannot be explained")
    }

    /// The page of an image; the error is a clause that follows the file's name.
    fn page_of(&self, models: &Models, path: &Path) -> Result<String, String> {
        let mut options = Options::default().fast(self.fast);
        (options.threshold, options.min_face) = (self.threshold, self.min_face);
        let Opened { image, animated, warning, .. } =
            finder::open(&Input::file(path.to_owned()), &ReadOptions::default(), |_| Ok(()))?;
        for note in animated.then(|| FIRST_FRAME.to_owned()).into_iter().chain(warning) {
            eprintln!("lineament: {}: {note}", shown(path));
        }
        photo::page(models, &name(path), &image, &options)
    }
}

/// A file's name without its folders.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
