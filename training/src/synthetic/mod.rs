//! Synthetic faces with exactly known landmarks, for tests and experiments without photographs.
//!
//! A face is a rough head in three dimensions ([`face`]): numbers for build and expression place
//! the 68 landmarks, which are then rotated and projected into the image. The face is painted
//! around its landmarks (`paint`) on a cluttered background, lit from one side, with noise
//! ([`scene`]). All random numbers follow from a seed.

pub mod face;
mod paint;
pub mod scene;

pub use face::face_shapes;
pub use scene::{Scene, clutter, portrait, write_backgrounds, write_faces};
