//! The models that the user named, or those that are compiled in.

use std::path::{Path, PathBuf};

use lineament::Pipeline;
use lineament::model::{self, Model};

use super::failure::Failure;

/// The pipeline of the named files, and of the compiled-in models where none is named.
///
/// # Errors
/// If a file is not the model that it should be.
pub fn pipeline(detector: Option<&PathBuf>, landmarks: Option<&PathBuf>) -> Result<Pipeline, Failure> {
    let mut pipeline = match (detector, landmarks) {
        (Some(_), Some(_)) => Pipeline::default(),
        _ => embedded()?,
    };
    if let Some(path) = detector {
        pipeline.detector = read(path)?;
    }
    if let Some(path) = landmarks {
        pipeline.landmarks = read(path)?;
    }
    Ok(pipeline)
}

fn read<M: Model>(path: &Path) -> Result<M, Failure> {
    Ok(model::from_bytes(&bytes(path)?).map_err(|error| Failure::file(path, error))?.0)
}

/// The content of a model file.
///
/// # Errors
/// If it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file(path, format_args!("it cannot be read: {error}")))
}

#[cfg(feature = "embedded-models")]
fn embedded() -> Result<Pipeline, Failure> {
    Pipeline::embedded().map_err(|error| Failure::Usage(format!("the models in the program are damaged: {error}")))
}

#[cfg(not(feature = "embedded-models"))]
fn embedded() -> Result<Pipeline, Failure> {
    Err(Failure::Usage("this program was built without models: name them with --detector and --landmarks".into()))
}

/// Names and bytes of the model files in the program.
///
/// # Errors
/// If there are none.
pub fn embedded_files() -> Result<Vec<(&'static str, &'static [u8])>, Failure> {
    Err(Failure::Usage("this program was built without models: name a model file".into()))
}
