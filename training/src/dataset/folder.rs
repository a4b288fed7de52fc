//! Folders in iBUG's layout: `name.jpg` or `name.png` beside `name.pts`, with or without
//! subfolders.

use std::path::{Path, PathBuf};

/// File name extensions of images, in the order in which they are tried beside a `.pts` file.
pub const IMAGE_EXTENSIONS: [&str; 10] = ["jpg", "jpeg", "png", "bmp", "gif", "webp", "tif", "tiff", "pgm", "ppm"];

/// A `.pts` file and the image beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The annotation.
    pub pts: PathBuf,
    /// The image, if there is one.
    pub image: Option<PathBuf>,
}

/// Lists the `.pts` files under `root` with their images, sorted by path.
///
/// # Errors
/// If a folder cannot be listed.
pub fn pairs(root: &Path) -> std::io::Result<Vec<Pair>> {
    let files = files(root)?;
    let beside = |pts: &Path| {
        let candidates =
            IMAGE_EXTENSIONS.iter().flat_map(|e| [pts.with_extension(e), pts.with_extension(e.to_uppercase())]);
        candidates.into_iter().find(|candidate| files.binary_search(candidate).is_ok())
    };
    let annotations = files.iter().filter(|file| has_extension(file, &["pts"]));
    Ok(annotations.map(|pts| Pair { pts: pts.clone(), image: beside(pts) }).collect())
}

/// Lists files under `root` that have the extension of an image, sorted by path.
///
/// # Errors
/// If a folder cannot be listed.
pub fn images(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = files(root)?;
    files.retain(|file| has_extension(file, &IMAGE_EXTENSIONS));
    Ok(files)
}

/// Lists all files under `root`, sorted by path. Does not follow links to folders, which may form a
/// circle.
fn files(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension().is_some_and(|found| extensions.iter().any(|wanted| found.eq_ignore_ascii_case(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_in_subfolders_in_order() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("b")).unwrap();
        for name in ["z.pts", "z.PNG", "b/x.pts", "b/x.jpg", "b/alone.pts", "b/unannotated.jpg", "notes.txt"] {
            std::fs::write(root.path().join(name), "").unwrap();
        }
        let path = |name: &str| root.path().join(name);
        let found = pairs(root.path()).unwrap();
        let wanted = [("b/alone.pts", None), ("b/x.pts", Some("b/x.jpg")), ("z.pts", Some("z.PNG"))];
        assert_eq!(found, wanted.map(|(pts, image)| Pair { pts: path(pts), image: image.map(path) }));
        assert_eq!(images(root.path()).unwrap(), [path("b/unannotated.jpg"), path("b/x.jpg"), path("z.PNG")]);
    }
}
