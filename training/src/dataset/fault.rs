//! Faults of a data set, and errors that make it unusable.

use std::fmt;
use std::path::{Path, PathBuf};

use lineament::raw::annotations::imglab::ImglabError;
use lineament::raw::annotations::pts::PtsError;
use lineament::raw::decode::ReadError;
use lineament::raw::files::reason;

/// A part of a data set that cannot be used. The other parts can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// File with the fault.
    pub file: PathBuf,
    /// The fault, as a clause that follows the name of the file.
    pub what: String,
    /// Whether the part could be used, and is left out because its landmarks are
    /// [`invalid`](super::invalid).
    pub invalid_landmarks: bool,
}

impl Fault {
    /// A fault of `file`.
    pub fn new(file: &Path, what: impl fmt::Display) -> Self {
        Self { file: file.into(), what: what.to_string(), invalid_landmarks: false }
    }

    /// A face with invalid landmarks.
    pub fn invalid_landmarks(file: &Path, what: impl fmt::Display) -> Self {
        Self { invalid_landmarks: true, ..Self::new(file, what) }
    }

    /// An image that cannot be read.
    pub fn unreadable_image(file: &Path, error: &ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::new(file, format_args!("cannot be read: {}", reason(error))),
            error => Self::new(file, error),
        }
    }

    /// A `.pts` file that cannot be read.
    pub fn unreadable_points(file: &Path, error: &PtsError) -> Self {
        match error {
            PtsError::Io(error) => Self::new(file, format_args!("cannot be read: {}", reason(error))),
            error => Self::new(file, error),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.what)
    }
}

/// A data set that cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A source is not there, or cannot be read or listed.
    #[error("{}: cannot be read: {reason}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// The reason, as a clause.
        reason: String,
    },
    /// A source that is not a folder is not an imglab file.
    #[error("{}: {error}", path.display())]
    Imglab {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: ImglabError,
    },
    /// The sources have no usable face.
    #[error("{}: no usable face{}", sources(.paths), first(.faults))]
    NoUsableFace {
        /// The sources.
        paths: Vec<PathBuf>,
        /// Faults of their parts.
        faults: Vec<Fault>,
    },
    /// The folders have no usable image.
    #[error("{}: no usable image{}", sources(.paths), first(.faults))]
    NoUsableImage {
        /// The folders.
        paths: Vec<PathBuf>,
        /// Faults of their files.
        faults: Vec<Fault>,
    },
}

impl DatasetError {
    /// A source that cannot be read.
    pub fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unreadable { path: path.into(), reason: reason(error) }
    }
}

fn sources(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn first(faults: &[Fault]) -> String {
    match faults {
        [] => String::new(),
        [only] => format!(" ({only})"),
        [first, rest @ ..] => format!(" ({first}; and {} more faults)", rest.len()),
    }
}
