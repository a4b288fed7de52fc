//! Output paths: the place of each image's results below `--output`.
//!
//! Names are claimed in the order of the inputs, so that they do not depend on the number of threads. The first image to
//! claim a name has it; a later one whose name would be the same keeps its own ending in it (`a.png.pts` beside `a.pts`).

mod guard;
mod image;
pub mod names;

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, shown};
use crate::inputs::{Input, Inputs};
pub use guard::{Guard, check_apart, same_file};
pub use image::{image_format, write_image};
use names::Names;

/// Longest name of a file on the usual file systems, in bytes.
const LONGEST_NAME: usize = 255;

/// What is written for an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The image with its faces drawn.
    Annotated,
    /// Landmarks: a file for the only face, or a numbered file for each.
    Points,
    /// A numbered image for each face.
    Chips,
}

/// A file for one image, or a folder for several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file for the only image.
    File(PathBuf),
    /// The folder.
    Folder(PathBuf),
}

impl Place {
    /// Decides whether `output` is a file or a folder. It is a file if there is `one_image` and `output` neither is a folder
    /// nor ends in a slash; otherwise it is a folder, which is created.
    ///
    /// # Errors
    /// If the folder cannot be created, or the file's extension names no image format although images will be written.
    pub fn new(output: &Path, one_image: bool, kind: Kind) -> Result<Self, Error> {
        let names_a_folder = output.is_dir() || output.as_os_str().as_encoded_bytes().ends_with(b"/");
        if !one_image || names_a_folder {
            return Self::folder(output);
        }
        if kind != Kind::Points && image_format(output).is_none() {
            let clause = "the extension names no image format that can be written (png, jpg, …)";
            return Err(Error::file(output, clause));
        }
        Ok(Self::File(output.to_owned()))
    }

    /// A folder, created if necessary.
    ///
    /// # Errors
    /// If files cannot be created in it.
    pub fn folder(output: &Path) -> Result<Self, Error> {
        let created = std::fs::create_dir_all(output).and_then(|()| probe(output));
        created.map_err(|error| Error::folder(output, &error))?;
        Ok(Self::Folder(output.to_owned()))
    }

    /// The folder.
    pub fn as_folder(&self) -> Option<&Path> {
        match self {
            Self::File(_) => None,
            Self::Folder(folder) => Some(folder),
        }
    }
}

/// Gives each image the names of its outputs.
#[derive(Debug)]
pub struct Outputs {
    kind: Kind,
    place: Place,
    guard: Arc<Guard>,
    /// Whether all inputs were announced before the first claims its names.
    knows_all: bool,
    /// Who has a file.
    owners: HashMap<PathBuf, Arc<Path>>,
    /// Who has the numbered files of a name.
    owners_of_numbered: HashMap<PathBuf, Arc<Path>>,
    /// The names, without a number, of images whose own file looks like that of another's face.
    like_faces: HashSet<PathBuf>,
    /// What an image got that is named again.
    given: HashMap<PathBuf, Result<Names, String>>,
}

impl Outputs {
    /// Outputs of this kind at this place, for these inputs, and for others unless they are all. They replace none of the
    /// files.
    pub fn new(kind: Kind, place: Place, files: &[PathBuf], inputs: &Inputs) -> Self {
        let mut outputs = Self {
            kind,
            place,
            guard: Arc::default(),
            knows_all: inputs.total().is_some(),
            owners: HashMap::new(),
            owners_of_numbered: HashMap::new(),
            like_faces: HashSet::new(),
            given: HashMap::new(),
        };
        files.iter().for_each(|file| outputs.guard.add(file));
        inputs.known().for_each(|input| outputs.announce(input));
        outputs
    }

    /// Makes the outputs of earlier inputs leave this one and its names alone.
    fn announce(&mut self, input: &Input) {
        self.guard.add(&input.path);
        if self.kind == Kind::Points {
            let stem = input.place.with_extension("");
            let unnumbered = stem.file_name().and_then(guard::unnumbered);
            self.like_faces.extend(unnumbered.map(|name| key(&stem.with_file_name(name))));
        }
    }

    /// Leaves the names of a face's file in the folder, which an earlier run has written, to its image.
    pub fn reserve(&mut self, face: &Path, image: &Path) {
        if let Some(name) = guard::without_number(&key(face)) {
            self.owners_of_numbered.entry(name).or_insert_with(|| image.into());
        }
    }

    /// Decides the names of the next image's outputs. An image without a name gets a fault.
    pub fn claim(&mut self, mut input: Input) -> Input {
        if input.fault.is_some() {
            return input;
        }
        if !self.knows_all {
            self.announce(&input);
        }
        // A link is an image of its own name.
        let file = lineament::raw::files::spelled(&input.path).ok();
        let known = file.as_ref().and_then(|file| self.given.get(file));
        let names = known.cloned().unwrap_or_else(|| self.names(&input));
        self.given.extend(file.map(|file| (file, names.clone())));
        match names {
            Ok(names) => input.names = names,
            Err(clause) => input.fault = Some(clause),
        }
        input
    }

    fn names(&mut self, input: &Input) -> Result<Names, String> {
        let (whole, numbered) = match (&self.place, self.kind) {
            (Place::File(path), Kind::Points) => {
                let path = if path.extension().is_none() { path.with_extension("pts") } else { path.clone() };
                (vec![path.clone()], vec![path])
            }
            (Place::File(path), _) => (vec![path.clone()], vec![]),
            (Place::Folder(_), Kind::Annotated) => (annotated(&input.place), vec![]),
            (Place::Folder(_), Kind::Points) => (of_faces(&input.place, "pts"), of_faces(&input.place, "pts")),
            (Place::Folder(_), Kind::Chips) => (vec![], of_faces(&input.place, "png")),
        };
        let (whole, numbered) = (self.first_free(input, &whole, false)?, self.first_free(input, &numbered, true)?);
        Ok(Names { whole, numbered, guard: self.guard.clone() })
    }

    /// Claims the first of these names that is free; none if there is none to claim.
    fn first_free(
        &mut self,
        input: &Input,
        candidates: &[PathBuf],
        is_numbered: bool,
    ) -> Result<Option<PathBuf>, String> {
        let Some(first) = candidates.first() else { return Ok(None) };
        if !is_numbered && same_file(&self.path(first), &input.path) {
            return Err(format!("the output {} would overwrite the image itself", shown(&self.path(first))));
        }
        // An image of the same name in another folder: whose a name with the ending is would not be clear.
        let owner = self.owner(first, is_numbered).filter(|owner| !same_file(owner, &input.path));
        if owner.is_some_and(|owner| owner.file_name() == input.path.file_name()) {
            return Err(self.refusal(first, is_numbered));
        }
        match candidates.iter().find(|name| self.is_free(name, &input.path, is_numbered)) {
            Some(name) => {
                let owners = if is_numbered { &mut self.owners_of_numbered } else { &mut self.owners };
                owners.insert(key(name), input.path.as_path().into());
                Ok(Some(self.path(name)))
            }
            None => Err(self.refusal(first, is_numbered)),
        }
    }

    fn is_free(&self, name: &Path, image: &Path, is_numbered: bool) -> bool {
        let (path, key) = (self.path(name), key(name));
        if self.owner(name, is_numbered).is_some_and(|owner| !same_file(owner, image)) || !is_short(name, is_numbered) {
            return false;
        }
        if is_numbered {
            !self.like_faces.contains(&key.with_extension("")) && !self.guard.protects_numbered(&path)
        } else {
            !self.guard.protects(&path)
        }
    }

    /// The image that has a name already, of the file itself or of a face.
    fn owner(&self, name: &Path, is_numbered: bool) -> Option<&Path> {
        let key = key(name);
        let owner = if is_numbered {
            self.owners_of_numbered.get(&key)
        } else {
            let as_face = || guard::without_number(&key).and_then(|key| self.owners_of_numbered.get(&key));
            self.owners.get(&key).or_else(as_face)
        };
        owner.map(|owner| &**owner)
    }

    /// Why an image cannot have its name: a clause.
    fn refusal(&self, name: &Path, is_numbered: bool) -> String {
        let path = if is_numbered { names::numbered(&self.path(name), 1) } else { self.path(name) };
        if !is_short(name, is_numbered) {
            return format!("the name of the output {} would be too long", shown(&path));
        }
        match self.owner(name, is_numbered) {
            Some(owner) => format!(
                "the output {} belongs to {} already; give one of them another output folder",
                shown(&path),
                shown(owner)
            ),
            None => format!("the output {} would overwrite an input", shown(&path)),
        }
    }

    fn path(&self, name: &Path) -> PathBuf {
        match &self.place {
            Place::File(_) => name.to_owned(),
            Place::Folder(folder) => folder.join(name),
        }
    }
}

/// The names for an annotated image, best first: its own, with `.png` added unless it is that of a JPEG or PNG already.
fn annotated(place: &Path) -> Vec<PathBuf> {
    let ending = place.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if ["jpg", "jpeg", "png"].contains(&ending.as_str()) {
        vec![place.to_owned(), with_ending(place, "png")]
    } else {
        vec![with_ending(place, "png"), place.with_extension("png")]
    }
}

/// The names for what is made of an image's faces, best first: its own without and with the ending, and `ending`.
fn of_faces(place: &Path, ending: &str) -> Vec<PathBuf> {
    vec![with_ending(&place.with_extension(""), ending), with_ending(place, ending)]
}

/// A path with an ending after those that it has.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(ending);
    name.into()
}

/// Whether a file system takes a name, with a face's number of one digit if it is to have one.
fn is_short(name: &Path, is_numbered: bool) -> bool {
    let length = name.file_name().map_or(0, |name| name.len());
    length + if is_numbered { 2 } else { 0 } <= LONGEST_NAME
}

/// A name as the file system compares it.
fn key(name: &Path) -> PathBuf {
    if cfg!(any(windows, target_os = "macos")) { name.to_string_lossy().to_lowercase().into() } else { name.to_owned() }
}

/// Checks that files can be created in a folder by creating one, which is removed again.
fn probe(folder: &Path) -> std::io::Result<()> {
    tempfile::Builder::new().prefix(".lineament-").suffix(".tmp").tempfile_in(folder)?.close()
}
