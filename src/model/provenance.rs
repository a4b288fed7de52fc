//! Where a model comes from.

/// Origin of a model: names and values in a fixed order (data, configuration, seed, program version, scores).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// Name and value of each entry.
    pub entries: Vec<(String, String)>,
}

impl Provenance {
    /// Appends an entry.
    pub fn push(&mut self, name: &str, value: impl ToString) {
        self.entries.push((name.into(), value.to_string()));
    }

    /// Returns the value of an entry.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
