//! Layouts: how the values of a model stand in a file, one type per version of each kind.
//!
//! ```text
//!   domain type ── Store ──► layout ── bincode ──► bytes
//!               ◄── Load ───        ◄── bincode ──
//! ```
//!
//! The order of the fields in a layout is their order in the file. Domain types can be reordered freely: no file changes.
//! A released layout never changes; a new version of a kind is a new file here. Parts that several versions share
//! (`filter`, `trees`, `stage` …) are layouts too.
//!
//! Only the files in this folder know bincode.

mod box_regression;
mod confidence;
mod detector_1;
mod detector_2;
mod detector_3;
#[cfg(feature = "dlib")]
mod dlib_detector_1;
#[cfg(feature = "dlib")]
mod dlib_landmarks_1;
mod filter;
mod landmarks_2;
mod landmarks_3;
mod provenance;
mod shape;
mod stage;
mod trees;
mod versions;
mod wire;

#[cfg(test)]
pub(super) use versions::Versions;
#[cfg(test)]
pub(super) use versions::tests;
pub use versions::{Model, Part};
pub(super) use versions::{load, store};
