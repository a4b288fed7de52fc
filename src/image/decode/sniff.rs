//! What a picture file is, as far as decoders do not tell: walks along its parts without decoding them.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
#[cfg(feature = "webp")]
use image::codecs::webp::WebPDecoder;
use image::{ImageFormat, guess_format};

use super::ReadError;

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

/// Why a TIFF is not given to its decoder, if there is a reason: it would believe what the first directory (TIFF 6.0,
/// section 2; BigTIFF has wider numbers) says of the sizes of lists, and pictures of other formats in it would escape the limits.
pub(super) fn tiff_fault(bytes: &[u8]) -> Option<ReadError> {
    const COMPRESSION: u64 = 259;
    const OF_ITSELF: [u64; 8] = [1, 2, 3, 4, 5, 8, 32_773, 32_946];
    let little = match bytes {
        [b'I', b'I', 42 | 43, 0, ..] => true,
        [b'M', b'M', 0, 42 | 43, ..] => false,
        _ => return None,
    };
    let big = bytes[2..4].contains(&43);
    // A number of so many bytes; beyond the end all are zero.
    let number = |at: usize, width: usize| {
        let digits = bytes.get(at..at.saturating_add(width)).unwrap_or_default();
        let append = |value: u64, &digit: &u8| value << 8 | u64::from(digit);
        if little { digits.iter().rev().fold(0, append) } else { digits.iter().fold(0, append) }
    };
    let place = |at: usize, width: usize| usize::try_from(number(at, width)).unwrap_or(usize::MAX);
    let (wide, head, size) = if big { (8, 8, 20) } else { (4, 2, 12) };
    let directory = place(if big { 8 } else { 4 }, wide);
    let entries = place(directory, head).min(bytes.len() / size);
    // Of each entry: tag (2 bytes), type (2), number of values, the value.
    for entry in (0..entries).map(|i| directory.saturating_add(head + i * size)) {
        if number(entry.saturating_add(4), wide) > bytes.len() as u64 {
            return Some(ReadError::Truncated);
        }
        let width = match number(entry.saturating_add(2), 2) {
            1 => 1,
            3 => 2,
            4 => 4,
            _ => wide,
        };
        let value = number(entry.saturating_add(4 + wide), width);
        if number(entry, 2) == COMPRESSION && !OF_ITSELF.contains(&value) {
            let name = if value == 7 { "JPEG within TIFF".into() } else { format!("the TIFF compression {value}") };
            return Some(ReadError::Unsupported(name));
        }
    }
    None
}

/// Whether a chunk of the WebP goes on after the file's end: the decoder would make room for what it should hold. A chunk is a
/// name, its length, as many bytes, and one more if the length is odd.
pub(super) fn webp_is_cut(bytes: &[u8]) -> bool {
    let Some(chunks) = bytes.strip_prefix(b"RIFF").filter(|rest| rest.get(4..8) == Some(b"WEBP")) else { return false };
    let (mut at, end) = (8, bytes.len() - 4);
    while let Some(length) = chunks.get(at + 4..at + 8).and_then(|length| length.first_chunk()) {
        let length = u32::from_le_bytes(*length) as usize;
        if length > end - (at + 8) {
            return true;
        }
        at += 8 + length + length % 2;
    }
    false
}

/// The number of scans of a JPEG whose markers lead to an end-of-image marker (ITU-T T.81, annex B); none of another. Segments
/// with a length are skipped, so that the thumbnail in an EXIF segment does not count; in the entropy-coded data after
/// a scan header the byte `FF` introduces a marker unless `00` or a restart number follows.
pub(super) fn jpeg_scans(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut scans) = (0, 0);
    loop {
        let marker = at + bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        at = match *bytes.get(marker + 1)? {
            0xD9 => return Some(scans),
            // A fill byte: the next FF may start the marker.
            0xFF => marker + 1,
            // Stuffing, restarts, start of image, and TEM stand alone.
            0x00 | 0x01 | 0xD0..=0xD8 => marker + 2,
            code => {
                scans += usize::from(code == 0xDA);
                let length = bytes.get(marker + 2..marker + 4)?;
                marker + 2 + usize::from(u16::from_be_bytes([length[0], length[1]]))
            }
        };
    }
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
        let mut png = Cursor::new(Vec::new());
        DynamicImage::from(GrayImage::new(3, 3)).write_to(&mut png, ImageFormat::Png).unwrap();
        assert!(!is_animated(&png.into_inner()) && !is_animated(b"") && !is_animated(b"GIF89a"));
    }

    #[test]
    fn a_tiff_that_announces_too_much_is_not_opened() {
        let tiff = |tag: u16, count: u32, value: u16| {
            let entry = [&tag.to_le_bytes()[..], &[3, 0], &count.to_le_bytes(), &value.to_le_bytes(), &[0, 0]].concat();
            [b"II\x2a\0\x08\0\0\0\x01\0", &entry[..], &[0; 4]].concat()
        };
        assert!(tiff_fault(&tiff(256, 1, 9)).is_none());
        assert!(matches!(tiff_fault(&tiff(256, 1000, 9)), Some(ReadError::Truncated)));
        assert!(tiff_fault(&tiff(259, 1, 5)).is_none());
        // A JPEG in each strip, of any size.
        assert!(matches!(tiff_fault(&tiff(259, 1, 7)), Some(ReadError::Unsupported(_))));
        assert!(tiff_fault(b"II\x2a\0\xff\xff\xff\xff").is_none() && tiff_fault(b"MM\0\x2b").is_none());
    }

    #[test]
    fn a_chunk_that_goes_on_is_seen() {
        let webp =
            |length: u8| [b"RIFF\x14\0\0\0WEBPVP8L", &[length, 0, 0, 0][..], &[0; 6], b"EXIF\x02\0\0\0ab"].concat();
        assert!(!webp_is_cut(&webp(6)) && !webp_is_cut(&webp(5)));
        assert!(webp_is_cut(&webp(17)) && webp_is_cut(&webp(200)));
        let mut exif = webp(6);
        *exif.last_chunk_mut::<6>().unwrap() = [0xFF, 0xFF, 0xFF, 0xFF, 1, 2];
        assert!(webp_is_cut(&exif));
        assert!(!webp_is_cut(b"RIFF") && !webp_is_cut(b"") && !webp_is_cut(b"RIFF1234WEBP"));
    }

    #[test]
    fn scans_are_counted() {
        let scan = b"\xFF\xDA\x00\x04ab\x12\xFF\x00\x34\xFF\xD0";
        // An end-of-image marker in a segment, a thumbnail's, is none.
        let start = b"\xFF\xD8\xFF\xE1\x00\x06\xFF\xD9ab";
        assert_eq!(jpeg_scans(&[&start[..], scan, scan, b"\xFF\xD9"].concat()), Some(2));
        assert_eq!(jpeg_scans(&[&start[..], scan, scan].concat()), None);
        assert_eq!(jpeg_scans(start), None);
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
