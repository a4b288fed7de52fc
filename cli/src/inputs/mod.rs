//! The images that the arguments name: files, folders, and on stdin a list of names or an image.

mod endings;
mod folder;
mod passed_over;
mod stdin;

use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use lineament::raw::decode::{self, ReadError, ReadOptions};

use crate::outputs::names::Names;
pub use passed_over::PassedOver;
pub use stdin::Stdin;

/// The argument that stands for stdin.
const STDIN: &str = "-";

/// Place of the results of an image on stdin in an output folder.
const STDIN_PLACE: &str = "stdin";

/// An image to process.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file's path, as the user gave it or below the folder that they gave; `-` for an image on stdin.
    pub path: PathBuf,
    /// Place of its results in an output folder: its name, or its path below the folder that the user gave.
    pub place: PathBuf,
    /// Why there is nothing to process: a clause.
    pub fault: Option<String>,
    /// The names of its outputs, if the run has any.
    pub names: Names,
    is_stdin: bool,
}

impl Input {
    /// The input for a file that is named itself.
    pub fn file(path: PathBuf) -> Self {
        let place = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
        Self { path, place, fault: None, names: Names::default(), is_stdin: false }
    }

    fn stdin() -> Self {
        Self { place: STDIN_PLACE.into(), is_stdin: true, ..Self::file(STDIN.into()) }
    }

    fn faulty(path: &Path, clause: impl std::fmt::Display) -> Self {
        Self { fault: Some(clause.to_string()), ..Self::file(path.to_owned()) }
    }

    /// Size of the file in bytes, as far as it is known.
    pub fn length(&self) -> u64 {
        if self.is_stdin { 0 } else { self.path.metadata().map_or(0, |metadata| metadata.len()) }
    }

    /// Reads the image file.
    ///
    /// # Errors
    /// If that fails, or if it has more bytes than an image within the limits.
    pub fn bytes(&self, options: &ReadOptions) -> Result<Vec<u8>, ReadError> {
        if !self.is_stdin {
            return decode::read_bytes(&self.path, options);
        }
        let (most, mut bytes) = (options.max_bytes(), Vec::new());
        std::io::stdin().lock().take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(ReadError::Io)?;
        if bytes.len() as u64 > most { Err(ReadError::TooMuchMemory) } else { Ok(bytes) }
    }

    /// Adds what is probably wrong with the list that names this file, if there is no such file.
    fn listed(self) -> Self {
        if self.path.to_str().is_some() || self.path.symlink_metadata().is_ok() {
            return self;
        }
        let clause = "there is no such file; the list of names is not UTF-8, perhaps Windows-1252: save it as UTF-8";
        Self { fault: Some(clause.into()), ..self }
    }
}

/// Opens stdin if an argument stands for it; waits for its first bytes. `separator` ends a name in a list.
pub fn stdin(arguments: &[PathBuf], separator: u8) -> Option<Stdin> {
    arguments.iter().any(|argument| argument == Path::new(STDIN)).then(|| Stdin::open(separator))
}

/// Whether the arguments name one image, instead of folders or lists.
pub fn is_one_image(arguments: &[PathBuf], stdin: Option<&Stdin>) -> bool {
    matches!(arguments, [file] if !file.is_dir()) && !matches!(stdin, Some(Stdin::List(_)))
}

/// Iterates over the images of the arguments.
#[derive(Debug)]
pub struct Inputs {
    arguments: VecDeque<PathBuf>,
    found: VecDeque<Input>,
    stdin: Option<Stdin>,
    /// A folder that is not searched when it is found in another one, canonical: that of the outputs.
    omitted: Option<PathBuf>,
    passed_over: Arc<Mutex<PassedOver>>,
}

impl Inputs {
    /// The images of these arguments, in their order; `-` stands for `stdin`. Searches the folders, unless stdin contains a
    /// list: then each folder is searched when its turn comes.
    ///
    /// The folder `omitted` is not searched if it is below another.
    pub fn new(arguments: &[PathBuf], stdin: Option<Stdin>, omitted: Option<&Path>) -> Self {
        let mut inputs = Self {
            arguments: arguments.iter().cloned().collect(),
            found: VecDeque::new(),
            stdin,
            omitted: omitted.and_then(|folder| folder.canonicalize().ok()),
            passed_over: Arc::default(),
        };
        if !matches!(inputs.stdin, Some(Stdin::List(_))) {
            while inputs.open_next() {}
        }
        inputs
    }

    /// The images that are known already: all, unless stdin contains a list.
    pub fn known(&self) -> impl Iterator<Item = &Input> {
        self.found.iter()
    }

    /// The number of images, if stdin does not contain a list.
    pub fn total(&self) -> Option<usize> {
        self.arguments.is_empty().then_some(self.found.len())
    }

    /// The files that were passed over, so far.
    pub fn passed_over(&self) -> Arc<Mutex<PassedOver>> {
        self.passed_over.clone()
    }

    /// Adds the images of the next argument, or of the next name in the list; false at the end.
    fn open_next(&mut self) -> bool {
        let Some(argument) = self.arguments.front().cloned() else { return false };
        if argument != Path::new(STDIN) {
            self.arguments.pop_front();
            self.open(argument, |input| input);
            return true;
        }
        match &mut self.stdin {
            Some(Stdin::List(list)) => match list.next() {
                Some(Ok(name)) => self.open(name, Input::listed),
                Some(Err(clause)) => self.found.push_back(Input::faulty(&argument, clause)),
                None => self.stdin = None,
            },
            Some(Stdin::Image) => {
                self.found.push_back(Input::stdin());
                self.stdin = None;
            }
            None => _ = self.arguments.pop_front(),
        }
        true
    }

    /// Adds the images of a file or folder; `checked` is called with a file.
    fn open(&mut self, path: PathBuf, checked: impl Fn(Input) -> Input) {
        if !path.is_dir() {
            return self.found.push_back(checked(Input::file(path)));
        }
        let before = self.found.len();
        let mut passed_over = PassedOver::default();
        folder::search(&path, self.omitted.as_deref(), &mut passed_over, |input| self.found.push_back(input));
        if self.found.len() == before {
            let all = passed_over.summary().map_or(String::new(), |summary| format!(", but {summary}"));
            self.found.push_back(Input::faulty(&path, format!("the folder contains no images{all}")));
        } else {
            self.passed_over.lock().unwrap_or_else(PoisonError::into_inner).extend(passed_over);
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
            if !self.open_next() {
                return None;
            }
        }
    }
}
