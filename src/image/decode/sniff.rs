//! What a picture file is, as far as decoders do not tell: walks along its parts without decoding them.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
#[cfg(feature = "webp")]
use image::codecs::webp::WebPDecoder;
use image::{ImageFormat, guess_format};

/// The brands of files in the ISO base media format (ISO/IEC 14496-12) that hold pictures, and what people call them.
const BRANDS: [(&[u8; 4], &str); 11] = [
    (b"avif", "AVIF"),
    (b"avis", "AVIF"),
    (b"heic", "HEIC"),
    (b"heix", "HEIC"),
    (b"heim", "HEIC"),
    (b"heis", "HEIC"),
    (b"hevc", "HEIC"),
    (b"hevx", "HEIC"),
    (b"jxl ", "JPEG XL"),
    (b"mif1", "HEIF"),
    (b"msf1", "HEIF"),
];

/// The most brands of a file that are looked at.
const MOST_BRANDS: usize = 16;

/// The name of a format that is common and that no decoder here reads.
pub(super) fn foreign_format(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xFF, 0x0A]) || bytes.starts_with(b"\0\0\0\x0CJXL \r\n\x87\n") {
        return Some("JPEG XL");
    }
    if bytes.starts_with(b"\0\0\0\x0CjP  \r\n\x87\n") || bytes.starts_with(b"\xFF\x4F\xFF\x51") {
        return Some("JPEG 2000");
    }
    // length · "ftyp" · brand · version · compatible brands
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    let content = bytes.get(4..length.min(bytes.len()))?.strip_prefix(b"ftyp")?;
    let brands = content.as_chunks::<4>().0;
    let compatible = brands.iter().skip(2).take(MOST_BRANDS);
    brands
        .first()
        .into_iter()
        .chain(compatible)
        .find_map(|brand| BRANDS.iter().find(|(known, _)| *known == brand).map(|(_, name)| *name))
}

/// Whether a file holds several pictures that are shown in turn: an animated GIF, WebP or PNG. Of such a file the first picture
/// is read.
pub fn is_animated(bytes: &[u8]) -> bool {
    match guess_format(bytes) {
        Ok(ImageFormat::Gif) => gif_pictures(bytes).take(2).count() == 2,
        #[cfg(feature = "webp")]
        Ok(ImageFormat::WebP) => WebPDecoder::new(Cursor::new(bytes)).is_ok_and(|decoder| decoder.has_animation()),
        Ok(ImageFormat::Png) => {
            PngDecoder::new(Cursor::new(bytes)).is_ok_and(|decoder| decoder.is_apng().unwrap_or(false))
        }
        _ => false,
    }
}

/// Where the pictures of a GIF begin (GIF89a, section 20). Extensions and the pictures' data are runs of sub-blocks: a length,
/// as many bytes, and so on to the length 0.
fn gif_pictures(bytes: &[u8]) -> impl Iterator<Item = usize> {
    const DESCRIPTOR: usize = 10;
    let flags = |at: usize| bytes.get(at).copied().unwrap_or_default();
    // A table of colours stands where the flag is set.
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let after_blocks = move |mut at: usize| loop {
        match bytes.get(at) {
            Some(0) => return at + 1,
            Some(&length) => at += 1 + usize::from(length),
            None => return bytes.len(),
        }
    };
    let mut at = 13 + colours(flags(10));
    std::iter::from_fn(move || {
        loop {
            let start = at;
            match bytes.get(at) {
                Some(0x21) => at = after_blocks(at + 2),
                Some(0x2C) => {
                    // After the colours the size of the codes.
                    at = after_blocks(at + DESCRIPTOR + colours(flags(at + DESCRIPTOR - 1)) + 1);
                    return Some(start);
                }
                _ => return None,
            }
        }
    })
}

/// The size of the first frame of a GIF, which may be larger than the image that the header announces.
pub(super) fn gif_frame(bytes: &[u8]) -> Option<(u32, u32)> {
    let start = bytes.starts_with(b"GIF8").then(|| gif_pictures(bytes).next()).flatten()?;
    let &[_, _, _, _, _, w0, w1, h0, h1] = bytes.get(start..)?.first_chunk()?;
    Some((u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into()))
}

#[cfg(test)]
mod tests {
    use image::codecs::gif::GifEncoder;
    use image::{Delay, DynamicImage, Frame, GrayImage, RgbaImage};

    use super::*;

    fn gif(frames: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let frame = |i: usize| {
            let picture = RgbaImage::from_fn(9, 7, |x, y| image::Rgba([(x * 20) as u8, (y * 30) as u8, i as u8, 255]));
            Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1))
        };
        GifEncoder::new(&mut bytes).encode_frames((0..frames).map(frame)).unwrap();
        bytes
    }

    #[test]
    fn animations_are_told() {
        assert!(!is_animated(&gif(1)));
        assert!(is_animated(&gif(2)) && is_animated(&gif(3)));
        assert_eq!(gif_pictures(&gif(3)).count(), 3);
        assert_eq!((gif_frame(&gif(2)), gif_frame(b"GIF89a"), gif_frame(b"")), (Some((9, 7)), None, None));
        let mut png = Cursor::new(Vec::new());
        DynamicImage::from(GrayImage::new(3, 3)).write_to(&mut png, ImageFormat::Png).unwrap();
        assert!(!is_animated(&png.into_inner()) && !is_animated(b"") && !is_animated(b"GIF89a"));
    }

    #[test]
    fn foreign_formats_are_named() {
        let container = |brands: &[u8]| {
            let length = (8 + brands.len()) as u32;
            [&length.to_be_bytes()[..], b"ftyp", brands, b"and more"].concat()
        };
        assert_eq!(foreign_format(&container(b"heic\0\0\0\0mif1heic")), Some("HEIC"));
        assert_eq!(foreign_format(&container(b"avif\0\0\0\0avifmif1")), Some("AVIF"));
        assert_eq!(foreign_format(&container(b"mif1\0\0\0\0mif1miaf")), Some("HEIF"));
        assert_eq!(foreign_format(&container(b"isom\0\0\0\0mp41")), None);
        assert_eq!(foreign_format(&[0xFF, 0x0A, 1, 2]), Some("JPEG XL"));
        assert_eq!(foreign_format(b"\0\0\0"), None);
        assert_eq!(foreign_format(b"\0\0\0\x04ftyp"), None);
    }
}
