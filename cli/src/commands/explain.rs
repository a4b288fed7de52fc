//! `lineament explain`: a page that shows how a photograph goes through the pipeline, or what the models have learnt.

use std::path::{Path, PathBuf};

use clap::Args;
use lineament::decode::{ReadOptions, decode, is_animated, read_bytes};
use lineament::files::write_atomically;
use lineament::{DetectorModel, Image, Options, Pipeline};

use crate::args::{face_side, finite};
use crate::error::{Error, Status, shown};
use crate::explain::{Models, model, photo};
use crate::result::FIRST_PICTURE;
use crate::{models, outputs};

/// Show the working, as one HTML page without any other file: of the pipeline on a photograph, or of the models.
#[derive(Clone, Debug, Args)]
pub struct Explain {
    /// The photograph to follow through the pipeline.
    #[arg(value_name = "PHOTO", required_unless_present = "model", conflicts_with = "model")]
    photo: Option<PathBuf>,

    /// Show what is in the models instead: filters, feature points, mean shape and its components.
    #[arg(long)]
    model: bool,

    /// The page to write.
    #[arg(long, short, value_name = "FILE.html")]
    output: PathBuf,

    /// Another detector than the one in the program.
    #[arg(long, value_name = "FILE")]
    detector: Option<PathBuf>,

    /// Another landmark model than the one in the program.
    #[arg(long, value_name = "FILE")]
    landmarks: Option<PathBuf>,

    /// The score from which a face is reported [default: -0.5]
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = finite, conflicts_with = "model")]
    threshold: Option<f32>,

    /// The side of the smallest face that is looked for, in pixels [default: 80]
    #[arg(long, value_name = "PX", value_parser = face_side, conflicts_with = "model")]
    min_face: Option<f32>,

    /// Leave out the refinement of the landmark model, and the confidence.
    #[arg(long, conflicts_with = "model")]
    fast: bool,
}

impl Explain {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        for input in [&self.photo, &self.detector, &self.landmarks].into_iter().flatten() {
            if outputs::same_file(&self.output, input) {
                return Err(Error::file(&self.output, format!("it would overwrite {}", shown(input))));
            }
        }
        let pipeline = models::pipeline(self.detector.as_deref(), self.landmarks.as_deref(), true)?;
        let models = Models::of(&pipeline).ok_or_else(|| self.unexplained(&pipeline))?;
        let page = match &self.photo {
            None => model::page(&models).map_err(|error| Error::file(&self.output, error))?,
            Some(photo) => match self.photo_page(&models, photo) {
                Ok(page) => page,
                Err(clause) => {
                    eprintln!("lineament: {}: {clause}", shown(photo));
                    return Ok(Status::SomeFailed);
                }
            },
        };
        write_atomically(&self.output, page.as_bytes()).map_err(|error| Error::output(&self.output, &error))?;
        Ok(Status::Success)
    }

    /// The complaint about the first model that is not of the kind that the pages show.
    fn unexplained(&self, pipeline: &Pipeline) -> Error {
        let detector =
            self.detector.as_ref().filter(|_| !pipeline.detector().is_some_and(DetectorModel::is_calibrated));
        let model = detector.or(self.landmarks.as_ref()).map_or(Path::new("the model"), PathBuf::as_path);
        Error::file(model, "models of dlib's kind cannot be explained")
    }

    /// The page of a photograph; the error is one clause that follows the file's name.
    fn photo_page(&self, models: &Models, photo: &Path) -> Result<String, String> {
        let mut options = Options::default().fast(self.fast);
        (options.threshold, options.min_face) = (self.threshold, self.min_face);
        let bytes = read_bytes(photo, &ReadOptions::default()).map_err(|error| error.to_string())?;
        let image = Image::from(decode(&bytes, &ReadOptions::default()).map_err(|error| error.to_string())?);
        if is_animated(&bytes) {
            eprintln!("lineament: {}: {FIRST_PICTURE}", shown(photo));
        }
        photo::page(models, &name(photo), &image, &options)
    }
}

/// A file's name without its folders.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
