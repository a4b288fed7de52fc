//! What is pinned of the data in a page of `explain`.
//!
//! A pinned value has a path: keys and indices between dots, `*` for every element of a list. An ending makes a long
//! value short:
//!
//! | ending | value |
//! |---|---|
//! | `#sums` | of all numbers in it, at any depth: how many, their sum, and the sum of each times its place, counted from 1 |
//! | `#hash` | the FNV-1a hash of a text, 32 bits |

use serde_json::{Map, Value, json};

/// The data in a page.
pub fn data(page: &str) -> Value {
    let json = page.split("<script type=\"application/json\" id=\"data\">").nth(1).expect("a page with data");
    serde_json::from_str(json.split("</script>").next().unwrap()).unwrap()
}

/// The values at the paths that are the keys of `recorded`.
pub fn pinned(data: &Value, recorded: &Map<String, Value>) -> Value {
    let value = |path: &String| {
        let (keys, ending) = path.split_once('#').unwrap_or((path, ""));
        let value = at(data, keys, ending);
        assert!(!is_empty(&value), "the page has nothing at {path}");
        (path.clone(), value)
    };
    Value::Object(recorded.keys().map(value).collect())
}

fn at(value: &Value, keys: &str, ending: &str) -> Value {
    if keys.is_empty() {
        return shortened(value, ending);
    }
    let (key, rest) = keys.split_once('.').unwrap_or((keys, ""));
    match (key, value) {
        // Not everything has everything: a stage of trees has no steps.
        (_, Value::Null) => Value::Null,
        ("*", Value::Array(values)) => values.iter().map(|value| at(value, rest, ending)).collect(),
        (_, Value::Array(values)) => {
            at(key.parse().ok().and_then(|i: usize| values.get(i)).unwrap_or(&Value::Null), rest, ending)
        }
        _ => at(value.get(key).unwrap_or(&Value::Null), rest, ending),
    }
}

fn shortened(value: &Value, ending: &str) -> Value {
    match (ending, value) {
        (_, Value::Null) | ("", _) => value.clone(),
        ("hash", Value::String(text)) => {
            json!(text.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
        }
        ("sums", _) => {
            let mut numbers = Vec::new();
            flatten(value, &mut numbers);
            let sum: f64 = numbers.iter().sum();
            let weighted: f64 = numbers.iter().zip(1..).map(|(v, place)| v * f64::from(place)).sum();
            json!([numbers.len(), sum, weighted])
        }
        _ => panic!("there is no ending {ending} for {value}"),
    }
}

fn flatten(value: &Value, numbers: &mut Vec<f64>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| flatten(value, numbers)),
        value => numbers.push(value.as_f64().expect("a number")),
    }
}

/// Whether there is no value in it at all.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().all(is_empty),
        value => value.is_null(),
    }
}
