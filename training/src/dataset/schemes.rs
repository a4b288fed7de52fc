//! Faces that are annotated with other points than the 68 of iBUG.
//!
//! A data set of another scheme has thousands of them: they are counted by source, so that one
//! sentence says what is accepted.

use std::path::{Path, PathBuf};

use lineament::scheme::POINTS;

use super::Fault;

/// The points of a face of another scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Points {
    /// Another number.
    Count(usize),
    /// Parts with names, one of which is this.
    Named(String),
}

/// A face of another scheme.
#[derive(Clone, Debug)]
pub struct OtherScheme {
    /// Folder or XML file that was named as data.
    pub source: PathBuf,
    /// File with its annotation.
    pub annotation: PathBuf,
    /// The face in this file, such as `the box in line 8`.
    pub face: String,
    /// Its points.
    pub points: Points,
}

/// Returns a fault for each source and number of points.
pub fn faults(faces: &[OtherScheme]) -> Vec<Fault> {
    let kind = |face: &OtherScheme| match &face.points {
        Points::Count(count) => Some(*count),
        Points::Named(_) => None,
    };
    let mut groups: Vec<(&OtherScheme, usize)> = Vec::new();
    for face in faces {
        match groups.iter_mut().find(|(first, _)| first.source == face.source && kind(first) == kind(face)) {
            Some((_, count)) => *count += 1,
            None => groups.push((face, 1)),
        }
    }
    groups.into_iter().map(|(first, count)| fault(first, count)).collect()
}

fn fault(first: &OtherScheme, count: usize) -> Fault {
    let OtherScheme { source, annotation, face, points } = first;
    let points = match points {
        Points::Count(0) => "no points".into(),
        Points::Count(1) => "1 point".into(),
        Points::Count(count) => format!("{count} points"),
        Points::Named(name) => format!("parts with names such as `{name}`"),
    };
    let accepted = format!("only iBUG's {POINTS} points are supported, as parts 0 to {} or 1 to {POINTS}", POINTS - 1);
    if count == 1 {
        return Fault::new(annotation, format_args!("{face} has {points}; {accepted}"));
    }
    let first = if annotation == source { face.clone() } else { annotation.display().to_string() };
    Fault::new(source, format_args!("{count} faces have {points}, the first of them {first}; {accepted}"))
}

/// Names a face by the image that it is in.
pub fn face_of(image: &Path) -> String {
    format!("a face of {}", image.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_are_counted_by_source_and_number_of_points() {
        let face = |annotation: &str, points: Points| OtherScheme {
            source: "data".into(),
            annotation: annotation.into(),
            face: "a face of a.jpg".into(),
            points,
        };
        let faces = [
            face("data/a.pts", Points::Count(98)),
            face("data/b.pts", Points::Count(1)),
            face("data/c.pts", Points::Count(98)),
            face("data", Points::Named("leye".into())),
            face("data", Points::Named("nose".into())),
        ];
        let accepted = "only iBUG's 68 points are supported, as parts 0 to 67 or 1 to 68";
        assert_eq!(
            faults(&faces).iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                format!("data: 2 faces have 98 points, the first of them data/a.pts; {accepted}"),
                format!("data/b.pts: a face of a.jpg has 1 point; {accepted}"),
                format!(
                    "data: 2 faces have parts with names such as `leye`, the first of them a face of a.jpg; {accepted}"
                ),
            ]
        );
    }
}
