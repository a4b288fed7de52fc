//! The quick decoder for the JPEGs that it gets right: those of the usual layouts, without damage.
//!
//! It takes what it is given: data that ends early leaves grey pixels, and no error. So it is given the data with codes behind
//! each end that are always invalid. A decoder that is still reading when the data ends comes upon them and fails.

use image::{DynamicImage, GrayImage, RgbImage};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::coefficients::{most_samples, units_of};
use super::layout::{Layout, Part};
use super::tables;

/// Bits that are all ones are no Huffman code. As many as a value and the code after it can take.
const INVALID: [u8; 12] = [0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0];

/// Whether the quick decoder gets the layout right, if nothing is damaged.
pub(super) fn knows(bytes: &[u8], layout: &Layout<'_>) -> bool {
    let is_usual = layout.frame.coding.progressive || layout.scans().count() == 1;
    is_usual
        && can_read(layout)
        && has_usual_sampling(layout, 2)
        && is_complete(layout)
        && restarts_follow(bytes, layout)
}

/// Whether the quick decoder may be given the file: there are layouts with which it panics, and others that it always gets
/// wrong.
pub(super) fn can_read(layout: &Layout<'_>) -> bool {
    let frame = &layout.frame;
    frame.precision == 8 && !frame.coding.arithmetic && !layout.late_height && has_usual_sampling(layout, 4)
}

/// Whether the first component is the finest, and its samples up to so many times those of the others.
fn has_usual_sampling(layout: &Layout<'_>, coarsest: usize) -> bool {
    let most = most_samples(&layout.frame);
    let usual = |most: usize, own: usize| (1..=coarsest).any(|times| most == times * own);
    let components = &layout.frame.components;
    components[0].sampling == most
        && components.iter().all(|component| usual(most.0, component.sampling.0) && usual(most.1, component.sampling.1))
}

/// Whether the scans bring every bit of every coefficient.
fn is_complete(layout: &Layout<'_>) -> bool {
    let mut missing = vec![u64::MAX; layout.frame.components.len()];
    for scan in layout.scans().filter(|scan| scan.bits.1 == 0) {
        let (first, last) = scan.band;
        for member in &scan.members {
            missing[member.component] &= !((u64::MAX >> (63 - (last - first))) << first);
        }
    }
    missing.iter().all(|&missing| missing == 0)
}

/// Whether all restart markers are there, in their order.
fn restarts_follow(bytes: &[u8], layout: &Layout<'_>) -> bool {
    let mut interval = 0;
    layout.parts.iter().all(|part| match part {
        Part::Tables { code: 0xDD, content } => {
            interval = content.first_chunk().map_or(0, |&number| usize::from(u16::from_be_bytes(number)));
            true
        }
        Part::Tables { .. } => true,
        Part::Scan(scan) => {
            let units = units_of(&layout.frame, scan);
            let expected = if interval == 0 { 0 } else { (units.0 * units.1).div_ceil(interval) - 1 };
            scan.restarts.len() == expected
                && scan.restarts.iter().enumerate().all(|(i, &at)| usize::from(bytes[at + 1] & 7) == i % 8)
        }
    })
}

/// The image if the file is sound, and nothing if it is not, or if the decoder finds fault with it for another reason.
pub(super) fn decode(bytes: &[u8], layout: &Layout<'_>) -> Option<DynamicImage> {
    run(&guarded(bytes, layout), true)
}

/// The image as the decoder has it: also if it is wrong.
pub(super) fn decode_as_it_is(bytes: &[u8]) -> Option<DynamicImage> {
    run(bytes, false)
}

fn run(bytes: &[u8], strict: bool) -> Option<DynamicImage> {
    let options =
        DecoderOptions::default().set_strict_mode(strict).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let is_grey = decoder.input_colorspace()? == ColorSpace::Luma;
    let colours = if is_grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let (width, height) = decoder.dimensions()?;
    let size = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let pixels = decoder.decode().ok()?;
    if is_grey {
        GrayImage::from_raw(size.0, size.1, pixels).map(Into::into)
    } else {
        RgbImage::from_raw(size.0, size.1, pixels).map(Into::into)
    }
}

/// The file up to the end of its last scan, with invalid codes behind each end of data, and with the standard Huffman tables in
/// front if it needs them.
fn guarded(bytes: &[u8], layout: &Layout<'_>) -> Vec<u8> {
    let mut ends: Vec<usize> = Vec::new();
    for (number, scan) in layout.scans().enumerate() {
        // In a progressive file the decoder looks for the marker right behind the first scan.
        if number > 0 || !layout.frame.coding.progressive {
            ends.extend(&scan.restarts);
            ends.push(scan.data.1);
        }
    }
    let all = layout.scans().last().map_or(bytes.len(), |scan| scan.data.1);
    let mut guarded = Vec::with_capacity(all + ends.len() * INVALID.len() + tables::STANDARD.len() + 2);
    let mut at = 0;
    if lacks_tables(layout) {
        guarded.extend(&bytes[..2]);
        guarded.extend(tables::STANDARD);
        at = 2;
    }
    for end in ends {
        guarded.extend(&bytes[at..end]);
        guarded.extend(INVALID);
        at = end;
    }
    guarded.extend(&bytes[at..all]);
    guarded.extend(b"\xFF\xD9");
    guarded
}

/// Whether a scan names a Huffman table that the file has not defined.
fn lacks_tables(layout: &Layout<'_>) -> bool {
    let mut defined = [[false; 4]; 2];
    layout.parts.iter().any(|part| match part {
        Part::Tables { code: 0xC4, content } => {
            let mut content = *content;
            while let Some((&head, rest)) = content.split_first() {
                let count: usize = rest.iter().take(16).map(|&count| usize::from(count)).sum();
                defined[usize::from(head >> 4 != 0)][usize::from(head & 3)] = true;
                content = rest.get(16 + count..).unwrap_or_default();
            }
            false
        }
        Part::Tables { .. } => false,
        Part::Scan(scan) => scan.members.iter().any(|member| {
            scan.band.0 == 0 && scan.bits.0 == 0 && !defined[0][member.dc_table]
                || scan.band.1 > 0 && !defined[1][member.ac_table]
        }),
    })
}
