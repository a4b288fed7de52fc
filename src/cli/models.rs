//! The models that the user named, or those that are compiled in.

use std::path::{Path, PathBuf};

use lineament::Pipeline;
use lineament::detector::Detector;
use lineament::model::{self, Model, ModelKind};

use super::failure::{Failure, reason};

/// The pipeline of the named files, and of the compiled-in models where none is named. Where boxes are given, it needs no
/// detector: then the one in the program is not decoded, which would take longer than a face.
///
/// # Errors
/// If a file is not the model that it should be.
pub fn pipeline(detector: Option<&PathBuf>, landmarks: Option<&PathBuf>, boxes: bool) -> Result<Pipeline, Failure> {
    Ok(Pipeline {
        detector: match detector {
            Some(path) => read(path)?,
            None if boxes => Detector::default(),
            None => embedded("--detector")?,
        },
        landmarks: landmarks.map_or_else(|| embedded("--landmarks"), |path| read(path))?,
    })
}

fn read<M: Model>(path: &Path) -> Result<M, Failure> {
    Ok(model::from_bytes(&bytes(path)?).map_err(|error| Failure::file(path, error))?.0)
}

/// The content of a model file.
///
/// # Errors
/// If it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file(path, format_args!("it cannot be read: {}", reason(&error))))
}

/// The model of this kind in the program; `option` names another one.
fn embedded<M: Model>(option: &str) -> Result<M, Failure> {
    let file = embedded_files().iter().find(|(kind, _)| *kind == M::KIND).map(|(_, bytes)| *bytes);
    let file =
        file.ok_or_else(|| Failure::Usage(format!("this program was built without models: name one with {option}")))?;
    let model = model::from_bytes(file);
    Ok(model.map_err(|error| Failure::Usage(format!("a model in the program is damaged: {error}")))?.0)
}

/// Kinds and bytes of the model files in the program.
#[cfg(feature = "embedded-models")]
pub fn embedded_files() -> &'static [(ModelKind, &'static [u8])] {
    &[(ModelKind::Detector, Detector::EMBEDDED), (ModelKind::Landmarks, lineament::landmarks::Cascade::EMBEDDED)]
}

/// Kinds and bytes of the model files in the program.
#[cfg(not(feature = "embedded-models"))]
pub fn embedded_files() -> &'static [(ModelKind, &'static [u8])] {
    &[]
}
