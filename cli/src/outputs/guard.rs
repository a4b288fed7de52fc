//! The files that no output may replace: the inputs of the run.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, shown};

/// The inputs of a run.
#[derive(Debug, Default)]
pub struct Guard(Mutex<Inputs>);

#[derive(Debug, Default)]
struct Inputs {
    files: HashSet<PathBuf>,
    /// Those that are named like the output for a face, without their number.
    numbered: HashSet<PathBuf>,
}

impl Guard {
    /// Protects an input.
    pub fn add(&self, input: &Path) {
        let Ok(file) = input.canonicalize() else { return };
        let mut inputs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inputs.numbered.extend(without_number(&file));
        inputs.files.insert(file);
    }

    /// Whether writing to this path would replace an input.
    pub fn protects(&self, output: &Path) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).files.contains(&resolved(output))
    }

    /// Whether writing to this path, with `_1`, `_2`, … before its ending, would replace an input.
    pub fn protects_numbered(&self, output: &Path) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).numbered.contains(&resolved(output))
    }
}

/// Checks that an output would replace none of these inputs.
///
/// # Errors
/// If it would replace one.
pub fn check_apart<'a>(output: &Path, inputs: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), Error> {
    match inputs.into_iter().find(|input| same_file(output, input)) {
        Some(input) => Err(Error::file(output, format!("it would overwrite {}, which is an input", shown(input)))),
        None => Ok(()),
    }
}

/// Whether both names lead to the same file.
pub fn same_file(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// The canonical path of a file that may not exist yet, nor its folders.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) if folder.as_os_str().is_empty() => resolved(Path::new(".")).join(name),
        (Some(folder), Some(name)) => resolved(folder).join(name),
        _ => path.to_owned(),
    }
}

/// The path without the number of a face before its ending, if it has one: `a.png` for `a_1.png`.
pub fn without_number(path: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(unnumbered(path.file_stem()?)?);
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    Some(path.with_file_name(name))
}

/// A name without the number of a face at its end, if it has one: `a` for `a_1`, but nothing for `a_01`.
pub fn unnumbered(name: &OsStr) -> Option<String> {
    let (name, number) = name.to_str()?.rsplit_once('_')?;
    let is_number = number.bytes().all(|c| c.is_ascii_digit()) && !number.is_empty() && !number.starts_with('0');
    is_number.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_protected_however_they_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("in")).unwrap();
        std::fs::write(path("in/a_1.png"), "").unwrap();
        let guard = Guard::default();
        guard.add(&path("in/a_1.png"));
        guard.add(&path("none.png"));
        assert!(guard.protects(&path("in/../in/a_1.png")) && guard.protects_numbered(&path("in/a.png")));
        assert!(!guard.protects(&path("in/a.png")) && !guard.protects_numbered(&path("in/a.pts")));
        assert!(!guard.protects(&path("out/deep/a_1.png")) && !guard.protects(Path::new("")));
    }

    #[test]
    fn numbers_of_faces_are_seen() {
        let unnumbered = |name: &str| unnumbered(OsStr::new(name));
        assert_eq!((unnumbered("a_b_12"), unnumbered("_1")), (Some("a_b".into()), Some(String::new())));
        assert!(["a_01", "a_", "a", "a_1b", "a1"].iter().all(|name| unnumbered(name).is_none()));
    }
}
