//! Finds how an image is to be turned upright, wherever programs write it: in EXIF records, in text chunks, in XMP packets.
//!
//! The first place that names one of the eight orientations counts. EXIF comes before XMP, as the Metadata Working Group asks.

use std::io::Read;

use image::ImageFormat;
use image::metadata::Orientation;

use super::ifd::Tiff;
use super::{jpeg, webp};

const ORIENTATION: u64 = 0x0112;

/// The tag of an XMP packet in a TIFF.
const XMP: u64 = 700;

/// The longest text of a PNG that is unpacked: an EXIF record in JPEG's 64 KiB, as hexadecimal digits and lines.
const LONGEST_TEXT: u64 = 1 << 18;

/// The orientation that a file names.
pub(super) fn find(format: ImageFormat, bytes: &[u8]) -> Option<Orientation> {
    match format {
        ImageFormat::Jpeg => in_jpeg(bytes),
        ImageFormat::Png => in_png(bytes),
        ImageFormat::WebP => in_webp(bytes),
        ImageFormat::Tiff => in_tiff(bytes),
        _ => None,
    }
}

/// The orientation in an EXIF record, which is a TIFF without an image. Some programs put JPEG's `Exif` in front of it in
/// other files too.
fn in_exif(record: &[u8]) -> Option<Orientation> {
    in_tiff(record.strip_prefix(b"Exif\0\0").unwrap_or(record))
}

fn in_tiff(bytes: &[u8]) -> Option<Orientation> {
    let tiff = Tiff::open(bytes)?;
    let &first = tiff.directories(1).first()?;
    let from_tag = tiff
        .entries(first)
        .filter(|entry| entry.tag == ORIENTATION)
        .find_map(|entry| tiff.integer(&entry, 0).and_then(|value| Orientation::from_exif(u8::try_from(value).ok()?)));
    from_tag
        .or_else(|| tiff.entries(first).filter(|entry| entry.tag == XMP).find_map(|entry| in_xmp(tiff.content(&entry))))
}

/// The orientation in an XMP packet: `tiff:Orientation` as an attribute or an element. The packet is XML, but the value is
/// a digit, so its text is searched and not parsed.
fn in_xmp(packet: &[u8]) -> Option<Orientation> {
    const NAME: &[u8] = b"tiff:Orientation";
    let mut rest = packet;
    while let Some(at) = rest.windows(NAME.len()).position(|window| window == NAME) {
        rest = &rest[at + NAME.len()..];
        let mut value = rest.iter().skip_while(|byte| byte.is_ascii_whitespace() || b"=>\"'".contains(byte));
        let found = value.next().filter(|digit| digit.is_ascii_digit());
        if let Some(orientation) = found.and_then(|digit| Orientation::from_exif(digit - b'0'))
            && !value.next().is_some_and(u8::is_ascii_digit)
        {
            return Some(orientation);
        }
    }
    None
}

fn in_jpeg(bytes: &[u8]) -> Option<Orientation> {
    let app1 = || jpeg::application_segments(bytes).filter(|(code, _)| *code == 0xE1).map(|(_, content)| content);
    app1().filter_map(|content| content.strip_prefix(b"Exif\0")?.get(1..)).find_map(in_exif).or_else(|| {
        app1().filter_map(|content| content.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0")).find_map(in_xmp)
    })
}

fn in_webp(bytes: &[u8]) -> Option<Orientation> {
    let named = |name: &'static [u8; 4]| webp::chunks(bytes).filter(move |chunk| chunk.name == name);
    named(b"EXIF")
        .find_map(|chunk| in_exif(chunk.content))
        .or_else(|| named(b"XMP ").find_map(|chunk| in_xmp(chunk.content)))
}

/// The chunks of a PNG: before and after the pixels.
fn png_chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (name, after) = after.split_first_chunk::<4>()?;
        let (content, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        rest = after.get(4..).unwrap_or_default();
        Some((name, content))
    })
}

fn in_png(bytes: &[u8]) -> Option<Orientation> {
    let exif = png_chunks(bytes).filter(|(name, _)| *name == b"eXIf").find_map(|(_, record)| in_exif(record));
    let texts = || png_chunks(bytes).filter_map(|(name, content)| text(name, content));
    exif.or_else(|| {
        texts()
            .filter(|(keyword, _)| matches!(*keyword, b"Raw profile type exif" | b"Raw profile type APP1"))
            .find_map(|(_, text)| in_exif(&raw_profile(&text)?))
    })
    .or_else(|| texts().filter(|(keyword, _)| *keyword == b"XML:com.adobe.xmp").find_map(|(_, text)| in_xmp(&text)))
}

/// The keyword and the text of a text chunk.
fn text<'a>(name: &[u8; 4], content: &'a [u8]) -> Option<(&'a [u8], Vec<u8>)> {
    let keyword_end = content.iter().take(80).position(|&byte| byte == 0)?;
    let (keyword, rest) = (&content[..keyword_end], &content[keyword_end + 1..]);
    if !(keyword.starts_with(b"Raw profile type ") || keyword == b"XML:com.adobe.xmp") {
        return None;
    }
    let (is_packed, text) = match name {
        b"tEXt" => (false, rest),
        b"zTXt" => (true, rest.get(1..)?),
        b"iTXt" => {
            // Whether it is packed, how, then the language and the keyword in it, each ended by a zero.
            let mut parts = rest.get(2..)?.splitn(3, |&byte| byte == 0);
            (rest[0] == 1, parts.nth(2)?)
        }
        _ => return None,
    };
    if !is_packed {
        return Some((keyword, text.to_vec()));
    }
    let mut unpacked = Vec::new();
    // What was unpacked before a fault may do.
    let _ = flate2::read::ZlibDecoder::new(text).take(LONGEST_TEXT).read_to_end(&mut unpacked);
    Some((keyword, unpacked))
}

/// The bytes of ImageMagick's raw profiles: a name, a length, and hexadecimal digits in lines.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (_name, _length) = (words.next()?, words.next()?);
    let digits: Vec<u8> =
        words.flatten().filter_map(|&digit| char::from(digit).to_digit(16)).map(|d| d as u8).collect();
    Some(digits.as_chunks::<2>().0.iter().map(|&[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An EXIF record with the orientation 6 as a value of a type.
    fn record(is_little: bool, kind: u16) -> Vec<u8> {
        let short = |value: u16| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        let long = |value: u32| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        let value = match kind {
            1 | 6 => [6, 0, 0, 0],
            3 | 8 => [short(6)[0], short(6)[1], 0, 0],
            _ => long(6),
        };
        let head = if is_little { *b"II" } else { *b"MM" };
        [&head[..], &short(42), &long(8), &short(1), &short(0x0112), &short(kind), &long(1), &value, &long(0)].concat()
    }

    fn jpeg(segments: &[&[u8]]) -> Vec<u8> {
        let segment = |content: &&[u8]| [b"\xFF\xE1", &(content.len() as u16 + 2).to_be_bytes()[..], content].concat();
        [b"\xFF\xD8".to_vec(), segments.iter().flat_map(segment).collect(), b"\xFF\xDA\0\x02".to_vec()].concat()
    }

    fn png(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let chunk = |name: &[u8; 4], content: &[u8]| {
            [&(content.len() as u32).to_be_bytes()[..], name, content, &[0; 4]].concat()
        };
        [b"\x89PNG\r\n\x1A\n".to_vec(), chunk(b"IDAT", b"pixels"), chunk(name, content), chunk(b"IEND", b"")].concat()
    }

    fn webp(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = content.len() as u32;
        [b"RIFF", &(12 + length).to_le_bytes()[..], b"WEBP", name, &length.to_le_bytes(), content].concat()
    }

    const PACKET: &[u8] = b"<rdf:Description xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation='6'/>";

    const TURNED: Option<Orientation> = Some(Orientation::Rotate90);

    #[test]
    fn every_integer_type_and_byte_order_counts() {
        for (is_little, kind) in
            [false, true].into_iter().flat_map(|order| [1, 3, 4, 6, 8, 9].map(|kind| (order, kind)))
        {
            assert_eq!(in_exif(&record(is_little, kind)), TURNED, "{is_little}, type {kind}");
        }
        // A fraction is none.
        assert_eq!(in_exif(&record(true, 5)), None);
        assert_eq!(in_exif(&record(true, 3)[..9]), None);
    }

    #[test]
    fn the_first_segment_that_names_one_counts() {
        let exif = [b"Exif\0\0", &record(false, 3)[..]].concat();
        let without = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\0\0\0\0\0";
        let xmp = [b"http://ns.adobe.com/xap/1.0/\0", PACKET].concat();
        for segments in
            [&[&exif[..]][..], &[&exif, &without[..]], &[&without[..], &exif], &[&xmp], &[&without[..], &xmp]]
        {
            assert_eq!(find(ImageFormat::Jpeg, &jpeg(segments)), TURNED);
        }
        assert_eq!(find(ImageFormat::Jpeg, &jpeg(&[without])), None);
        assert_eq!(find(ImageFormat::Jpeg, b"\xFF\xD8\xFF\xE1\0\xFFExif"), None);
    }

    #[test]
    fn a_png_names_it_behind_the_pixels_and_in_texts() {
        let exif = [b"Exif\0\0", &record(true, 3)[..]].concat();
        let digits: String = exif.iter().map(|byte| format!("{byte:02x}")).collect();
        let profile = format!("\nexif\n{:8}\n{}\n{}\n", exif.len(), &digits[..30], &digits[30..]);
        let mut packed = flate2::read::ZlibEncoder::new(profile.as_bytes(), flate2::Compression::fast());
        let mut packed_bytes = Vec::new();
        packed.read_to_end(&mut packed_bytes).unwrap();
        for file in [
            png(b"eXIf", &record(true, 3)),
            png(b"eXIf", &exif),
            png(b"tEXt", &[b"Raw profile type exif\0", profile.as_bytes()].concat()),
            png(b"zTXt", &[b"Raw profile type APP1\0\0", &packed_bytes[..]].concat()),
            png(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", PACKET].concat()),
        ] {
            assert_eq!(find(ImageFormat::Png, &file), TURNED);
        }
        assert_eq!(find(ImageFormat::Png, &png(b"tEXt", b"Comment\0tiff:Orientation=6")), None);
    }

    #[test]
    fn webp_and_tiff_name_it_too() {
        assert_eq!(find(ImageFormat::WebP, &webp(b"EXIF", &record(true, 4))), TURNED);
        assert_eq!(find(ImageFormat::WebP, &webp(b"EXIF", &[b"Exif\0\0", &record(true, 4)[..]].concat())), TURNED);
        assert_eq!(find(ImageFormat::WebP, &webp(b"XMP ", PACKET)), TURNED);
        assert_eq!(find(ImageFormat::Tiff, &record(false, 4)), TURNED);
    }

    #[test]
    fn xmp_names_one_digit() {
        assert_eq!(in_xmp(b"<tiff:Orientation>6</tiff:Orientation>"), TURNED);
        assert_eq!(in_xmp(b"tiff:Orientation = \"6\""), TURNED);
        assert_eq!(in_xmp(b"tiff:Orientation=\"62\""), None);
        assert_eq!(in_xmp(b"tiff:Orientation=\"9\""), None);
        assert_eq!(in_xmp(b"tiff:Orientation"), None);
    }
}
