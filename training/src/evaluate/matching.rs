//! Matching of detections with annotated faces.

use lineament::Shape;
use lineament::geometry::Rect;
use lineament::raw::RectExt;

/// Returns the square around the centre of the landmarks' bounds, with their longer side.
pub fn face_square(shape: &Shape) -> Rect {
    let bounds = shape.bounds();
    Rect::square(bounds.centre(), bounds.width.max(bounds.height))
}

/// Whether a box matches the face with these landmarks: its centre lies within 0.4 sides of the
/// centre of [`face_square`], and it is more than half and less than twice as wide.
///
/// Overlap would not be fair: detectors draw their boxes around different parts of the head.
pub fn finds(found: &Rect, shape: &Shape) -> bool {
    let face = face_square(shape);
    let share = found.width / face.width;
    found.centre().distance(face.centre()) < 0.4 * face.width && 0.5 < share && share < 2.0
}

#[cfg(test)]
mod tests {
    use lineament::geometry::Point;

    use super::*;

    #[test]
    fn place_and_size_decide() {
        let shape = Shape::new(vec![Point::new(10.0, 20.0), Point::new(110.0, 100.0)]);
        assert_eq!(face_square(&shape), Rect::new(10.0, 10.0, 100.0, 100.0));
        assert!(finds(&Rect::new(10.0, 10.0, 100.0, 100.0), &shape));
        assert!(finds(&Rect::new(49.0, 10.0, 100.0, 100.0), &shape));
        assert!(!finds(&Rect::new(51.0, 10.0, 100.0, 100.0), &shape));
        assert!(finds(&Rect::square(Point::new(60.0, 60.0), 51.0), &shape));
        assert!(!finds(&Rect::square(Point::new(60.0, 60.0), 50.0), &shape));
        assert!(!finds(&Rect::square(Point::new(60.0, 60.0), 200.0), &shape));
        assert!(!finds(&Rect::default(), &Shape::default()));
    }
}
