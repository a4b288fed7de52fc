//! Fits and evaluates the models of lineament.

pub mod dataset;
pub mod detector;
pub mod evaluate;
pub mod landmarks;
pub mod progress;
