//! Progress events of a landmark fit.

use std::fmt;

/// A finished step.
#[derive(Clone, Debug, PartialEq)]
pub struct StageReport {
    /// Name of the step, such as `stage 2, trees 3 of 10, without fold 2`.
    pub step: String,
    /// Name of the stage that it completes, such as `stage 2, trees`. Each step of a linear stage
    /// counts as one.
    pub ends: Option<String>,
    /// Progress of the fit.
    pub progress: FitProgress,
    /// Mean inter-ocular errors in percent.
    pub errors: StageErrors,
}

/// Progress of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitProgress {
    /// Finished steps.
    pub done: usize,
    /// All steps.
    pub steps: usize,
    /// Share of the estimated cost that is finished, from 0 to 1.
    pub share: f64,
    /// Whether the last step was read from a checkpoint, which takes no time.
    pub read: bool,
}

/// Mean inter-ocular errors in percent, starting from the mean shape.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StageErrors {
    /// On the training faces.
    pub training: Option<f32>,
    /// On held-out faces.
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
