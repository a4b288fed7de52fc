//! The numbers of a configuration that a search may change.
//!
//! A configuration is a tree of tables and lists; a number is named by its path, such as `stages.2.steps.1.radius`, with
//! lists counted from 1. Those that a search changes if it is not told otherwise cost nothing at prediction.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use toml::Value;

use crate::chance::normal;
use crate::landmarks::{LandmarkParams, ValidLandmarkParams};

/// Names that a search changes by default, wherever they stand.
const FREE: [&str; 12] = [
    "spread",
    "shift",
    "scale",
    "rotation",
    "shrinkage",
    "judged_components",
    "prior",
    "first_radius",
    "last_radius",
    "radius",
    "patch_components",
    "penalty",
];

/// By what factor a number is changed, typically: the standard deviation of its logarithm.
const STEP: f64 = 0.3;

/// A number of the configuration, and the value that it takes.
#[derive(Clone, Debug, PartialEq, bincode::Encode, bincode::Decode)]
pub struct Change {
    /// The number's path.
    pub path: String,
    /// Its value before.
    pub from: f64,
    /// Its value now.
    pub to: f64,
}

/// The paths that a search may change: those named in `vary`, each a whole path or the end of one, or else the free ones
/// that do not belong to the confidence, which moves no landmark.
///
/// # Errors
/// A clause that names what is no number of the configuration.
pub fn paths(params: &LandmarkParams, vary: &[String]) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    numbers(&value(params)?, String::new(), &mut all);
    let ends_with =
        |path: &str, end: &str| path.strip_suffix(end).is_some_and(|head| head.is_empty() || head.ends_with('.'));
    if let Some(unknown) = vary.iter().find(|name| !all.iter().any(|path| ends_with(path, name))) {
        return Err(format!("{unknown} is no number of the configuration"));
    }
    let free = |path: &str| !path.starts_with("confidence.") && FREE.iter().any(|name| ends_with(path, name));
    all.retain(|path| if vary.is_empty() { free(path) } else { vary.iter().any(|name| ends_with(path, name)) });
    Ok(all)
}

/// A configuration in which one to three of the numbers have other values, and what was changed.
///
/// # Errors
/// If no change was found that keeps the configuration valid.
pub fn neighbour(
    params: &LandmarkParams,
    paths: &[String],
    rng: &mut impl Rng,
) -> Result<(ValidLandmarkParams, Vec<Change>), String> {
    for _ in 0..1000 {
        let mut value = value(params)?;
        let count = rng.random_range(1..=3.min(paths.len().max(1)));
        let mut chosen: Vec<&String> = paths.sample(rng, count).collect();
        chosen.sort();
        let changes: Vec<Change> = chosen.into_iter().filter_map(|path| change(&mut value, path, rng)).collect();
        let changed = value.try_into::<LandmarkParams>().map_err(|error| error.to_string())?;
        if !changes.is_empty()
            && let Ok(valid) = changed.check()
        {
            return Ok((valid, changes));
        }
    }
    Err("no change of these numbers gives a valid configuration".into())
}

fn value(params: &LandmarkParams) -> Result<Value, String> {
    Value::try_from(params).map_err(|error| error.to_string())
}

/// The paths of all numbers, in the order of the configuration.
fn numbers(value: &Value, path: String, found: &mut Vec<String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Table(table) => table.iter().for_each(|(name, value)| numbers(value, below(name), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, value)| numbers(value, below(&(i + 1).to_string()), found));
        }
        Value::Integer(_) | Value::Float(_) => found.push(path),
        _ => {}
    }
}

/// Multiplies a number by a chance factor; none where it stays as it is.
fn change(value: &mut Value, path: &str, rng: &mut impl Rng) -> Option<Change> {
    let number = path.split('.').try_fold(value, |value, name| match value {
        Value::Table(table) => table.get_mut(name),
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?.checked_sub(1)?),
        _ => None,
    })?;
    let factor = (STEP * f64::from(normal(rng))).exp();
    let (from, to) = match number {
        Value::Integer(v) => {
            let from = *v;
            let to = (from as f64 * factor).round() as i64;
            // Small whole numbers would hardly ever change.
            *v = if to == from { from + if factor > 1.0 { 1 } else { -1 } } else { to };
            (from as f64, *v as f64)
        }
        Value::Float(v) => {
            let from = *v;
            // Three digits are enough to tell apart, and nicer to read.
            let digits = 10f64.powf(2.0 - (from.abs() * factor).max(1e-9).log10().floor());
            *v = (from * factor * digits).round() / digits;
            (from, *v)
        }
        _ => return None,
    };
    (from != to).then(|| Change { path: path.into(), from, to })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn numbers_are_named_by_their_paths() {
        let params = LandmarkParams::default();
        let radii = paths(&params, &["radius".into()]).unwrap();
        assert!(
            radii.contains(&"stages.1.steps.1.radius".to_owned()) && radii.contains(&"confidence.radius".to_owned())
        );
        assert!(!radii.iter().any(|path| path.ends_with("first_radius")));
        assert_eq!(paths(&params, &["start.shift".into()]).unwrap(), ["start.shift"]);
        assert_eq!(paths(&params, &["tries".into()]).unwrap_err(), "tries is no number of the configuration");
        assert!(paths(&params, &[]).unwrap().iter().all(|path| !path.ends_with("trees")));
    }

    #[test]
    fn a_neighbour_differs_in_what_it_says() {
        let params = LandmarkParams::default();
        let paths = paths(&params, &["patch_components".into(), "start.rotation".into()]).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for _ in 0..20 {
            let (near, changes) = neighbour(&params, &paths, &mut rng).unwrap();
            assert!((1..=3).contains(&changes.len()) && *near != params);
            for change in &changes {
                assert!(paths.contains(&change.path) && change.from != change.to, "{change:?}");
            }
            if let Some(rotation) = changes.iter().find(|change| change.path == "start.rotation") {
                assert_eq!(near.start.rotation, rotation.to as f32);
            }
        }
    }
}
