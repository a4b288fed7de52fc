//! Face detection and 68-point facial landmarks from the classical toolbox.
//!
//! ```text
//! image ──► HOG pyramid ──► sliding-window detector ──► box ──► cascaded regression ──► 68 points
//! ```
//!
//! [`Pipeline`] is all of it: an [`Image`] in, [`Face`]s out.
//!
#![cfg_attr(all(feature = "decode", feature = "embedded-models"), doc = "```")]
#![cfg_attr(not(all(feature = "decode", feature = "embedded-models")), doc = "```ignore")]
//! use lineament::{Image, Options, Pipeline, scheme};
//!
//! let image = Image::open("data/astronaut.png")?;
//! for face in Pipeline::default().find_with(&image, &Options::default().min_face(60.0))? {
//!     let nose = face.shape.points[scheme::NOSE_TIP];
//!     println!("score {:.2}, tip of the nose at {:.1}, {:.1}", face.score, nose.x, nose.y);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | feature | on by default | adds |
//! |---|---|---|
//! | `decode` | yes | reading PNG, JPEG, BMP and PNM files: [`Image::open`] |
//! | `gif`, `tiff`, `webp` | no | reading these formats too |
//! | `parallel` | yes | all cores, by rayon |
//! | `dlib` | yes | loading dlib's models |
//! | `embedded-models` | yes | the shipped models, which are for research only: `Pipeline::default()` |
//! | `annotations` | no | `.pts`, imglab XML, box CSV: `raw::annotations` |
//! | `drawing` | no | faces drawn over an image: `drawing` |
//! | `serde` | no | serialisation of results |
//! | `write` | no | writing model files, atomically |

pub mod align;
#[cfg(feature = "annotations")]
mod annotations;
mod detector;
#[cfg(feature = "dlib")]
mod dlib;
#[cfg(feature = "drawing")]
pub mod drawing;
mod face;
mod files;
pub mod geometry;
mod hog;
mod image;
mod invalid;
mod landmarks;
mod log_odds;
mod model;
mod observer;
mod options;
mod parallel;
mod pipeline;
pub mod raw;
mod rect_ext;
mod rotation;
mod run;
#[cfg(feature = "serde")]
mod serialise;
mod turn;

pub use detector::DetectorModel;
#[cfg(feature = "dlib")]
pub use dlib::DlibError;
pub use face::Face;
#[cfg(feature = "decode")]
pub use image::decode::{OpenError, ReadError};
pub use image::{Image, ImageError, PixelFormat};
pub use landmarks::{Confidence, LandmarkModel, Shape, Similarity, scheme};
pub use model::{AnyModel, InvalidModel, LoadError, ModelError, load};
pub use options::Options;
pub use pipeline::{Pipeline, PipelineError};

/// Compiles and runs the README's example as a test.
#[cfg(all(doctest, feature = "decode", feature = "embedded-models"))]
#[doc = include_str!("../README.md")]
struct Readme;
