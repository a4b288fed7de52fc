//! What to search for, and what is found.

use crate::geometry::Rect;

/// The smallest face that can be searched for, in pixels.
pub const SMALLEST_FACE: f32 = 16.0;

/// Options of the detector.
#[derive(Clone, Copy, Debug)]
pub struct DetectOptions {
    /// Lowest score to report; see [`Detector::false_positives`](super::Detector::false_positives). In a
    /// [`Pipeline`](crate::Pipeline) the confidence of the landmarks is added to the score first.
    pub threshold: f32,
    /// Side of the smallest face to search for, in pixels, at least [`SMALLEST_FACE`] (less counts as that).
    pub min_face: f32,
    /// Maximum number of faces, best first; all if `None`.
    pub max_faces: Option<usize>,
}

impl Default for DetectOptions {
    fn default() -> Self {
        Self { threshold: -0.5, min_face: 80.0, max_faces: None }
    }
}

/// A window that the detector takes for a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The face's box in pixels.
    pub bounds: Rect,
    /// The calibrated score, comparable between components; see
    /// [`Detector::false_positives`](super::Detector::false_positives).
    pub score: f32,
    /// In-plane rotation of the component that answered, in radians; positive is clockwise on the screen.
    pub angle: f32,
    /// The component that answered.
    pub component: usize,
}

/// A window on its way through the detector.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Column and row of the window's top-left cell in its level.
    pub cell: [usize; 2],
    /// The face's box, in the image's pixels, if it sits in the middle of the window.
    pub bounds: Rect,
    /// The component whose filter gave the highest score.
    pub component: usize,
    /// Score of that filter.
    pub linear: f32,
    /// The window's features.
    pub features: &'a [i16],
}
