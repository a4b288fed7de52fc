//! Where the results of a run go: to stdout, or to the file that `--output` names.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use lineament::raw::files::AtomicFile;

use crate::error::{Error, shown};
use crate::formats::Format;
use crate::progress::Progress;

/// The endings of files of results, and the format that each names.
const ENDINGS: [(&str, Format); 6] = [
    ("csv", Format::Csv),
    ("json", Format::Jsonl),
    ("jsonl", Format::Jsonl),
    ("ndjson", Format::Jsonl),
    ("txt", Format::Text),
    ("xml", Format::Imglab),
];

/// The file of results that `--output` names: one whose ending is that of the format. None if it names images.
///
/// # Errors
/// If the ending is that of another format.
pub fn file_of(output: &Path, format: Format) -> Result<Option<PathBuf>, Error> {
    let ending = output.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let Some((_, named)) = ENDINGS.iter().find(|(known, _)| *known == ending).filter(|_| !output.is_dir()) else {
        return Ok(None);
    };
    if *named == format {
        return Ok(Some(output.to_owned()));
    }
    let name = |format: Format| format.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned());
    let [wanted, given] = [*named, format].map(name);
    let clause = match format {
        Format::Text => format!("to write the results to this file, add --format {wanted}"),
        Format::Pts => return Ok(None),
        _ => format!("--format is {given}, and the file's name ends like those of --format {wanted}"),
    };
    Err(Error::Usage(format!("{}: {clause}", shown(output))))
}

/// Where results are written.
#[derive(Debug)]
pub enum Results {
    /// To stdout, image by image.
    Stdout(StdoutLock<'static>),
    /// To a file, which appears at the end.
    File(PathBuf, BufWriter<AtomicFile>),
}

impl Results {
    /// Opens the file, or else stdout.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn open(file: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = file else { return Ok(Self::Stdout(io::stdout().lock())) };
        let file = AtomicFile::create(path).map_err(|error| Error::output(path, &error))?;
        Ok(Self::File(path.to_owned(), BufWriter::new(file)))
    }

    /// Writes some lines.
    ///
    /// # Errors
    /// If that fails.
    pub fn write(&mut self, lines: &[u8], progress: &Progress) -> Result<(), Error> {
        match self {
            _ if lines.is_empty() => Ok(()),
            Self::Stdout(stdout) => {
                let is_screen = stdout.is_terminal();
                // Flush after each image: another program may be waiting for its lines.
                let mut write = || stdout.write_all(lines).and_then(|()| stdout.flush());
                let written = if is_screen { progress.aside(write) } else { write() };
                written.map_err(|error| Error::stdout(&error))
            }
            Self::File(path, file) => file.write_all(lines).map_err(|error| Error::output(path, &error)),
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If that fails.
    pub fn finish(self) -> Result<(), Error> {
        match self {
            Self::Stdout(_) => Ok(()),
            Self::File(path, file) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error);
                file.and_then(AtomicFile::commit).map_err(|error| Error::output(&path, &error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_whether_results_go_to_a_file() {
        let of = |output: &str, format| file_of(Path::new(output), format).map_err(|error| error.to_string());
        assert_eq!(of("a.csv", Format::Csv), Ok(Some("a.csv".into())));
        assert_eq!(of("a.JSON", Format::Jsonl), Ok(Some("a.JSON".into())));
        assert_eq!((of("a.png", Format::Csv), of("csv", Format::Csv)), (Ok(None), Ok(None)));
        assert_eq!(of("a.csv", Format::Text), Err("a.csv: to write the results to this file, add --format csv".into()));
        let clause = "--format is jsonl, and the file's name ends like those of --format csv";
        assert_eq!(of("a.csv", Format::Jsonl), Err(format!("a.csv: {clause}")));
    }
}
