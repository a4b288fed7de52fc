//! What can be wrong with a data set.

use std::fmt;
use std::path::{Path, PathBuf};

/// A part of a data set that cannot be used; the rest can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file at fault.
    pub file: PathBuf,
    /// A clause that follows the file's name.
    pub what: String,
}

impl Fault {
    /// A fault of `file`.
    pub fn new(file: &Path, what: impl fmt::Display) -> Self {
        Self { file: file.into(), what: what.to_string() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.what)
    }
}

/// Why a data set cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A source is neither a folder nor an XML file, or cannot be read.
    #[error("{}: {what}", source_path.display())]
    Source {
        /// The folder or file that was named.
        source_path: PathBuf,
        /// A clause that follows its name.
        what: String,
    },
    /// The sources were read, and there is no face that can be used.
    #[error("{}: there is no usable face{}", sources(.paths), first(.faults))]
    NoUsableFace {
        /// The sources.
        paths: Vec<PathBuf>,
        /// What was wrong with their parts.
        faults: Vec<Fault>,
    },
    /// The folders were read, and there is no picture that can be used.
    #[error("{}: there is no usable picture{}", sources(.paths), first(.faults))]
    NoUsablePicture {
        /// The folders.
        paths: Vec<PathBuf>,
        /// What was wrong with their files.
        faults: Vec<Fault>,
    },
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
