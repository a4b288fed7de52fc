//! Decoders for each format, and what is known of an image that was decoded.

pub(super) mod depth;
mod ifd;
pub(super) mod jpeg;
mod note;
pub(super) mod orientation;
pub(super) mod tiff;
pub(super) mod webp;

use super::ReadError;
pub use note::Note;

/// The error for a kind of image that is not supported, with what the user can do.
pub(super) fn unsupported(kind: &str) -> ReadError {
    ReadError::Unsupported(kind.to_owned())
}
