//! Where `--output` puts the results of each picture.

use std::collections::HashSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};
use lineament::files::{reason, reason_unwritten, write_atomically};

use super::error::{Error, shown};
use super::inputs::Input;

/// The quality of the JPEG files that are written, from 1 to 100: thin lines suffer below.
const JPEG_QUALITY: u8 = 92;

/// A file for one picture, or a folder for several.
#[derive(Debug)]
pub enum Target {
    /// The file for the only picture.
    File(PathBuf),
    /// The folder, and the names in it that are taken.
    Folder(PathBuf, Mutex<HashSet<PathBuf>>),
}

impl Target {
    /// Decides what `output` is: a file where the arguments name one picture and `output` is no folder and does not end in
    /// a slash, else a folder, which is made. `text` says that no picture is to be written.
    ///
    /// # Errors
    /// If the folder cannot be made, or the file's ending names no image format.
    pub fn new(output: &Path, arguments: &[PathBuf], text: bool) -> Result<Self, Error> {
        let one_picture = matches!(arguments, [file] if file != Path::new("-") && !file.is_dir());
        let names_a_folder = output.is_dir() || output.as_os_str().as_encoded_bytes().ends_with(b"/");
        if !one_picture || names_a_folder {
            return Self::folder(output);
        }
        if !text && image_format(output).is_none() {
            return Err(Error::file(output, "the ending names no image format that can be written (png, jpg, …)"));
        }
        Ok(Self::File(output.to_owned()))
    }

    /// A folder, made if need be.
    ///
    /// # Errors
    /// If files cannot be made in it.
    pub fn folder(output: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(output)
            .and_then(|()| probe(output))
            .map_err(|error| Error::file(output, format!("the output folder cannot be written: {}", reason(&error))))?;
        Ok(Self::Folder(output.to_owned(), Mutex::default()))
    }

    /// The annotated picture's file: in a folder, the picture's own name, with `.png` added unless that is JPEG or PNG
    /// already.
    pub fn picture(&self, input: &Input) -> Result<PathBuf, String> {
        let ending = input.place.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let mut name = input.place.clone().into_os_string();
        if !["jpg", "jpeg", "png"].contains(&ending.to_ascii_lowercase().as_str()) {
            name.push(".png");
        }
        self.claim(input, name.into())
    }

    /// A file that belongs to a face: the picture's name without its ending, the face's number where one is given, and
    /// the ending.
    pub fn face(&self, input: &Input, number: Option<usize>, ending: &str) -> Result<PathBuf, String> {
        let base = match self {
            Self::File(path) => path,
            Self::Folder(..) => &input.place,
        };
        let mut name = base.with_extension("").into_os_string();
        if let Some(number) = number {
            name.push(format!("_{number}"));
        }
        name.push(format!(".{ending}"));
        match self {
            Self::File(_) => Ok(name.into()),
            Self::Folder(..) => self.claim(input, name.into()),
        }
    }

    /// Takes a name in the folder, and makes the folders on its way.
    fn claim(&self, input: &Input, name: PathBuf) -> Result<PathBuf, String> {
        let path = match self {
            Self::File(path) => path.clone(),
            Self::Folder(folder, taken) => {
                let path = folder.join(&name);
                if !taken.lock().unwrap_or_else(PoisonError::into_inner).insert(name) {
                    return Err(format!("the output {} is another picture's already", shown(&path)));
                }
                path
            }
        };
        if same_file(&path, &input.path) {
            return Err(format!("the output {} would overwrite the picture itself", shown(&path)));
        }
        match path.parent().map(std::fs::create_dir_all) {
            Some(Err(error)) => Err(unwritten(&path, reason(&error))),
            _ => Ok(path),
        }
    }
}

/// Whether both names lead to the same file.
pub fn same_file(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// The complaint about an output that cannot be written.
pub fn unwritten(path: &Path, error: impl std::fmt::Display) -> String {
    format!("the output {} cannot be written: {error}", shown(path))
}

/// Writes a picture in the format that its name's ending stands for; the error is one clause.
pub fn write_picture(path: &Path, picture: RgbImage) -> Result<(), String> {
    let mut bytes = Cursor::new(Vec::new());
    let encoded = match image_format(path).unwrap_or(ImageFormat::Png) {
        ImageFormat::Jpeg => picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)),
        format => picture.write_to(&mut bytes, format),
    };
    encoded.map_err(|error| unwritten(path, error))?;
    write_atomically(path, &bytes.into_inner()).map_err(|error| unwritten(path, reason_unwritten(path, &error)))
}

/// The image format that a file's ending stands for, where it can be written.
fn image_format(path: &Path) -> Option<ImageFormat> {
    ImageFormat::from_path(path).ok().filter(ImageFormat::writing_enabled)
}

/// Whether files can be made in a folder, found out by making one.
fn probe(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".lineament-{}.tmp", std::process::id()));
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(probe)
}
