//! Drawn faces with exactly known landmarks, for tests and experiments without photographs.
//!
//! A face is a rough head in three dimensions ([`face`]): numbers for its build and expression place the 68 landmarks, a turn
//! of the head and a projection bring them into the image. It is painted over its landmarks (`paint`) on a cluttered
//! background, lit from one side, and noise is laid over it ([`scene`]). All chance comes from a seed.

pub mod face;
mod paint;
pub mod scene;

pub use face::face_shapes;
pub use scene::{Scene, clutter, portrait, write_backgrounds, write_faces};
