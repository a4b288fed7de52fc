//! Writing images.

use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::pnm::{PnmEncoder, PnmSubtype, SampleEncoding};
use image::{DynamicImage, ImageFormat, RgbImage};
use lineament::raw::files::{reason_unwritten, write_atomically};

use crate::error::unwritten;

/// Quality of JPEG files, from 1 to 100: lower values blur the thin lines.
const JPEG_QUALITY: u8 = 92;

/// Writes an image in the format that the extension names, or as PNG; the error is a clause.
pub fn write_image(path: &Path, image: RgbImage) -> Result<(), String> {
    let mut bytes = Cursor::new(Vec::new());
    let encoded = match (image_format(path).unwrap_or(ImageFormat::Png), &*ending(path)) {
        (ImageFormat::Jpeg, _) => image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)),
        (ImageFormat::Pnm, "pgm") => {
            let encoder = PnmEncoder::new(&mut bytes).with_subtype(PnmSubtype::Graymap(SampleEncoding::Binary));
            DynamicImage::from(image).into_luma8().write_with_encoder(encoder)
        }
        (ImageFormat::Pnm, "ppm" | "pnm") => {
            let encoder = PnmEncoder::new(&mut bytes).with_subtype(PnmSubtype::Pixmap(SampleEncoding::Binary));
            image.write_with_encoder(encoder)
        }
        (format, _) => image.write_to(&mut bytes, format),
    };
    encoded.map_err(|error| unwritten(path, error))?;
    write_atomically(path, &bytes.into_inner()).map_err(|error| unwritten(path, reason_unwritten(path, &error)))
}

/// The image format that a file's extension names, if it can be written. A bitmap of black and white cannot.
pub fn image_format(path: &Path) -> Option<ImageFormat> {
    ImageFormat::from_path(path).ok().filter(|format| format.writing_enabled() && ending(path) != "pbm")
}

fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides_the_kind_of_pnm() {
        let folder = tempfile::tempdir().unwrap();
        for (name, magic) in
            [("a.ppm", b"P6"), ("a.pnm", b"P6"), ("a.pgm", b"P5"), ("a.pam", b"P7"), ("a.png", b"\x89P")]
        {
            let path = folder.path().join(name);
            write_image(&path, RgbImage::new(3, 2)).unwrap();
            assert!(std::fs::read(&path).unwrap().starts_with(magic), "{name}");
        }
        assert_eq!(image_format(Path::new("a.pbm")), None);
    }
}
