//! What is known of one picture when its work is done.

use std::path::PathBuf;

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

/// A picture that was worked on.
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

/// A picture and what came of it; the error is one clause that follows the file's name.
#[derive(Clone, Debug)]
pub struct Record {
    /// The file.
    pub path: PathBuf,
    /// Its faces, or why there are none.
    pub result: Result<Found, String>,
}
