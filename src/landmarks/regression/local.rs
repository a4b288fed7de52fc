//! Each landmark is moved by its own patch, those of its neighbours, and the places of all landmarks.
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
use crate::invalid::InvalidModel;

/// For each landmark a linear map from the patches of a few landmarks to its displacement.
#[derive(Clone, Debug)]
pub struct LocalRegression {
    /// For each landmark the patches that move it, the same number for each: their places in the step's list.
    pub neighbours: Vec<u16>,
    /// The same number of rows for each landmark, two if they move it: `x` and `y` in the mean shape's frame (crop pixels). A row
    /// contains the weights of the neighbours' patches, then of the shape.
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
        self.each(shape.len(), features, |landmark, [x, y]| {
            shape[landmark] = shape[landmark] + frame.rotate(Point::new(x, y));
        });
    }

    /// Calls `visit` with each landmark and the outputs of its `N` rows.
    ///
    /// `features` are [`PATCH`] numbers for each of the step's patches, then two for each of `landmarks` landmarks.
    ///
    /// # Panics
    /// If the rows are not `N` per landmark, or made for other features.
    pub(in crate::landmarks) fn each<const N: usize>(
        &self,
        landmarks: usize,
        features: &[i16],
        mut visit: impl FnMut(usize, [f32; N]),
    ) {
        let (patches, shape) = features.split_at(features.len() - 2 * landmarks);
        let patches = patches.as_chunks::<PATCH>().0;
        let count = self.neighbours.len() / landmarks.max(1);
        for (landmark, neighbours) in self.neighbours.chunks_exact(count.max(1)).enumerate() {
            let output = |n: usize| self.rows.output_of(N * landmark + n, patches, neighbours, shape);
            visit(landmark, std::array::from_fn(output));
        }
    }
}
