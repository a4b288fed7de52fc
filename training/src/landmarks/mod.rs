//! Fitting landmark cascades.

pub mod boosting;
pub mod checkpoint;
pub mod components;
pub mod error;
pub mod faces;
pub mod fit;
pub mod hyperparams;
pub mod linear;
pub mod ridge;
pub mod samples;
pub mod splits;
