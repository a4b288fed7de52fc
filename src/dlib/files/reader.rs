//! Values out of bytes.

use super::DlibError;
use crate::geometry::Point;
use crate::invalid::InvalidModel;

/// The fewest bytes of an integer in a file.
pub(super) const INTEGER: usize = 2;
/// The fewest bytes of a number with a mantissa and an exponent.
pub(super) const NUMBER: usize = 2 * INTEGER;

/// Exponents from here on stand for infinities and for what is no number.
const NOT_FINITE: i64 = 32_000;

/// Reads one value after the other.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes that were not read.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// An integer of at most 64 bits with its sign.
    pub fn integer(&mut self) -> Result<i64, DlibError> {
        let at = self.at;
        let (negative, magnitude) = self.signed()?;
        let value = if negative { 0i64.checked_sub_unsigned(magnitude) } else { magnitude.try_into().ok() };
        value.ok_or(DlibError::Malformed { at, what: "an integer of 64 bits" })
    }

    /// An integer that is not negative.
    pub fn unsigned(&mut self) -> Result<u64, DlibError> {
        let at = self.at;
        match self.signed()? {
            (false, magnitude) => Ok(magnitude),
            (true, _) => Err(DlibError::Malformed { at, what: "a positive integer" }),
        }
    }

    /// An integer that is not negative and fits the type.
    pub fn small<T: TryFrom<u64>>(&mut self, what: &'static str) -> Result<T, DlibError> {
        let value = self.unsigned()?;
        value.try_into().map_err(|_| DlibError::Unsupported(format!("{value} as {what}")))
    }

    fn signed(&mut self) -> Result<(bool, u64), DlibError> {
        let control = *self.bytes.get(self.at).ok_or(DlibError::Truncated)?;
        let size = usize::from(control & 0x0f);
        if !(1..=8).contains(&size) || control & 0x70 != 0 {
            return Err(DlibError::Malformed { at: self.at, what: "an integer" });
        }
        let magnitude = self.bytes.get(self.at + 1..=self.at + size).ok_or(DlibError::Truncated)?;
        self.at += 1 + size;
        Ok((control & 0x80 != 0, magnitude.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))))
    }

    /// A finite number of double precision.
    pub fn double(&mut self) -> Result<f64, DlibError> {
        let (at, (mantissa, exponent)) = (self.at, self.mantissa()?);
        finite(scaled(mantissa as f64, exponent), at)
    }

    /// A finite number of single precision.
    pub fn float(&mut self) -> Result<f32, DlibError> {
        let (at, (mantissa, exponent)) = (self.at, self.mantissa()?);
        let value = scaled(f64::from(mantissa as f32), exponent) as f32;
        finite(f64::from(value), at).map(|_| value)
    }

    /// The mantissa and the exponent of a finite number.
    fn mantissa(&mut self) -> Result<(i64, i32), DlibError> {
        let at = self.at;
        let mantissa = self.integer()?;
        match self.integer()? {
            exponent if (-NOT_FINITE..NOT_FINITE).contains(&exponent) => Ok((mantissa, exponent as i32)),
            _ => Err(DlibError::NotFinite { at }),
        }
    }

    /// A point of single precision.
    pub fn point(&mut self) -> Result<Point, DlibError> {
        Ok(Point::new(self.float()?, self.float()?))
    }

    /// The length of a vector whose elements take at least `least` bytes each.
    pub fn length(&mut self, least: usize, what: &'static str) -> Result<usize, DlibError> {
        let at = self.at;
        let count = self.unsigned()?;
        self.believed(at, count, least, what)
    }

    /// The elements of a vector, each read by `element`.
    pub fn vector<T>(
        &mut self,
        least: usize,
        what: &'static str,
        mut element: impl FnMut(&mut Self) -> Result<T, DlibError>,
    ) -> Result<Vec<T>, DlibError> {
        let length = self.length(least, what)?;
        (0..length).map(|_| element(self)).collect()
    }

    /// The number of rows of a matrix of numbers with one column.
    pub fn rows(&mut self, what: &'static str) -> Result<usize, DlibError> {
        let at = self.at;
        let (rows, columns) = (self.integer()?, self.integer()?);
        if columns.unsigned_abs() != 1 {
            let problem = format!("of {what} has {} columns, not 1", columns.unsigned_abs());
            return Err(InvalidModel::new("the matrix", problem).into());
        }
        self.believed(at, rows.unsigned_abs(), NUMBER, what)
    }

    /// A number of elements, if the rest of the file can hold as many.
    fn believed(&self, at: usize, count: u64, least: usize, what: &'static str) -> Result<usize, DlibError> {
        let most = self.left() / least;
        usize::try_from(count).ok().filter(|&count| count <= most).ok_or(DlibError::TooMany { at, count, what })
    }

    /// Checks that nothing is left over.
    pub fn finish(self) -> Result<(), DlibError> {
        match self.left() {
            0 => Ok(()),
            left => Err(DlibError::LeftOver(left)),
        }
    }
}

/// `value · 2^exponent`, in two steps, since a power alone may be too small or too large.
fn scaled(value: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    value * 2f64.powi(half) * 2f64.powi(exponent - half)
}

fn finite(value: f64, at: usize) -> Result<f64, DlibError> {
    if value.is_finite() { Ok(value) } else { Err(DlibError::NotFinite { at }) }
}
