//! Errors that end the program early, and its exit statuses.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use lineament::raw::decode::ReadError;
use lineament::raw::files::{reason, reason_unread, reason_unwritten};

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Every input was processed and every output written.
    Success,
    /// Some input failed, or some output could not be written.
    SomeFailed,
    /// Wrong usage, or an unreadable model or box file.
    Usage,
    /// The user interrupted.
    Interrupted,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Success => 0,
            Status::SomeFailed => 1,
            Status::Usage => 2,
            Status::Interrupted => 130,
        })
    }
}

/// An error that ends the program, as one sentence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The arguments do not fit together, or a file that they name cannot be used.
    #[error("{0}")]
    Usage(String),
    /// An output cannot be written.
    #[error("{0}")]
    Output(String),
    /// The reader of stdout has closed the pipe. It has seen enough, so `main` ends the program without a message.
    #[error("stdout is closed")]
    ClosedPipe,
}

impl Error {
    /// An error in a file that the arguments name; `clause` follows the file's name.
    pub fn file(path: &Path, clause: impl std::fmt::Display) -> Self {
        Self::Usage(format!("{}: {clause}", shown(path)))
    }

    /// Results cannot be written to a file.
    pub fn output(path: &Path, error: &io::Error) -> Self {
        Self::Output(format!("{}: the results cannot be written: {}", shown(path), reason_unwritten(path, error)))
    }

    /// Files cannot be created in an output folder.
    pub fn folder(path: &Path, error: &io::Error) -> Self {
        Self::Output(format!("{}: the output folder cannot be written: {}", shown(path), reason(error)))
    }

    /// Results cannot be written to stdout.
    pub fn stdout(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Output(format!("stdout: the results cannot be written: {}", reason(error))),
        }
    }

    /// Exit status of this error.
    pub fn status(&self) -> Status {
        match self {
            Self::Usage(_) => Status::Usage,
            Self::Output(_) => Status::SomeFailed,
            Self::ClosedPipe => Status::Success,
        }
    }
}

/// A file's name for people: on one line, and without control characters, which could change their terminal.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// The sentence for an image that cannot be read or decoded.
pub fn unread_image(error: &ReadError) -> String {
    match error {
        ReadError::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => {
            "the file is larger than the memory that is available".into()
        }
        ReadError::Io(error) => reason_unread(error),
        ReadError::NoMemory { .. } => format!("{error} (--memory sets the limit)"),
        error => error.to_string(),
    }
}

/// The clause for an output that cannot be written.
pub fn unwritten(path: &Path, error: impl std::fmt::Display) -> String {
    format!("the output {} cannot be written: {error}", shown(path))
}
