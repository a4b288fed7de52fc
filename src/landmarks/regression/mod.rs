//! Linear regression from the patches around all landmarks, and from their places, to displacements.
//!
//! Far from the solution the landmarks have to move together, and every patch contains information about all of them: the
//! [`GlobalRegression`] moves the shape along a few components. Near the solution a landmark's own patch and those of its
//! neighbours contain most of it, and training fits a regression on few features more exactly to the same faces: the
//! [`LocalRegression`] moves each landmark by itself.

mod global;
mod local;
mod rows;

pub use self::global::GlobalRegression;
pub use self::local::LocalRegression;
pub use self::rows::WeightRows;
use super::Similarity;
use crate::geometry::Point;
use crate::invalid::InvalidModel;

/// A linear map from patches to displacements.
#[derive(Clone, Debug)]
pub enum Regression {
    /// All patches move the whole shape.
    Global(GlobalRegression),
    /// A few patches move each landmark.
    Local(LocalRegression),
}

impl Regression {
    pub(super) fn validate(&self, patches: usize, landmarks: usize) -> Result<(), InvalidModel> {
        match self {
            Self::Global(regression) => regression.validate(patches, landmarks),
            Self::Local(regression) => regression.validate(2, patches, landmarks),
        }
    }

    /// Moves a shape (crop pixels) by the regression's outputs for these features: [`PATCH`](super::patches::PATCH) numbers
    /// for each of the step's patches, then two for each landmark. `frame` maps the mean shape's frame to the shape's.
    ///
    /// # Panics
    /// If the regression was made for another number of features or landmarks.
    pub fn advance(&self, shape: &mut [Point], frame: &Similarity, features: &[i16]) {
        match self {
            Self::Global(regression) => regression.advance(shape, frame, features),
            Self::Local(regression) => regression.advance(shape, frame, features),
        }
    }
}
