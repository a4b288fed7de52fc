//! Pictures and numbers as text that stands in a page.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder};

/// The quality of JPEG pictures, from 1 to 100.
const QUALITY: u8 = 82;

/// Bytes in base64.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A picture as a JPEG data URI, made smaller until it has at most `limit` pixels. None where it has no pixels, or is
/// larger than a JPEG can be.
pub fn jpeg(picture: DynamicImage, limit: usize) -> Option<String> {
    let pixels = picture.width() as usize * picture.height() as usize;
    let picture = if pixels > limit {
        let scale = (limit as f32 / pixels as f32).sqrt();
        let side = |side: u32| ((side as f32 * scale) as u32).max(1);
        picture.thumbnail_exact(side(picture.width()), side(picture.height()))
    } else {
        picture
    };
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).ok()?;
    Some(format!("data:image/jpeg;base64,{}", base64(bytes.get_ref())))
}

/// Grey levels, or numbers in their place, as a PNG data URI. None where there are none.
pub fn png(grey: &GrayImage) -> Option<String> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
    encoder.write_image(grey, grey.width(), grey.height(), ExtendedColorType::L8).ok()?;
    Some(format!("data:image/png;base64,{}", base64(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(uri: &str) -> DynamicImage {
        image::load_from_memory(&STANDARD.decode(uri.split_once(',').unwrap().1).unwrap()).unwrap()
    }

    #[test]
    fn numbers_come_back_from_a_png() {
        let grey = GrayImage::from_fn(17, 5, |x, y| image::Luma([(15 * x + y) as u8]));
        assert_eq!(decoded(&png(&grey).unwrap()).into_luma8(), grey);
        assert!(png(&GrayImage::new(0, 3)).is_none());
    }

    #[test]
    fn large_pictures_are_made_smaller() {
        let picture = decoded(&jpeg(GrayImage::new(400, 100).into(), 10_000).unwrap());
        assert_eq!((picture.width(), picture.height()), (200, 50));
        assert!(jpeg(GrayImage::new(0, 0).into(), 100).is_none());
    }
}
