//! Numbers of a configuration that a search may change.
//!
//! A configuration is a tree of tables and lists. A number is named by its path, such as
//! `stages.2.steps.1.radius`, with lists counted from 1. By default a search changes only numbers
//! that do not slow down prediction.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use toml::Value;

use crate::landmarks::{LandmarkParams, ValidLandmarkParams};
use crate::rng::normal;

/// Names of the numbers that a search changes by default, anywhere in the configuration.
const FREE: [&str; 12] = [
    "spread",
    "shift",
    "scale",
    "rotation",
    "shrinkage",
    "split_components",
    "prior",
    "first_radius",
    "last_radius",
    "radius",
    "patch_components",
    "penalty",
];

/// Standard deviation of the logarithm of the factor by which a number is changed.
const STEP: f64 = 0.3;

/// A changed number.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Path of the number.
    pub path: String,
    /// Value before.
    pub from: f64,
    /// Value after.
    pub to: f64,
}

/// A search space that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SpaceError {
    /// A name that no number of the configuration has.
    #[error("the configuration has no number `{0}`")]
    Unknown(String),
    /// A thousand random changes gave no valid configuration.
    #[error("no change of these numbers gives a valid configuration")]
    NoNeighbour,
    /// The configuration cannot be converted to TOML, or back.
    #[error("the configuration cannot be changed: {0}")]
    Toml(String),
}

/// Returns the paths that a search may change: those that `vary` names, each by a whole path or its
/// end; or else the default ones, without those of the confidence model, which moves no landmark.
///
/// # Errors
/// If a name in `vary` is not that of a number.
pub fn paths(params: &LandmarkParams, vary: &[String]) -> Result<Vec<String>, SpaceError> {
    let mut all = Vec::new();
    numbers(&value(params)?, String::new(), &mut all);
    let ends_with =
        |path: &str, end: &str| path.strip_suffix(end).is_some_and(|head| head.is_empty() || head.ends_with('.'));
    if let Some(unknown) = vary.iter().find(|name| !all.iter().any(|path| ends_with(path, name))) {
        return Err(SpaceError::Unknown(unknown.clone()));
    }
    let free = |path: &str| !path.starts_with("confidence.") && FREE.iter().any(|name| ends_with(path, name));
    all.retain(|path| if vary.is_empty() { free(path) } else { vary.iter().any(|name| ends_with(path, name)) });
    Ok(all)
}

/// Returns a configuration with other values for one to three of the numbers, and the changes.
///
/// # Errors
/// If no valid change is found.
pub fn neighbour(
    params: &LandmarkParams,
    paths: &[String],
    rng: &mut impl Rng,
) -> Result<(ValidLandmarkParams, Vec<Change>), SpaceError> {
    for _ in 0..1000 {
        let mut value = value(params)?;
        let count = rng.random_range(1..=3.min(paths.len().max(1)));
        let mut chosen: Vec<&String> = paths.sample(rng, count).collect();
        chosen.sort();
        let changes: Vec<Change> = chosen.into_iter().filter_map(|path| change(&mut value, path, rng)).collect();
        let changed = value.try_into::<LandmarkParams>().map_err(|error| SpaceError::Toml(error.to_string()))?;
        if !changes.is_empty()
            && let Ok(valid) = changed.check()
        {
            return Ok((valid, changes));
        }
    }
    Err(SpaceError::NoNeighbour)
}

fn value(params: &LandmarkParams) -> Result<Value, SpaceError> {
    Value::try_from(params).map_err(|error| SpaceError::Toml(error.to_string()))
}

/// Paths of all numbers, in the order of the configuration.
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

/// Multiplies a number by a random factor. None if that leaves it unchanged.
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
            // Rounding would leave small integers unchanged.
            *v = if to == from { from + if factor > 1.0 { 1 } else { -1 } } else { to };
            (from as f64, *v as f64)
        }
        Value::Float(v) => {
            let from = *v;
            // Three digits suffice, and are easier to read.
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
        assert_eq!(paths(&params, &["tries".into()]).unwrap_err(), SpaceError::Unknown("tries".into()));
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
