//! All patches together move the whole shape, along a few shape components.

use super::super::patches::PATCH;
use super::super::{ShapeBasis, Similarity};
use super::WeightRows;
use crate::geometry::Point;
use crate::invalid::InvalidModel;

/// A linear map of low rank from features to displacements of `L` landmarks: the product of two thin matrices, the
/// components, `2·L × rank`, and `rank × features` in 8-bit integers.
#[derive(Clone, Debug)]
pub struct GlobalRegression {
    /// A row of weights for each component.
    pub rows: WeightRows,
    /// The components, whose coefficients are the rows' outputs.
    pub basis: ShapeBasis,
}

impl GlobalRegression {
    pub(super) fn validate(&self, patches: usize, landmarks: usize) -> Result<(), InvalidModel> {
        self.rows.validate(self.basis.components.into(), patches * PATCH + 2 * landmarks)?;
        self.basis.validate(landmarks)
    }

    pub(super) fn advance(&self, shape: &mut [Point], frame: &Similarity, features: &[i16]) {
        let coefficients: Vec<f32> = (0..self.rows.count()).map(|row| self.rows.output(row, features)).collect();
        self.basis.advance(shape, frame, coefficients);
    }
}
