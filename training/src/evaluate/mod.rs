//! How good models are.

pub mod detector;
pub mod plot;
