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

/// What is said of files that hold several pictures.
pub const FIRST_PICTURE: &str = "it is animated; its first picture was searched";

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
    /// Whether the file holds more pictures than the first, which was searched.
    pub animated: bool,
    /// How long it took.
    pub timing: Timing,
}

impl Found {
    /// What the user should know of the picture: one clause.
    pub fn note(&self) -> Option<&'static str> {
        self.animated.then_some(FIRST_PICTURE)
    }
}
