//! The patches of a landmark and its neighbours move that landmark, and where all others stand.
//!
//! ```text
//!        ·  ·  ·                  patches of the nearest     ┌───┬───┬───┬───────┐
//!      ·   ◉──◉  ·    landmark ──► landmarks, itself first ──►│ φ │ φ │ φ │ shape │──► Δx, Δy of this landmark
//!        ·  ◉  ·                                             └───┴───┴───┴───────┘
//! ```

use super::super::Similarity;
use super::super::patches::PATCH;
use super::WeightRows;
use crate::geometry::Point;
use crate::model::InvalidModel;

/// For each landmark a linear map from the patches of a few landmarks to its displacement.
#[derive(Clone, Debug)]
pub struct LocalRegression {
    /// For each landmark the patches that move it, as many for each: their places in the step's list.
    pub neighbours: Vec<u16>,
    /// As many rows for each landmark, two where it is moved: `x` and `y` in the mean shape's frame (crop pixels). A row
    /// has the weights of the neighbours' patches, then of the shape.
    pub rows: WeightRows,
}

impl LocalRegression {
    pub(in crate::landmarks) fn validate(
        &self,
        outputs: usize,
        patches: usize,
        landmarks: usize,
    ) -> Result<(), InvalidModel> {
        let count = self.neighbours.len() / landmarks;
        if count == 0 || count * landmarks != self.neighbours.len() {
            return Err(InvalidModel::new(
                "a local regression",
                "does not have the same number of neighbours for each landmark",
            ));
        }
        if self.neighbours.iter().any(|&n| usize::from(n) >= patches) {
            return Err(InvalidModel::new("a local regression", "has a neighbour that does not exist"));
        }
        self.rows.validate(outputs * landmarks, count * PATCH + 2 * landmarks)
    }

    pub(super) fn advance(&self, shape: &mut [Point], frame: &Similarity, features: &[i16]) {
        self.each(shape.len(), features, |landmark, seen| {
            let output = |axis: usize| self.rows.output(2 * landmark + axis, seen);
            shape[landmark] = shape[landmark] + frame.rotate(Point::new(output(0), output(1)));
        });
    }

    /// Calls `visit` with each landmark and the features that belong to its rows.
    pub fn each(&self, landmarks: usize, features: &[i16], mut visit: impl FnMut(usize, &[i16])) {
        let (patches, stance) = features.split_at(features.len() - 2 * landmarks);
        let patches = patches.as_chunks::<PATCH>().0;
        let count = self.neighbours.len() / landmarks.max(1);
        let mut seen = Vec::with_capacity(count * PATCH + stance.len());
        for (landmark, neighbours) in self.neighbours.chunks_exact(count.max(1)).enumerate() {
            seen.clear();
            neighbours.iter().for_each(|&n| seen.extend_from_slice(&patches[usize::from(n)]));
            seen.extend_from_slice(stance);
            visit(landmark, &seen);
        }
    }
}
