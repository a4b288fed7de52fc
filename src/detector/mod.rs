//! The HOG sliding-window face detector.

use bincode::{Decode, Encode};

use crate::geometry::Rect;
use crate::image::GrayImage;
use crate::model::{Model, ModelKind};

/// What to search for.
#[derive(Clone, Copy, Debug)]
pub struct DetectOptions {
    /// The score from which a window is reported.
    pub threshold: f32,
    /// The side of the smallest face that is looked for, in pixels.
    pub min_face: f32,
    /// The most faces to report, best first; all where there is none.
    pub max_faces: Option<usize>,
}

impl Default for DetectOptions {
    fn default() -> Self {
        Self { threshold: 0.0, min_face: 80.0, max_faces: None }
    }
}

/// A window that the detector takes for a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The face's box in pixels.
    pub bounds: Rect,
    /// The calibrated score, comparable between components.
    pub score: f32,
    /// In-plane rotation of the component that answered, in radians; positive is clockwise on the screen.
    pub angle: f32,
    /// The component that answered.
    pub component: usize,
}

/// A trained face detector.
#[derive(Clone, Debug, Default, Encode, Decode)]
pub struct Detector {}

impl Model for Detector {
    const KIND: ModelKind = ModelKind::Detector;
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}

impl Detector {
    /// The faces in an image, best score first.
    pub fn detect(&self, _image: &GrayImage, _options: &DetectOptions) -> Vec<Detection> {
        Vec::new()
    }
}
