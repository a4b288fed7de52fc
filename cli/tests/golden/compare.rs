//! Recorded values: read, compared, and written anew.

use std::path::PathBuf;

use serde_json::{Map, Value};

/// Differences that a failed comparison lists.
const SHOWN: usize = 10;

/// Decimals that are recorded: a tenth of the tolerance is lost at most.
const DECIMALS: f64 = 1e4;

fn path(name: &str) -> PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("json")
}

/// What the file `tests/golden/<name>.json` contains.
pub fn recorded(name: &str) -> Map<String, Value> {
    let text = std::fs::read_to_string(path(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Compares an object with the recorded one, or records it if the variable `UPDATE` is set.
pub fn with_recorded(name: &str, found: Value, tolerance: f64) {
    if std::env::var_os("UPDATE").is_some() {
        let Value::Object(found) = found else { panic!("an object") };
        return std::fs::write(path(name), written(&found)).unwrap();
    }
    let mut differences = Vec::new();
    compare("", &recorded(name).into(), &found, tolerance, &mut differences);
    let (count, shown) = (differences.len(), differences.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n"));
    assert!(count == 0, "{count} differences from {}:\n{shown}", path(name).display());
}

fn compare(place: &str, wanted: &Value, found: &Value, tolerance: f64, differences: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for ((key, a), b) in a.iter().zip(b.values()) {
                compare(&format!("{place}/{key}"), a, b, tolerance, differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&format!("{place}/{i}"), a, b, tolerance, differences);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            let [a, b] = [a, b].map(|v| v.as_f64().unwrap());
            if (a - b).abs() > f64::max(tolerance, 1e-6 * a.abs()) {
                differences.push(format!("{place}: {b}, recorded {a}"));
            }
        }
        (Value::Object(a), Value::Object(b)) => {
            let keys = |map: &Map<String, Value>| map.keys().cloned().collect::<Vec<_>>().join(", ");
            differences.push(format!("{place}: keys {}; recorded {}", keys(b), keys(a)));
        }
        (Value::Array(a), Value::Array(b)) => {
            differences.push(format!("{place}: {} values, recorded {}", b.len(), a.len()));
        }
        (a, b) if a == b => {}
        (a, b) => differences.push(format!("{place}: {b}, recorded {a}")),
    }
}

/// Compact JSON with a line for each entry, and for each element of an entry that is a list of records.
fn written(values: &Map<String, Value>) -> String {
    let entry = |(key, value): (&String, &Value)| {
        let value = match value.as_array() {
            Some(records) if records.iter().any(Value::is_object) => {
                let lines: Vec<String> = records.iter().map(|record| rounded(record).to_string()).collect();
                format!("[\n{}\n]", lines.join(",\n"))
            }
            _ => rounded(value).to_string(),
        };
        format!("{}:{value}", Value::from(key.as_str()))
    };
    format!("{{\n{}\n}}\n", values.iter().map(entry).collect::<Vec<_>>().join(",\n"))
}

fn rounded(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), rounded(value))).collect(),
        Value::Array(values) => values.iter().map(rounded).collect(),
        Value::Number(number) if number.is_f64() => ((number.as_f64().unwrap() * DECIMALS).round() / DECIMALS).into(),
        value => value.clone(),
    }
}
