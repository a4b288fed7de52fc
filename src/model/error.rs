//! What can be wrong with a model file.

use std::path::PathBuf;

use super::kind::ModelKind;
#[cfg(feature = "dlib")]
use crate::dlib::files::DlibError;
use crate::files::reason_unread;
#[cfg(feature = "write")]
use crate::files::reason_unwritten;
use crate::invalid::InvalidModel;

/// Why the bytes of a model cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file cannot be read.
    #[error("{}", reason_unread(.0))]
    Read(std::io::Error),
    /// The magic bytes are missing.
    #[error("not a lineament model file")]
    NotAModel,
    /// The file ends before the model does.
    #[error("the model file is truncated")]
    Truncated,
    /// The checksum does not fit the content.
    #[error("the model file is damaged: its checksum does not match")]
    Checksum,
    /// Written by a newer program.
    #[error("a {kind} of format version {found}, newer than what this program reads, {newest}")]
    TooNew {
        /// The version in the file.
        found: u16,
        /// The newest version that is read.
        newest: u16,
        /// The kind of model.
        kind: ModelKind,
    },
    /// Written by a program so old that its models are no longer read.
    #[error("a {kind} of format version {found}, older than what this program reads, {oldest}")]
    TooOld {
        /// The version in the file.
        found: u16,
        /// The oldest version that is read.
        oldest: u16,
        /// The kind of model.
        kind: ModelKind,
    },
    /// The header names a kind that does not exist.
    #[error("a model of the unknown kind {0}")]
    UnknownKind(u16),
    /// A model of another kind.
    #[error("a {found}, where a {wanted} was expected")]
    Kind {
        /// The kind in the file.
        found: ModelKind,
        /// The kind asked for.
        wanted: ModelKind,
    },
    /// The payload does not decode.
    #[error(
        "the content of the model file does not follow the format; another version of the program may have written it"
    )]
    Decode,
    /// Bytes after the model's end.
    #[error("{0} bytes are left over after the model")]
    LeftOver(usize),
    /// The model breaks an invariant.
    #[error("the model is not valid: {0}")]
    Invalid(InvalidModel),
    /// A file of dlib's that cannot be used.
    #[cfg(feature = "dlib")]
    #[error(transparent)]
    Dlib(DlibError),
}

impl From<InvalidModel> for ModelError {
    fn from(error: InvalidModel) -> Self {
        Self::Invalid(error)
    }
}

/// Why a model file cannot be loaded, with its path.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
#[non_exhaustive]
pub struct LoadError {
    /// The file.
    pub path: PathBuf,
    /// The fault.
    pub error: ModelError,
}

/// Why a model file cannot be written, with its path.
#[cfg(feature = "write")]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaveError {
    /// The model breaks an invariant.
    #[error("{}: the model is not valid: {error}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The fault of the model.
        error: InvalidModel,
    },
    /// The file cannot be written.
    #[error("{}: the file cannot be written: {}", path.display(), reason_unwritten(path, error))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}
