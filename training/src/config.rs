//! Hyper-parameters in TOML: reading them, and recording them in model files.

use lineament::raw::files::shortened;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Maximum number of characters of a line of a message, which may quote a name as long as the file.
const LONGEST: usize = 400;

/// A mistake in a configuration file.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ConfigError {
    /// Line, counted from 1.
    pub line: usize,
    /// The mistake, as a clause.
    pub what: String,
}

/// Reads hyper-parameters. Those that the text does not name keep their defaults.
///
/// # Errors
/// If the text is not TOML, names an unknown hyper-parameter, or gives one a value of another type.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let what = plain(error.message().trim_end());
        let what = what.lines().map(|line| shortened(line, LONGEST)).collect::<Vec<_>>().join(", ");
        ConfigError { line: before.matches('\n').count() + 1, what }
    })
}

/// The message of the TOML reader without the names of Rust's types.
fn plain(message: &str) -> String {
    let message = message.replacen("unknown variant", "unknown value", 1);
    let Some((start, expected)) = message.rsplit_once(", expected ") else { return message };
    let expected = match expected.trim_start_matches("a ").split(' ').next().unwrap_or_default() {
        "f32" | "f64" => "a number",
        "u8" | "u16" | "u32" | "u64" | "usize" | "nonzero" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "struct" | "map" | "internally" => "a table",
        "sequence" | "tuple" => "a list",
        "boolean" => "true or false",
        _ => expected,
    };
    format!("{start}, expected {expected}")
}

/// Keys of the configuration, and the names of the same keys in model files.
const RECORDED: [(&str, &str); 6] = [
    ("split_samples = ", "judges = "),
    ("split_components = ", "judged_components = "),
    ("repeats = ", "stages = "),
    ("[prefilter]", "[sieve]"),
    ("[boosted_trees]", "[forest]"),
    ("[score_fusion]", "[evidence]"),
];

/// Returns a configuration as model files record it.
///
/// Model files keep the key names of the first release, which [`parse`] still reads: with other
/// names, the same data and seed would no longer give the same file.
pub fn recorded(params: &impl Serialize) -> String {
    let text = toml::to_string(params).unwrap_or_default();
    let line = |line: &str| match RECORDED.iter().find(|(now, _)| line.starts_with(now)) {
        Some((now, recorded)) => format!("{recorded}{}\n", &line[now.len()..]),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::DetectorParams;
    use crate::landmarks::LandmarkParams;

    fn fault(text: &str) -> String {
        parse::<DetectorParams>(text).unwrap_err().to_string()
    }

    #[test]
    fn faults_name_their_line_in_few_words() {
        assert!(fault("[boosted_trees]\ntree = [10]").starts_with("line 2: unknown field `tree`, expected one of"));
        let clause = "line 3: invalid type: string \"much\", expected a number";
        assert_eq!(fault("\n\nbox_penalty = 'much'"), clause);
        assert!(fault(&format!("{} = 1", "a".repeat(100_000))).len() < 600);
        assert!(fault("a = ").starts_with("line 1: "));
    }

    #[test]
    fn lists_within_lists_come_to_an_end() {
        assert!(fault(&format!("a = {}", "[".repeat(1_000_000))).starts_with("line 1: "));
        assert!(fault(&format!("{}1", "a.".repeat(1_000_000))).starts_with("line 1: "));
    }

    /// The configurations with the keys of the first release.
    const DETECTOR: &str = include_str!("../tests/data/first-release/detector.toml");
    const LANDMARKS: &str = include_str!("../tests/data/first-release/landmarks.toml");
    const DLIB: &str = include_str!("../tests/data/first-release/dlib.toml");

    #[test]
    fn keys_of_the_first_release_are_still_read() {
        let detector: DetectorParams = parse(include_str!("../detector.toml")).unwrap();
        assert_eq!(parse::<DetectorParams>(DETECTOR), Ok(detector.clone()));
        for (old, new) in [(LANDMARKS, include_str!("../landmarks.toml")), (DLIB, include_str!("../dlib.toml"))] {
            assert_eq!(parse::<LandmarkParams>(old), parse::<LandmarkParams>(new));
            assert!(old.contains("judges") && new.contains("split_samples"));
        }
        // All of them, those that only defaults name among them.
        let all = recorded(&detector);
        assert!(all.contains("[evidence]\nlinear") && all.contains("[sieve]\ntrees = 64\n"));
        assert_eq!(parse::<DetectorParams>(&all), Ok(detector));
        let all = recorded(&LandmarkParams::default());
        assert!(
            all.contains("\nstages = 2\n") && all.contains("\njudged_components = 16\n") && !all.contains("split_")
        );
        assert_eq!(parse::<LandmarkParams>(&all), Ok(LandmarkParams::default()));
    }
}
