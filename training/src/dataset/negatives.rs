//! Pictures without faces.

use std::path::PathBuf;

use lineament::decode;
use lineament::decode::ReadOptions;
use lineament::files::reason;
use rayon::prelude::*;

use super::{DatasetError, Fault, folder};

/// The pictures in the folders and their subfolders whose headers can be read, sorted by path within each folder, and
/// what is wrong with the others.
///
/// # Errors
/// If a folder cannot be listed, or if no picture is left.
pub fn read(folders: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<Fault>), DatasetError> {
    let mut files = Vec::new();
    for source in folders {
        files.extend(folder::pictures(source).map_err(|error| DatasetError::Source {
            source_path: source.clone(),
            what: match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such folder".into(),
                std::io::ErrorKind::NotADirectory => "it is not a folder".into(),
                _ => format!("it cannot be listed: {}", reason(&error)),
            },
        })?);
    }
    let check = |file: PathBuf| match decode::read_size(&file, &ReadOptions::dataset()) {
        Ok(_) => Ok(file),
        Err(error) => Err(Fault::new(&file, error)),
    };
    let checked: Vec<Result<PathBuf, Fault>> = files.into_par_iter().map(check).collect();
    let (mut pictures, mut faults) = (Vec::new(), Vec::new());
    for checked in checked {
        match checked {
            Ok(picture) => pictures.push(picture),
            Err(fault) => faults.push(fault),
        }
    }
    if pictures.is_empty() {
        return Err(DatasetError::NoUsablePicture { paths: folders.to_vec(), faults });
    }
    Ok((pictures, faults))
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

    use super::*;

    #[test]
    fn readable_pictures_are_listed() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        GrayImage::new(4, 4).save(path("b.png")).unwrap();
        GrayImage::new(4, 4).save(path("a.png")).unwrap();
        std::fs::write(path("c.jpg"), "").unwrap();
        let (pictures, faults) = read(&[root.path().into()]).unwrap();
        assert_eq!(pictures, [path("a.png"), path("b.png")]);
        assert_eq!(faults, [Fault::new(&path("c.jpg"), "the file is empty")]);
    }

    #[test]
    fn a_folder_without_pictures_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let message = read(&[root.path().into()]).unwrap_err().to_string();
        assert_eq!(message, format!("{}: there is no usable picture", root.path().display()));
        assert!(read(&[root.path().join("none")]).unwrap_err().to_string().ends_with(": there is no such folder"));
    }
}
