//! Numbers that several documents quote come from one place, `docs/numbers.toml`. Every document contains the text that
//! is written there, and the numbers of a model are those in its file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// An entry of the list; the head of the file explains the other keys.
#[derive(Deserialize)]
struct Number {
    text: String,
    quoted_in: Vec<String>,
    from_model: Option<String>,
    model: Option<String>,
    in_model: Option<String>,
    from_file: Option<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn numbers() -> BTreeMap<String, Number> {
    toml::from_str(&std::fs::read_to_string(root().join("docs/numbers.toml")).unwrap()).unwrap()
}

/// Joins a text to one line, without the marks of comments.
fn flat(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !["//!", "///", "//", "#", "\\"].contains(word));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn documents_quote_the_numbers_of_the_list() {
    let mut wrong = Vec::new();
    for (name, number) in numbers() {
        assert!(!number.quoted_in.is_empty(), "{name} is quoted nowhere");
        for document in &number.quoted_in {
            let text = std::fs::read_to_string(root().join(document)).unwrap_or_default();
            if !flat(&text).contains(&flat(&number.text)) {
                wrong.push(format!("{document} lacks `{}` ({name})", number.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers_of_models_are_those_in_their_files() {
    let mut checked = 0;
    for (name, number) in numbers() {
        if let (Some(key), Some(model), Some(text)) = (&number.from_model, &number.model, &number.in_model) {
            let bytes = std::fs::read(root().join(model)).unwrap();
            let (_, provenance) = lineament::raw::model::describe(&bytes).unwrap();
            let value = provenance.get(key).unwrap_or_else(|| panic!("{name}: {model} does not say `{key}`"));
            assert!(value.contains(text.as_str()), "{name}: {model} says `{value}`");
            checked += 1;
        }
        if let Some(file) = &number.from_file {
            let bytes = std::fs::metadata(root().join(file)).unwrap().len();
            let digits: String = number.text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
            let megabytes = format!("{:.2}", bytes as f64 / 1e6);
            let same = digits == bytes.to_string()
                || megabytes.starts_with(&digits)
                || format!("{:.1}", bytes as f64 / 1e6) == digits;
            assert!(same, "{name}: {file} has {bytes} bytes, not {}", number.text);
            checked += 1;
        }
    }
    assert!(checked > 5, "{checked} numbers");
}
