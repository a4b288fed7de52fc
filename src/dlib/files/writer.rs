//! Bytes out of values, the same that dlib writes.

use crate::geometry::Point;

/// Writes one value after the other.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// An integer: its size and sign, and as many bytes as its magnitude needs, at least one.
    pub fn integer(&mut self, value: i64) {
        let magnitude = value.unsigned_abs();
        let size = magnitude.checked_ilog2().map_or(1, |top| top as usize / 8 + 1);
        self.bytes.push(size as u8 | if value < 0 { 0x80 } else { 0 });
        self.bytes.extend(&magnitude.to_le_bytes()[..size]);
    }

    /// A length, an index, or another count.
    pub fn count(&mut self, value: usize) {
        self.integer(value as i64);
    }

    /// A finite number of single precision.
    pub fn float(&mut self, value: f32) {
        // A float's every value, and twice its precision, lie within a double's.
        self.number(value.into(), f32::MANTISSA_DIGITS);
    }

    /// A finite number of double precision.
    pub fn double(&mut self, value: f64) {
        self.number(value, f64::MANTISSA_DIGITS);
    }

    /// A point of single precision.
    pub fn point(&mut self, p: Point) {
        self.float(p.x);
        self.float(p.y);
    }

    /// The size of a matrix of one column.
    pub fn rows(&mut self, rows: usize) {
        self.integer(-(rows as i64));
        self.integer(-1);
    }

    /// A mantissa of this many bits and its exponent; then low bytes of the mantissa that are zero move to the exponent,
    /// at most eight of them, which is what a zero has.
    fn number(&mut self, value: f64, digits: u32) {
        let (fraction, exponent) = split(value);
        let mut mantissa = (fraction * 2f64.powi(digits as i32)) as i64;
        let mut exponent = i64::from(exponent) - i64::from(digits);
        for _ in 0..8 {
            if mantissa & 0xff != 0 {
                break;
            }
            mantissa >>= 8;
            exponent += 8;
        }
        self.integer(mantissa);
        self.integer(exponent);
    }
}

/// A number as `fraction · 2^exponent` with the fraction's magnitude from ½ to 1; zero is `0 · 2^0`.
fn split(value: f64) -> (f64, i32) {
    if value == 0.0 {
        return (0.0, 0);
    }
    // Numbers below the normal ones are scaled up first.
    let (value, shift) = if value.is_subnormal() { (value * 2f64.powi(64), -64) } else { (value, 0) };
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent + shift)
}

#[cfg(test)]
mod tests {
    use super::super::reader::Reader;
    use super::*;

    #[test]
    fn integers_take_the_bytes_that_they_need() {
        let bytes = |value| {
            let mut writer = Writer::default();
            writer.integer(value);
            writer.into_bytes()
        };
        assert_eq!(bytes(0), [1, 0]);
        assert_eq!(bytes(255), [1, 255]);
        assert_eq!(bytes(-10), [0x81, 10]);
        assert_eq!(bytes(256), [2, 0, 1]);
        for value in [0, 1, -1, 255, -256, 70_000, i64::MAX, i64::MIN] {
            assert_eq!(Reader::new(&bytes(value)).integer(), Ok(value));
        }
    }

    #[test]
    fn numbers_come_back_to_the_last_bit() {
        for value in
            [0.0, 1.0, -0.1, 1e-30, 3.5e38, f64::from(f32::MIN_POSITIVE) / 8.0, f64::MAX, f64::MIN_POSITIVE / 4.0]
        {
            let mut writer = Writer::default();
            writer.double(value);
            if value.abs() < 3.4e38 {
                writer.float(value as f32);
            }
            let bytes = writer.into_bytes();
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.double(), Ok(value));
            if value.abs() < 3.4e38 {
                assert_eq!(reader.float(), Ok(value as f32));
            }
            reader.finish().unwrap();
        }
    }

    #[test]
    fn a_one_is_a_byte_and_its_exponent_eight_times_lower_bytes_less() {
        let mut writer = Writer::default();
        writer.float(1.0);
        // 0.5 · 2^24 = 2^23, two zero bytes less: 128 · 2^−7.
        assert_eq!(writer.into_bytes(), [1, 128, 0x81, 7]);
    }
}
