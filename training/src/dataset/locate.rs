//! Finds the image files that an XML file names.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Finds files by names from other folders and other systems.
#[derive(Debug, Default)]
pub struct Locator {
    /// Names in the folders that were listed.
    listings: HashMap<PathBuf, Vec<OsString>>,
}

impl Locator {
    /// Returns the file that an XML file in `folder` names. A relative name counts from this
    /// folder or, if there is no such file, from the working folder. Backslashes may separate
    /// folders, and the extension may be in capitals or not. A file that is not found is returned
    /// as it would be called in `folder`.
    pub fn find(&mut self, folder: &Path, name: &str) -> PathBuf {
        let slashes = name.replace('\\', "/");
        let mut names = vec![name];
        if slashes != name {
            names.push(&slashes);
        }
        let places = || names.iter().flat_map(|name| [folder.join(name), PathBuf::from(name)]);
        let found = places().find(|path| path.is_file());
        found.or_else(|| places().find_map(|path| self.with_other_case(&path))).unwrap_or_else(|| folder.join(&slashes))
    }

    /// The file whose name differs only in the case of its extension.
    fn with_other_case(&mut self, path: &Path) -> Option<PathBuf> {
        let (stem, extension) = (path.file_stem()?, path.extension()?);
        let folder = path.parent()?;
        let names = self.listings.entry(folder.to_owned()).or_insert_with(|| list(folder));
        let fits = |name: &&OsString| {
            let name = Path::new(name);
            name.file_stem() == Some(stem)
                && name.extension().is_some_and(|other| other.eq_ignore_ascii_case(extension))
        };
        names.iter().find(fits).map(|name| folder.join(name))
    }
}

/// Names of the entries of a folder, sorted; none if it cannot be listed.
fn list(folder: &Path) -> Vec<OsString> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<OsString> = entries.map(|entry| entry.file_name()).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_systems_are_found() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        std::fs::create_dir_all(at("xml")).unwrap();
        std::fs::create_dir_all(at("images/sub")).unwrap();
        std::fs::write(at("images/sub/a.Jpg"), "").unwrap();
        let mut locator = Locator::default();
        let whole = at("images/sub/a.Jpg");
        for name in ["../images/sub/a.Jpg", "../images/sub/a.jpg", "..\\images\\sub\\a.JPG", whole.to_str().unwrap()] {
            let found = locator.find(&at("xml"), name);
            assert_eq!(found.canonicalize().unwrap(), whole.canonicalize().unwrap(), "{name}");
        }
        assert_eq!(locator.find(&at("xml"), "sub\\gone.jpg"), at("xml").join("sub/gone.jpg"));
        // The tests' working folder is that of the package.
        assert_eq!(locator.find(&at("xml"), "src/main.rs"), Path::new("src/main.rs"));
    }
}
