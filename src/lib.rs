//! Face detection and 68-point facial landmarks from the classical toolbox.
//!
//! ```text
//! photograph ──► HOG pyramid ──► sliding-window detector ──► box ──► cascaded regression ──► 68 points
//!   [image]        [hog]              [detector]                       [landmarks]
//! ```
//!
//! [`Pipeline`] is all of it. How each step works, from the ground, with formulas, figures, programs and exercises, is what
//! the course teaches: [**the guide, six lessons**](guide).

pub mod align;
#[cfg(feature = "boxes")]
pub mod boxes;
pub mod detector;
pub mod dlib;
pub mod drawing;
pub mod files;
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
