//! Predicted landmarks as `.pts` files.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use lineament::raw::annotations::pts;

use super::system::System;
use crate::dataset::Dataset;

/// A file that cannot be written.
#[derive(Debug)]
pub struct UnwrittenPrediction {
    /// The file or folder.
    pub path: PathBuf,
    /// The reason.
    pub error: std::io::Error,
}

/// Writes the landmarks of every face that a system found to `folder/SYSTEM/SUBSET/IMAGE.pts`.
///
/// If an image has several faces, or if images of the same subset have the same name, numbers from
/// 1 on follow.
///
/// # Errors
/// If a file cannot be written, or would be among the images of the data set: there it would replace
/// an annotation, or become one.
pub fn write(folder: &Path, dataset: &Dataset, systems: &[System]) -> Result<(), UnwrittenPrediction> {
    let paths = paths(dataset);
    let folder_of = |file: &Path| std::path::absolute(file).ok()?.parent()?.canonicalize().ok();
    let folders: HashSet<PathBuf> = dataset.images.iter().filter_map(|image| folder_of(&image.path)).collect();
    let ready = |folder: &Path| {
        std::fs::create_dir_all(folder)?;
        if folders.contains(&folder.canonicalize()?) {
            return Err(std::io::Error::other("its folder is that of the data set's images"));
        }
        Ok(())
    };
    for system in systems {
        // A name may be a path.
        let root = folder.join(system.name.replace(['/', '\\'], "_"));
        for (path, shape) in paths.iter().zip(&system.shapes) {
            let Some(shape) = shape else { continue };
            let path = root.join(path);
            let parent = path.parent().map_or(Ok(()), ready);
            parent.and_then(|()| pts::write(&path, shape)).map_err(|error| UnwrittenPrediction { path, error })?;
        }
    }
    Ok(())
}

/// The file of every face, in the order of [`Dataset::faces`].
fn paths(dataset: &Dataset) -> Vec<PathBuf> {
    let mut taken = HashSet::new();
    let mut paths = Vec::new();
    for image in &dataset.images {
        // Subsets are relative; parts such as `..` would leave the folder.
        let subset = Path::new(&image.subset).components();
        let subset: PathBuf = subset.filter(|part| matches!(part, std::path::Component::Normal(_))).collect();
        let stem = image.path.file_stem().unwrap_or_default().to_string_lossy();
        for face in 1..=image.faces.len() {
            let numbered = |number: usize| subset.join(format!("{stem}_{number}.pts"));
            let plain = (image.faces.len() == 1).then(|| subset.join(format!("{stem}.pts")));
            let candidates = plain.into_iter().chain((face..).map(numbered));
            let path = candidates.into_iter().find(|path| !taken.contains(path)).unwrap_or_default();
            taken.insert(path.clone());
            paths.push(path);
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use lineament::Shape;
    use lineament::geometry::Rect;

    use super::*;
    use crate::dataset::{AnnotatedFace, AnnotatedImage};

    #[test]
    fn every_face_has_a_file_of_its_own() {
        let face =
            || AnnotatedFace { bounds: Rect::default(), bounds_given: true, shape: Shape::default(), light: None };
        let image = |path: &str, subset: &str, faces: usize| AnnotatedImage {
            path: path.into(),
            subset: subset.into(),
            photograph: 0,
            faces: (0..faces).map(|_| face()).collect(),
        };
        let images = vec![
            image("r/a/x.jpg", "a", 1),
            image("s/a/x.jpg", "a", 1),
            image("r/../two.png", "../b", 2),
            image("r/two_1.png", "b", 1),
        ];
        let found = paths(&Dataset { images });
        let wanted = ["a/x.pts", "a/x_1.pts", "b/two_1.pts", "b/two_2.pts", "b/two_1_1.pts"];
        assert_eq!(found, wanted.map(PathBuf::from));
    }
}
