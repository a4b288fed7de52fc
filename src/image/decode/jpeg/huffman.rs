//! Huffman codes of a JPEG (ITU-T T.81, annex C and F.2.2), and the bits that they are read from.

use super::block::{Corrupt, ZIGZAG};

/// Codes of up to this many bits are found in one step.
const QUICK: u32 = 9;

/// The codes of one table.
pub(super) struct Table {
    /// By the next bits: the code's length and symbol; length 0 if it is longer.
    quick: Vec<(u8, u8)>,
    /// By length: the first code beyond those of this length, shifted to 16 bits.
    beyond: [u32; 17],
    /// By length: what is added to a code to find its symbol.
    offset: [i32; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// The table of so many codes of each length; none if they are too many.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table =
            Self { quick: vec![(0, 0); 1 << QUICK], beyond: [0; 17], offset: [0; 17], symbols: symbols.to_vec() };
        let (mut code, mut index) = (0u32, 0usize);
        for length in 1..=16 {
            let count = usize::from(counts[length - 1]);
            table.offset[length] = index as i32 - code as i32;
            for _ in 0..count {
                if code >= 1 << length {
                    return None;
                }
                if let Some(free) = QUICK.checked_sub(length as u32) {
                    let first = (code << free) as usize;
                    table.quick[first..first + (1 << free)].fill((length as u8, *symbols.get(index)?));
                }
                code += 1;
                index += 1;
            }
            table.beyond[length] = code << (16 - length);
            code <<= 1;
        }
        (symbols.len() >= index).then_some(table)
    }
}

/// The bits of a restart interval. Behind its end follow zeros, so that a code there can be read and then be refused.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    buffer: u64,
    count: u32,
    /// Bits in the buffer that are not in the file.
    invented: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, buffer: 0, count: 0, invented: 0 }
    }

    fn next_byte(&mut self) -> Option<u8> {
        let byte = *self.data.get(self.at)?;
        self.at += 1;
        if byte == 0xFF {
            while self.data.get(self.at) == Some(&0xFF) {
                self.at += 1;
            }
            if self.data.get(self.at) != Some(&0) {
                // A marker that does not belong here: the rest is not to be trusted.
                self.at = self.data.len();
                return None;
            }
            self.at += 1;
        }
        Some(byte)
    }

    fn fill(&mut self) {
        while self.count <= 48 {
            let byte = self.next_byte();
            self.invented += if byte.is_none() { 8 } else { 0 };
            self.buffer = self.buffer << 8 | u64::from(byte.unwrap_or(0));
            self.count += 8;
        }
    }

    fn peek(&self, bits: u32) -> u32 {
        ((self.buffer >> (self.count - bits)) & ((1 << bits) - 1)) as u32
    }

    /// The next bits as a number; at most 16.
    pub(super) fn take(&mut self, bits: u32) -> i32 {
        if self.count < 16 {
            self.fill();
        }
        let value = self.peek(bits);
        self.count -= bits;
        value as i32
    }

    /// A number of so many bits with its sign (F.2.2.1, EXTEND).
    pub(super) fn signed(&mut self, bits: u32) -> i32 {
        let value = self.take(bits);
        if bits > 0 && value < 1 << (bits - 1) { value - (1 << bits) + 1 } else { value }
    }

    pub(super) fn symbol(&mut self, table: &Table) -> Result<u8, Corrupt> {
        if self.count < 16 {
            self.fill();
        }
        let (length, symbol) = table.quick[self.peek(QUICK) as usize];
        if length > 0 {
            self.count -= u32::from(length);
            return Ok(symbol);
        }
        let code = self.peek(16);
        let length = (QUICK as usize + 1..=16).find(|&length| code < table.beyond[length]).ok_or(Corrupt)?;
        self.count -= length as u32;
        let index = (code >> (16 - length)) as i32 + table.offset[length];
        usize::try_from(index).ok().and_then(|index| table.symbols.get(index)).copied().ok_or(Corrupt)
    }

    /// Bytes that were not read.
    pub(super) fn left(&self) -> usize {
        self.data.len() - self.at + (self.count.saturating_sub(self.invented) / 8) as usize
    }

    /// Fails if bits were read that the file does not have.
    pub(super) fn check(&self) -> Result<(), Corrupt> {
        if self.invented > self.count { Err(Corrupt) } else { Ok(()) }
    }
}

/// Reads blocks that are coded with Huffman's codes.
pub(super) struct Huffman<'a> {
    bits: Bits<'a>,
    /// The last DC coefficient of each member of the scan.
    dc: [i32; 4],
    /// How many blocks follow without further coefficients.
    empty: u32,
}

impl<'a> Huffman<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { bits: Bits::new(data), dc: [0; 4], empty: 0 }
    }

    pub(super) fn left(&self) -> usize {
        self.bits.left()
    }

    /// A block of a sequential scan (F.2.2).
    pub(super) fn block(
        &mut self,
        block: &mut [i16; 64],
        member: usize,
        dc: &Table,
        ac: &Table,
    ) -> Result<(), Corrupt> {
        block.fill(0);
        self.dc_first(block, member, dc, 0)?;
        let mut k = 1;
        while k < 64 {
            let symbol = self.bits.symbol(ac)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run != 15 {
                    break;
                }
                k += 16;
                continue;
            }
            k += run;
            *block.get_mut(*ZIGZAG.get(k).ok_or(Corrupt)?).ok_or(Corrupt)? = self.bits.signed(size) as i16;
            k += 1;
        }
        self.bits.check()
    }

    /// The DC coefficient down to a bit (G.1.2.1).
    pub(super) fn dc_first(
        &mut self,
        block: &mut [i16; 64],
        member: usize,
        dc: &Table,
        low: u8,
    ) -> Result<(), Corrupt> {
        let size = self.bits.symbol(dc)?;
        if size > 16 {
            return Err(Corrupt);
        }
        self.dc[member] = self.dc[member].wrapping_add(self.bits.signed(u32::from(size)));
        block[0] = (self.dc[member] << low) as i16;
        self.bits.check()
    }

    /// One more bit of the DC coefficient.
    pub(super) fn dc_more(&mut self, block: &mut [i16; 64], low: u8) -> Result<(), Corrupt> {
        block[0] |= (self.bits.take(1) << low) as i16;
        self.bits.check()
    }

    /// A band of AC coefficients down to a bit (G.1.2.2).
    pub(super) fn ac_first(
        &mut self,
        block: &mut [i16; 64],
        ac: &Table,
        band: (usize, usize),
        low: u8,
    ) -> Result<(), Corrupt> {
        if self.empty > 0 {
            self.empty -= 1;
            return Ok(());
        }
        let mut k = band.0;
        while k <= band.1 {
            let symbol = self.bits.symbol(ac)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run < 15 {
                    self.empty = (1 << run) - 1 + self.bits.take(run as u32) as u32;
                    break;
                }
                k += 16;
                continue;
            }
            k += run;
            if k > band.1 {
                return Err(Corrupt);
            }
            block[ZIGZAG[k]] = (self.bits.signed(size) << low) as i16;
            k += 1;
        }
        self.bits.check()
    }

    /// One more bit of a band of AC coefficients (G.1.2.3): of those that are not zero, and new ones.
    pub(super) fn ac_more(
        &mut self,
        block: &mut [i16; 64],
        ac: &Table,
        band: (usize, usize),
        low: u8,
    ) -> Result<(), Corrupt> {
        let one = 1i16 << low;
        let mut k = band.0;
        if self.empty == 0 {
            while k <= band.1 {
                let symbol = self.bits.symbol(ac)?;
                let (mut run, size) = (symbol >> 4, symbol & 15);
                let new = match size {
                    0 if run < 15 => {
                        self.empty = (1 << run) + self.bits.take(u32::from(run)) as u32;
                        break;
                    }
                    0 => 0,
                    1 if self.bits.take(1) == 1 => one,
                    1 => -one,
                    _ => return Err(Corrupt),
                };
                // Passes over `run` coefficients that are still zero, and corrects the others on the way.
                while k <= band.1 {
                    let coefficient = &mut block[ZIGZAG[k]];
                    if *coefficient != 0 {
                        self.correct(coefficient, one);
                    } else if run == 0 {
                        *coefficient = new;
                        k += 1;
                        break;
                    } else {
                        run -= 1;
                    }
                    k += 1;
                }
                self.bits.check()?;
            }
        }
        if self.empty > 0 {
            for &at in &ZIGZAG[k.min(64)..=band.1] {
                if block[at] != 0 {
                    self.correct(&mut block[at], one);
                }
            }
            self.empty -= 1;
        }
        self.bits.check()
    }

    fn correct(&mut self, coefficient: &mut i16, one: i16) {
        if self.bits.take(1) == 1 && *coefficient & one == 0 {
            *coefficient = coefficient.wrapping_add(if *coefficient > 0 { one } else { -one });
        }
    }
}
