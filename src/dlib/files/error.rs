//! What can be wrong with a file of dlib's.

use crate::invalid::InvalidModel;

/// Why a file of dlib's cannot be read or written.
#[derive(Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DlibError {
    /// Neither of the two kinds of models.
    #[error("neither a shape predictor nor an FHOG object detector of dlib's")]
    Unknown,
    /// The file ends before the model does.
    #[error("the file is truncated")]
    Truncated,
    /// Bytes that are no integer where one must stand.
    #[error("byte {at} does not begin {what}")]
    Malformed {
        /// Where in the file, from 0.
        at: usize,
        /// The expected content.
        what: &'static str,
    },
    /// A number that is infinite, or no number.
    #[error("the number at byte {at} is not finite")]
    NotFinite {
        /// Where in the file, from 0.
        at: usize,
    },
    /// More elements than the rest of the file can hold.
    #[error(
        "byte {at} announces {count} {what}, more than the rest of the file can hold: the file is truncated or damaged"
    )]
    TooMany {
        /// Where in the file, from 0.
        at: usize,
        /// The number in the file.
        count: u64,
        /// Of what.
        what: &'static str,
    },
    /// A file that dlib may read, and this program does not.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// Parts that do not fit together.
    #[error("the model is not valid: {0}")]
    Invalid(InvalidModel),
    /// Bytes after the model's end.
    #[error("{0} bytes are left over after the model")]
    LeftOver(usize),
    /// A model that dlib does not know.
    #[error("dlib's format cannot represent {0}")]
    NoPlace(String),
}

impl From<InvalidModel> for DlibError {
    fn from(error: InvalidModel) -> Self {
        Self::Invalid(error)
    }
}
