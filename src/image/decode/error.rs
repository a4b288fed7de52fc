//! Why an image cannot be read.

use crate::files::reason_unread;

/// Why an image cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The name belongs to a folder or a device.
    #[error("not a regular file")]
    NotAFile,
    /// The file has no content.
    #[error("the file is empty")]
    Empty,
    /// The file ends before the image does.
    #[error("the image is truncated")]
    Truncated,
    /// The content is no image, or of a format that nobody here knows.
    #[error("not an image, or an image of an unknown format")]
    NotAnImage,
    /// An image format, or a variant of one, that is not supported.
    #[error("{0} is not supported; convert the image to PNG or to an ordinary JPEG")]
    Unsupported(String),
    /// More pixels than the limit.
    #[error("the image has {width}×{height} pixels, more than the limit of {} megapixels", *limit as f64 / 1e6)]
    TooLarge {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// The limit in pixels.
        limit: u64,
    },
    /// Decoding would take more memory than an image within the pixel limit needs.
    #[error("the image needs more memory than its limit allows")]
    TooMuchMemory,
    /// Decoding needs more memory than there is.
    #[error("the image needs about {} MB of memory, more than is available", needed.div_ceil(1 << 20))]
    NoMemory {
        /// Bytes that it needs.
        needed: u64,
    },
    /// No row or no column.
    #[error("the image has no pixels ({width}×{height})")]
    ZeroSize {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The content breaks the rules of its format.
    #[error("the image is damaged: {0}")]
    Damaged(String),
    /// The file cannot be read.
    #[error("{}", reason_unread(.0))]
    Io(std::io::Error),
}

/// Checks that so many bytes can be had, without using them.
///
/// # Errors
/// If they cannot.
pub fn check_available(bytes: u64) -> Result<(), ReadError> {
    let length = usize::try_from(bytes).unwrap_or(usize::MAX);
    let refused = |_| ReadError::NoMemory { needed: bytes };
    Vec::<u8>::new().try_reserve_exact(length).map_err(refused)
}
