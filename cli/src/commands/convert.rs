//! `lineament convert`: dlib's models in and out.

use std::path::{Path, PathBuf};

use clap::Args;
use lineament::dlib::{self, DlibModel};
use lineament::files::write_atomically;
use lineament::raw::model::{self, Model, ModelKind, Provenance};

use crate::error::{Error, Status};
use crate::models;

/// Turn dlib's shape predictors and FHOG object detectors into model files, and model files into dlib's.
///
/// A converted shape predictor gives dlib's points, a converted detector dlib's boxes and scores. To dlib go models that
/// came from it, and landmark models that `lineament-train` fitted with `look = "photograph"` in the configuration;
/// dlib's format has no place for others.
#[derive(Clone, Debug, Args)]
pub struct Convert {
    /// A shape predictor or an object detector that dlib saved.
    #[arg(long, value_name = "FILE", required_unless_present = "to_dlib", conflicts_with = "to_dlib")]
    from_dlib: Option<PathBuf>,

    /// A model file, to be written as dlib's.
    #[arg(long, value_name = "FILE")]
    to_dlib: Option<PathBuf>,

    /// The file to write.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

impl Convert {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        let bytes = match (&self.from_dlib, &self.to_dlib) {
            (Some(path), _) => from_dlib(path, &models::bytes(path)?)?,
            (_, Some(path)) => to_dlib(path, &models::bytes(path)?)?,
            (None, None) => return Err(Error::Usage("convert needs --from-dlib or --to-dlib".into())),
        };
        write_atomically(&self.output, &bytes).map_err(|error| Error::output(&self.output, &error))?;
        Ok(Status::Success)
    }
}

/// The model file of a file of dlib's.
fn from_dlib(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut provenance = Provenance::default();
    provenance.push("converted from", path.file_name().unwrap_or_default().to_string_lossy());
    provenance.push("program", concat!("lineament ", env!("CARGO_PKG_VERSION")));
    let file = match dlib::from_bytes(bytes).map_err(|error| Error::file(path, error))? {
        DlibModel::Landmarks(cascade) => model::to_bytes(&cascade, &provenance),
        DlibModel::Detector(detector) => model::to_bytes(&detector, &provenance),
    };
    file.map_err(|error| Error::file(path, error))
}

/// The file of dlib's of a model file.
fn to_dlib(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let model = match ModelKind::of(bytes) {
        Some(ModelKind::DlibLandmarks) => DlibModel::Landmarks(read(path, bytes)?),
        Some(ModelKind::DlibDetector) => DlibModel::Detector(read(path, bytes)?),
        _ => return Err(Error::file(path, refusal(path, bytes)?)),
    };
    Ok(dlib::to_bytes(&model))
}

fn read<M: Model>(path: &Path, bytes: &[u8]) -> Result<M, Error> {
    Ok(model::from_bytes(bytes).map_err(|error| Error::file(path, error))?.0)
}

/// Why dlib's format has no place for a model.
fn refusal(path: &Path, bytes: &[u8]) -> Result<String, Error> {
    Ok(match model::describe(bytes).map_err(|error| Error::file(path, error))?.0.kind {
        ModelKind::Detector => "dlib's format has no place for its boosted trees and box regression".into(),
        _ => dlib::why_not(&read(path, bytes)?),
    })
}
