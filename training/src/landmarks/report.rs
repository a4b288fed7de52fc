//! What a fit tells while it works.

use std::fmt;

/// A finished step.
#[derive(Clone, Debug, PartialEq)]
pub struct StageReport {
    /// The step that was finished, such as `stage 2, trees 3 of 10, without fold 2`.
    pub step: String,
    /// The stage that it ends, such as `stage 2, trees`; the steps of a linear stage stand each for themselves.
    pub ends: Option<String>,
    /// How far the fit is.
    pub progress: FitProgress,
    /// The mean inter-ocular errors in percent.
    pub errors: StageErrors,
}

/// How far a fit is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitProgress {
    /// Finished steps.
    pub done: usize,
    /// All steps.
    pub steps: usize,
    /// The reckoned share of the work that is finished, from 0 to 1.
    pub share: f64,
    /// Whether the last step was read from a checkpoint, in no time.
    pub read: bool,
}

/// Mean inter-ocular errors in percent, from the mean shape on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StageErrors {
    /// On faces that were learned from.
    pub training: Option<f32>,
    /// On faces that the stages had not seen.
    pub held_out: Option<f32>,
}

impl fmt::Display for StageErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.training, self.held_out) {
            (Some(training), Some(held_out)) => {
                write!(f, "error {held_out:.2} % on held-out faces, {training:.2} % in training")
            }
            (None, Some(held_out)) => write!(f, "error {held_out:.2} % on held-out faces"),
            (Some(training), None) => write!(f, "error {training:.2} % in training"),
            (None, None) => Ok(()),
        }
    }
}
