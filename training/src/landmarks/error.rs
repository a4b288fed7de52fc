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
    /// Folds consist of parts.
    #[error("parts is {parts}, fewer than folds, which is {folds}: set folds to 2 to {parts}, or raise parts")]
    FewerPartsThanFolds {
        /// `parts` of the configuration.
        parts: usize,
        /// `folds` of the configuration.
        folds: usize,
    },
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
    /// No photograph to learn from.
    #[error("no photograph to learn from")]
    NoPhotograph,
    /// Cross-fitting needs photographs on both sides.
    #[error(
        "too few photographs: {found}, but the configuration divides them into {parts} parts of at least 2{}",
        advice(*.found)
    )]
    TooFewPhotographs {
        /// Photographs in the data.
        found: usize,
        /// `parts` of the configuration.
        parts: usize,
    },
    /// A regression has no solution.
    #[error("a regression has no solution: the faces do not differ enough")]
    Degenerate,
    /// A finished step cannot be stored.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// The largest number of parts for these photographs.
fn advice(found: usize) -> String {
    match found / 2 {
        0 | 1 => ": at least 4 photographs are needed".into(),
        most => format!(": set parts to {most} or less, and folds to no more than parts"),
    }
}
