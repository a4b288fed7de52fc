//! Fits and evaluates the models of lineament.

pub mod dataset;
pub mod landmarks;
pub mod progress;
