//! Arithmetic codes of a JPEG (ITU-T T.81, annex D, F.1.4 and G.1.3). Few programs write them, since they were once patented.

use super::block::{Corrupt, ZIGZAG};

/// How a probability estimate moves (table D.3): the estimate, the next state after the less and after the more probable
/// symbol, and whether the two change places.
#[rustfmt::skip]
const STATES: [(u32, u8, u8, u8); 113] = [
    (0x5A1D, 1, 1, 1), (0x2586, 14, 2, 0), (0x1114, 16, 3, 0), (0x080B, 18, 4, 0), (0x03D8, 20, 5, 0),
    (0x01DA, 23, 6, 0), (0x00E5, 25, 7, 0), (0x006F, 28, 8, 0), (0x0036, 30, 9, 0), (0x001A, 33, 10, 0),
    (0x000D, 35, 11, 0), (0x0006, 9, 12, 0), (0x0003, 10, 13, 0), (0x0001, 12, 13, 0), (0x5A7F, 15, 15, 1),
    (0x3F25, 36, 16, 0), (0x2CF2, 38, 17, 0), (0x207C, 39, 18, 0), (0x17B9, 40, 19, 0), (0x1182, 42, 20, 0),
    (0x0CEF, 43, 21, 0), (0x09A1, 45, 22, 0), (0x072F, 46, 23, 0), (0x055C, 48, 24, 0), (0x0406, 49, 25, 0),
    (0x0303, 51, 26, 0), (0x0240, 52, 27, 0), (0x01B1, 54, 28, 0), (0x0144, 56, 29, 0), (0x00F5, 57, 30, 0),
    (0x00B7, 59, 31, 0), (0x008A, 60, 32, 0), (0x0068, 62, 33, 0), (0x004E, 63, 34, 0), (0x003B, 32, 35, 0),
    (0x002C, 33, 9, 0), (0x5AE1, 37, 37, 1), (0x484C, 64, 38, 0), (0x3A0D, 65, 39, 0), (0x2EF1, 67, 40, 0),
    (0x261F, 68, 41, 0), (0x1F33, 69, 42, 0), (0x19A8, 70, 43, 0), (0x1518, 72, 44, 0), (0x1177, 73, 45, 0),
    (0x0E74, 74, 46, 0), (0x0BFB, 75, 47, 0), (0x09F8, 77, 48, 0), (0x0861, 78, 49, 0), (0x0706, 79, 50, 0),
    (0x05CD, 48, 51, 0), (0x04DE, 50, 52, 0), (0x040F, 50, 53, 0), (0x0363, 51, 54, 0), (0x02D4, 52, 55, 0),
    (0x025C, 53, 56, 0), (0x01F8, 54, 57, 0), (0x01A4, 55, 58, 0), (0x0160, 56, 59, 0), (0x0125, 57, 60, 0),
    (0x00F6, 58, 61, 0), (0x00CB, 59, 62, 0), (0x00AB, 61, 63, 0), (0x008F, 61, 32, 0), (0x5B12, 65, 65, 1),
    (0x4D04, 80, 66, 0), (0x412C, 81, 67, 0), (0x37D8, 82, 68, 0), (0x2FE8, 83, 69, 0), (0x293C, 84, 70, 0),
    (0x2379, 86, 71, 0), (0x1EDF, 87, 72, 0), (0x1AA9, 87, 73, 0), (0x174E, 72, 74, 0), (0x1424, 72, 75, 0),
    (0x119C, 74, 76, 0), (0x0F6B, 74, 77, 0), (0x0D51, 75, 78, 0), (0x0BB6, 77, 79, 0), (0x0A40, 77, 48, 0),
    (0x5832, 80, 81, 1), (0x4D1C, 88, 82, 0), (0x438E, 89, 83, 0), (0x3BDD, 90, 84, 0), (0x34EE, 91, 85, 0),
    (0x2EAE, 92, 86, 0), (0x299A, 93, 87, 0), (0x2516, 86, 71, 0), (0x5570, 88, 89, 1), (0x4CA9, 95, 90, 0),
    (0x44D9, 96, 91, 0), (0x3E22, 97, 92, 0), (0x3824, 99, 93, 0), (0x32B4, 99, 94, 0), (0x2E17, 93, 86, 0),
    (0x56A8, 95, 96, 1), (0x4F46, 101, 97, 0), (0x47E5, 102, 98, 0), (0x41CF, 103, 99, 0), (0x3C3D, 104, 100, 0),
    (0x375E, 99, 93, 0), (0x5231, 105, 102, 0), (0x4C0F, 106, 103, 0), (0x4639, 107, 104, 0), (0x415E, 103, 99, 0),
    (0x5627, 105, 106, 1), (0x50E7, 108, 107, 0), (0x4B85, 109, 103, 0), (0x5597, 110, 109, 0),
    (0x504F, 111, 107, 0), (0x5A10, 110, 111, 1), (0x5522, 112, 109, 0), (0x59EB, 112, 111, 1),
];

/// So many zero bytes behind the end are no damage: encoders leave those at the end of the data out.
const LEFT_OUT: usize = 8;

/// A binary context: the state, and in the highest bit the more probable symbol.
type Context = u8;

/// What an arithmetic conditioning segment sets.
#[derive(Clone, Copy)]
pub(super) struct Conditioning {
    /// Differences up to 2^(low−1) count as none, and those above 2^(high−1) as large.
    pub(super) dc: [(u8, u8); 4],
    /// The coefficient up to which AC coefficients count as low frequencies.
    pub(super) ac: [u8; 4],
}

impl Default for Conditioning {
    fn default() -> Self {
        Self { dc: [(0, 1); 4], ac: [5; 4] }
    }
}

/// The decoder of annex D.
struct Coder<'a> {
    data: &'a [u8],
    at: usize,
    /// Zero bytes that were read behind the end.
    invented: usize,
    code: u32,
    interval: u32,
    shift: i32,
}

impl<'a> Coder<'a> {
    fn new(data: &'a [u8]) -> Self {
        let mut coder = Self { data, at: 0, invented: 0, code: 0, interval: 0x1_0000, shift: 0 };
        for _ in 0..2 {
            coder.code = coder.code << 8 | coder.next_byte();
        }
        coder
    }

    fn next_byte(&mut self) -> u32 {
        let Some(&byte) = self.data.get(self.at) else {
            self.invented += 1;
            return 0;
        };
        self.at += 1;
        if byte == 0xFF {
            while self.data.get(self.at) == Some(&0xFF) {
                self.at += 1;
            }
            if self.data.get(self.at) != Some(&0) {
                self.at = self.data.len();
                self.invented += 1;
                return 0;
            }
            self.at += 1;
        }
        u32::from(byte)
    }

    /// A decision whose probability is always a half.
    fn even(&mut self) -> bool {
        self.step(STATES[0].0).0
    }

    fn decide(&mut self, context: &mut Context) -> bool {
        let (estimate, after_less, after_more, switch) = STATES[usize::from(*context & 0x7F)];
        let likely = *context & 0x80;
        let (is_less, adapts) = self.step(estimate);
        if adapts {
            *context = if is_less { (likely ^ switch << 7) | after_less } else { likely | after_more };
        }
        is_less != (likely != 0)
    }

    /// Whether the less probable symbol comes, and whether the estimate adapts.
    fn step(&mut self, estimate: u32) -> (bool, bool) {
        while self.interval < 0x8000 {
            self.shift -= 1;
            if self.shift < 0 {
                self.code = self.code << 8 | self.next_byte();
                self.shift += 8;
            }
            self.interval <<= 1;
        }
        self.interval -= estimate;
        let bound = self.interval << self.shift;
        // The smaller part of the interval belongs to the less probable symbol, also where the estimate says otherwise.
        let is_swapped = self.interval < estimate;
        if self.code >= bound {
            self.code -= bound;
            self.interval = estimate;
            (!is_swapped, true)
        } else if self.interval < 0x8000 {
            (is_swapped, true)
        } else {
            (false, false)
        }
    }

    fn check(&self) -> Result<(), Corrupt> {
        if self.invented > LEFT_OUT { Err(Corrupt) } else { Ok(()) }
    }
}

/// Reads blocks that are coded with arithmetic codes.
pub(super) struct Arithmetic<'a> {
    coder: Coder<'a>,
    conditioning: Conditioning,
    dc_contexts: [[Context; 64]; 4],
    ac_contexts: [[Context; 256]; 4],
    /// Of each member of the scan: the last DC coefficient, and the context that the difference before left.
    dc: [(i32, usize); 4],
}

impl<'a> Arithmetic<'a> {
    pub(super) fn new(data: &'a [u8], conditioning: Conditioning) -> Self {
        Self {
            coder: Coder::new(data),
            conditioning,
            dc_contexts: [[0; 64]; 4],
            ac_contexts: [[0; 256]; 4],
            dc: [(0, 0); 4],
        }
    }

    /// Bytes that were not read.
    pub(super) fn left(&self) -> usize {
        self.coder.data.len() - self.coder.at
    }

    /// A block of a sequential scan.
    pub(super) fn block(
        &mut self,
        block: &mut [i16; 64],
        member: usize,
        tables: (usize, usize),
    ) -> Result<(), Corrupt> {
        block.fill(0);
        self.dc_first(block, member, tables.0, 0)?;
        self.ac_first(block, tables.1, (1, 63), 0)
    }

    /// The DC coefficient down to a bit (F.1.4.1).
    pub(super) fn dc_first(
        &mut self,
        block: &mut [i16; 64],
        member: usize,
        table: usize,
        low: u8,
    ) -> Result<(), Corrupt> {
        let (coder, contexts) = (&mut self.coder, &mut self.dc_contexts[table]);
        let (last, before) = &mut self.dc[member];
        if coder.decide(&mut contexts[*before]) {
            let is_negative = coder.decide(&mut contexts[*before + 1]);
            let mut at = *before + 2 + usize::from(is_negative);
            let mut magnitude = i32::from(coder.decide(&mut contexts[at]));
            if magnitude > 0 {
                at = 20;
                while coder.decide(&mut contexts[at]) {
                    magnitude <<= 1;
                    at += 1;
                    if magnitude == 0x8000 {
                        return Err(Corrupt);
                    }
                }
            }
            let (small, large) = self.conditioning.dc[table];
            let size = match magnitude {
                m if m < (1 << small) >> 1 => 0,
                m if m > (1 << large) >> 1 => 12,
                _ => 4,
            };
            *before = if size == 0 { 0 } else { size + 4 * usize::from(is_negative) };
            let difference = Self::magnitude(coder, contexts, at + 14, magnitude);
            *last = last.wrapping_add(if is_negative { -difference } else { difference });
        } else {
            *before = 0;
        }
        block[0] = (*last << low) as i16;
        coder.check()
    }

    /// The bits below the highest one, and one more than they say.
    fn magnitude(coder: &mut Coder<'_>, contexts: &mut [Context], at: usize, highest: i32) -> i32 {
        let (mut value, mut bit) = (highest, highest >> 1);
        while bit > 0 {
            if coder.decide(&mut contexts[at]) {
                value |= bit;
            }
            bit >>= 1;
        }
        value + 1
    }

    /// One more bit of the DC coefficient.
    pub(super) fn dc_more(&mut self, block: &mut [i16; 64], low: u8) -> Result<(), Corrupt> {
        block[0] |= i16::from(self.coder.even()) << low;
        self.coder.check()
    }

    /// A band of AC coefficients down to a bit (F.1.4.2).
    pub(super) fn ac_first(
        &mut self,
        block: &mut [i16; 64],
        table: usize,
        band: (usize, usize),
        low: u8,
    ) -> Result<(), Corrupt> {
        let (coder, contexts) = (&mut self.coder, &mut self.ac_contexts[table]);
        let mut k = band.0;
        while k <= band.1 && !coder.decide(&mut contexts[3 * (k - 1)]) {
            while !coder.decide(&mut contexts[3 * (k - 1) + 1]) {
                k += 1;
                if k > band.1 {
                    return Err(Corrupt);
                }
            }
            let is_negative = coder.even();
            let mut at = 3 * (k - 1) + 2;
            let mut magnitude = i32::from(coder.decide(&mut contexts[at]));
            if magnitude > 0 && coder.decide(&mut contexts[at]) {
                magnitude <<= 1;
                at = if k <= usize::from(self.conditioning.ac[table]) { 189 } else { 217 };
                while coder.decide(&mut contexts[at]) {
                    magnitude <<= 1;
                    at += 1;
                    if magnitude == 0x8000 {
                        return Err(Corrupt);
                    }
                }
            }
            let value = Self::magnitude(coder, contexts, at + 14, magnitude);
            block[ZIGZAG[k]] = ((if is_negative { -value } else { value }) << low) as i16;
            k += 1;
        }
        coder.check()
    }

    /// One more bit of a band of AC coefficients (G.1.3.3).
    pub(super) fn ac_more(
        &mut self,
        block: &mut [i16; 64],
        table: usize,
        band: (usize, usize),
        low: u8,
    ) -> Result<(), Corrupt> {
        let (coder, contexts) = (&mut self.coder, &mut self.ac_contexts[table]);
        let one = 1i16 << low;
        // The last coefficient that an earlier scan sent: the end of the block is not coded before it.
        let sent = (1..=band.1).rev().find(|&k| block[ZIGZAG[k]] != 0).unwrap_or(0);
        let mut k = band.0;
        while k <= band.1 {
            if k > sent && coder.decide(&mut contexts[3 * (k - 1)]) {
                break;
            }
            loop {
                let coefficient = &mut block[ZIGZAG[k]];
                if *coefficient != 0 {
                    if coder.decide(&mut contexts[3 * (k - 1) + 2]) {
                        *coefficient = coefficient.wrapping_add(if *coefficient < 0 { -one } else { one });
                    }
                    break;
                }
                if coder.decide(&mut contexts[3 * (k - 1) + 1]) {
                    *coefficient = if coder.even() { -one } else { one };
                    break;
                }
                k += 1;
                if k > band.1 {
                    return Err(Corrupt);
                }
            }
            k += 1;
        }
        coder.check()
    }
}
