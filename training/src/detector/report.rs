//! What a fit tells while it works.

use std::fmt;

/// A finished step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepReport {
    /// The step, such as `forest 1`.
    pub step: String,
    /// What was counted, such as `hard windows`, and how many there were.
    pub counted: (&'static str, usize),
    /// The share, in percent, of the training windows on the wrong side, faces and others counting alike.
    pub wrong: Option<f32>,
}

impl fmt::Display for StepReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, count) = self.counted;
        write!(f, "{}: {count} {what}", self.step)?;
        self.wrong.map_or(Ok(()), |wrong| write!(f, ", {wrong:.3} % of the training windows on the wrong side"))
    }
}
