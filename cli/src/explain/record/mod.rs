//! Observers that record what the pages show.

mod cascade;
mod detector;

pub use cascade::{CascadeRecord, Run, Step};
pub use detector::{Classified, DetectorRecord, Gradient, LevelRecord, Merged, Search};
