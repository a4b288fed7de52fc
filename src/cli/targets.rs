//! Where `--output` puts the results of each picture.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::failure::Failure;
use super::formats::Format;

/// A file for one picture, or a folder for several.
#[derive(Debug)]
pub enum Target {
    /// The file for the only picture.
    File(PathBuf),
    /// The folder, and the names in it that are taken.
    Folder(PathBuf, Mutex<HashSet<PathBuf>>),
}

impl Target {
    /// Decides what `output` is: a file where the arguments name one picture and `output` is no folder, else a folder,
    /// which is made.
    ///
    /// # Errors
    /// If the folder cannot be made, or the file's ending names no image format.
    pub fn new(output: &Path, arguments: &[PathBuf], format: Format) -> Result<Self, Failure> {
        let one_picture = matches!(arguments, [file] if file != Path::new("-") && !file.is_dir());
        let names_a_folder = output.is_dir() || output.as_os_str().as_encoded_bytes().ends_with(b"/");
        if one_picture && !names_a_folder {
            let ending = image_format(output);
            if format != Format::Pts && ending.is_none() {
                return Err(Failure::file(
                    output,
                    "the ending names no image format that can be written (png, jpg, …)",
                ));
            }
            return Ok(Self::File(output.to_owned()));
        }
        std::fs::create_dir_all(output)
            .and_then(|()| probe(output))
            .map_err(|error| Failure::file(output, format!("the output folder cannot be written: {error}")))?;
        Ok(Self::Folder(output.to_owned(), Mutex::default()))
    }

    /// The annotated picture's file: in a folder, the picture's own name, with `.png` added unless that is JPEG or PNG
    /// already.
    pub fn picture(&self, input: &Path, place: &Path) -> Result<PathBuf, String> {
        let known =
            ["jpg", "jpeg", "png"].iter().any(|e| place.extension().is_some_and(|have| have.eq_ignore_ascii_case(e)));
        let name = if known {
            place.to_owned()
        } else {
            let mut name = place.as_os_str().to_owned();
            name.push(".png");
            name.into()
        };
        self.claim(input, name)
    }

    /// The `.pts` file of face `index` (from 0) of `faces`: the picture's name with the ending `.pts`, and the face's
    /// number, from 1, before it where there are several.
    pub fn pts(&self, input: &Path, place: &Path, index: usize, faces: usize) -> Result<PathBuf, String> {
        let base = match self {
            Self::File(path) => path.with_extension(""),
            Self::Folder(..) => place.with_extension(""),
        };
        let mut name = base.into_os_string();
        if faces > 1 {
            name.push(format!("_{}", index + 1));
        }
        name.push(".pts");
        match self {
            Self::File(_) => Ok(name.into()),
            Self::Folder(..) => self.claim(input, name.into()),
        }
    }

    /// Takes a name in the folder, and makes its folder.
    fn claim(&self, input: &Path, name: PathBuf) -> Result<PathBuf, String> {
        let path = match self {
            Self::File(path) => path.clone(),
            Self::Folder(folder, taken) => {
                let path = folder.join(&name);
                if !taken.lock().unwrap_or_else(PoisonError::into_inner).insert(name) {
                    return Err(format!("the output {} is another picture's already", path.display()));
                }
                path
            }
        };
        if let (Ok(a), Ok(b)) = (path.canonicalize(), input.canonicalize())
            && a == b
        {
            return Err(format!("the output {} would overwrite the picture itself", path.display()));
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .map_err(|error| format!("the folder {} cannot be made: {error}", parent.display()))?;
        }
        Ok(path)
    }
}

/// The image format that a file's ending stands for, where it can be written.
pub fn image_format(path: &Path) -> Option<image::ImageFormat> {
    image::ImageFormat::from_path(path).ok().filter(image::ImageFormat::writing_enabled)
}

/// Whether files can be made in a folder, found out by making one.
fn probe(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".lineament-{}.tmp", std::process::id()));
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(probe)
}
