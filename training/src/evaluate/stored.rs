//! Results of other systems, from a JSON file of points.
//!
//! ```json
//! {"image_0001": [[150, 286], [154.5, 323.25], … 68 pairs],
//!  "lfpw/testset/image_0002": null,
//!  "afw/1051618982": [[[…], …], [[…], …]]}
//! ```
//!
//! A key is the file name of an image without its extension, preceded by as many of its folders as
//! it needs to be unambiguous. Its value is the face's 68 points `[x, y]`, in pixels with the
//! origin at the centre of the top-left pixel. For an image with several annotated faces it is a
//! list with one entry per face, in the order of the data set. `null` stands for a face that the
//! system did not find, as does a missing image.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use lineament::Shape;
use lineament::geometry::Point;
use lineament::scheme::POINTS;
use serde::Deserialize;

use crate::dataset::{AnnotatedImage, Dataset};

/// Results that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// The text is not a JSON of points.
    #[error("the file is not a JSON of points ({0})")]
    NotPoints(#[from] serde_json::Error),
    /// A key fits several images.
    #[error("`{key}` may be {} or {}; add a folder to the key", first.display(), second.display())]
    Ambiguous {
        /// The key.
        key: String,
        /// An image.
        first: PathBuf,
        /// Another image.
        second: PathBuf,
    },
    /// An entry has another number of faces than its image.
    #[error("`{key}`: the entry has {found} faces, but the image has {wanted}")]
    Faces {
        /// The key.
        key: String,
        /// Faces of the entry.
        found: usize,
        /// Faces of the image.
        wanted: usize,
    },
    /// A face does not have 68 points.
    #[error("`{key}`: a face has {found} points, not {POINTS}")]
    Points {
        /// The key.
        key: String,
        /// Points of the face.
        found: usize,
    },
    /// A coordinate is infinite.
    #[error("`{0}`: a coordinate is not finite")]
    NotFinite(String),
    /// No key fits an image.
    #[error("none of the keys is an image of the data")]
    NoImage,
}

/// The value of a key.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Face(Option<Vec<[f32; 2]>>),
    Faces(Vec<Option<Vec<[f32; 2]>>>),
}

/// Reads the shapes of all faces, in the order of [`Dataset::faces`]; none for a face that was not
/// found.
///
/// # Errors
/// If the text does not have the form above, or does not fit the data.
pub fn parse(text: &str, dataset: &Dataset) -> Result<Vec<Option<Shape>>, StoredError> {
    let entries: HashMap<String, Entry> = serde_json::from_str(text)?;
    let mut used = HashMap::<&str, &Path>::new();
    let mut shapes = Vec::with_capacity(dataset.face_count());
    for image in &dataset.images {
        let entry = keys(&image.path).into_iter().find_map(|key| entries.get_key_value(&key));
        let Some((key, entry)) = entry else {
            shapes.extend(image.faces.iter().map(|_| None));
            continue;
        };
        if let Some(other) = used.insert(key, &image.path) {
            return Err(StoredError::Ambiguous { key: key.clone(), first: other.into(), second: image.path.clone() });
        }
        shapes.extend(faces(key, entry, image)?);
    }
    if used.is_empty() { Err(StoredError::NoImage) } else { Ok(shapes) }
}

/// Names of an image, longest first: `a/b/c`, `b/c`, `c`.
fn keys(path: &Path) -> Vec<String> {
    let path = path.with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    (0..parts.len()).map(|from| parts[from..].join("/")).collect()
}

fn faces(key: &str, entry: &Entry, image: &AnnotatedImage) -> Result<Vec<Option<Shape>>, StoredError> {
    let faces = match entry {
        Entry::Face(face) => std::slice::from_ref(face),
        Entry::Faces(faces) => faces,
    };
    if faces.len() != image.faces.len() {
        return Err(StoredError::Faces { key: key.into(), found: faces.len(), wanted: image.faces.len() });
    }
    faces.iter().map(|face| face.as_deref().map(|points| shape(key, points)).transpose()).collect()
}

fn shape(key: &str, points: &[[f32; 2]]) -> Result<Shape, StoredError> {
    if points.len() != POINTS {
        return Err(StoredError::Points { key: key.into(), found: points.len() });
    }
    if points.iter().flatten().any(|coordinate| !coordinate.is_finite()) {
        return Err(StoredError::NotFinite(key.into()));
    }
    Ok(Shape::new(points.iter().map(|&[x, y]| Point::new(x, y)).collect()))
}

#[cfg(test)]
mod tests {
    use lineament::geometry::Rect;

    use super::*;
    use crate::dataset::AnnotatedFace;

    fn dataset(images: &[(&str, usize)]) -> Dataset {
        let face =
            || AnnotatedFace { bounds: Rect::default(), bounds_given: true, shape: Shape::default(), light: None };
        let image = |&(path, faces): &(&str, usize)| AnnotatedImage {
            path: path.into(),
            subset: String::new(),
            photograph: 0,
            faces: (0..faces).map(|_| face()).collect(),
        };
        Dataset { images: images.iter().map(image).collect() }
    }

    fn points(x: f32) -> String {
        format!("[{}]", vec![format!("[{x},1]"); 68].join(","))
    }

    #[test]
    fn entries_find_their_faces() {
        let dataset = dataset(&[("r/a/x.jpg", 1), ("r/b/x.jpg", 1), ("r/b/two.png", 2), ("r/b/none.png", 1)]);
        let text = format!(
            r#"{{"a/x":{}, "b/x":null, "two":[{},null], "elsewhere":{}}}"#,
            points(1.0),
            points(2.0),
            points(3.0)
        );
        let x: Vec<_> = parse(&text, &dataset).unwrap().iter().map(|s| s.as_ref().map(|s| s.points[67].x)).collect();
        assert_eq!(x, [Some(1.0), None, Some(2.0), None, None]);
    }

    #[test]
    fn faults_are_named() {
        let data = dataset(&[("r/a/x.jpg", 1), ("r/b/x.jpg", 1)]);
        let message = |text: &str| parse(text, &data).unwrap_err().to_string();
        assert_eq!(
            message(&format!(r#"{{"x":{}}}"#, points(1.0))),
            "`x` may be r/a/x.jpg or r/b/x.jpg; add a folder to the key"
        );
        assert_eq!(message(r#"{"a/x":[[1,2]]}"#), "`a/x`: a face has 1 points, not 68");
        assert_eq!(
            message(&format!(r#"{{"a/x":[{},null]}}"#, points(1.0))),
            "`a/x`: the entry has 2 faces, but the image has 1"
        );
        assert_eq!(
            message(&format!(r#"{{"a/x":{}}}"#, points(1.0).replacen("1,", "1e60,", 1))),
            "`a/x`: a coordinate is not finite"
        );
        assert_eq!(message("{}"), "none of the keys is an image of the data");
        assert!(message("[1]").starts_with("the file is not a JSON of points ("));
        assert!(message("").starts_with("the file is not a JSON of points ("));
    }
}
