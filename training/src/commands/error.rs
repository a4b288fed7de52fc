//! Errors that end a command.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use lineament::raw::files::{reason, reason_unwritten};
use lineament_train::checkpoint::CheckpointError;
use lineament_train::dataset::DatasetError;
use lineament_train::report::ReportError;

/// An error that ends a command: one sentence for stderr.
#[derive(Debug)]
pub enum CommandError {
    /// Wrong usage, or input that cannot be used. Exit status 2.
    Usage(String),
    /// An output that cannot be written. Exit status 1.
    Output(String),
}

impl CommandError {
    /// Wrong usage, or no usable data.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self::Usage(sentence.into())
    }

    /// An input file that cannot be used; `what` is a clause that follows its name.
    pub fn input(file: &Path, what: impl fmt::Display) -> Self {
        Self::Usage(format!("{}: {what}", file.display()))
    }

    /// An input file that cannot be read.
    pub fn unread(file: &Path, error: &std::io::Error) -> Self {
        Self::input(file, format!("cannot be read: {}", reason(error)))
    }

    /// An output file that cannot be made; `what` is a clause that follows its name.
    pub fn output(file: &Path, what: impl fmt::Display) -> Self {
        Self::Output(format!("{}: {what}", file.display()))
    }

    /// An output file that cannot be written.
    pub fn unwritten(file: &Path, error: &std::io::Error) -> Self {
        Self::output(file, format!("cannot be written: {}", reason_unwritten(file, error)))
    }

    /// The exit status.
    pub fn status(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Output(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(sentence) | Self::Output(sentence)) = self;
        f.write_str(sentence)
    }
}

impl From<DatasetError> for CommandError {
    fn from(error: DatasetError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<ReportError> for CommandError {
    fn from(error: ReportError) -> Self {
        Self::Output(error.to_string())
    }
}

impl From<CheckpointError> for CommandError {
    fn from(error: CheckpointError) -> Self {
        match error {
            CheckpointError::OtherRun { .. } => Self::Usage(error.to_string()),
            CheckpointError::Folder { .. } | CheckpointError::Step { .. } => Self::Output(error.to_string()),
        }
    }
}
