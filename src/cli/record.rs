//! What is known of a picture when its faces have been looked for.

use lineament::Face;

/// The milliseconds that the steps took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// Reading and decoding the file.
    pub decode: f64,
    /// The detector; 0 where boxes were given.
    pub detect: f64,
    /// The landmarks of all faces.
    pub landmarks: f64,
}

/// The faces of a picture.
#[derive(Clone, Debug)]
pub struct Found {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The faces, best first, or in the order of the boxes that were given.
    pub faces: Vec<Face>,
    /// Whether the user gave the boxes, so that there is no score.
    pub given: bool,
    /// How long it took.
    pub timing: Timing,
}
