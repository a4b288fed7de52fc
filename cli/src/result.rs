//! The faces of an image.

use lineament::Face;

/// Duration of the steps, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// Reading and decoding the file.
    pub decode: f64,
    /// The detector; 0 if the user gave boxes.
    pub detect: f64,
    /// The landmarks of all faces.
    pub landmarks: f64,
}

/// The note about files that contain several images.
pub const FIRST_FRAME: &str = "it is animated; only its first frame was searched";

/// The faces of an image.
#[derive(Clone, Debug)]
pub struct Found {
    /// Width of the image in pixels.
    pub width: u32,
    /// Height of the image in pixels.
    pub height: u32,
    /// The faces, best first; if the user gave boxes, in their order.
    pub faces: Vec<Face>,
    /// Whether the user gave the boxes, so that the scores mean nothing.
    pub given: bool,
    /// Whether the file contains more frames than the first, which was searched.
    pub animated: bool,
    /// What the user should know about how the file was read, above all damage: a clause.
    pub warning: Option<String>,
    /// Duration of the steps.
    pub timing: Timing,
}

impl Found {
    /// A note for the user: a clause that follows the image's name.
    pub fn note(&self) -> Option<String> {
        let notes = self.animated.then(|| FIRST_FRAME.to_owned()).into_iter().chain(self.warning.clone());
        notes.reduce(|all, note| format!("{all}; {note}"))
    }
}
