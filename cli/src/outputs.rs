//! Output paths: the place of each image's results below `--output`.

use std::collections::HashSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};
use lineament::raw::files::{reason, reason_unwritten, write_atomically};

use super::error::{Error, shown};
use super::inputs::Input;

/// Quality of JPEG files, from 1 to 100: lower values blur the thin lines.
const JPEG_QUALITY: u8 = 92;

/// A file for one image, or a folder for several.
#[derive(Debug)]
pub enum Target {
    /// The file for the only image.
    File(PathBuf),
    /// The folder, and the names in it that are taken.
    Folder(PathBuf, Mutex<HashSet<PathBuf>>),
}

impl Target {
    /// Decides whether `output` is a file or a folder. It is a file if the arguments name one image and `output` neither
    /// is a folder nor ends in a slash; otherwise it is a folder, which is created. `text`: no image will be written.
    ///
    /// # Errors
    /// If the folder cannot be created, or the file's extension names no image format.
    pub fn new(output: &Path, arguments: &[PathBuf], text: bool) -> Result<Self, Error> {
        let one_image = matches!(arguments, [file] if file != Path::new("-") && !file.is_dir());
        let names_a_folder = output.is_dir() || output.as_os_str().as_encoded_bytes().ends_with(b"/");
        if !one_image || names_a_folder {
            return Self::folder(output);
        }
        if !text && image_format(output).is_none() {
            return Err(Error::file(output, "the extension names no image format that can be written (png, jpg, …)"));
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
        Ok(Self::Folder(output.to_owned(), Mutex::default()))
    }

    /// The file for the annotated image. In a folder it has the image's own name, with `.png` added unless that is a JPEG
    /// or PNG name already.
    pub fn image(&self, input: &Input) -> Result<PathBuf, String> {
        let extension = input.place.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let mut name = input.place.clone().into_os_string();
        if !["jpg", "jpeg", "png"].contains(&extension.to_ascii_lowercase().as_str()) {
            name.push(".png");
        }
        self.claim(input, name.into())
    }

    /// The file for a face: the image's name without its extension, the face's number if one is given, and `extension`.
    pub fn face(&self, input: &Input, number: Option<usize>, extension: &str) -> Result<PathBuf, String> {
        let base = match self {
            Self::File(path) => path,
            Self::Folder(..) => &input.place,
        };
        let mut name = base.with_extension("").into_os_string();
        if let Some(number) = number {
            name.push(format!("_{number}"));
        }
        name.push(format!(".{extension}"));
        match self {
            Self::File(_) => Ok(name.into()),
            Self::Folder(..) => self.claim(input, name.into()),
        }
    }

    /// Reserves a name in the folder, and creates its parent folders.
    fn claim(&self, input: &Input, name: PathBuf) -> Result<PathBuf, String> {
        let path = match self {
            Self::File(path) => path.clone(),
            Self::Folder(folder, taken) => {
                let path = folder.join(&name);
                if !taken.lock().unwrap_or_else(PoisonError::into_inner).insert(name) {
                    return Err(format!("the output {} belongs to another image already", shown(&path)));
                }
                path
            }
        };
        if same_file(&path, &input.path) {
            return Err(format!("the output {} would overwrite the image itself", shown(&path)));
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

/// The clause for an output that cannot be written.
pub fn unwritten(path: &Path, error: impl std::fmt::Display) -> String {
    format!("the output {} cannot be written: {error}", shown(path))
}

/// Writes an image in the format that the extension names, or as PNG; the error is a clause.
pub fn write_image(path: &Path, image: RgbImage) -> Result<(), String> {
    let mut bytes = Cursor::new(Vec::new());
    let encoded = match image_format(path).unwrap_or(ImageFormat::Png) {
        ImageFormat::Jpeg => image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)),
        format => image.write_to(&mut bytes, format),
    };
    encoded.map_err(|error| unwritten(path, error))?;
    write_atomically(path, &bytes.into_inner()).map_err(|error| unwritten(path, reason_unwritten(path, &error)))
}

/// The image format that a file's extension names, if it can be written.
fn image_format(path: &Path) -> Option<ImageFormat> {
    ImageFormat::from_path(path).ok().filter(ImageFormat::writing_enabled)
}

/// Checks that files can be created in a folder by creating one, which is removed again.
fn probe(folder: &Path) -> std::io::Result<()> {
    tempfile::Builder::new().prefix(".lineament-").suffix(".tmp").tempfile_in(folder)?.close()
}
