//! Hyper-parameters from the text of a TOML file.

use lineament::files::shortened;
use serde::de::DeserializeOwned;

/// The most characters of a line of a message: it may quote a name that is as long as the file.
const LONGEST: usize = 400;

/// What is wrong with a configuration: a clause that follows the file's name.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ConfigError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

/// The hyper-parameters in a text; those that it does not name keep their defaults.
///
/// # Errors
/// If it is not TOML, names something that is no hyper-parameter, or gives one a value of another type.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let what =
            error.message().trim_end().lines().map(|line| shortened(line, LONGEST)).collect::<Vec<_>>().join(", ");
        ConfigError { line: before.matches('\n').count() + 1, what }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::DetectorParams;

    fn fault(text: &str) -> String {
        parse::<DetectorParams>(text).unwrap_err().to_string()
    }

    #[test]
    fn faults_name_their_line_in_few_words() {
        assert!(fault("[forest]\ntree = [10]").starts_with("line 2: unknown field `tree`, expected one of"));
        assert!(fault("\n\nbox_penalty = 'much'").starts_with("line 3: invalid type: string \"much\""));
        assert!(fault(&format!("{} = 1", "a".repeat(100_000))).len() < 500);
        assert!(fault("a = ").starts_with("line 1: "));
    }

    #[test]
    fn lists_within_lists_come_to_an_end() {
        assert!(fault(&format!("a = {}", "[".repeat(1_000_000))).starts_with("line 1: "));
        assert!(fault(&format!("{}1", "a.".repeat(1_000_000))).starts_with("line 1: "));
    }
}
