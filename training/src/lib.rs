//! Fits and evaluates the models of lineament.

mod chance;
pub mod config;
pub mod dataset;
pub mod detector;
pub mod drawn;
pub mod evaluate;
pub mod history;
pub mod inspect;
pub mod landmarks;
pub mod progress;
pub mod report;
pub mod tune;
