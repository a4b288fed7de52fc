//! Which annotations errors can be measured against.

use lineament::scheme::{inter_ocular, inter_pupil};

use crate::dataset::{Dataset, Fault};

/// The data set without the faces whose eyes lie on one spot: their errors cannot be divided by the eyes' distance.
pub fn measurable(mut dataset: Dataset) -> (Dataset, Vec<Fault>) {
    let mut faults = Vec::new();
    for picture in &mut dataset.pictures {
        let before = picture.faces.len();
        picture.faces.retain(|face| inter_ocular(&face.shape).min(inter_pupil(&face.shape)) > 1e-3);
        if picture.faces.len() < before {
            faults.push(Fault::new(&picture.path, "a face has no distance between its eyes, so its error has no unit"));
        }
    }
    dataset.pictures.retain(|picture| !picture.faces.is_empty());
    (dataset, faults)
}

#[cfg(test)]
mod tests {
    use lineament::Shape;
    use lineament::geometry::{Point, Rect};

    use super::*;
    use crate::dataset::{AnnotatedFace, Picture};

    #[test]
    fn eyes_on_one_spot_are_a_fault() {
        let face = |step: f32| AnnotatedFace {
            bounds: Rect::new(0.0, 0.0, 9.0, 9.0),
            bounds_given: true,
            shape: Shape::new((0..68).map(|i| Point::new(step * i as f32, 1.0)).collect()),
            light: None,
        };
        let picture = |name: &str, faces: Vec<AnnotatedFace>| Picture {
            path: name.into(),
            subset: String::new(),
            photograph: 0,
            faces,
        };
        let pictures = vec![picture("a", vec![face(0.0), face(1.0)]), picture("b", vec![face(0.0)])];
        let (left, faults) = measurable(Dataset { pictures });
        assert_eq!((left.pictures.len(), left.face_count(), faults.len()), (1, 1, 2));
    }
}
