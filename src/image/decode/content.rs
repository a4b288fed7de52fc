//! What decodes a file.

use image::ImageDecoder;
#[cfg(feature = "tiff")]
use std::borrow::Cow;

use super::jpeg::Jpeg;
#[cfg(feature = "tiff")]
use super::tiff;

/// What decodes a file.
pub(super) enum Content<'a> {
    Jpeg(Jpeg<'a>),
    /// A TIFF of a kind that the `image` crate does not know.
    #[cfg(feature = "tiff")]
    Tiff(Cow<'a, [u8]>),
    Other(Box<dyn ImageDecoder + 'a>),
}

impl Content<'_> {
    pub(super) fn size(&self) -> (u32, u32) {
        match self {
            Self::Jpeg(jpeg) => jpeg.size(),
            #[cfg(feature = "tiff")]
            Self::Tiff(bytes) => tiff::size(bytes),
            Self::Other(decoder) => decoder.dimensions(),
        }
    }
}
