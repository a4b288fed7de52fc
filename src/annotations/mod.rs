//! Annotation formats: iBUG's `.pts`, the XML of dlib's imglab, and boxes in CSV.

pub mod boxes;
pub mod imglab;
pub(crate) mod orientation;
pub mod pts;
mod text;

pub use orientation::Pixels;
