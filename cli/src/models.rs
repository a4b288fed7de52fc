//! The models that the user named, or those that are compiled in.

use std::path::{Path, PathBuf};

use lineament::Pipeline;
use lineament::detector::{Detector, DetectorModel};
use lineament::files::{MOST_BYTES, read_at_most};
use lineament::landmarks::LandmarkModel;
use lineament::model::{ModelError, ModelKind, Provenance};

use super::failure::{Failure, unread};

/// The pipeline of the named files, and of the compiled-in models where none is named. Where boxes are given, it needs no
/// detector: then the one in the program is not decoded, which would take longer than a face.
///
/// # Errors
/// If a file is not the model that it should be.
pub fn pipeline(detector: Option<&PathBuf>, landmarks: Option<&PathBuf>, boxes: bool) -> Result<Pipeline, Failure> {
    Ok(Pipeline {
        detector: match detector {
            None if boxes => Detector::default().into(),
            path => read(path, ModelKind::Detector, DetectorModel::from_bytes)?,
        },
        landmarks: read(landmarks, ModelKind::Landmarks, LandmarkModel::from_bytes)?,
    })
}

/// Takes a model out of the bytes of its file.
type Decode<M> = fn(&[u8]) -> Result<(M, Provenance), ModelError>;

/// The model in the file, or the one in the program where no file is named.
fn read<M>(path: Option<&PathBuf>, kind: ModelKind, decode: Decode<M>) -> Result<M, Failure> {
    match path {
        Some(path) => Ok(decode(&bytes(path)?).map_err(|error| Failure::file(path, error))?.0),
        None => embedded(kind, decode),
    }
}

/// The content of a model file.
///
/// # Errors
/// If it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    read_at_most(path, MOST_BYTES).map_err(|error| Failure::file(path, unread(&error)))
}

/// The model of this kind in the program.
fn embedded<M>(kind: ModelKind, decode: Decode<M>) -> Result<M, Failure> {
    let file = embedded_files().iter().find(|(other, _)| *other == kind).map(|(_, bytes)| *bytes);
    let missing = || format!("this program was built without models: name one with --{}", kind.name());
    let file = file.ok_or_else(|| Failure::Usage(missing()))?;
    Ok(decode(file).map_err(|error| Failure::Usage(format!("a model in the program is damaged: {error}")))?.0)
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
