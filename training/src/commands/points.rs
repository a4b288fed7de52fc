//! `--points`: which landmarks of the 68-point scheme.

use std::str::FromStr;

use lineament::landmarks::scheme::{POINTS, Region};

/// A choice of landmarks, in the scheme's order.
///
/// `all`; `inner51` (all but the jaw line); a region's name: `jaw`, `brows`, `nose`, `eyes`, `mouth`; numbers and ranges,
/// counted from 1 as iBUG does; or several of these, divided by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointSet(Vec<usize>);

impl PointSet {
    /// The landmarks' places in the scheme, counted from 0.
    pub fn indices(&self) -> &[usize] {
        &self.0
    }
}

impl FromStr for PointSet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut chosen = [false; POINTS];
        for word in text.split(',').map(str::trim) {
            let region = Region::ALL.into_iter().find(|region| region.name() == word);
            let range = match (word, region) {
                ("all", _) => 0..POINTS,
                ("inner51", _) => Region::Jaw.indices().end..POINTS,
                (_, Some(region)) => region.indices(),
                _ => numbers(word)?,
            };
            chosen[range].fill(true);
        }
        Ok(Self((0..POINTS).filter(|&i| chosen[i]).collect()))
    }
}

/// `37` or `37-42`.
fn numbers(word: &str) -> Result<std::ops::Range<usize>, String> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    match (first.trim().parse::<usize>(), last.trim().parse::<usize>()) {
        (Ok(first), Ok(last)) if 1 <= first && first <= last && last <= POINTS => Ok(first - 1..last),
        _ => Err(format!("`{word}` is neither a region nor a number or range from 1 to {POINTS}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_understood() {
        let points = |text: &str| text.parse::<PointSet>().unwrap().0;
        assert_eq!(points("all"), (0..68).collect::<Vec<_>>());
        assert_eq!(points("inner51"), (17..68).collect::<Vec<_>>());
        assert_eq!(points("mouth,eyes"), (36..68).collect::<Vec<_>>());
        assert_eq!(points("37, 46,1-3,2"), [0, 1, 2, 36, 45]);
        for wrong in ["", "0", "69", "5-4", "ears", "1-", "all,,"] {
            assert!(wrong.parse::<PointSet>().is_err(), "{wrong}");
        }
    }
}
