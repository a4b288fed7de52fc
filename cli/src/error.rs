//! What ends the program early, and its exit statuses.

use std::path::Path;
use std::process::ExitCode;

use lineament::files::reason_unwritten;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All went well.
    Success,
    /// Some picture failed; the others are done.
    SomeFailed,
    /// Wrong usage or an unreadable model.
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

/// One clear sentence about what ends the program before or in the middle of its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The arguments do not fit together, or a file that they name cannot be used.
    #[error("{0}")]
    Usage(String),
    /// Results cannot be written.
    #[error("{name}: the results cannot be written: {reason}")]
    Output {
        /// Where they should go.
        name: String,
        /// Why they cannot: a clause.
        reason: String,
    },
}

impl Error {
    /// A complaint about a file that the arguments name.
    pub fn file(path: &Path, clause: impl std::fmt::Display) -> Self {
        Self::Usage(format!("{}: {clause}", shown(path)))
    }

    /// A complaint about results that cannot be written.
    pub fn output(path: &Path, error: &std::io::Error) -> Self {
        Self::Output { name: shown(path), reason: reason_unwritten(path, error) }
    }

    /// The exit status that goes with it.
    pub fn status(&self) -> Status {
        match self {
            Self::Usage(_) => Status::Usage,
            Self::Output { .. } => Status::SomeFailed,
        }
    }
}

/// A file's name for people: on one line, and without what would control their terminal.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
