//! What a caller can ask the pipeline for.

/// Options of a search. The defaults are those of the models.
///
/// ```
/// use lineament::Options;
///
/// let options = Options::default().min_face(40.0).max_faces(1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// Lowest score to report; the detector's own default (−0.5 for the shipped one) if `None`.
    pub threshold: Option<f32>,
    /// Side of the smallest face to search for, in pixels, at least 16; the detector's own default (80 for the shipped one)
    /// if `None`.
    pub min_face: Option<f32>,
    /// Maximum number of faces, best first; all if `None`.
    pub max_faces: Option<usize>,
    /// Lowest landmark confidence to report, from 0 to 1; any if `None`.
    pub min_confidence: Option<f32>,
    /// Leaves out the refinement of the landmark model and the confidence: faster, less exact.
    pub fast: bool,
    /// Searches all in-plane rotations: faces on their side and upside down, too. In given boxes, the most confident
    /// rotation counts. It takes 12 to 16 times as long, and
    /// finds more false positives.
    pub turned: bool,
}

impl Options {
    /// Sets [`Options::threshold`].
    pub fn threshold(self, score: f32) -> Self {
        Self { threshold: Some(score), ..self }
    }

    /// Sets [`Options::min_face`].
    pub fn min_face(self, pixels: f32) -> Self {
        Self { min_face: Some(pixels), ..self }
    }

    /// Sets [`Options::max_faces`].
    pub fn max_faces(self, count: usize) -> Self {
        Self { max_faces: Some(count), ..self }
    }

    /// Sets [`Options::min_confidence`].
    pub fn min_confidence(self, probability: f32) -> Self {
        Self { min_confidence: Some(probability), ..self }
    }

    /// Sets [`Options::fast`].
    pub fn fast(self, fast: bool) -> Self {
        Self { fast, ..self }
    }

    /// Sets [`Options::turned`].
    pub fn turned(self, turned: bool) -> Self {
        Self { turned, ..self }
    }
}
