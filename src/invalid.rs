//! Models that break a rule on which prediction relies.

/// Why a model is not valid: a part of it, and what is wrong with that part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part} {problem}")]
#[non_exhaustive]
pub struct InvalidModel {
    /// The part, for example "the box regression".
    pub part: &'static str,
    /// The fault, for example "is not finite".
    pub problem: String,
}

impl InvalidModel {
    pub(crate) fn new(part: &'static str, problem: impl Into<String>) -> Self {
        Self { part, problem: problem.into() }
    }

    /// An error of this part if `sound` does not hold.
    pub(crate) fn unless(sound: bool, part: &'static str, problem: &str) -> Result<(), Self> {
        if sound { Ok(()) } else { Err(Self::new(part, problem)) }
    }
}
