//! What can stop a fit.

/// Why a cascade cannot be fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// Cross-fitting needs photographs on both sides.
    #[error("{found} photographs are too few: {needed} are needed for this number of folds")]
    TooFewPhotographs {
        /// Photographs in the data.
        found: usize,
        /// Photographs that the folds need.
        needed: usize,
    },
    /// A regression has no solution.
    #[error("the faces do not differ enough for a regression")]
    Degenerate,
    /// A checkpoint cannot be written.
    #[error("a checkpoint cannot be written: {0}")]
    Checkpoint(#[from] std::io::Error),
}
