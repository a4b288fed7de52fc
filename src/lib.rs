//! Face detection and 68-point facial landmarks from the classical toolbox.

pub mod align;
pub mod detector;
pub mod dlib;
pub mod drawing;
pub mod geometry;
// Text alone: nothing of it is in the library.
#[cfg(all(doc, any(not(doctest), feature = "embedded-models")))]
pub mod guide;
pub mod hog;
pub mod image;
pub mod landmarks;
pub mod model;
mod pipeline;
pub mod trace;

pub use pipeline::{Face, Pipeline};

/// Compiles and runs the README's example as a test.
#[cfg(all(doctest, feature = "embedded-models"))]
#[doc = include_str!("../README.md")]
struct Readme;
