//! The images in a folder.

use std::path::Path;

use lineament::raw::files::reason;
use walkdir::{DirEntry, WalkDir};

use super::Input;
use super::endings::{self, Kind};
use super::passed_over::PassedOver;

/// Calls `found` with the images in a folder and below it, sorted by name, and with an input for each folder that cannot be
/// read. Folders that are the same as `omitted` are not searched.
///
/// Symbolic links to files are followed, those to folders are not: they may form a cycle.
pub fn search(root: &Path, omitted: Option<&Path>, passed_over: &mut PassedOver, mut found: impl FnMut(Input)) {
    let is_searched = |entry: &DirEntry| {
        let is_omitted = || {
            endings::is_companion_folder(entry.file_name())
                || omitted.is_some_and(|omitted| entry.path().canonicalize().is_ok_and(|path| path == *omitted))
        };
        entry.depth() == 0 || !entry.file_type().is_dir() || !is_omitted()
    };
    for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_searched) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let folder = error.path().unwrap_or(root);
                let clause = error.io_error().map_or_else(|| error.to_string(), reason);
                found(Input::faulty(folder, format!("the folder cannot be read: {clause}")));
                continue;
            }
        };
        if entry.path().is_dir() {
            continue;
        }
        match endings::kind(entry.path()) {
            (Kind::Image, _) => {
                let path = entry.into_path();
                let place = path.strip_prefix(root).unwrap_or(&path).to_owned();
                found(Input { place, ..Input::file(path) });
            }
            (kind, ending) => passed_over.add(kind, ending),
        }
    }
}
