//! Why a detector cannot be fitted.

/// Each message is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum DetectorError {
    /// No face to learn from.
    #[error("no face to learn from")]
    NoFace,
    /// No picture without faces can be read.
    #[error("no picture without faces can be read")]
    NoNegative,
    /// The poses cannot be clustered.
    #[error("the poses cannot be clustered: {0}")]
    Poses(String),
    /// A finished step cannot be stored.
    #[error("a finished step cannot be stored: {0}")]
    Checkpoint(#[from] std::io::Error),
}
