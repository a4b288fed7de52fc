//! `chips.jsonl`: the list of the chips in a folder, to which each run of `align` adds.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

use lineament::raw::files::{AtomicFile, MOST_BYTES, read_at_most};
use serde::Deserialize;

use crate::error::Error;
use crate::outputs::Outputs;

/// Name of the list in the output folder.
const NAME: &str = "chips.jsonl";

/// The list of an output folder, while a run adds to it.
#[derive(Debug)]
pub struct ChipList {
    path: PathBuf,
    /// The lines of earlier runs.
    earlier: Vec<Earlier>,
    /// The lines of this run. They are kept in a file: there may be many.
    lines: BufWriter<File>,
    /// The chips of this run.
    listed: HashSet<PathBuf>,
}

/// A line of an earlier run.
#[derive(Debug)]
struct Earlier {
    line: String,
    /// The chip's path in the folder, if it is still there.
    chip: Option<PathBuf>,
    image: PathBuf,
}

/// What a line says.
#[derive(Deserialize)]
struct Entry {
    image: PathBuf,
    chip: PathBuf,
}

impl ChipList {
    /// Reads the list that is in the folder, and starts to add to it.
    ///
    /// # Errors
    /// If it cannot be read, or files cannot be created in the folder.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let text = match read_at_most(&path, MOST_BYTES) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::output(&path, &error)),
        };
        let earlier = text.lines().filter(|line| !line.is_empty()).map(|line| Earlier::of(line, folder)).collect();
        let lines = tempfile::tempfile_in(folder).map_err(|error| Error::output(&path, &error))?;
        Ok(Self { path, earlier, lines: BufWriter::new(lines), listed: HashSet::new() })
    }

    /// Keeps the chips of other images: their names are taken.
    pub fn reserve(&self, outputs: &mut Outputs) {
        for Earlier { chip, image, .. } in &self.earlier {
            if let Some(chip) = chip.as_deref().filter(|_| image.exists()) {
                outputs.reserve(chip, image);
            }
        }
    }

    /// Adds the line of a chip, unless this run has added it already.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, chip: &Path, line: &[u8]) -> Result<(), Error> {
        let name = chip.strip_prefix(self.folder()).unwrap_or(chip).to_owned();
        if !self.listed.insert(name) {
            return Ok(());
        }
        self.lines.write_all(line).map_err(|error| Error::output(&self.path, &error))
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// Writes the list: the lines of earlier runs whose chips were not written anew, and those of this run.
    ///
    /// # Errors
    /// If that fails.
    pub fn finish(self) -> Result<(), Error> {
        let Self { path, earlier, lines, listed } = self;
        let write = || -> io::Result<()> {
            let mut lines = lines.into_inner().map_err(io::IntoInnerError::into_error)?;
            lines.rewind()?;
            let mut list = AtomicFile::create(&path)?;
            for Earlier { line, chip, .. } in earlier {
                if chip.is_none_or(|chip| !listed.contains(&chip)) {
                    list.write_all(format!("{line}\n").as_bytes())?;
                }
            }
            io::copy(&mut lines, &mut list)?;
            list.commit()
        };
        write().map_err(|error| Error::output(&path, &error))
    }
}

impl Earlier {
    /// A line of a list in this folder. Lines of another kind are kept as they are.
    fn of(line: &str, folder: &Path) -> Self {
        let entry = serde_json::from_str::<Entry>(line).ok();
        let (image, chip) = entry.map_or_else(Default::default, |entry| (entry.image, entry.chip));
        Self { line: line.to_owned(), chip: within(&chip, folder), image }
    }
}

/// The path in the folder of a chip whose path was noted from anywhere: the longest end of it that is there.
fn within(chip: &Path, folder: &Path) -> Option<PathBuf> {
    let mut parts = chip.components();
    while !parts.as_path().as_os_str().is_empty() {
        if parts.as_path().is_relative() && folder.join(parts.as_path()).is_file() {
            return Some(parts.as_path().to_owned());
        }
        parts.next();
    }
    None
}
