//! Results as data: a face is an object with the keys of `lineament detect --format jsonl`, in their order.
//!
//! ```json
//! {"box":{"x":1.0,"y":2.0,"width":3.0,"height":3.0},"score":1.25,"landmarks":[[x,y], …],
//!  "confidence":0.97,"landmark_confidence":[…],"angle":0.0}
//! ```

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::{Face, Shape};

/// A list of pairs.
impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.points.iter().map(|p| [p.x, p.y]))
    }
}

/// Probabilities have four decimals, the angle is in whole degrees; what a face does not have is left out.
impl Serialize for Face {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = 3 + 2 * usize::from(self.confidence.is_some()) + usize::from(self.angle.is_some());
        let mut face = serializer.serialize_struct("Face", fields)?;
        face.serialize_field("box", &self.bounds)?;
        face.serialize_field("score", &self.score)?;
        face.serialize_field("landmarks", &self.shape)?;
        match &self.confidence {
            Some(confidence) => {
                let landmarks: Vec<f64> = confidence.landmarks.iter().copied().map(four_decimals).collect();
                face.serialize_field("confidence", &four_decimals(confidence.face))?;
                face.serialize_field("landmark_confidence", &landmarks)?;
            }
            None => {
                face.skip_field("confidence")?;
                face.skip_field("landmark_confidence")?;
            }
        }
        match self.angle {
            // Never a zero with a sign.
            Some(angle) => face.serialize_field("angle", &(angle.to_degrees().round() + 0.0))?,
            None => face.skip_field("angle")?,
        }
        face.end()
    }
}

/// A probability without digits that mean nothing.
fn four_decimals(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}
