//! Sets of landmarks: all 68, or some of them.

use std::fmt;
use std::str::FromStr;

use lineament::scheme::{POINTS, Region};

use super::error::PointSetError;

/// A set of landmarks of the 68-point scheme, in increasing order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointSet {
    name: String,
    indices: Vec<u16>,
}

impl PointSet {
    /// Indices, counted from 0.
    pub fn indices(&self) -> &[u16] {
        &self.indices
    }
}

impl Default for PointSet {
    fn default() -> Self {
        Self { name: "all".into(), indices: (0..POINTS as u16).collect() }
    }
}

impl fmt::Display for PointSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl FromStr for PointSet {
    type Err = PointSetError;

    /// Reads `all`, `inner51` (all but the jaw), a region (`jaw`, `brows`, `nose`, `eyes`,
    /// `mouth`), an index from 0 to 67 or a range such as `36-47`; several of them are separated by
    /// commas.
    fn from_str(text: &str) -> Result<Self, PointSetError> {
        let mut chosen = [false; POINTS];
        for part in text.split(',') {
            let range = match part.trim() {
                "all" => 0..POINTS,
                "inner51" => 17..POINTS,
                name => match Region::ALL.into_iter().find(|region| region.name() == name) {
                    Some(region) => region.indices(),
                    None => parse_range(name).ok_or_else(|| PointSetError::Unknown(name.into()))?,
                },
            };
            chosen[range].fill(true);
        }
        let indices: Vec<u16> = (0..POINTS).filter(|&i| chosen[i]).map(|i| i as u16).collect();
        if indices.len() < 2 {
            return Err(PointSetError::TooFew);
        }
        Ok(Self { name: text.into(), indices })
    }
}

/// Reads `12` or `36-47`, within the scheme.
fn parse_range(text: &str) -> Option<std::ops::Range<usize>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last && last < POINTS).then_some(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_names_and_lists() {
        let indices = |text: &str| text.parse::<PointSet>().map(|set| set.indices().to_vec());
        assert_eq!(indices("all").unwrap().len(), 68);
        assert_eq!(indices("inner51").unwrap(), (17..68).collect::<Vec<u16>>());
        assert_eq!(indices("47,30,36-38").unwrap(), [30, 36, 37, 38, 47]);
        assert_eq!(indices("eyes,mouth").unwrap().len(), 32);
        for wrong in ["", "ears", "68", "5-3", "-1", "30"] {
            assert!(indices(wrong).is_err(), "{wrong}");
        }
    }
}
