//! All patches move the whole shape, along a few shape components.

use super::super::patches::PATCH;
use super::super::{ShapeBasis, Similarity};
use super::WeightRows;
use crate::geometry::Point;
use crate::model::InvalidModel;

/// The product of two thin matrices: `rank × features` in 8-bit integers, and the components, `2·L × rank`.
#[derive(Clone, Debug)]
pub struct GlobalRegression {
    /// A row for each component.
    pub rows: WeightRows,
    /// The components that the coefficients belong to.
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
