//! Images and numbers as text in a page.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder};

/// Quality of JPEG images, from 1 to 100.
const QUALITY: u8 = 82;

/// Encodes bytes in base64.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Encodes an image as a JPEG data URI, scaled down to at most `limit` pixels. None if it has no pixels, or more than a
/// JPEG can have.
pub fn jpeg(image: DynamicImage, limit: usize) -> Option<String> {
    let pixels = image.width() as usize * image.height() as usize;
    let image = if pixels > limit {
        let scale = (limit as f32 / pixels as f32).sqrt();
        let side = |side: u32| ((side as f32 * scale) as u32).max(1);
        image.thumbnail_exact(side(image.width()), side(image.height()))
    } else {
        image
    };
    let mut bytes = Cursor::new(Vec::new());
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).ok()?;
    Some(format!("data:image/jpeg;base64,{}", base64(bytes.get_ref())))
}

/// Encodes grey levels, or numbers in their place, as a PNG data URI. None if there are none.
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
    fn large_images_are_scaled_down() {
        let image = decoded(&jpeg(GrayImage::new(400, 100).into(), 10_000).unwrap());
        assert_eq!((image.width(), image.height()), (200, 50));
        assert!(jpeg(GrayImage::new(0, 0).into(), 100).is_none());
    }
}
