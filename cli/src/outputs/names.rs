//! The names of an image's outputs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lineament::raw::files::reason;

use super::guard::Guard;
use crate::error::{shown, unwritten};

/// The names of an image's outputs, which no other image of the run has.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The file for all of the image.
    pub whole: Option<PathBuf>,
    /// The files for its faces, without their numbers.
    pub numbered: Option<PathBuf>,
    /// Checks that a face's file is no input by way of a link.
    pub guard: Arc<Guard>,
}

impl Names {
    /// The file for all of the image; its folder is created. The error is a clause.
    pub fn whole(&self) -> Result<PathBuf, String> {
        ready(self.whole.clone().unwrap_or_default())
    }

    /// The file for a face; its folder is created. The error is a clause.
    pub fn face(&self, number: usize) -> Result<PathBuf, String> {
        let path = numbered(self.numbered.as_deref().unwrap_or(Path::new("")), number);
        if self.guard.protects(&path) {
            return Err(format!("the output {} would overwrite an input", shown(&path)));
        }
        ready(path)
    }
}

/// A path with a face's number before its ending.
pub fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("_{number}."));
    name.push(path.extension().unwrap_or_default());
    path.with_file_name(name)
}

fn ready(path: PathBuf) -> Result<PathBuf, String> {
    match path.parent().map(std::fs::create_dir_all) {
        Some(Err(error)) => Err(unwritten(&path, reason(&error))),
        _ => Ok(path),
    }
}
