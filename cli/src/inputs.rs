//! Which pictures the arguments name: files, folders, and a list on standard input.

use std::collections::VecDeque;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use lineament::files::os_string;
use lineament::files::reason;

/// The endings of the file names that are taken from folders. A file that is named itself may have any.
///
/// The last four are of formats that are refused: a photograph that is not searched should not go unnoticed.
const ENDINGS: [&str; 17] = [
    "jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "pgm", "ppm", "pbm", "pnm", "pam", "heic", "heif",
    "avif", "jxl",
];

/// A picture to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file's path, as the user gave it or below the folder that they gave.
    pub path: PathBuf,
    /// Where its results stand in an output folder: its name, or its path below the folder that the user gave.
    pub place: PathBuf,
    /// Why its folder cannot be searched, where it stands for a folder.
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

/// Arguments still to be looked at, and the pictures of the folder that is being walked through.
#[derive(Debug)]
pub struct Inputs {
    arguments: VecDeque<PathBuf>,
    found: VecDeque<Input>,
    /// What separates the names on standard input: a line feed or a zero byte.
    separator: u8,
}

impl Inputs {
    /// The pictures of these arguments, in their order; `-` stands for a list on standard input.
    pub fn new(arguments: &[PathBuf], separator: u8) -> Self {
        Self { arguments: arguments.iter().cloned().collect(), found: VecDeque::new(), separator }
    }

    /// Walks through the folders now; the number of pictures, where standard input does not add to them.
    pub fn gather(&mut self) -> Option<usize> {
        if self.arguments.iter().any(|argument| argument == Path::new("-")) {
            return None;
        }
        while let Some(argument) = self.arguments.pop_front() {
            self.open(&argument);
        }
        Some(self.found.len())
    }

    /// Adds what an argument other than `-` stands for.
    fn open(&mut self, argument: &Path) {
        if !argument.is_dir() {
            return self.found.push_back(Input::file(argument.to_owned()));
        }
        let before = self.found.len();
        self.walk(argument, argument);
        if self.found.len() == before {
            self.found.push_back(Input::faulty(argument, "the folder holds no pictures"));
        }
    }

    /// Adds the pictures in `folder` and below it, sorted by name. Symbolic links to files are followed, those to
    /// folders are not: they may lead in a circle.
    fn walk(&mut self, root: &Path, folder: &Path) {
        let entries = std::fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let clause = format!("the folder cannot be read: {}", reason(&error));
                return self.found.push_back(Input::faulty(folder, clause));
            }
        };
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.walk(root, &path);
            } else if has_picture_ending(&path) && !path.is_dir() {
                let place = path.strip_prefix(root).unwrap_or(&path).to_owned();
                self.found.push_back(Input { path, place, fault: None });
            }
        }
    }

    /// The next name on standard input; empty lines do not count.
    fn next_listed(&self) -> Option<PathBuf> {
        loop {
            let mut name = Vec::new();
            // A read error ends the list as its end does.
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

fn has_picture_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
