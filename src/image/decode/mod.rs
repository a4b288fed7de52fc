//! Reading image files: PNG, JPEG, BMP and PNM, and with the features of these names GIF, TIFF and WebP.

mod content;
mod depth;
mod error;
mod ifd;
mod jpeg;
mod need;
mod note;
mod orientation;
mod read;
mod sniff;
#[cfg(feature = "tiff")]
mod tiff;
mod webp;

use std::fmt;
use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, RgbImage};

use super::{Image, PixelFormat};

pub use error::{ReadError, check_available};
pub use need::Need;
pub use note::Note;
pub use read::{
    Damage, Decoded, ReadOptions, decode, decode_admitted, decode_turn, decode_with_notes, read, read_bytes, read_grey,
};
pub use sniff::is_animated;

/// The error for a kind of image that is not supported, with what the user can do.
fn unsupported(kind: &str) -> ReadError {
    ReadError::Unsupported(kind.to_owned())
}

impl Image<'static> {
    /// Reads an image file, turned upright as its EXIF orientation says; see [`ReadOptions`] for what else can be asked.
    ///
    /// # Errors
    /// If the file cannot be read, is no image of a known format, is damaged beyond use, or has more than 200 million
    /// pixels; the error names the file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        match read(path, &ReadOptions::default()) {
            Ok(image) => Ok(image.into()),
            Err(error) => Err(OpenError { path: path.to_owned(), error }),
        }
    }
}

/// An image file that cannot be read. Its `Debug` is its sentence, for programs that return errors from `main`.
#[derive(thiserror::Error)]
#[error("{}: {error}", path.display())]
#[non_exhaustive]
pub struct OpenError {
    /// The file.
    pub path: PathBuf,
    /// Why it cannot be read.
    pub error: ReadError,
}

impl fmt::Debug for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<DynamicImage> for Image<'static> {
    /// The image with 8 bits a channel, without its transparency.
    ///
    /// # Panics
    /// If the image has no pixel.
    fn from(image: DynamicImage) -> Self {
        if image.color().has_color() { image.into_rgb8().into() } else { image.into_luma8().into() }
    }
}

impl From<RgbImage> for Image<'static> {
    /// # Panics
    /// If the image has no pixel.
    fn from(image: RgbImage) -> Self {
        let (width, height) = image.dimensions();
        Self::new(image.into_raw(), width, height, PixelFormat::Rgb, 3 * width as usize).expect("an image with pixels")
    }
}

impl From<GrayImage> for Image<'static> {
    /// # Panics
    /// If the image has no pixel.
    fn from(image: GrayImage) -> Self {
        let (width, height) = image.dimensions();
        Self::new(image.into_raw(), width, height, PixelFormat::Grey, width as usize).expect("an image with pixels")
    }
}

impl From<&Image<'_>> for RgbImage {
    fn from(image: &Image) -> Self {
        Self::from_raw(image.width(), image.height(), image.to_rgb()).expect("three bytes a pixel")
    }
}
