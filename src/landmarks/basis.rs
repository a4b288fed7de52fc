//! Shape components: a stage's few coefficients become displacements of all landmarks.

use super::Similarity;
use crate::geometry::Point;
use crate::invalid::InvalidModel;

/// Shape components: each a displacement of all landmarks, in the mean shape's frame (crop pixels).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapeBasis {
    /// `components` rows of `2·L` numbers for `L` landmarks: `x, y` of each in turn.
    pub rows: Vec<f32>,
    /// The number of components.
    pub components: u16,
}

impl ShapeBasis {
    /// Returns the basis whose coefficients are the displacements themselves.
    pub fn identity(landmarks: usize) -> Self {
        let size = 2 * landmarks;
        let rows = (0..size * size).map(|i| if i % (size + 1) == 0 { 1.0 } else { 0.0 }).collect();
        Self { rows, components: size as u16 }
    }

    pub(super) fn validate(&self, landmarks: usize) -> Result<(), InvalidModel> {
        if self.rows.len() != usize::from(self.components) * 2 * landmarks {
            return Err(InvalidModel::new("a shape basis", "has another size than the shape"));
        }
        InvalidModel::unless(
            self.rows.iter().all(|v| v.is_finite()),
            "a shape basis",
            "has a number that is not finite",
        )
    }

    /// Moves a shape (crop pixels) by the sum of the components with these coefficients. `frame` maps the mean shape's frame
    /// to the shape's: it turns and scales the sum.
    pub fn advance(&self, shape: &mut [Point], frame: &Similarity, coefficients: impl IntoIterator<Item = f32>) {
        let mut increment = vec![0.0; 2 * shape.len()];
        for (weight, row) in coefficients.into_iter().zip(self.rows.chunks_exact(2 * shape.len())) {
            add_scaled(weight, row, &mut increment);
        }
        for (p, xy) in shape.iter_mut().zip(increment.as_chunks::<2>().0) {
            *p = *p + frame.rotate(Point::new(xy[0], xy[1]));
        }
    }
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn add_scaled(weight: f32, row: &[f32], sum: &mut [f32]) {
    for (sum, &v) in sum.iter_mut().zip(row) {
        *sum += weight * v;
    }
}
