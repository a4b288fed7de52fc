//! Results of other systems, read from a JSON of points.
//!
//! ```json
//! {"image_0001": [[150, 286], [154.5, 323.25], … 68 pairs],
//!  "lfpw/testset/image_0002": null,
//!  "afw/1051618982": [[[…], …], [[…], …]]}
//! ```
//!
//! A key is the picture's file name without its extension, with as many of the folders before it as it takes to be
//! unambiguous. Its value is the face's 68 points `[x, y]`, in pixels with the origin at the centre of the top-left
//! pixel; for a picture with several annotated faces a list with one entry for each, in the data set's order; `null`
//! for a face that the system did not find. A picture without an entry counts as not found.

use std::collections::HashMap;
use std::path::Path;

use lineament::Shape;
use lineament::geometry::Point;
use lineament::scheme::POINTS;
use serde::Deserialize;

use crate::dataset::{Dataset, Picture};

/// The value of a key.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Face(Option<Vec<[f32; 2]>>),
    Faces(Vec<Option<Vec<[f32; 2]>>>),
}

/// The shapes in a JSON of points, in the order of [`Dataset::faces`]; none for a face that was not found.
///
/// # Errors
/// A clause that says what is wrong: the text is not of the form above, a face has not 68 finite points, an entry has not
/// as many faces as its picture, a key fits several pictures, or none of the keys fits a picture.
pub fn parse(text: &str, dataset: &Dataset) -> Result<Vec<Option<Shape>>, String> {
    let entries: HashMap<String, Entry> =
        serde_json::from_str(text).map_err(|error| format!("it is not a JSON of points ({error})"))?;
    let mut used = HashMap::<&str, &Path>::new();
    let mut shapes = Vec::with_capacity(dataset.face_count());
    for picture in &dataset.pictures {
        let entry = keys(&picture.path).into_iter().find_map(|key| entries.get_key_value(&key));
        let Some((key, entry)) = entry else {
            shapes.extend(picture.faces.iter().map(|_| None));
            continue;
        };
        if let Some(other) = used.insert(key, &picture.path) {
            let (a, b) = (other.display(), picture.path.display());
            return Err(format!("`{key}` may be {a} or {b}; put the folder before it"));
        }
        shapes.extend(faces(entry, picture).map_err(|what| format!("`{key}`: {what}"))?);
    }
    if used.is_empty() { Err("none of its keys is a picture of the data".into()) } else { Ok(shapes) }
}

/// The names of a picture, the longest first: `a/b/c`, `b/c`, `c`.
fn keys(path: &Path) -> Vec<String> {
    let path = path.with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    (0..parts.len()).map(|from| parts[from..].join("/")).collect()
}

fn faces(entry: &Entry, picture: &Picture) -> Result<Vec<Option<Shape>>, String> {
    let faces = match entry {
        Entry::Face(face) => std::slice::from_ref(face),
        Entry::Faces(faces) => faces,
    };
    if faces.len() != picture.faces.len() {
        return Err(format!("it has {} faces, the picture {}", faces.len(), picture.faces.len()));
    }
    faces.iter().map(|face| face.as_deref().map(shape).transpose()).collect()
}

fn shape(points: &[[f32; 2]]) -> Result<Shape, String> {
    if points.len() != POINTS {
        return Err(format!("a face has {} points, not {POINTS}", points.len()));
    }
    if points.iter().flatten().any(|coordinate| !coordinate.is_finite()) {
        return Err("a coordinate is not finite".into());
    }
    Ok(Shape::new(points.iter().map(|&[x, y]| Point::new(x, y)).collect()))
}

#[cfg(test)]
mod tests {
    use lineament::geometry::Rect;

    use super::*;
    use crate::dataset::AnnotatedFace;

    fn dataset(pictures: &[(&str, usize)]) -> Dataset {
        let face =
            || AnnotatedFace { bounds: Rect::default(), bounds_given: true, shape: Shape::default(), light: None };
        let picture = |&(path, faces): &(&str, usize)| Picture {
            path: path.into(),
            subset: String::new(),
            photograph: 0,
            faces: (0..faces).map(|_| face()).collect(),
        };
        Dataset { pictures: pictures.iter().map(picture).collect() }
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
    fn faults_are_clauses() {
        let data = dataset(&[("r/a/x.jpg", 1), ("r/b/x.jpg", 1)]);
        let message = |text: &str| parse(text, &data).unwrap_err();
        assert_eq!(
            message(&format!(r#"{{"x":{}}}"#, points(1.0))),
            "`x` may be r/a/x.jpg or r/b/x.jpg; put the folder before it"
        );
        assert_eq!(message(r#"{"a/x":[[1,2]]}"#), "`a/x`: a face has 1 points, not 68");
        assert_eq!(message(&format!(r#"{{"a/x":[{},null]}}"#, points(1.0))), "`a/x`: it has 2 faces, the picture 1");
        assert_eq!(
            message(&format!(r#"{{"a/x":{}}}"#, points(1.0).replacen("1,", "1e60,", 1))),
            "`a/x`: a coordinate is not finite"
        );
        assert_eq!(message("{}"), "none of its keys is a picture of the data");
        assert!(message("[1]").starts_with("it is not a JSON of points ("));
        assert!(message("").starts_with("it is not a JSON of points ("));
    }
}
