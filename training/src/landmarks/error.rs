//! Errors of fitting landmarks.

use crate::checkpoint::CheckpointError;
use crate::ranges::OutOfRange;

/// Hyper-parameters that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LandmarkParamsError {
    /// A number is outside its range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The coarse crop is halved once more.
    #[error("crop.coarse is {0}, which is odd")]
    OddCoarseCrop(u16),
    /// Only trees can look at the pixels of the photograph.
    #[error("stage {0} is linear, but only trees can be used with look = \"photograph\"")]
    LinearStage(usize),
}

/// A name that stands for no set of landmarks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointSetError {
    /// Neither a part of the face nor a landmark of the scheme.
    #[error("`{0}` is neither a part of the face nor a landmark from 0 to 67")]
    Unknown(String),
    /// One landmark has no shape.
    #[error("a model needs at least two landmarks")]
    TooFew,
}

/// A cascade that cannot be fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// Cross-fitting needs photographs on both sides.
    #[error("too few photographs: {found}, but this number of parts needs {needed}")]
    TooFewPhotographs {
        /// Photographs in the data.
        found: usize,
        /// Photographs that the parts need.
        needed: usize,
    },
    /// A regression has no solution.
    #[error("a regression has no solution: the faces do not differ enough")]
    Degenerate,
    /// A finished step cannot be stored.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}
