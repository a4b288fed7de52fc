//! Decodes the scans of a JPEG into coefficients, and keeps account of what is lost.
//!
//! Damage ends at the next restart marker, or with the scan: what was decoded before stays, and the markers' numbers tell which
//! intervals are missing.

use super::arithmetic::{Arithmetic, Conditioning};
use super::block::Corrupt;
use super::huffman::{Huffman, Table};
use super::layout::{Component, Frame, Layout, Member, Part, Scan};
use super::tables;

/// So many bytes between the last block of an interval and the next marker may be filling.
const MOST_LEFT: usize = 16;

/// The coefficients of a component.
pub(super) struct Plane {
    /// Samples that belong to the image.
    pub(super) size: (usize, usize),
    /// Blocks that are stored: whole units of an interleaved scan.
    pub(super) blocks: (usize, usize),
    pub(super) coefficients: Vec<i16>,
    pub(super) quantisation: [u16; 64],
    /// How many blocks got their DC coefficient.
    received: usize,
    /// By coefficient: the bit down to which it was sent.
    sent: [u8; 64],
}

const NOT_SENT: u8 = u8::MAX;

impl Plane {
    /// Blocks that hold samples of the image.
    fn needed(&self) -> (usize, usize) {
        (self.size.0.div_ceil(8), self.size.1.div_ceil(8))
    }
}

/// What came of decoding the scans.
pub(super) struct Decoded {
    pub(super) planes: Vec<Plane>,
    /// The share of blocks that could not be decoded.
    pub(super) lost: f64,
    /// Whether there was more data than blocks: some of them are not what they were.
    pub(super) is_garbled: bool,
    /// Whether detail of blocks is missing: scans were cut or did not come.
    pub(super) lacks_detail: bool,
}

/// The largest sampling of the components.
pub(super) fn most_samples(frame: &Frame) -> (usize, usize) {
    let most = |of: fn(&Component) -> usize| frame.components.iter().map(of).max().unwrap_or(1);
    (most(|component| component.sampling.0), most(|component| component.sampling.1))
}

/// The memory that the coefficients take, in bytes.
pub(super) fn memory(frame: &Frame) -> u64 {
    let bytes = |plane: (usize, usize)| (plane.0 * plane.1 * 64 * size_of::<i16>()) as u64;
    frame.components.iter().map(|component| bytes(stored_blocks(frame, component))).sum()
}

/// Columns and rows of units in an interleaved scan.
fn units(frame: &Frame) -> (usize, usize) {
    let most = most_samples(frame);
    ((frame.width as usize).div_ceil(8 * most.0), (frame.height as usize).div_ceil(8 * most.1))
}

/// Columns and rows of units in a scan: with a single component they are its blocks, without those that only fill up.
pub(super) fn units_of(frame: &Frame, scan: &Scan) -> (usize, usize) {
    match *scan.members {
        [member] => {
            let size = size(frame, &frame.components[member.component]);
            (size.0.div_ceil(8), size.1.div_ceil(8))
        }
        _ => units(frame),
    }
}

/// Samples of a component that belong to the image.
fn size(frame: &Frame, component: &Component) -> (usize, usize) {
    let most = most_samples(frame);
    (
        (frame.width as usize * component.sampling.0).div_ceil(most.0),
        (frame.height as usize * component.sampling.1).div_ceil(most.1),
    )
}

fn stored_blocks(frame: &Frame, component: &Component) -> (usize, usize) {
    let units = units(frame);
    (units.0 * component.sampling.0, units.1 * component.sampling.1)
}

/// Decodes all scans.
pub(super) fn decode(bytes: &[u8], layout: &Layout<'_>) -> Decoded {
    let frame = &layout.frame;
    let plane = |component: &Component| {
        let size = size(frame, component);
        let blocks = stored_blocks(frame, component);
        let coefficients = vec![0; blocks.0 * blocks.1 * 64];
        Plane { size, blocks, coefficients, quantisation: [0; 64], received: 0, sent: [NOT_SENT; 64] }
    };
    let mut state = State {
        frame,
        planes: frame.components.iter().map(plane).collect(),
        quantisation: [None; 4],
        dc: [const { None }; 4],
        ac: [const { None }; 4],
        conditioning: Conditioning::default(),
        interval: 0,
        is_garbled: false,
        lacks_detail: false,
    };
    state.define_huffman(&tables::STANDARD[4..]);
    for part in &layout.parts {
        match part {
            Part::Tables { code: 0xDB, content } => state.define_quantisation(content),
            Part::Tables { code: 0xC4, content } => state.define_huffman(content),
            Part::Tables { code: 0xCC, content } => state.define_conditioning(content),
            Part::Tables { content, .. } => {
                let number = |&[high, low]: &[u8; 2]| usize::from(u16::from_be_bytes([high, low]));
                state.interval = content.first_chunk().map_or(0, number);
            }
            Part::Scan(scan) => state.scan(bytes, scan),
        }
    }
    let all: usize = state.planes.iter().map(|plane| plane.needed().0 * plane.needed().1).sum();
    let needed = |plane: &Plane| plane.needed().0 * plane.needed().1;
    let received: usize = state.planes.iter().map(|plane| plane.received.min(needed(plane))).sum();
    let lacks_detail = state.lacks_detail || state.planes.iter().any(|plane| plane.sent != [0; 64]);
    let lost = 1.0 - received as f64 / all.max(1) as f64;
    Decoded { lost, is_garbled: state.is_garbled, lacks_detail, planes: state.planes }
}

/// The tables that hold at this place of the file, and what was decoded so far.
struct State<'a> {
    frame: &'a Frame,
    planes: Vec<Plane>,
    quantisation: [Option<[u16; 64]>; 4],
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    conditioning: Conditioning,
    /// Units between restart markers; 0 if there are none.
    interval: usize,
    is_garbled: bool,
    lacks_detail: bool,
}

/// Reads the blocks of one restart interval.
enum Reader<'a> {
    Huffman(Huffman<'a>),
    Arithmetic(Box<Arithmetic<'a>>),
}

impl Reader<'_> {
    /// Bytes that were not read.
    fn left(&self) -> usize {
        match self {
            Self::Huffman(huffman) => huffman.left(),
            Self::Arithmetic(arithmetic) => arithmetic.left(),
        }
    }
}

impl State<'_> {
    fn define_quantisation(&mut self, mut content: &[u8]) {
        while let Some((&head, rest)) = content.split_first() {
            let wide = head >> 4 != 0;
            let Some((values, rest)) = rest.split_at_checked(if wide { 128 } else { 64 }) else { return };
            let table = std::array::from_fn(|k| {
                if wide { u16::from_be_bytes([values[2 * k], values[2 * k + 1]]) } else { u16::from(values[k]) }
            });
            if let Some(slot) = self.quantisation.get_mut(usize::from(head & 15)) {
                *slot = Some(table);
            }
            content = rest;
        }
    }

    fn define_huffman(&mut self, mut content: &[u8]) {
        while let Some((&head, rest)) = content.split_first() {
            let Some((counts, rest)) = rest.split_first_chunk::<16>() else { return };
            let symbols: usize = counts.iter().map(|&count| usize::from(count)).sum();
            let Some((symbols, rest)) = rest.split_at_checked(symbols) else { return };
            let slots = if head >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            if let Some(slot) = slots.get_mut(usize::from(head & 15)) {
                *slot = Table::new(counts, symbols);
            }
            content = rest;
        }
    }

    fn define_conditioning(&mut self, content: &[u8]) {
        for &[head, value] in content.as_chunks::<2>().0 {
            let slot = usize::from(head & 15);
            match head >> 4 {
                0 if slot < 4 && value & 15 <= value >> 4 => self.conditioning.dc[slot] = (value & 15, value >> 4),
                1 if slot < 4 => self.conditioning.ac[slot] = value,
                _ => {}
            }
        }
    }

    fn scan(&mut self, bytes: &[u8], scan: &Scan) {
        let is_dc = scan.band.0 == 0;
        for member in &scan.members {
            let plane = &mut self.planes[member.component];
            // A table may be replaced between scans: the one that holds now is the component's.
            if let Some(table) = self.quantisation[self.frame.components[member.component].table] {
                plane.quantisation = table;
            }
            if is_dc && scan.bits.0 == 0 {
                plane.received = 0;
            }
            for sent in &mut plane.sent[scan.band.0..=scan.band.1] {
                *sent = scan.bits.1;
            }
        }
        let units = units_of(self.frame, scan);
        let all = units.0 * units.1;
        let interval = if self.interval == 0 { all } else { self.interval };
        let expected = all.div_ceil(interval.max(1));
        let (mut index, mut decoded) = (0, 0);
        let mut start = scan.data.0;
        for number in 0..=scan.restarts.len() {
            let end = scan.restarts.get(number).copied().unwrap_or(scan.data.1);
            if number > 0 {
                // Restart markers count from 0 to 7: a jump tells how many intervals are missing before this one.
                let told = usize::from(bytes[scan.restarts[number - 1] + 1] & 7);
                let jump = (told + 8 - (index + 7) % 8) % 8;
                let missing = expected.saturating_sub(index + scan.restarts.len() + 1 - number);
                index += if jump <= missing { jump } else { 0 };
            }
            if index >= expected {
                break;
            }
            let first = index * interval;
            decoded += self.interval(&bytes[start..end], scan, units, (first, all.min(first + interval)));
            index += 1;
            start = end + 2;
        }
        self.lacks_detail |= decoded < all;
    }

    /// Decodes a restart interval, from one unit to another; returns how many units were decoded.
    fn interval(&mut self, data: &[u8], scan: &Scan, units: (usize, usize), (first, end): (usize, usize)) -> usize {
        let mut reader = if self.frame.coding.arithmetic {
            Reader::Arithmetic(Box::new(Arithmetic::new(data, self.conditioning)))
        } else {
            Reader::Huffman(Huffman::new(data))
        };
        let is_dc = scan.band.0 == 0 && scan.bits.0 == 0;
        for unit in first..end {
            let (column, row) = (unit % units.0, unit / units.0);
            if let [member] = *scan.members {
                if self.block(&mut reader, scan, (0, member), (column, row)).is_err() {
                    return unit - first;
                }
                self.planes[member.component].received += usize::from(is_dc);
                continue;
            }
            for (number, &member) in scan.members.iter().enumerate() {
                let (h, v) = self.frame.components[member.component].sampling;
                for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                    let at = (column * h + x, row * v + y);
                    if self.block(&mut reader, scan, (number, member), at).is_err() {
                        return unit - first;
                    }
                    let plane = &mut self.planes[member.component];
                    let needed = plane.needed();
                    plane.received += usize::from(is_dc && at.0 < needed.0 && at.1 < needed.1);
                }
            }
        }
        self.is_garbled |= reader.left() > MOST_LEFT;
        end - first
    }

    fn block(
        &mut self,
        reader: &mut Reader<'_>,
        scan: &Scan,
        (number, member): (usize, Member),
        (x, y): (usize, usize),
    ) -> Result<(), Corrupt> {
        let plane = &mut self.planes[member.component];
        let start = (y * plane.blocks.0 + x) * 64;
        let block = plane.coefficients.get_mut(start..).and_then(|rest| rest.first_chunk_mut()).ok_or(Corrupt)?;
        let dc = || self.dc[member.dc_table].as_ref().ok_or(Corrupt);
        let ac = || self.ac[member.ac_table].as_ref().ok_or(Corrupt);
        let (band, (high, low)) = (scan.band, scan.bits);
        let result = match (reader, self.frame.coding.progressive) {
            (Reader::Huffman(huffman), false) => huffman.block(block, number, dc()?, ac()?),
            (Reader::Huffman(huffman), true) => match (band.0, high) {
                (0, 0) => huffman.dc_first(block, number, dc()?, low),
                (0, _) => huffman.dc_more(block, low),
                (_, 0) => huffman.ac_first(block, ac()?, band, low),
                _ => huffman.ac_more(block, ac()?, band, low),
            },
            (Reader::Arithmetic(arithmetic), false) => {
                arithmetic.block(block, number, (member.dc_table, member.ac_table))
            }
            (Reader::Arithmetic(arithmetic), true) => match (band.0, high) {
                (0, 0) => arithmetic.dc_first(block, number, member.dc_table, low),
                (0, _) => arithmetic.dc_more(block, low),
                (_, 0) => arithmetic.ac_first(block, member.ac_table, band, low),
                _ => arithmetic.ac_more(block, member.ac_table, band, low),
            },
        };
        if result.is_err() && !self.frame.coding.progressive {
            block.fill(0);
        }
        result
    }
}
