//! Numbers on the command line, and messages about text that is no number.

use std::ops::RangeInclusive;
use std::str::FromStr;

use lineament::raw::most_threads;

/// Parses a finite number.
pub fn finite(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v: &f32| v.is_finite()).ok_or_else(|| "a number is needed".into())
}

/// Parses a whole number from 0.
pub fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "a whole number from 0 is needed".into())
}

/// Parses a whole number from 1.
pub fn count(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "a whole number from 1 is needed".into())
}

/// Parses a number of threads.
pub fn threads(text: &str) -> Result<u16, String> {
    within(text, 1..=u16::try_from(most_threads()).unwrap_or(u16::MAX))
}

/// Parses a number of folds.
pub fn folds(text: &str) -> Result<u16, String> {
    within(text, 2..=50)
}

fn within(text: &str, range: RangeInclusive<u16>) -> Result<u16, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("a whole number from {} to {} is needed", range.start(), range.end()))
}
