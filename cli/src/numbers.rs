//! Numbers on the command line, and messages about text that is no number.

use std::num::NonZeroUsize;

use lineament::raw::{SMALLEST_FACE, most_threads};

/// Parses a finite number.
pub fn finite(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v: &f32| v.is_finite()).ok_or_else(|| "a number is needed".into())
}

/// Parses a share.
pub fn share(text: &str) -> Result<f32, String> {
    let share = finite(text).ok().filter(|v| (0.0..=1.0).contains(v));
    share.ok_or_else(|| "a number from 0 to 1 is needed".into())
}

/// Parses a number above 0.
pub fn positive(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|v: &f64| v.is_finite() && *v > 0.0).ok_or_else(|| "a number above 0 is needed".into())
}

/// Parses the side of a face that the detector can search for.
pub fn face_side(text: &str) -> Result<f32, String> {
    let side = finite(text).ok().filter(|v| *v >= SMALLEST_FACE);
    side.ok_or_else(|| format!("a number of pixels, at least {SMALLEST_FACE}, is needed"))
}

/// Parses a count.
pub fn count(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "a whole number from 1 is needed".into())
}

/// Parses the side of a chip.
pub fn side(text: &str) -> Result<u32, String> {
    let side = text.parse().ok().filter(|side| (8..=4096).contains(side));
    side.ok_or_else(|| "a whole number from 8 to 4096 is needed".into())
}

/// Parses a number of threads.
pub fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let most = most_threads();
    let number = text.parse().ok().filter(|number: &NonZeroUsize| number.get() <= most);
    number.ok_or_else(|| format!("a whole number from 1 to {most} is needed"))
}

/// Parses an amount of memory: a number of bytes, or of the unit that follows it.
pub fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = text[digits.len()..].trim().to_ascii_lowercase();
    let factor = match unit.trim_end_matches("ib").trim_end_matches('b') {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        _ => f64::NAN,
    };
    let bytes = positive(digits.trim()).map_or(f64::NAN, |number| number * factor);
    if bytes >= 1.0 { Ok(bytes as u64) } else { Err("an amount of memory is needed, such as 800M or 2G".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_memory_have_units() {
        for (text, wanted) in
            [("1000", 1000), ("2k", 2048), ("1.5 MB", 3 << 19), ("800M", 800 << 20), ("2GiB", 2 << 30), ("1g", 1 << 30)]
        {
            assert_eq!(bytes(text), Ok(wanted), "{text}");
        }
        assert!(["", "M", "-1G", "1T", "0", "all", "1 2", "nan", "1GG"].iter().all(|text| bytes(text).is_err()));
    }

    #[test]
    fn threads_are_bounded() {
        assert_eq!((threads("1").unwrap().get(), threads("64").unwrap().get()), (1, 64));
        assert!(["0", "99999", "-1", "two", "1.5"].iter().all(|text| threads(text).is_err()));
    }
}
