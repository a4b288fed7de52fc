//! The files in searched folders that were passed over.

use std::collections::BTreeMap;

use super::endings::Kind;

/// Counts of the files that were passed over, by kind and ending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOver(BTreeMap<Kind, BTreeMap<String, usize>>);

/// Endings of a kind that are listed by name.
const MOST_ENDINGS: usize = 3;

impl PassedOver {
    /// Counts a file.
    pub fn add(&mut self, kind: Kind, ending: String) {
        *self.0.entry(kind).or_default().entry(ending).or_default() += 1;
    }

    /// Adds the counts of another folder.
    pub fn extend(&mut self, other: Self) {
        for (kind, endings) in other.0 {
            let own = self.0.entry(kind).or_default();
            endings.into_iter().for_each(|(ending, count)| *own.entry(ending).or_default() += count);
        }
    }

    /// A clause about them, if one of them may be something that the user wanted to be searched; files that are no images
    /// are then counted too.
    pub fn summary(&self) -> Option<String> {
        if self.0.keys().all(|kind| *kind == Kind::Other) {
            return None;
        }
        let parts: Vec<String> = self.0.iter().map(|(kind, endings)| part(*kind, endings)).collect();
        Some(parts.join(", "))
    }
}

/// The words for the files of a kind.
fn part(kind: Kind, endings: &BTreeMap<String, usize>) -> String {
    let count: usize = endings.values().sum();
    let [one, many] = match kind {
        Kind::Image => ["image", "images"],
        Kind::Raw => ["camera's raw file", "cameras' raw files"],
        Kind::OtherImage => ["image of a format that is not searched", "images of formats that are not searched"],
        Kind::Video => ["video", "videos"],
        Kind::Companion => ["companion of the system", "companions of the system"],
        Kind::Other => ["file that is no image", "files that are no images"],
    };
    let noun = if count == 1 { one } else { many };
    if kind == Kind::Other {
        return format!("{count} {noun}");
    }
    let mut names: Vec<String> = endings.keys().take(MOST_ENDINGS).map(|ending| format!(".{ending}")).collect();
    if endings.len() > MOST_ENDINGS {
        names.push("…".into());
    }
    format!("{count} {noun} ({})", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_by_kind() {
        let mut passed = PassedOver::default();
        passed.add(Kind::Other, "txt".into());
        assert_eq!(passed.summary(), None);
        passed.add(Kind::Raw, "nef".into());
        passed.add(Kind::Companion, "_*".into());
        passed.add(Kind::Companion, "_*".into());
        let wanted = "1 camera's raw file (.nef), 2 companions of the system (._*), 1 file that is no image";
        assert_eq!(passed.summary().unwrap(), wanted);
    }
}
