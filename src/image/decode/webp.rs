//! The chunks of a WebP file (RFC 9649): looked at before the decoder sees them, and repaired where that is harmless.

use std::borrow::Cow;

use super::ReadError;

/// A chunk: its name, where its content begins in the file, and the content.
pub(super) struct Chunk<'a> {
    pub(super) name: &'a [u8; 4],
    at: usize,
    pub(super) content: &'a [u8],
}

/// Bits of a VP8X chunk that announce other chunks, and their names.
const ANNOUNCED: [(u8, &[u8; 4]); 2] = [(0x08, b"EXIF"), (0x04, b"XMP ")];

/// The header in front of a frame in an animation's ANMF chunk.
const FRAME_HEADER: usize = 16;

/// The file without what follows the RIFF container. A container that is said to be longer than the file ends with it.
fn container(bytes: &[u8]) -> Option<&[u8]> {
    let length = bytes.strip_prefix(b"RIFF")?.first_chunk::<4>()?;
    let end = (u32::from_le_bytes(*length) as usize).saturating_add(8);
    let container = bytes.get(..end).unwrap_or(bytes);
    (container.get(8..12) == Some(b"WEBP")).then_some(container)
}

/// The chunks that are whole.
pub(super) fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let container = container(bytes).unwrap_or_default();
    chunks_within(container, 12)
}

fn chunks_within(bytes: &[u8], mut at: usize) -> impl Iterator<Item = Chunk<'_>> {
    std::iter::from_fn(move || {
        let name = bytes.get(at..)?.first_chunk::<4>()?;
        let length = u32::from_le_bytes(*bytes.get(at + 4..)?.first_chunk()?) as usize;
        let start = at + 8;
        let content = bytes.get(start..start.checked_add(length)?)?;
        at = start + length + length % 2;
        Some(Chunk { name, at: start, content })
    })
}

/// Whether a chunk goes on after the file's end: the decoder would make room for what it should hold.
fn is_cut(container: &[u8]) -> bool {
    let end =
        chunks_within(container, 12).last().map_or(12, |last| last.at + last.content.len() + last.content.len() % 2);
    container.len() >= end.saturating_add(8)
}

/// The size of the frame in a VP8 or VP8L chunk.
fn frame_size(chunk: &Chunk<'_>) -> Option<(u32, u32)> {
    match chunk.name {
        b"VP8 " => {
            let &[_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1] = chunk.content.first_chunk()? else { return None };
            let size = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3FFF);
            Some((size([w0, w1]), size([h0, h1])))
        }
        b"VP8L" => {
            let (&0x2F, rest) = chunk.content.split_first()? else { return None };
            let header = u32::from_le_bytes(*rest.first_chunk()?);
            Some(((header & 0x3FFF) + 1, (header >> 14 & 0x3FFF) + 1))
        }
        _ => None,
    }
}

/// The file as the decoder is to see it: without trailing bytes, and without announcements of chunks that were removed.
/// Files of other formats stay as they are. `check` is asked about the size of the canvas and of every frame.
///
/// # Errors
/// If a chunk is cut, if `check` refuses a size, or if a frame has another size than its canvas.
pub(super) fn prepare(
    bytes: &[u8],
    check: impl Fn((u32, u32)) -> Result<(), ReadError>,
) -> Result<Cow<'_, [u8]>, ReadError> {
    let Some(container) = container(bytes) else { return Ok(bytes.into()) };
    if is_cut(container) {
        return Err(ReadError::Truncated);
    }
    let mut canvas = None;
    let mut flags = None;
    for chunk in chunks(container) {
        match (chunk.name, chunk.content.first_chunk::<10>()) {
            (b"VP8X", Some(&[bits, _, _, _, w0, w1, w2, h0, h1, h2])) if flags.is_none() => {
                let announced = (size([w0, w1, w2]), size([h0, h1, h2]));
                check(announced)?;
                canvas = Some(announced);
                flags = Some((chunk.at, bits));
            }
            (b"ANMF", _) => check_animated(&chunk, canvas, &check)?,
            (b"VP8 " | b"VP8L", _) => {
                if let Some(frame) = frame_size(&chunk) {
                    check(frame)?;
                    if let Some(canvas) = canvas.filter(|canvas| *canvas != frame) {
                        return Err(differs(frame, canvas));
                    }
                }
            }
            _ => {}
        }
    }
    let Some((at, bits)) = flags else { return Ok(container.into()) };
    let is_missing =
        |(bit, name): &(u8, &[u8; 4])| bits & bit != 0 && chunks(container).all(|chunk| chunk.name != *name);
    let missing = ANNOUNCED.iter().filter(|announced| is_missing(announced)).fold(0, |missing, (bit, _)| missing | bit);
    if missing == 0 {
        return Ok(container.into());
    }
    let mut repaired = container.to_vec();
    repaired[at] &= !missing;
    Ok(repaired.into())
}

/// A side of a canvas or an animation's frame.
fn size([low, middle, high]: [u8; 3]) -> u32 {
    u32::from_le_bytes([low, middle, high, 0]) + 1
}

/// A frame of an animation has the size that its header says, and is within the canvas.
fn check_animated(
    chunk: &Chunk<'_>,
    canvas: Option<(u32, u32)>,
    check: impl Fn((u32, u32)) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let Some(&[_, _, _, _, _, _, w0, w1, w2, h0, h1, h2]) = chunk.content.first_chunk() else { return Ok(()) };
    let announced = (size([w0, w1, w2]), size([h0, h1, h2]));
    if let Some(canvas) = canvas.filter(|canvas| announced.0 > canvas.0 || announced.1 > canvas.1) {
        return Err(differs(announced, canvas));
    }
    for frame in chunks_within(chunk.content, FRAME_HEADER).filter_map(|chunk| frame_size(&chunk)) {
        check(frame)?;
        if frame != announced {
            return Err(differs(frame, announced));
        }
    }
    Ok(())
}

fn differs(frame: (u32, u32), canvas: (u32, u32)) -> ReadError {
    ReadError::Damaged(format!(
        "its frame has {}×{} pixels, and its canvas {}×{}",
        frame.0, frame.1, canvas.0, canvas.1
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat, RgbImage};

    use super::*;
    use crate::raw::decode::{ReadOptions, decode};

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let filling = &[0][..content.len() % 2];
        [&name[..], &(content.len() as u32).to_le_bytes(), content, filling].concat()
    }

    fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
        let content = chunks.concat();
        [b"RIFF", &(content.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &content].concat()
    }

    /// The chunk of a frame of 40×30 pixels.
    fn frame() -> Vec<u8> {
        let image = DynamicImage::from(RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8, y as u8, 9])));
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::WebP).unwrap();
        bytes.into_inner().split_off(12)
    }

    fn canvas(bits: u8, width: u8, height: u8) -> Vec<u8> {
        chunk(b"VP8X", &[bits, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0])
    }

    fn read(bytes: &[u8]) -> Result<DynamicImage, ReadError> {
        decode(bytes, &ReadOptions::default())
    }

    #[test]
    fn trailing_bytes_and_missing_chunks_do_not_matter() {
        let plain = read(&riff(&[frame()])).unwrap();
        assert_eq!(read(&[riff(&[frame()]), b"and some text".to_vec()].concat()).unwrap(), plain);
        assert_eq!(read(&riff(&[canvas(0x0C, 40, 30), frame()])).unwrap(), plain);
        assert_eq!(read(&riff(&[canvas(0x0C, 40, 30), frame(), chunk(b"XMP ", b"abc")])).unwrap(), plain);
    }

    #[test]
    fn a_chunk_that_goes_on_is_seen() {
        let mut bytes = riff(&[frame(), chunk(b"EXIF", b"ab")]);
        let length = bytes.len() - 6;
        bytes[length] = 200;
        assert!(matches!(read(&bytes), Err(ReadError::Truncated)));
        assert!(matches!(read(&bytes[..60]), Err(ReadError::Truncated)));
        for short in [&b"RIFF"[..], b"", b"RIFF1234WEBP"] {
            assert!(prepare(short, |_| Ok(())).is_ok());
        }
    }

    #[test]
    fn a_frame_that_is_larger_than_its_canvas_is_refused() {
        // 40×30 is announced, and the frame has 16383×8000 pixels.
        let vp8 = chunk(b"VP8 ", &[0x10, 0, 0, 0x9D, 0x01, 0x2A, 0xFF, 0x3F, 0x40, 0x1F, 0, 0]);
        let header = [0, 0, 0, 0, 0, 0, 0xFE, 0x3F, 0, 0x3F, 0x1F, 0, 0, 0, 0, 0];
        let small = [0, 0, 0, 0, 0, 0, 39, 0, 0, 29, 0, 0, 0, 0, 0, 0];
        for file in [
            riff(&[canvas(0, 40, 30), vp8.clone()]),
            riff(&[canvas(2, 40, 30), chunk(b"ANMF", &[&header[..], &vp8].concat())]),
            riff(&[canvas(2, 40, 30), chunk(b"ANMF", &[&small[..], &vp8].concat())]),
        ] {
            let error = read(&file).unwrap_err().to_string();
            assert!(error.contains("16383×8000 pixels, and its canvas 40×30"), "{error}");
            let limited = ReadOptions { max_pixels: 1_000_000, ..ReadOptions::default() };
            assert!(decode(&file, &limited).is_err());
        }
    }
}
