//! Annotations that can be read but look wrong.

use std::path::PathBuf;

use lineament::Shape;
use lineament::geometry::Point;
use lineament::scheme::inter_ocular;
use serde::Serialize;

use super::shape_model::ShapeModel;
use crate::dataset::AnnotatedFace;
use crate::dataset::boxes::box_from_shape;
use crate::dataset::invalid::{ONE_SPOT, invalid};
use crate::dataset::traits::pose;

/// Landmarks that may coincide: at closed lids and lips, and at the corners of the mouth.
const MAY_TOUCH: [(usize, usize); 9] =
    [(37, 41), (38, 40), (43, 47), (44, 46), (61, 67), (62, 66), (63, 65), (48, 60), (54, 64)];

/// Maximum distance between the given box and the one derived from the landmarks, in sides, and
/// maximum ratio of their sides. Over the training faces of 300-W the standard deviations are 0.04
/// and 1.06.
const BOX_OFFSET: f32 = 0.25;
const BOX_RATIO: f32 = 1.4;

/// Kinds of suspicions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Landmarks stand for missing points, or coincide: fits leave the face out.
    Invalid,
    /// Left and right are exchanged.
    Mirrored,
    /// Eye corners are in the wrong order.
    EyeCorners,
    /// The face is upside down.
    UpsideDown,
    /// Landmarks coincide that never touch.
    OneSpot,
    /// Landmarks are outside of the image, and so were guessed.
    #[serde(rename = "outside-picture")]
    OutsideImage,
    /// The box does not fit the landmarks.
    Box,
}

/// A suspicion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suspicion {
    /// Image.
    #[serde(rename = "picture")]
    pub image: PathBuf,
    /// Index of the face in the image, from 0.
    pub face: usize,
    /// Kind of the suspicion.
    pub kind: Kind,
    /// The suspicion as a clause, with numbers.
    pub what: String,
}

/// Returns the suspicions about a face in an image of the given size. Landmarks are counted from 1,
/// as in iBUG.
pub fn suspicions(face: &AnnotatedFace, size: (u32, u32), model: Option<&ShapeModel>) -> Vec<(Kind, String)> {
    let shape = &face.shape;
    if let Some(what) = invalid(shape) {
        // All other suspicions would follow from this one.
        return vec![(Kind::Invalid, what)];
    }
    let mut found = Vec::new();
    if model.is_some_and(|model| model.is_mirrored(shape)) {
        found.push((Kind::Mirrored, "left and right are exchanged".into()));
    } else if let Some(what) = eye_corners(shape) {
        found.push((Kind::EyeCorners, what));
    } else if pose(shape).roll.abs() > 90.0 {
        found.push((Kind::UpsideDown, "the face is upside down".into()));
    }
    found.extend(one_spot(shape).map(|what| (Kind::OneSpot, what)));
    match shape.points.iter().filter(|p| !inside(p, size)).count() {
        0 => {}
        1 => found.push((Kind::OutsideImage, "1 landmark outside of the image".into())),
        many => found.push((Kind::OutsideImage, format!("{many} landmarks outside of the image"))),
    }
    found.extend(wrong_box(face).map(|what| (Kind::Box, what)));
    found
}

/// Pixel centres run from 0 to the size minus 1; half a pixel more is still in the image.
fn inside(p: &Point, size: (u32, u32)) -> bool {
    (-0.5..size.0 as f32).contains(&p.x) && (-0.5..size.1 as f32).contains(&p.y)
}

/// Eye corners must follow each other from left to right of the face.
fn eye_corners(shape: &Shape) -> Option<String> {
    let corners = [36, 39, 42, 45].map(|i| shape.points[i]);
    // Down the face: from the bridge of the nose to the chin. Perpendicular to it: to the right of
    // the viewer.
    let down = shape.points[8] - shape.points[27];
    let along = |p: Point| p.x * down.y - p.y * down.x;
    let wrong = corners.windows(2).position(|pair| along(pair[0]) >= along(pair[1]))?;
    let names = [37, 40, 43, 46];
    Some(format!("eye corner {} is on the wrong side of eye corner {}", names[wrong], names[wrong + 1]))
}

fn one_spot(shape: &Shape) -> Option<String> {
    let mut pairs = Vec::new();
    for i in 0..shape.len() {
        for j in i + 1..shape.len() {
            if !MAY_TOUCH.contains(&(i, j)) && shape.points[i].distance(shape.points[j]) < ONE_SPOT {
                pairs.push(format!("{} and {}", i + 1, j + 1));
            }
        }
    }
    match pairs.as_slice() {
        [] => None,
        [only] => Some(format!("landmarks {only} coincide")),
        [first, rest @ ..] => Some(format!("landmarks {first} coincide, and {} more pairs", rest.len())),
    }
}

fn wrong_box(face: &AnnotatedFace) -> Option<String> {
    if !face.bounds_given {
        return None;
    }
    let expected = box_from_shape(&face.shape);
    let offset = face.bounds.centre().distance(expected.centre()) / expected.width;
    let ratio = (face.bounds.width * face.bounds.height).sqrt() / expected.width;
    let fits = offset <= BOX_OFFSET && (1.0 / BOX_RATIO..=BOX_RATIO).contains(&ratio);
    let apart =
        format!("its centre is {offset:.2} sides off, its side {ratio:.2} times that of the landmarks' own box");
    (!fits).then(|| format!("the box does not fit the landmarks: {apart}"))
}

/// A face far from the shape model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outlier {
    /// Image.
    #[serde(rename = "picture")]
    pub image: PathBuf,
    /// Index of the face in the image, from 0.
    pub face: usize,
    /// Distance from the model (root mean square over the landmarks), in percent of the eye
    /// distance.
    pub distance: f32,
    /// The distance in robust standard deviations above the median.
    pub deviations: f32,
    /// Landmark farthest from the model, counted from 1.
    pub landmark: usize,
    /// Distance of this landmark, in percent of the eye distance.
    pub there: f32,
}

/// Returns faces by distance from the model, farthest first. Faces whose eye corners coincide come
/// before all others.
pub fn outliers(faces: &[(PathBuf, usize, &Shape)], model: &ShapeModel) -> Vec<Outlier> {
    let measured: Vec<_> = faces.iter().map(|(_, _, shape)| model.distance(shape)).collect();
    let mut overall: Vec<f32> = measured.iter().map(|distance| distance.overall).collect();
    let median = middle(&mut overall);
    // The median of absolute deviations, scaled to the standard deviation of a normal distribution.
    let mut absolute: Vec<f32> = overall.iter().map(|distance| (distance - median).abs()).collect();
    let deviation = (1.4826 * middle(&mut absolute)).max(f32::EPSILON);
    let mut ranked: Vec<Outlier> = faces
        .iter()
        .zip(&measured)
        .map(|((image, face, shape), distance)| {
            let degenerate = inter_ocular(shape) < 1e-3;
            Outlier {
                image: image.clone(),
                face: *face,
                distance: distance.overall,
                deviations: if degenerate { f32::MAX } else { (distance.overall - median) / deviation },
                landmark: distance.landmark + 1,
                there: distance.there,
            }
        })
        .collect();
    ranked.sort_by(|a, b| b.deviations.total_cmp(&a.deviations));
    ranked
}

fn middle(numbers: &mut [f32]) -> f32 {
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use lineament::geometry::Rect;
    use lineament::raw::ShapeExt;
    use lineament::scheme::MIRROR;

    use super::*;
    use crate::synthetic::face_shapes;

    fn annotated(shape: Shape) -> AnnotatedFace {
        AnnotatedFace { bounds: box_from_shape(&shape), bounds_given: true, shape, light: None }
    }

    fn kinds(face: &AnnotatedFace, model: Option<&ShapeModel>) -> Vec<Kind> {
        suspicions(face, (320, 320), model).into_iter().map(|(kind, _)| kind).collect()
    }

    #[test]
    fn sound_faces_are_not_suspicious_and_broken_ones_are() {
        let shapes = face_shapes(120, 3);
        let model = ShapeModel::fit(&shapes.iter().collect::<Vec<_>>()).unwrap();
        for shape in &shapes {
            assert_eq!(kinds(&annotated(shape.clone()), Some(&model)), []);
        }
        let face = &shapes[7];
        let broken = |change: &dyn Fn(&mut Shape)| {
            let mut shape = face.clone();
            change(&mut shape);
            annotated(shape)
        };
        assert_eq!(kinds(&annotated(face.select(&MIRROR)), Some(&model)), [Kind::Mirrored]);
        assert_eq!(kinds(&broken(&|s| s.points.swap(36, 39)), Some(&model)), [Kind::EyeCorners]);
        assert_eq!(kinds(&broken(&|s| s.points[3] = s.points[4]), Some(&model)), [Kind::OneSpot]);
        assert_eq!(kinds(&broken(&|s| s.points[37] = s.points[41]), Some(&model)), []);
        assert_eq!(kinds(&broken(&|s| s.points[8] = Point::new(-1.0, -1.0)), Some(&model)), [Kind::Invalid]);
        assert_eq!(kinds(&broken(&|s| s.points[8].y = 400.0), None)[0], Kind::OutsideImage);
        let turned = face.map(|p| Point::new(319.0 - p.x, 319.0 - p.y));
        assert_eq!(kinds(&annotated(turned), Some(&model)), [Kind::UpsideDown]);
        let mut shifted = annotated(face.clone());
        shifted.bounds = Rect { x: shifted.bounds.x + 0.4 * shifted.bounds.width, ..shifted.bounds };
        assert_eq!(kinds(&shifted, None), [Kind::Box]);
        assert_eq!(kinds(&AnnotatedFace { bounds_given: false, ..shifted }, None), []);
    }

    #[test]
    fn a_misplaced_landmark_ranks_first_and_is_named() {
        let mut shapes = face_shapes(120, 4);
        // About 40 % of the inter-ocular distance.
        shapes[50].points[57].y += 45.0;
        let model = ShapeModel::fit(&shapes.iter().collect::<Vec<_>>()).unwrap();
        let faces: Vec<_> =
            shapes.iter().enumerate().map(|(i, shape)| (PathBuf::from(format!("{i}")), 0, shape)).collect();
        let ranked = outliers(&faces, &model);
        assert_eq!((ranked[0].image.to_str(), ranked[0].landmark), (Some("50"), 58));
        assert!(ranked[0].deviations > 2.0 * ranked[1].deviations.max(1.0), "{:?}", &ranked[..2]);
    }

    #[test]
    fn few_shapes_make_no_model() {
        let shapes = face_shapes(19, 4);
        assert!(ShapeModel::fit(&shapes.iter().collect::<Vec<_>>()).is_none());
    }
}
