//! Annotations against which errors can be measured.

use crate::dataset::invalid::eyes_coincide;
use crate::dataset::{Dataset, Fault};

/// Removes faces whose eyes coincide: their errors cannot be divided by the eye distance. Returns
/// them as faults.
pub fn measurable(mut dataset: Dataset) -> (Dataset, Vec<Fault>) {
    let mut faults = Vec::new();
    for image in &mut dataset.images {
        let before = image.faces.len();
        image.faces.retain(|face| !eyes_coincide(&face.shape));
        if image.faces.len() < before {
            faults.push(Fault::new(&image.path, "the eyes of a face coincide, so its error cannot be normalised"));
        }
    }
    dataset.images.retain(|image| !image.faces.is_empty());
    (dataset, faults)
}

#[cfg(test)]
mod tests {
    use lineament::Shape;
    use lineament::geometry::{Point, Rect};

    use super::*;
    use crate::dataset::{AnnotatedFace, AnnotatedImage};

    #[test]
    fn eyes_on_one_spot_are_a_fault() {
        let face = |step: f32| AnnotatedFace {
            bounds: Rect::new(0.0, 0.0, 9.0, 9.0),
            bounds_given: true,
            shape: Shape::new((0..68).map(|i| Point::new(step * i as f32, 1.0)).collect()),
            light: None,
        };
        let image = |name: &str, faces: Vec<AnnotatedFace>| AnnotatedImage {
            path: name.into(),
            subset: String::new(),
            photograph: 0,
            faces,
        };
        let images = vec![image("a", vec![face(0.0), face(1.0)]), image("b", vec![face(0.0)])];
        let (left, faults) = measurable(Dataset { images });
        assert_eq!((left.images.len(), left.face_count(), faults.len()), (1, 1, 2));
    }
}
