//! The memory that decoding needs, by what the header says.

use super::content::Content;
use image::{ColorType, ImageDecoder, ImageFormat};

/// What an image needs, in bytes: an estimate, rather too much than too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// At most while it is decoded, the result included.
    pub decoding: u64,
    /// The result as an [`Image`](crate::Image).
    pub decoded: u64,
}

impl Need {
    /// The need of a file of so many bytes. A `turned` image is copied.
    pub(super) fn of(content: &Content<'_>, format: ImageFormat, file: usize, turned: bool) -> Self {
        let (width, height) = content.size();
        let pixels = u64::from(width) * u64::from(height);
        // Bytes per pixel: of what is decoded, of what the decoder takes besides, and of the result.
        let [stored, besides, result] = match content {
            Content::Jpeg(jpeg) => {
                let colours = if jpeg.is_grey() { 1 } else { 3 };
                let coefficients = if jpeg.keeps_coefficients() { 3 * colours } else { 0 };
                [colours, coefficients, colours]
            }
            #[cfg(feature = "tiff")]
            Content::Tiff(_) => [12, 12, 3],
            Content::Other(decoder) => {
                let colour = decoder.color_type();
                let stored = u64::from(colour.bytes_per_pixel());
                let besides = match format {
                    ImageFormat::Png | ImageFormat::Bmp | ImageFormat::Pnm => 0,
                    _ => stored.max(4),
                };
                [stored, besides, if colour.has_color() { 3 } else { 1 }]
            }
        };
        let plain = match content {
            Content::Other(decoder) => matches!(decoder.color_type(), ColorType::L8 | ColorType::Rgb8),
            _ => stored == result,
        };
        let later = if turned { stored } else { 0 }.max(if plain { 0 } else { result });
        let decoding = pixels * (stored + besides.max(later)) + 2 * file as u64;
        Self { width, height, decoding, decoded: pixels * result }
    }
}
