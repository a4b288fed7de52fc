//! The patches of a landmark and its neighbours move that landmark, and where all others stand.
//!
//! ```text
//!        ·  ·  ·                  patches of the nearest     ┌───┬───┬───┬───────┐
//!      ·   ◉──◉  ·    landmark ──► landmarks, itself first ──►│ φ │ φ │ φ │ shape │──► Δx, Δy of this landmark
//!        ·  ◉  ·                                             └───┴───┴───┴───────┘
//! ```

use bincode::{Decode, Encode};

use super::super::Similarity;
use super::super::patches::PATCH;
use super::WeightRows;
use crate::geometry::Point;

/// For each landmark a linear map from the patches of a few landmarks to its displacement.
#[derive(Clone, Debug, Encode, Decode)]
pub struct LocalRegression {
    /// For each landmark the patches that move it, as many for each: their places in the step's list.
    pub neighbours: Vec<u16>,
    /// Two rows a landmark, for `x` and `y` in the mean shape's frame (crop pixels); weights of the neighbours' patches,
    /// then of the shape.
    pub rows: WeightRows,
}

impl LocalRegression {
    pub(super) fn validate(&self, patches: usize, landmarks: usize) -> Result<(), String> {
        let count = self.neighbours.len() / landmarks;
        if count == 0 || count * landmarks != self.neighbours.len() {
            return Err("neighbours that are not the same number for each landmark".into());
        }
        if self.neighbours.iter().any(|&n| usize::from(n) >= patches) {
            return Err("a neighbour that does not exist".into());
        }
        self.rows.validate(2 * landmarks, count * PATCH + 2 * landmarks)
    }

    pub(super) fn advance(&self, shape: &mut [Point], frame: &Similarity, features: &[i16]) {
        let (patches, stance) = features.split_at(features.len() - 2 * shape.len());
        let patches = patches.as_chunks::<PATCH>().0;
        let count = self.neighbours.len() / shape.len().max(1);
        let mut seen = Vec::with_capacity(count * PATCH + stance.len());
        for (landmark, (p, neighbours)) in shape.iter_mut().zip(self.neighbours.chunks_exact(count)).enumerate() {
            seen.clear();
            neighbours.iter().for_each(|&n| seen.extend_from_slice(&patches[usize::from(n)]));
            seen.extend_from_slice(stance);
            let output = |axis: usize| self.rows.output(2 * landmark + axis, &seen);
            *p = *p + frame.rotate(Point::new(output(0), output(1)));
        }
    }
}
