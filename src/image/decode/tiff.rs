//! TIFFs: which page is read, and the kinds of samples that the `image` crate does not know.

use std::borrow::Cow;
use std::io::Cursor;

use ::tiff::TiffError;
use ::tiff::decoder::{Decoder, DecodingResult, Limits};
use image::{DynamicImage, GrayImage, RgbImage};

use super::ReadError;
use super::ifd::{Entry, Tiff};
use super::{Note, unsupported};

/// The most pages that are looked at.
const MOST_PAGES: usize = 1000;

/// The most entries of a page that are looked at to choose one.
const MOST_ENTRIES: usize = 1000;

const SUBFILE_TYPE: u64 = 254;
const WIDTH: u64 = 256;
const HEIGHT: u64 = 257;
const BITS: u64 = 258;
const COMPRESSION: u64 = 259;
const PHOTOMETRIC: u64 = 262;
const SAMPLES: u64 = 277;
const COLOUR_MAP: u64 = 320;
const SAMPLE_FORMAT: u64 = 339;
const SUBSAMPLING: u64 = 530;

/// Compressions that are read: none, CCITT's three, LZW, Deflate twice, PackBits. Images of other formats in a TIFF would escape
/// the limits.
const COMPRESSIONS: [u64; 8] = [1, 2, 3, 4, 5, 8, 32_773, 32_946];

/// What photometric interpretations mean (TIFF 6.0, pages 37 and 91; TIFF technical note 1).
mod photometric {
    pub(super) const WHITE_IS_ZERO: u64 = 0;
    pub(super) const BLACK_IS_ZERO: u64 = 1;
    pub(super) const RGB: u64 = 2;
    pub(super) const PALETTE: u64 = 3;
    pub(super) const YCBCR: u64 = 6;
    pub(super) const CIE_LAB: u64 = 8;
    pub(super) const ICC_LAB: u64 = 9;
}

/// A page of a TIFF.
struct Page {
    directory: usize,
    pixels: u64,
    /// Whether it is a smaller copy of another page, or a mask.
    is_aside: bool,
}

/// Checks the directories before the decoder believes what they say of the sizes of lists, and lets the largest page be the first.
pub(super) fn prepare<'a>(bytes: &'a [u8], notes: &mut Vec<Note>) -> Result<Cow<'a, [u8]>, ReadError> {
    let Some(tiff) = Tiff::open(bytes) else { return Ok(bytes.into()) };
    let pages: Vec<Page> = tiff.directories(MOST_PAGES).into_iter().map(|directory| page(&tiff, directory)).collect();
    let first = pages.first().ok_or(ReadError::Truncated)?;
    check(&tiff, first.directory, bytes.len())?;
    // Where all pages are said to be copies of another, all count.
    let counts = |page: &Page| !page.is_aside || pages.iter().all(|page| page.is_aside);
    let largest = pages.iter().filter(|page| counts(page)).map(|page| page.pixels).max();
    let chosen = pages.iter().position(|page| counts(page) && Some(page.pixels) == largest).unwrap_or(0);
    if chosen > 0 || pages.iter().filter(|page| counts(page)).count() > 1 {
        notes.push(Note::Page { page: chosen + 1, pages: pages.len() });
    }
    if chosen == 0 {
        return Ok(bytes.into());
    }
    check(&tiff, pages[chosen].directory, bytes.len())?;
    Ok(tiff.with_first(pages[chosen].directory).into())
}

fn page(tiff: &Tiff<'_>, directory: usize) -> Page {
    // Pages can share entries, so that a small file has very many.
    let entries = || tiff.entries(directory).take(MOST_ENTRIES);
    let value = |tag| entries().find(|entry| entry.tag == tag).and_then(|entry| tiff.integer(&entry, 0));
    let pixels = value(WIDTH).unwrap_or(0).saturating_mul(value(HEIGHT).unwrap_or(0));
    Page { directory, pixels, is_aside: value(SUBFILE_TYPE).unwrap_or(0) & 0b101 != 0 }
}

/// Whether a file is a TIFF, or a BigTIFF.
pub(super) fn is_tiff(bytes: &[u8]) -> bool {
    Tiff::open(bytes).is_some()
}

/// The size of the first page, as its directory says.
pub(super) fn size(bytes: &[u8]) -> (u32, u32) {
    let first = Tiff::open(bytes).and_then(|tiff| tiff.directories(1).first().map(|&directory| (tiff, directory)));
    let Some((tiff, directory)) = first else { return (0, 0) };
    let value = |tag| tiff.entries(directory).find(|entry| entry.tag == tag).and_then(|entry| tiff.integer(&entry, 0));
    let side = |tag| u32::try_from(value(tag).unwrap_or(0)).unwrap_or(u32::MAX);
    (side(WIDTH), side(HEIGHT))
}

/// Fails if a directory announces more values than the file has bytes, or a compression that is not read.
fn check(tiff: &Tiff<'_>, directory: usize, length: usize) -> Result<(), ReadError> {
    for entry in tiff.entries(directory) {
        if entry.count > length as u64 {
            return Err(ReadError::Truncated);
        }
        let value = tiff.integer(&entry, 0);
        if entry.tag == COMPRESSION
            && let Some(value) = value.filter(|value| !COMPRESSIONS.contains(value))
        {
            return Err(match value {
                6 | 7 => unsupported("JPEG within TIFF"),
                50_000 => unsupported("Zstandard within TIFF"),
                50_001 => unsupported("WebP within TIFF"),
                34_712 => unsupported("JPEG 2000 within TIFF"),
                _ => unsupported(&format!("the TIFF compression {value}")),
            });
        }
    }
    Ok(())
}

/// Samples of the first page and what they mean.
struct Samples {
    width: u32,
    height: u32,
    /// Values of a pixel, among them extra ones.
    channels: usize,
    photometric: u64,
    /// The levels of black and white, if the type of the samples has them.
    range: Option<(f64, f64)>,
    levels: Vec<f32>,
    colour_map: Vec<u16>,
}

/// Reads the kinds that the `image` crate does not know.
pub(super) fn decode(bytes: &[u8], most_memory: u64, notes: &mut Vec<Note>) -> Result<DynamicImage, ReadError> {
    let samples = samples(bytes, most_memory)?;
    match samples.photometric {
        photometric::PALETTE => palette(&samples),
        photometric::WHITE_IS_ZERO | photometric::BLACK_IS_ZERO => Ok(scaled(&samples, 1, notes)),
        photometric::RGB if samples.channels >= 3 => Ok(scaled(&samples, 3, notes)),
        photometric::YCBCR if samples.channels >= 3 => Ok(converted(&samples, rgb_of_ycbcr)),
        photometric::CIE_LAB if samples.channels >= 3 => Ok(converted(&samples, |lab| rgb_of_lab(lab, true))),
        photometric::ICC_LAB if samples.channels >= 3 => Ok(converted(&samples, |lab| rgb_of_lab(lab, false))),
        other => Err(unsupported(&format!("a TIFF of the photometric interpretation {other}"))),
    }
}

fn samples(bytes: &[u8], most_memory: u64) -> Result<Samples, ReadError> {
    let damaged = |what: &str| ReadError::Damaged(what.to_owned());
    let tiff = Tiff::open(bytes).ok_or(ReadError::NotAnImage)?;
    let &directory = tiff.directories(1).first().ok_or(ReadError::Truncated)?;
    let entry = |tag| tiff.entries(directory).find(|entry: &Entry| entry.tag == tag);
    let value = |tag, index| entry(tag).and_then(|entry| tiff.integer(&entry, index));
    let bits = value(BITS, 0).unwrap_or(1);
    let channels = usize::try_from(value(SAMPLES, 0).unwrap_or(1)).unwrap_or(usize::MAX);
    let format = value(SAMPLE_FORMAT, 0).unwrap_or(1);
    if channels == 0 {
        return Err(damaged("it has no samples"));
    }
    if !(bits >= 8 || matches!(bits, 1 | 2 | 4)) {
        return Err(unsupported(&format!("a TIFF of {bits} bits per sample")));
    }
    let photometric_entry = entry(PHOTOMETRIC).ok_or_else(|| damaged("it does not say what its samples mean"))?;
    let photometric = tiff.integer(&photometric_entry, 0).unwrap_or(u64::MAX);
    let is_subsampled = || value(SUBSAMPLING, 0).unwrap_or(2) != 1 || value(SUBSAMPLING, 1).unwrap_or(2) != 1;
    if photometric == photometric::YCBCR && is_subsampled() {
        return Err(unsupported("a YCbCr TIFF with fewer chroma than luma samples"));
    }
    // The decoder gives the samples as they are if they are said to be grey.
    let mut bytes = bytes.to_vec();
    Tiff::with_short(&mut bytes, tiff.place_of(&photometric_entry), photometric::BLACK_IS_ZERO as u16);
    let colour_map = entry(COLOUR_MAP).map_or(Vec::new(), |entry| {
        (0..entry.count as usize).map(|i| tiff.integer(&entry, i).unwrap_or(0) as u16).collect()
    });
    let most = usize::try_from(most_memory).unwrap_or(usize::MAX);
    let mut limits = Limits::default();
    limits.decoding_buffer_size = most;
    limits.intermediate_buffer_size = most;
    let mut decoder = Decoder::new(Cursor::new(&bytes)).map_err(fault)?.with_limits(limits);
    let (width, height) = decoder.dimensions().map_err(fault)?;
    let mut raw = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut raw).map_err(fault)?;
    let pixels = width as usize * height as usize;
    let wanted = pixels.checked_mul(channels).filter(|wanted| wanted.saturating_mul(8) as u64 <= most_memory);
    let wanted = wanted.ok_or(ReadError::TooMuchMemory)?;
    let row = layout.row_stride.map_or(0, usize::from);
    let mut levels = match raw {
        DecodingResult::U8(raw) if bits < 8 => unpacked(&raw, row, bits as usize, width as usize),
        raw => floats(raw),
    };
    if levels.len() < wanted {
        return Err(damaged("it has fewer samples than pixels"));
    }
    if layout.planes > 1 {
        levels = (0..wanted).map(|i| levels[i % channels * pixels + i / channels]).collect();
    }
    let range = (format == 1 && bits <= 16).then(|| (0.0, ((1u32 << bits) - 1).into()));
    Ok(Samples { width, height, channels, photometric, range, levels, colour_map })
}

fn fault(error: TiffError) -> ReadError {
    match error {
        TiffError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => ReadError::Truncated,
        TiffError::LimitsExceeded => ReadError::TooMuchMemory,
        TiffError::UnsupportedError(error) => unsupported(&format!("this kind of TIFF ({error})")),
        error => ReadError::Damaged(error.to_string()),
    }
}

/// Levels of fewer than eight bits; each row begins with a byte.
fn unpacked(raw: &[u8], row: usize, bits: usize, width: usize) -> Vec<f32> {
    let level = |row: &[u8], x: usize| row[x * bits / 8] >> (8 - bits - x * bits % 8) & ((1 << bits) - 1);
    let rows = raw.chunks_exact(row.max(1)).filter(|row| row.len() * 8 >= width * bits);
    rows.flat_map(|row| (0..width).map(move |x| f32::from(level(row, x)))).collect()
}

fn floats(raw: DecodingResult) -> Vec<f32> {
    match raw {
        DecodingResult::U8(raw) => raw.into_iter().map(f32::from).collect(),
        DecodingResult::U16(raw) => raw.into_iter().map(f32::from).collect(),
        DecodingResult::U32(raw) => raw.into_iter().map(|level| level as f32).collect(),
        DecodingResult::U64(raw) => raw.into_iter().map(|level| level as f32).collect(),
        DecodingResult::F16(raw) => raw.into_iter().map(f32::from).collect(),
        DecodingResult::F32(raw) => raw,
        DecodingResult::F64(raw) => raw.into_iter().map(|level| level as f32).collect(),
        DecodingResult::I8(raw) => raw.into_iter().map(f32::from).collect(),
        DecodingResult::I16(raw) => raw.into_iter().map(f32::from).collect(),
        DecodingResult::I32(raw) => raw.into_iter().map(|level| level as f32).collect(),
        DecodingResult::I64(raw) => raw.into_iter().map(|level| level as f32).collect(),
    }
}

/// The first channels as grey levels or colours.
fn scaled(samples: &Samples, channels: usize, notes: &mut Vec<Note>) -> DynamicImage {
    let pixels = || samples.levels.chunks_exact(samples.channels);
    let (black, white) = samples.range.unwrap_or_else(|| {
        let range = range_of(pixels().flat_map(|pixel| &pixel[..channels]));
        if range != (0.0, 1.0) {
            notes.push(Note::Scaled { black: range.0.to_string(), white: range.1.to_string() });
        }
        range
    });
    let is_inverted = samples.photometric == photometric::WHITE_IS_ZERO;
    let (black, white) = if is_inverted { (white, black) } else { (black, white) };
    let level = |&level: &f32| byte((f64::from(level) - black) / (white - black) * 255.0);
    let levels: Vec<u8> = pixels().flat_map(|pixel| pixel[..channels].iter().map(level)).collect();
    image(samples, channels, levels)
}

fn image(samples: &Samples, channels: usize, mut levels: Vec<u8>) -> DynamicImage {
    let (width, height) = (samples.width, samples.height);
    levels.truncate(width as usize * height as usize * channels);
    let made = if channels == 1 {
        GrayImage::from_raw(width, height, levels).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(width, height, levels).map(DynamicImage::from)
    };
    made.unwrap_or_default()
}

/// Black and white of levels without a fixed scale: 0 and 1 if they fit, else 0 and 255 if they fit and are more than a few,
/// else the least and the greatest.
fn range_of<'a>(levels: impl Iterator<Item = &'a f32>) -> (f64, f64) {
    let finite = levels.filter(|level| level.is_finite());
    let (least, most) = finite.fold((f32::MAX, f32::MIN), |(least, most), &level| (least.min(level), most.max(level)));
    match (f64::from(least), f64::from(most)) {
        (least, most) if least >= 0.0 && most <= 1.0 => (0.0, 1.0),
        (least, most) if least >= 0.0 && (64.0..=255.0).contains(&most) => (0.0, 255.0),
        (least, most) if least < most => (least, most),
        _ => (0.0, 1.0),
    }
}

fn byte(level: f64) -> u8 {
    // A level that is no number becomes black.
    (level + 0.5).clamp(0.0, 255.0) as u8
}

/// Scales the levels of an image whose floating-point numbers are not from 0 to 1.
pub(super) fn scale_floats(image: DynamicImage, notes: &mut Vec<Note>) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    let (levels, channels) = match image {
        DynamicImage::ImageRgb32F(image) => (image.into_raw(), 3),
        DynamicImage::ImageRgba32F(image) => (image.into_raw(), 4),
        other => return other,
    };
    let colours = levels.chunks_exact(channels).flat_map(|pixel| &pixel[..3]);
    let (black, white) = range_of(colours.clone());
    if (black, white) == (0.0, 1.0) {
        let made = match channels {
            3 => image::Rgb32FImage::from_raw(width, height, levels).map(DynamicImage::from),
            _ => image::Rgba32FImage::from_raw(width, height, levels).map(DynamicImage::from),
        };
        return made.unwrap_or_default();
    }
    notes.push(Note::Scaled { black: black.to_string(), white: white.to_string() });
    let bytes = colours.map(|&level| byte((f64::from(level) - black) / (white - black) * 255.0)).collect();
    RgbImage::from_raw(width, height, bytes).map(DynamicImage::from).unwrap_or_default()
}

fn palette(samples: &Samples) -> Result<DynamicImage, ReadError> {
    // The map has all reds, then all greens, then all blues.
    let colours = samples.colour_map.len() / 3;
    if colours == 0 {
        return Err(ReadError::Damaged("its palette is missing".into()));
    }
    // Some programs write bytes where words are asked for.
    let is_wide = samples.colour_map.iter().any(|&level| level > 255);
    let level = |level: u16| if is_wide { (level >> 8) as u8 } else { level as u8 };
    let colour = |pixel: &[f32]| {
        let index = (pixel[0] as usize).min(colours - 1);
        [0, 1, 2].map(|channel| level(samples.colour_map[channel * colours + index]))
    };
    Ok(image(samples, 3, samples.levels.chunks_exact(samples.channels).flat_map(colour).collect()))
}

/// Colours of three channels, which the conversion gets as numbers from 0 to 255.
fn converted(samples: &Samples, convert: impl Fn([f64; 3]) -> [f64; 3]) -> DynamicImage {
    // Signed samples wrap where unsigned ones of the same bits do.
    let (_, white) = samples.range.unwrap_or((0.0, 255.0));
    let colour = |pixel: &[f32]| convert([0, 1, 2].map(|i| f64::from(pixel[i]) / white * 255.0)).map(byte);
    image(samples, 3, samples.levels.chunks_exact(samples.channels).flat_map(colour).collect())
}

fn rgb_of_ycbcr([luma, blue, red]: [f64; 3]) -> [f64; 3] {
    let (blue, red) = (blue - 128.0, red - 128.0);
    [luma + 1.402 * red, luma - 0.344_136 * blue - 0.714_136 * red, luma + 1.772 * blue]
}

/// sRGB of CIE L*a*b* with the white of D50, by way of XYZ and Bradford's adaptation. `is_signed`: a and b are bytes with a sign.
fn rgb_of_lab([lightness, a, b]: [f64; 3], is_signed: bool) -> [f64; 3] {
    let signed = |level: f64| match is_signed {
        true if level >= 128.0 => level - 256.0,
        true => level,
        false => level - 128.0,
    };
    let y = (lightness / 2.55 + 16.0) / 116.0;
    let linear = |t: f64| if t > 6.0 / 29.0 { t.powi(3) } else { 3.0 * (6.0f64 / 29.0).powi(2) * (t - 4.0 / 29.0) };
    let (x, y, z) = (0.9642 * linear(y + signed(a) / 500.0), linear(y), 0.8251 * linear(y - signed(b) / 200.0));
    let gamma =
        |level: f64| 255.0 * if level <= 0.003_130_8 { 12.92 * level } else { 1.055 * level.powf(1.0 / 2.4) - 0.055 };
    [
        3.133_856 * x - 1.616_867 * y - 0.490_615 * z,
        -0.978_768 * x + 1.916_141 * y + 0.033_454 * z,
        0.071_945 * x - 0.228_991 * y + 1.405_243 * z,
    ]
    .map(gamma)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::decode::{Decoded, ReadOptions, decode_with_notes};

    /// An entry: tag, type, values.
    type Values<'a> = (u16, u16, &'a [u64]);

    /// A TIFF of one strip per page, and pages of one column.
    fn file(is_big: bool, pages: &[(&[u8], &[Values<'_>])]) -> Vec<u8> {
        let number = |value: u64, width: usize| value.to_le_bytes()[..width].to_vec();
        let (wide, head) = if is_big { (8, 8) } else { (4, 2) };
        let mut bytes = if is_big { b"II\x2B\0\x08\0\0\0".to_vec() } else { b"II\x2A\0".to_vec() };
        let mut next_at = bytes.len();
        bytes.extend(number(0, wide));
        for (data, entries) in pages {
            let strip = bytes.len() as u64;
            bytes.extend(*data);
            let strip_entries = [(273, 4, vec![strip]), (279, 4, vec![data.len() as u64])];
            let mut all: Vec<(u16, u16, Vec<u64>)> =
                entries.iter().map(|&(tag, kind, values)| (tag, kind, values.to_vec())).chain(strip_entries).collect();
            all.sort();
            let mut places = Vec::new();
            for (_, kind, values) in &all {
                let width = width(*kind);
                let content: Vec<u8> = values.iter().flat_map(|&value| number(value, width)).collect();
                places.push(if content.len() <= wide {
                    [content.clone(), vec![0; wide - content.len()]].concat()
                } else {
                    let at = bytes.len() as u64;
                    bytes.extend(content);
                    number(at, wide)
                });
            }
            let directory = bytes.len() as u64;
            bytes[next_at..next_at + wide].copy_from_slice(&number(directory, wide));
            bytes.extend(number(all.len() as u64, head));
            for ((tag, kind, values), place) in all.iter().zip(places) {
                bytes.extend(
                    [number(u64::from(*tag), 2), number(u64::from(*kind), 2), number(values.len() as u64, wide), place]
                        .concat(),
                );
            }
            next_at = bytes.len();
            bytes.extend(number(0, wide));
        }
        bytes
    }

    fn width(kind: u16) -> usize {
        match kind {
            3 => 2,
            4 => 4,
            _ => 1,
        }
    }

    /// A page of two pixels.
    fn two(bits: u64, channels: u64, photometric: u64, format: u64, data: &[u8], more: &[Values<'_>]) -> Vec<u8> {
        let (photometric, count) = ([photometric], [channels]);
        let bits = vec![bits; channels as usize];
        let format = vec![format; channels as usize];
        let entries: Vec<Values<'_>> = [
            (256, 3, &[1][..]),
            (257, 3, &[2]),
            (258, 3, &bits),
            (259, 3, &[1]),
            (262, 3, &photometric),
            (277, 3, &count),
            (278, 3, &[2]),
            (339, 3, &format),
        ]
        .iter()
        .map(|&(tag, kind, values)| (tag, kind, values))
        .chain(more.iter().copied())
        .collect();
        file(false, &[(data, &entries)])
    }

    fn read(bytes: &[u8]) -> (Vec<[u8; 3]>, Vec<Note>) {
        let Decoded { image, notes, .. } = decode_with_notes(bytes, &ReadOptions::default()).unwrap();
        (image.to_rgb8().pixels().map(|pixel| pixel.0).collect(), notes)
    }

    fn floats(levels: &[f32]) -> Vec<u8> {
        levels.iter().flat_map(|level| level.to_le_bytes()).collect()
    }

    #[test]
    fn palettes_become_colours() {
        let map: Vec<u64> = [vec![0; 256], (0..256).map(|i| i * 256).collect(), vec![65_280; 256]].concat();
        let (pixels, notes) = read(&two(8, 1, 3, 1, &[7, 200], &[(320, 3, &map)]));
        assert_eq!((pixels, notes), (vec![[0, 7, 255], [0, 200, 255]], vec![]));
        let small: Vec<u64> = (0..12).map(|i| i * 256).collect();
        let (pixels, _) = read(&two(2, 1, 3, 1, &[0b0100_0000, 0b1100_0000], &[(320, 3, &small)]));
        assert_eq!(pixels, [[1, 5, 9], [3, 7, 11]]);
    }

    #[test]
    fn other_colour_spaces_become_rgb() {
        let near = |found: [u8; 3], wanted: [u8; 3]| found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 2);
        let (pixels, _) = read(&two(8, 3, 6, 1, &[76, 85, 255, 128, 128, 128], &[(530, 3, &[1, 1])]));
        assert!(near(pixels[0], [254, 0, 0]) && near(pixels[1], [128; 3]), "{pixels:?}");
        // sRGB's red in Lab of D50, with signed and with shifted a and b.
        for (photometric, lab) in [(8, [138, 81, 70, 255, 0, 0]), (9, [138, 209, 198, 255, 128, 128])] {
            let (pixels, _) = read(&two(8, 3, photometric, 1, &lab, &[]));
            assert!(pixels[0][0] > 250 && pixels[0][1] < 20 && pixels[0][2] < 20, "{pixels:?}");
            assert!(near(pixels[1], [255; 3]), "{pixels:?}");
        }
    }

    #[test]
    fn further_channels_of_grey_are_left_out() {
        let (pixels, notes) = read(&two(8, 2, 1, 1, &[10, 255, 200, 0], &[(338, 3, &[2])]));
        assert_eq!((pixels, notes), (vec![[10; 3], [200; 3]], vec![]));
        assert_eq!(read(&two(8, 3, 0, 1, &[10, 1, 2, 200, 3, 4], &[(338, 3, &[0, 0])])).0.len(), 2);
    }

    #[test]
    fn levels_without_a_scale_are_scaled() {
        let scaled = |black: &str, white: &str| vec![Note::Scaled { black: black.into(), white: white.into() }];
        let grey = |levels: [u8; 2]| levels.map(|level| [level; 3]).to_vec();
        assert_eq!(read(&two(32, 1, 1, 3, &floats(&[0.0, 0.5]), &[])), (grey([0, 128]), vec![]));
        assert_eq!(read(&two(32, 1, 1, 3, &floats(&[17.0, 250.0]), &[])), (grey([17, 250]), scaled("0", "255")));
        assert_eq!(read(&two(32, 1, 1, 3, &floats(&[-2.0, 1000.0]), &[])), (grey([0, 255]), scaled("-2", "1000")));
        assert_eq!(read(&two(32, 1, 1, 3, &floats(&[f32::NAN, 1.0]), &[])), (grey([0, 255]), vec![]));
        let deep: Vec<u8> = [0u32, 3 << 30].iter().flat_map(|level| level.to_le_bytes()).collect();
        assert_eq!(read(&two(32, 1, 1, 1, &deep, &[])).0, grey([0, 255]));
        // One half and one as numbers of 16 bits.
        assert_eq!(read(&two(16, 1, 1, 3, &[0, 0x38, 0, 0x3C], &[])), (grey([128, 255]), vec![]));
        let colours = floats(&[0.0, 100.0, 255.0, 10.0, 20.0, 30.0]);
        assert_eq!(read(&two(32, 3, 2, 3, &colours, &[])), (vec![[0, 100, 255], [10, 20, 30]], scaled("0", "255")));
    }

    #[test]
    fn the_largest_page_is_read() {
        let page = |height: &'static [u64], kind: &'static [u64]| -> Vec<Values<'static>> {
            vec![
                (254, 4, kind),
                (256, 3, &[1]),
                (257, 3, height),
                (258, 3, &[8]),
                (259, 3, &[1]),
                (262, 3, &[1]),
                (278, 3, height),
            ]
        };
        let (one, two) = (page(&[1], &[0]), page(&[2], &[0]));
        let (copy, mask) = (page(&[1], &[1]), page(&[3], &[4]));
        let read = |is_big, pages: &[(&[u8], &[Values<'_>])]| {
            let (pixels, notes) = read(&file(is_big, pages));
            (pixels.into_iter().map(|pixel| pixel[0]).collect::<Vec<u8>>(), notes)
        };
        for is_big in [false, true] {
            assert_eq!(read(is_big, &[(&[1], &one)]), (vec![1], vec![]));
            let note = |page, pages| vec![Note::Page { page, pages }];
            assert_eq!(read(is_big, &[(&[1], &one), (&[2, 3], &two)]), (vec![2, 3], note(2, 2)));
            assert_eq!(read(is_big, &[(&[1], &copy), (&[2, 3], &two)]), (vec![2, 3], note(2, 2)));
            assert_eq!(read(is_big, &[(&[2, 3], &two), (&[1], &copy), (&[4, 4, 4], &mask)]), (vec![2, 3], vec![]));
            // Each page has an orientation of its own: this one stands on its head.
            let turned: Vec<Values<'_>> = [&two[..6], &[(274, 3, &[3])], &two[6..]].concat();
            assert_eq!(read(is_big, &[(&[1], &one), (&[2, 3], &turned)]), (vec![3, 2], note(2, 2)));
            assert_eq!(read(is_big, &[(&[2, 3], &two), (&[1], &copy)]).0, [2, 3]);
        }
    }

    #[test]
    fn a_tiff_that_announces_too_much_is_not_opened() {
        let error = |bytes: &[u8]| decode_with_notes(bytes, &ReadOptions::default()).unwrap_err();
        let mut bytes = two(8, 1, 1, 1, &[1, 2], &[]);
        let entry = bytes.windows(4).position(|window| window == [1, 1, 3, 0]).unwrap();
        bytes[entry + 5] = 200;
        assert!(matches!(error(&bytes), ReadError::Truncated));
        assert!(matches!(error(b"II\x2a\0\xff\xff\xff\xff"), ReadError::Truncated));
        assert!(matches!(error(b"MM\0\x2b"), ReadError::Truncated));
        // A JPEG in each strip, of any size.
        let mut bytes = two(8, 1, 1, 1, &[1, 2], &[]);
        let entry = bytes.windows(4).position(|window| window == [3, 1, 3, 0]).unwrap();
        bytes[entry + 8] = 7;
        assert!(error(&bytes).to_string().starts_with("JPEG within TIFF is not supported"));
    }
}
