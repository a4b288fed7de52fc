//! Progress events of a detector's fit.

use std::fmt;

/// A step of a fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Mining for the filters, by round.
    Filters(usize),
    /// The boosted trees, by round.
    BoostedTrees(usize),
    /// The calibration of the score.
    Calibration,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filters(round) => write!(f, "filters {round}"),
            Self::BoostedTrees(round) => write!(f, "boosted trees {round}"),
            Self::Calibration => f.write_str("calibration"),
        }
    }
}

/// A finished step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepReport {
    /// The step.
    pub step: Step,
    /// Name of the count, such as `hard windows`, and its value.
    pub counted: (&'static str, usize),
    /// Share of the training windows on the wrong side, in percent; faces and others weigh the
    /// same.
    pub wrong: Option<f32>,
}

impl StepReport {
    /// The step as model files record it; none for a step without a score.
    ///
    /// Model files keep the words of the first release, so that the same data and seed give the
    /// same file.
    pub fn recorded(&self) -> Option<String> {
        let count = self.counted.1;
        match (self.step, self.wrong) {
            (Step::BoostedTrees(round), Some(wrong)) => Some(format!(
                "forest {round}: {count} hard windows, {wrong:.3} % of the training windows on the wrong side"
            )),
            (Step::Calibration, _) => Some(format!("calibration: {count} false alarms")),
            _ => None,
        }
    }
}

impl fmt::Display for StepReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, count) = self.counted;
        write!(f, "{}: {count} {what}", self.step)?;
        self.wrong.map_or(Ok(()), |wrong| write!(f, ", {wrong:.3} % of the training windows on the wrong side"))
    }
}
