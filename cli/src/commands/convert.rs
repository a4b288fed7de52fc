//! `lineament convert`: dlib's models in and out.

use std::path::{Path, PathBuf};

use clap::Args;
use lineament::AnyModel;
use lineament::raw::files::write_atomically;
use lineament::raw::model::Provenance;
use lineament::raw::{dlib, model};

use crate::error::{Error, Status};
use crate::models;
use crate::outputs::check_apart;

/// Convert dlib's models to model files, and back
///
/// Reads shape predictors and FHOG object detectors. A converted shape predictor gives dlib's points, a converted detector
/// dlib's boxes and scores. Only models that came from dlib can be converted to its formats, and landmark models that
/// `lineament-train` trained with `look = "photograph"`.
#[derive(Clone, Debug, Args)]
pub struct Convert {
    /// Shape predictor or object detector that dlib saved
    #[arg(long, value_name = "FILE", required_unless_present = "to_dlib", conflicts_with = "to_dlib")]
    from_dlib: Option<PathBuf>,

    /// Model file to convert to dlib's format
    #[arg(long, value_name = "FILE")]
    to_dlib: Option<PathBuf>,

    /// File to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

impl Convert {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        check_apart(&self.output, self.from_dlib.iter().chain(&self.to_dlib))?;
        let bytes = match (&self.from_dlib, &self.to_dlib) {
            (Some(path), _) => from_dlib(path, &models::bytes(path)?)?,
            (_, Some(path)) => to_dlib(path, &models::bytes(path)?)?,
            (None, None) => return Err(Error::Usage("convert needs --from-dlib or --to-dlib".into())),
        };
        write_atomically(&self.output, &bytes).map_err(|error| Error::output(&self.output, &error))?;
        Ok(Status::Success)
    }
}

/// Converts a file of dlib's to a model file.
fn from_dlib(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut provenance = Provenance::default();
    provenance.push("converted from", path.file_name().unwrap_or_default().to_string_lossy());
    provenance.push("program", concat!("lineament ", env!("CARGO_PKG_VERSION")));
    let model = dlib::from_bytes(bytes).map_err(|error| Error::file(path, error))?;
    Ok(model::encode(&model, &provenance))
}

/// Converts a model file to a file of dlib's.
fn to_dlib(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let model = AnyModel::from_bytes(bytes).map_err(|error| Error::file(path, error))?;
    dlib::to_bytes(&model).map_err(|error| Error::file(path, error))
}
