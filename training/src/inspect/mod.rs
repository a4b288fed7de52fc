//! Looking at data sets.

pub mod traits;
