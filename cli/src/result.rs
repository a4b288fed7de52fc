//! The faces of an image.

use lineament::Face;
use lineament::annotations::Pixels;
use lineament::raw::orientation::Turn;

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
    /// What the user should know about how the file was read, above all damage, and about its boxes: clauses.
    pub warning: Option<String>,
    /// Whether some of its boxes were left out.
    pub left_out: bool,
    /// How upright pixels relate to those in the file.
    pub turn: Turn,
    /// The pixels that coordinates refer to.
    pub pixels: Pixels,
    /// Duration of the steps.
    pub timing: Timing,
}

impl Found {
    /// The same faces, whose coordinates refer to the upright image, in these pixels.
    pub fn in_pixels(mut self, pixels: Pixels) -> Self {
        if pixels == Pixels::Stored {
            let turn = self.turn;
            (self.width, self.height) = turn.stored_size();
            for face in &mut self.faces {
                face.bounds = turn.stored_box(&face.bounds);
                face.shape = face.shape.map(|p| turn.stored_point(p));
                face.angle = face.angle.map(|angle| turn.stored_angle(angle));
            }
        }
        Self { pixels, ..self }
    }

    /// A note for the user: a clause that follows the image's name.
    pub fn note(&self) -> Option<String> {
        let notes = self.animated.then(|| FIRST_FRAME.to_owned()).into_iter().chain(self.warning.clone());
        notes.reduce(|all, note| format!("{all}; {note}"))
    }
}
