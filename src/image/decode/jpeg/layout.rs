//! The markers of a JPEG (ITU-T T.81, annex B): what its headers announce and where its scans are, without decoding.

use super::super::ReadError;
use super::super::unsupported;

/// The most scans of a JPEG. Progressive ones have about ten; a hundred bytes more make another, for which the decoder goes
/// through all pixels again.
const MOST_SCANS: usize = 100;

/// How a frame's coefficients are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coding {
    /// In several scans, each with some of the coefficients or some of their bits.
    pub(super) progressive: bool,
    /// With arithmetic codes in place of Huffman's.
    pub(super) arithmetic: bool,
}

/// A plane of the image, such as luma.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Samples per row and per column, relative to the other components.
    pub(super) sampling: (usize, usize),
    /// The quantisation table.
    pub(super) table: usize,
}

/// The frame header: the size of the image and its components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) coding: Coding,
    /// Bits per sample.
    pub(super) precision: u8,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: Vec<Component>,
}

/// A component in a scan, and the Huffman (or arithmetic) tables for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Index into [`Frame::components`].
    pub(super) component: usize,
    pub(super) dc_table: usize,
    pub(super) ac_table: usize,
}

/// A pass over some components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// Where its header's marker is.
    pub(super) start: usize,
    pub(super) members: Vec<Member>,
    /// First and last coefficient, in zigzag order.
    pub(super) band: (usize, usize),
    /// The bit below which an earlier scan stopped, and the one below which this scan stops.
    pub(super) bits: (u8, u8),
    /// Where the entropy-coded data begins and ends.
    pub(super) data: (usize, usize),
    /// Where the restart markers are.
    pub(super) restarts: Vec<usize>,
}

/// A part of the file that the decoder needs, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A segment of tables: quantisation, Huffman, arithmetic, or the restart interval.
    Tables {
        code: u8,
        content: &'a [u8],
    },
    Scan(Scan),
}

/// A JPEG's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout<'a> {
    pub(super) frame: Frame,
    pub(super) parts: Vec<Part<'a>>,
    /// `Some(transform)` of an Adobe segment.
    pub(super) adobe: Option<u8>,
    pub(super) has_jfif: bool,
    /// Whether the end-of-image marker is there.
    pub(super) has_end: bool,
    /// Whether the height comes from a DNL segment behind the first scan, and not from the frame header.
    pub(super) late_height: bool,
}

impl Layout<'_> {
    pub(super) fn scans(&self) -> impl Iterator<Item = &Scan> {
        self.parts.iter().filter_map(|part| match part {
            Part::Scan(scan) => Some(scan),
            Part::Tables { .. } => None,
        })
    }
}

/// Follows the markers from the start to the end of the image, or of the file.
pub(super) fn walk(bytes: &[u8]) -> Result<Layout<'_>, ReadError> {
    let (mut frame, mut parts, mut adobe, mut has_jfif) = (None, Vec::new(), None, false);
    let (mut at, mut has_end, mut late_height, mut scans) = (0, false, false, 0);
    while let Some(marker) = next_marker(bytes, at) {
        let code = bytes[marker + 1];
        if code == 0xD9 {
            has_end = true;
            break;
        }
        // TEM, restarts and the start of the image have no content.
        if matches!(code, 0x01 | 0xD0..=0xD8) {
            at = marker + 2;
            continue;
        }
        let Some(content) = content(bytes, marker) else { break };
        at = marker + 4 + content.len();
        match code {
            0xC4 | 0xCC | 0xDB | 0xDD => parts.push(Part::Tables { code, content }),
            0xC0..=0xCF | 0xDE => {
                if frame.is_some() {
                    return Err(ReadError::Damaged("it has more than one frame header".into()));
                }
                frame = Some(frame_header(code, content)?);
            }
            0xDA => {
                let Some(frame) = &frame else {
                    return Err(ReadError::Damaged("it has image data before its frame header".into()));
                };
                scans += 1;
                if scans > MOST_SCANS {
                    return Err(ReadError::Unsupported(format!("a JPEG of more than {MOST_SCANS} scans")));
                }
                let (end, restarts) = entropy_coded(bytes, at);
                // A scan that cannot be read is passed over: what it would add is missing.
                if let Some((members, band, bits)) = scan_header(content, frame) {
                    parts.push(Part::Scan(Scan { start: marker, members, band, bits, data: (at, end), restarts }));
                }
                at = end;
            }
            0xDC => {
                if let (Some(frame), &[high, low, ..]) = (&mut frame, content)
                    && frame.height == 0
                {
                    frame.height = u32::from(u16::from_be_bytes([high, low]));
                    late_height = true;
                }
            }
            0xE0 if content.starts_with(b"JFIF\0") => has_jfif = true,
            0xEE if content.starts_with(b"Adobe") => adobe = adobe.or(content.get(11).copied()),
            _ => {}
        }
    }
    let frame: Frame = frame.ok_or(ReadError::Truncated)?;
    Ok(Layout { frame, parts, adobe, has_jfif, has_end, late_height })
}

/// The next marker at `at` or behind: the `FF` in front of its code. Filling bytes and stray data are passed over.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        match bytes.get(at + 1)? {
            0x00 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}

/// The content of a segment, without its length; none if the file ends before it does.
pub(super) fn content(bytes: &[u8], marker: usize) -> Option<&[u8]> {
    let length = usize::from(u16::from_be_bytes(*bytes.get(marker + 2..)?.first_chunk()?));
    bytes.get(marker + 4..(marker + 2).checked_add(length)?)
}

/// The application segments in front of the first scan, each with the code of its marker.
pub(in crate::image::decode) fn application_segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    let segments = std::iter::from_fn(move || {
        let marker = next_marker(bytes, at)?;
        let code = bytes[marker + 1];
        if matches!(code, 0xD9 | 0xDA) {
            return None;
        }
        let content = if matches!(code, 0x01 | 0xD0..=0xD8) { &[] } else { content(bytes, marker)? };
        at = if content.is_empty() { marker + 2 } else { marker + 4 + content.len() };
        Some((code, content))
    });
    segments.filter(|(code, _)| matches!(code, 0xE0..=0xEF))
}

/// Where the entropy-coded data that begins at `at` ends, and the restart markers in it. `FF` introduces a marker unless
/// `00` follows. Codes that have no meaning there are taken for damaged data.
fn entropy_coded(bytes: &[u8], mut at: usize) -> (usize, Vec<usize>) {
    let mut restarts = Vec::new();
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == 0xFF) {
        let marker = at + found;
        match bytes.get(marker + 1) {
            // A fill byte: the next FF may start the marker.
            Some(0xFF) => at = marker + 1,
            Some(0xD0..=0xD7) => {
                restarts.push(marker);
                at = marker + 2;
            }
            Some(0xC0..=0xCF | 0xD8..=0xEF | 0xFE) => return (marker, restarts),
            Some(_) => at = marker + 2,
            None => break,
        }
    }
    (bytes.len(), restarts)
}

fn frame_header(code: u8, content: &[u8]) -> Result<Frame, ReadError> {
    match code {
        0xC3 | 0xCB => return Err(unsupported("lossless JPEG")),
        0xC5..=0xC7 | 0xCD..=0xCF | 0xDE => return Err(unsupported("hierarchical JPEG")),
        0xC8 => return Err(unsupported("JPEG with extensions")),
        _ => {}
    }
    let damaged = || ReadError::Damaged("its frame header cannot be read".into());
    let &[precision, y1, y0, x1, x0, count, ref rest @ ..] = content else { return Err(damaged()) };
    let rest = rest.get(..3 * usize::from(count)).ok_or_else(damaged)?;
    if !matches!(count, 1 | 3 | 4) {
        return Err(unsupported(&format!("a JPEG of {count} components")));
    }
    if precision != 8 && precision != 12 {
        return Err(unsupported(&format!("a JPEG of {precision} bits per sample")));
    }
    let component = |&[id, sampling, table]: &[u8; 3]| Component {
        id,
        sampling: (usize::from(sampling >> 4), usize::from(sampling & 15)),
        table: usize::from(table),
    };
    let components: Vec<Component> = rest.as_chunks::<3>().0.iter().map(component).collect();
    let allowed = |component: &Component| {
        let (h, v) = component.sampling;
        (1..=4).contains(&h) && (1..=4).contains(&v) && component.table < 4
    };
    if !components.iter().all(allowed) {
        return Err(damaged());
    }
    Ok(Frame {
        coding: Coding { progressive: matches!(code, 0xC2 | 0xCA), arithmetic: code >= 0xC9 },
        precision,
        width: u32::from(u16::from_be_bytes([x1, x0])),
        height: u32::from(u16::from_be_bytes([y1, y0])),
        components,
    })
}

type ScanHeader = (Vec<Member>, (usize, usize), (u8, u8));

fn scan_header(content: &[u8], frame: &Frame) -> Option<ScanHeader> {
    let (&count, rest) = content.split_first()?;
    let (members, rest) = rest.split_at_checked(2 * usize::from(count))?;
    let &[first, last, bits] = rest.first_chunk()?;
    let member = |&[id, tables]: &[u8; 2]| {
        let component = frame.components.iter().position(|component| component.id == id)?;
        let (dc_table, ac_table) = (usize::from(tables >> 4), usize::from(tables & 15));
        (dc_table < 4 && ac_table < 4).then_some(Member { component, dc_table, ac_table })
    };
    let members: Vec<Member> = members.as_chunks::<2>().0.iter().map(member).collect::<Option<_>>()?;
    let distinct = (1..members.len()).all(|i| members[..i].iter().all(|m| m.component != members[i].component));
    if members.is_empty() || !distinct {
        return None;
    }
    // Some programs leave these at zero where they mean all coefficients.
    let (band, bits) = if frame.coding.progressive {
        ((usize::from(first), usize::from(last)), (bits >> 4, bits & 15))
    } else {
        ((0, 63), (0, 0))
    };
    let is_dc = band == (0, 0);
    let is_ac = band.0 >= 1 && band.0 <= band.1 && band.1 <= 63 && members.len() == 1;
    let sound = !frame.coding.progressive || (is_dc || is_ac) && bits.0 <= 13 && bits.1 <= 13;
    sound.then_some((members, band, bits))
}
