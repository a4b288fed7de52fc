//! Errors of fitting a detector.

use crate::checkpoint::CheckpointError;
use crate::ranges::OutOfRange;

/// Hyper-parameters that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DetectorParamsError {
    /// A number is outside its range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// HOG cells come in three sizes.
    #[error("window.cell is {0}, not 4, 6 or 8")]
    Cell(u8),
}

/// Shapes that cannot be divided into poses.
#[derive(Debug, thiserror::Error)]
pub enum PosesError {
    /// k-means fails, for example on numbers that are not finite.
    #[error(transparent)]
    KMeans(#[from] linfa_clustering::KMeansError),
    /// A shape does not have 68 points.
    #[error("a face does not have 68 points: {0}")]
    Shape(#[from] ndarray::ShapeError),
}

/// A detector that cannot be fitted.
#[derive(Debug, thiserror::Error)]
pub enum DetectorError {
    /// No face to learn from.
    #[error("no face to learn from")]
    NoFace,
    /// No image without faces can be read.
    #[error("no image without faces can be read")]
    NoNegative,
    /// The faces cannot be divided into poses.
    #[error("the faces cannot be divided into poses: {0}")]
    Poses(#[from] PosesError),
    /// A finished step cannot be stored.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}
