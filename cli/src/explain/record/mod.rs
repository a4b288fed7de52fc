//! Observers that keep what the pages show.

mod cascade;
mod detector;

pub use cascade::{CascadeRecord, Run, Step};
pub use detector::{DetectorRecord, Gradient, Judged, LevelRecord, Search, United};
