//! The folder of a report.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lineament::files::write_atomically;
use lineament::files::{reason, reason_unwritten};

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder cannot be made, or is none.
    #[error("{}: the report cannot be written there: {what}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// A clause.
        what: String,
    },
    /// A file of it cannot be written.
    #[error("{}: it cannot be written: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// A clause.
        what: String,
    },
    /// A figure, table or page cannot be made from the numbers.
    #[error("the report's {name} cannot be made: {what}")]
    Content {
        /// What could not be made.
        name: String,
        /// A clause.
        what: String,
    },
}

impl ReportError {
    /// An error of a part of the report.
    pub fn content(name: &str, what: impl ToString) -> Self {
        Self::Content { name: name.into(), what: what.to_string() }
    }
}

/// A folder that can be written to.
#[derive(Debug)]
pub struct ReportFolder {
    root: PathBuf,
    /// Whether it was made for this report.
    made: bool,
}

impl ReportFolder {
    /// Makes the folder where there is none, and finds out whether files can be written there. What is in it stays.
    ///
    /// # Errors
    /// If it cannot be made, is a file, or cannot be written to.
    pub fn create(root: &Path) -> Result<Self, ReportError> {
        let failed = |what: String| ReportError::Folder { path: root.into(), what };
        let made = !root.exists();
        std::fs::create_dir_all(root).map_err(|error| {
            failed(match error.kind() {
                ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "it is a file, or a part of its path is".into(),
                ErrorKind::NotFound => "the folder cannot be made".into(),
                _ => reason(&error),
            })
        })?;
        let folder = Self { root: root.into(), made };
        let probe = root.join(format!("report.{}.probe", std::process::id()));
        let written = std::fs::File::create(&probe).and_then(|_| std::fs::remove_file(&probe));
        written.map_err(|error| failed(reason_unwritten(&probe, &error)))?;
        Ok(folder)
    }

    /// Writes a file, all of it or nothing; `name` may have a folder in it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        let path = self.root.join(name);
        let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        folder
            .and_then(|()| write_atomically(&path, bytes))
            .map_err(|error| ReportError::File { what: reason_unwritten(&path, &error), path })
    }
}

impl Drop for ReportFolder {
    /// A folder that was made for nothing goes again; one that holds something cannot be removed this way.
    fn drop(&mut self) {
        if self.made {
            let _ = std::fs::remove_dir(&self.root);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_and_others_stay() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("index.html"), "old").unwrap();
        std::fs::write(root.path().join("notes.txt"), "mine").unwrap();
        let folder = ReportFolder::create(root.path()).unwrap();
        folder.write("index.html", b"new").unwrap();
        folder.write("figures/a.svg", b"<svg/>").unwrap();
        let text = |name: &str| std::fs::read_to_string(root.path().join(name)).unwrap();
        assert_eq!([text("index.html"), text("notes.txt"), text("figures/a.svg")], ["new", "mine", "<svg/>"]);
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_folder_made_for_nothing_goes_again() {
        let root = tempfile::tempdir().unwrap();
        let (empty, full) = (root.path().join("a/empty"), root.path().join("full"));
        drop(ReportFolder::create(&empty).unwrap());
        assert!(!empty.exists());
        ReportFolder::create(&full).unwrap().write("a", b"").unwrap();
        assert!(full.exists());
        drop(ReportFolder::create(root.path()).unwrap());
        assert!(root.path().exists());
    }

    #[test]
    fn a_file_is_no_folder() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        std::fs::write(&file, "").unwrap();
        for path in [file.clone(), file.join("below")] {
            let message = ReportFolder::create(&path).unwrap_err().to_string();
            let wanted = ": the report cannot be written there: it is a file, or a part of its path is";
            assert_eq!(message, format!("{}{wanted}", path.display()));
        }
    }
}
