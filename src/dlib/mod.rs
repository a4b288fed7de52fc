//! All of dlib: its files, its face detector, its shape predictors, and how they see colours.
//!
//! ```text
//!   files ──► hog_detector: dlib's boxes and scores
//!         └─► shape_predictor: dlib's points
//! ```
//!
//! Models that were converted from dlib give what they give in dlib, rounding for rounding; hence code of their own beside
//! [`crate::raw::hog`] and [`crate::raw::tree_stage`].

pub(crate) mod colour;
pub(crate) mod files;
pub(crate) mod hog_detector;
pub(crate) mod shape_predictor;

pub use crate::model::dlib_files::{from_bytes, to_bytes};
pub use files::DlibError;
