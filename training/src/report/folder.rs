//! The folder of a report.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use lineament::raw::files::write_atomically;
use lineament::raw::files::{reason, reason_unwritten};

/// Name of the page.
const PAGE: &str = "index.html";

/// Words in the footer of every page of this program.
pub(super) const MADE_BY: &str = "Made by lineament-train ";

/// A report that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder cannot be created or written to.
    #[error("{}: the report cannot be written to this folder: {what}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The reason, as a clause.
        what: String,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The reason, as a clause.
        what: String,
    },
    /// A figure, table or page cannot be made from the numbers.
    #[error("the report's {name} cannot be made: {what}")]
    Content {
        /// Name of the part.
        name: String,
        /// The reason, as a clause.
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
    /// Whether it was created for this report.
    made: bool,
}

impl ReportFolder {
    /// Creates the folder if there is none, and checks that files can be written there. Its content
    /// stays.
    ///
    /// # Errors
    /// If it cannot be created, is a file, or cannot be written to.
    pub fn create(root: &Path) -> Result<Self, ReportError> {
        let failed = |what: String| ReportError::Folder { path: root.into(), what };
        let made = !root.exists();
        std::fs::create_dir_all(root).map_err(|error| {
            failed(match error.kind() {
                ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "it is a file, or a part of its path is".into(),
                ErrorKind::NotFound => "the folder cannot be created".into(),
                _ => reason(&error),
            })
        })?;
        let folder = Self { root: root.into(), made };
        // The file removes itself.
        let probe = tempfile::Builder::new().suffix(".probe").tempfile_in(root);
        probe.map(drop).map_err(|error| failed(reason_unwritten(&root.join("probe"), &error)))?;
        Ok(folder)
    }

    /// Path of the page.
    pub fn page(&self) -> PathBuf {
        self.root.join(PAGE)
    }

    /// Removes the files of an earlier report: those that its page links to or shows, and the page.
    /// Files that no report wrote stay, and so does everything if the page is not from this
    /// program.
    pub fn clear(&self) {
        let Ok(page) = std::fs::read_to_string(self.page()) else { return };
        if !page.contains(MADE_BY) {
            return;
        }
        let page = page.replace("&#x2f;", "/");
        let links = ["href=\"", "src=\""].into_iter().flat_map(|name| page.split(name).skip(1));
        let targets = links.filter_map(|rest| rest.split('"').next());
        for target in targets.map(Path::new).chain([Path::new(PAGE)]) {
            let inside = target.components().all(|part| matches!(part, Component::Normal(_)));
            let path = self.root.join(target);
            if inside && path.is_file() {
                // What cannot be removed is replaced or stays.
                let _ = std::fs::remove_file(&path);
                if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    let _ = std::fs::remove_dir(self.root.join(folder));
                }
            }
        }
    }

    /// Writes the page, after all other files.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn write_page(&self, html: &str) -> Result<(), ReportError> {
        self.write(PAGE, html.as_bytes())
    }

    /// Writes a file, completely or not at all; `name` may contain a folder.
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
    /// Removes the folder if it was created and nothing was written; a folder with content is not
    /// removed.
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
    fn files_of_an_earlier_report_are_removed_and_no_others() {
        let root = tempfile::tempdir().unwrap();
        let outside = root.path().join("outside.csv");
        let folder = ReportFolder::create(&root.path().join("report")).unwrap();
        let write = |name: &str, text: &str| folder.write(name, text.as_bytes()).unwrap();
        std::fs::write(&outside, "").unwrap();
        let page = format!(
            "<a href=\"#top\"> <img src=\"faces&#x2f;1.jpg\"> <a href=\"numbers.json\"> <a href=\"../outside.csv\"> {MADE_BY}0.1.0"
        );
        for name in ["faces/1.jpg", "faces/mine.jpg", "figures/a.svg", "numbers.json", "notes.txt"] {
            write(name, "");
        }
        // The page of another program decides nothing.
        write("index.html", &page.replace(MADE_BY, ""));
        folder.clear();
        assert!(folder.page().is_file() && root.path().join("report/numbers.json").is_file());
        write("index.html", &page);
        folder.clear();
        let there = |name: &str| root.path().join("report").join(name).exists();
        assert!(!there("index.html") && !there("faces/1.jpg") && !there("numbers.json") && outside.is_file());
        assert!(there("faces/mine.jpg") && there("figures/a.svg") && there("notes.txt"));
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
            let wanted = ": the report cannot be written to this folder: it is a file, or a part of its path is";
            assert_eq!(message, format!("{}{wanted}", path.display()));
        }
    }
}
