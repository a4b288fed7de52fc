//! The images that the arguments name: files, folders, and a list on stdin.

use std::collections::VecDeque;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use lineament::raw::files::{os_string, reason};
use walkdir::WalkDir;

/// Extensions of the files that are searched in folders. A file that is named itself may have any.
///
/// The last four belong to formats that cannot be read: such an image gives an error instead of being skipped unnoticed.
const EXTENSIONS: [&str; 17] = [
    "jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "pgm", "ppm", "pbm", "pnm", "pam", "heic", "heif",
    "avif", "jxl",
];

/// An image to process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file's path, as the user gave it or below the folder that they gave.
    pub path: PathBuf,
    /// Place of its results in an output folder: its name, or its path below the folder that the user gave.
    pub place: PathBuf,
    /// Error of the folder that this input stands for, if that cannot be searched.
    pub fault: Option<String>,
}

impl Input {
    /// The input for a file that is named itself.
    pub fn file(path: PathBuf) -> Self {
        let place = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
        Self { path, place, fault: None }
    }

    fn faulty(path: &Path, clause: impl std::fmt::Display) -> Self {
        Self { fault: Some(clause.to_string()), ..Self::file(path.to_owned()) }
    }
}

/// Iterates over the images of the arguments. Folders are searched when their turn comes.
#[derive(Debug)]
pub struct Inputs {
    arguments: VecDeque<PathBuf>,
    found: VecDeque<Input>,
    /// Separator of the names on stdin: a line feed or a zero byte.
    separator: u8,
}

impl Inputs {
    /// The images of these arguments, in their order; `-` stands for a list on stdin.
    pub fn new(arguments: &[PathBuf], separator: u8) -> Self {
        Self { arguments: arguments.iter().cloned().collect(), found: VecDeque::new(), separator }
    }

    /// Searches the folders now and returns the number of images, unless stdin adds to them.
    pub fn gather(&mut self) -> Option<usize> {
        if self.arguments.iter().any(|argument| argument == Path::new("-")) {
            return None;
        }
        while let Some(argument) = self.arguments.pop_front() {
            self.open(&argument);
        }
        Some(self.found.len())
    }

    /// Adds the images of an argument other than `-`.
    fn open(&mut self, argument: &Path) {
        if !argument.is_dir() {
            return self.found.push_back(Input::file(argument.to_owned()));
        }
        let before = self.found.len();
        self.search(argument);
        if self.found.len() == before {
            self.found.push_back(Input::faulty(argument, "the folder contains no images"));
        }
    }

    /// Adds the images in a folder and below it, sorted by name. Symbolic links to files are followed, those to folders
    /// are not: they may form a cycle.
    fn search(&mut self, root: &Path) {
        for entry in WalkDir::new(root).sort_by_file_name() {
            match entry {
                Ok(entry) if has_image_extension(entry.path()) && !entry.path().is_dir() => {
                    let path = entry.into_path();
                    let place = path.strip_prefix(root).unwrap_or(&path).to_owned();
                    self.found.push_back(Input { path, place, fault: None });
                }
                Ok(_) => {}
                Err(error) => {
                    let folder = error.path().unwrap_or(root).to_owned();
                    let clause = error.io_error().map_or_else(|| error.to_string(), reason);
                    self.found.push_back(Input::faulty(&folder, format!("the folder cannot be read: {clause}")));
                }
            }
        }
    }

    /// The next name on stdin; empty lines do not count.
    fn next_listed(&self) -> Option<PathBuf> {
        loop {
            let mut name = Vec::new();
            // A read error ends the list, like the end of the file.
            if std::io::stdin().lock().read_until(self.separator, &mut name).unwrap_or(0) == 0 {
                return None;
            }
            name.pop_if(|last| *last == self.separator);
            if self.separator == b'\n' {
                name.pop_if(|last| *last == b'\r');
            }
            if !name.is_empty() {
                return Some(PathBuf::from(os_string(name)));
            }
        }
    }
}

impl Iterator for Inputs {
    type Item = Input;

    fn next(&mut self) -> Option<Input> {
        loop {
            if let Some(input) = self.found.pop_front() {
                return Some(input);
            }
            let argument = self.arguments.front()?.clone();
            if argument == Path::new("-") {
                if let Some(name) = self.next_listed() {
                    self.open(&name);
                    continue;
                }
            } else {
                self.open(&argument);
            }
            self.arguments.pop_front();
        }
    }
}

fn has_image_extension(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}
