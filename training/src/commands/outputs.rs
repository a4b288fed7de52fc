//! Outputs, checked before the work: each can be written, and none replaces an input.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use lineament::raw::files::spelled;

use lineament_train::dataset::folder::IMAGE_EXTENSIONS;

use super::error::CommandError;

/// Fails if one of the outputs cannot be written, or is one of the inputs: a file, or an image or
/// annotation in a folder.
pub fn check_outputs<'a>(
    outputs: impl IntoIterator<Item = &'a PathBuf>,
    inputs: impl IntoIterator<Item = &'a PathBuf> + Clone,
) -> Result<(), CommandError> {
    let mut taken = HashSet::new();
    for output in outputs {
        if spelled(output).is_ok_and(|path| !taken.insert(path)) {
            return Err(CommandError::usage(format!("{}: two outputs have this name", output.display())));
        }
        if let Some(input) = inputs.clone().into_iter().find(|input| replaces(output, input)) {
            let clause = format!("it would overwrite {}, which is an input", input.display());
            let within = format!("it would overwrite a file of {}, which is an input", input.display());
            return Err(CommandError::input(output, if input.is_dir() { within } else { clause }));
        }
        check_output(output)?;
    }
    Ok(())
}

/// Fails if a folder for `.pts` files is within one of the data set, which would contain them as annotations.
pub fn check_outside(folder: &Path, data: &[PathBuf]) -> Result<(), CommandError> {
    let Ok(place) = spelled(folder) else { return Ok(()) };
    let holds = |data: &&PathBuf| data.is_dir() && data.canonicalize().is_ok_and(|data| place.starts_with(data));
    match data.iter().find(holds) {
        Some(data) => Err(CommandError::usage(format!(
            "{}: it is in the data set {}, which would contain its .pts files as annotations: name another folder",
            folder.display(),
            data.display()
        ))),
        None => Ok(()),
    }
}

/// Whether writing the output would change the input.
fn replaces(output: &Path, input: &Path) -> bool {
    let (Ok(output), Ok(input)) = (output.canonicalize(), input.canonicalize()) else { return false };
    if output.is_dir() {
        // Nothing can be written there.
        return false;
    }
    let ending = output.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let is_data = || ending == "pts" || IMAGE_EXTENSIONS.contains(&ending.as_str());
    output == input || output.starts_with(&input) && output.is_file() && is_data()
}

/// Fails if no file can be written at `path`. Leaves nothing behind.
fn check_output(path: &Path) -> Result<(), CommandError> {
    match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => {
            return Err(CommandError::unwritten(path, &std::io::ErrorKind::IsADirectory.into()));
        }
        // Nothing can be created beside a device or a pipe.
        Ok(there) if !there.is_file() => return Ok(()),
        _ => {}
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The file removes itself.
    let probe = tempfile::Builder::new().suffix(".probe").tempfile_in(folder);
    probe.map(drop).map_err(|error| CommandError::unwritten(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_apart_from_each_other_and_predictions_from_the_data() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("data")).unwrap();
        let error = check_outputs(&[path("a.json"), path("./a.json")], &[]).unwrap_err().to_string();
        assert!(error.ends_with("two outputs have this name"), "{error}");
        assert!(check_outputs(&[path("a.json"), path("a.csv")], &[]).is_ok());
        let data = [path("data")];
        assert!(check_outside(&path("data/predictions"), &data).is_err());
        assert!(check_outside(&path("predictions"), &data).is_ok());
    }

    #[test]
    fn inputs_are_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("data")).unwrap();
        for name in ["faces.xml", "data/a.pts", "data/notes.json"] {
            std::fs::write(path(name), "").unwrap();
        }
        let inputs = [path("faces.xml"), path("data"), path("none")];
        let check = |name: &str| check_outputs(&[path(name)], &inputs).map_err(|error| error.to_string());
        assert!(check("data/../faces.xml").unwrap_err().ends_with("faces.xml, which is an input"));
        assert!(check("data/a.pts").unwrap_err().contains("overwrite a file of "));
        assert!(["other.xml", "data/b.pts", "data/notes.json", "none"].iter().all(|name| check(name).is_ok()));
        assert!(check("data").unwrap_err().contains("data"));
    }
}
