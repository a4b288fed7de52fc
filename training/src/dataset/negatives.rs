//! Images without faces.

use std::path::{Path, PathBuf};

use lineament::raw::decode;
use lineament::raw::decode::ReadOptions;
use rayon::prelude::*;

use super::{DatasetError, Fault, folder};

/// Lists the images in folders and their subfolders whose headers can be read, sorted by path
/// within each folder, and returns the faults of the others.
///
/// # Errors
/// If a folder cannot be listed, or no usable image.
pub fn read(folders: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<Fault>), DatasetError> {
    let mut files = Vec::new();
    for source in folders {
        files.extend(folder::images(source).map_err(|error| DatasetError::unreadable(source, &error))?);
    }
    let options = ReadOptions::dataset();
    let read = |file: &Path| decode::read_bytes(file, &options).and_then(|bytes| decode::decode_turn(&bytes, &options));
    let check = |file: PathBuf| match read(&file) {
        Ok(_) => Ok(file),
        Err(error) => Err(Fault::unreadable_image(&file, &error)),
    };
    let checked: Vec<Result<PathBuf, Fault>> = files.into_par_iter().map(check).collect();
    let (mut images, mut faults) = (Vec::new(), Vec::new());
    for checked in checked {
        match checked {
            Ok(image) => images.push(image),
            Err(fault) => faults.push(fault),
        }
    }
    if images.is_empty() {
        return Err(DatasetError::NoUsableImage { paths: folders.to_vec(), faults });
    }
    Ok((images, faults))
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

    use super::*;

    #[test]
    fn readable_images_are_listed() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        GrayImage::new(4, 4).save(path("b.png")).unwrap();
        GrayImage::new(4, 4).save(path("a.png")).unwrap();
        std::fs::write(path("c.jpg"), "").unwrap();
        let (images, faults) = read(&[root.path().into()]).unwrap();
        assert_eq!(images, [path("a.png"), path("b.png")]);
        assert_eq!(faults, [Fault::new(&path("c.jpg"), "the file is empty")]);
    }

    #[test]
    fn a_folder_without_images_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let message = read(&[root.path().into()]).unwrap_err().to_string();
        assert_eq!(message, format!("{}: no usable image", root.path().display()));
        assert!(
            read(&[root.path().join("none")])
                .unwrap_err()
                .to_string()
                .ends_with(": cannot be read: there is no such file or folder")
        );
    }
}
