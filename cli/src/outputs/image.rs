//! Writing images.

use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};
use lineament::raw::files::{reason_unwritten, write_atomically};

use super::unwritten;

/// Quality of JPEG files, from 1 to 100: lower values blur the thin lines.
const JPEG_QUALITY: u8 = 92;

/// Writes an image in the format that the extension names, or as PNG; the error is a clause.
pub fn write_image(path: &Path, image: RgbImage) -> Result<(), String> {
    let mut bytes = Cursor::new(Vec::new());
    let encoded = match image_format(path).unwrap_or(ImageFormat::Png) {
        ImageFormat::Jpeg => image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)),
        format => image.write_to(&mut bytes, format),
    };
    encoded.map_err(|error| unwritten(path, error))?;
    write_atomically(path, &bytes.into_inner()).map_err(|error| unwritten(path, reason_unwritten(path, &error)))
}

/// The image format that a file's extension names, if it can be written.
pub fn image_format(path: &Path) -> Option<ImageFormat> {
    ImageFormat::from_path(path).ok().filter(ImageFormat::writing_enabled)
}
