//! Annotated images: readers, boxes, splits, and properties of faces.
//!
//! A data set comes from folders in iBUG's layout ([`folder`]) and from imglab XML, whose images may
//! be in other folders ([`locate`]). Faults (a missing image, a file with 67 points, landmarks that
//! are [`invalid`]) are collected and reported; the rest is used.

pub mod boxes;
pub mod fault;
pub mod folder;
pub mod groups;
pub mod invalid;
pub mod light;
pub mod locate;
pub mod negatives;
mod orientation;
mod photographs;
pub mod schemes;
mod source;
pub mod split;
pub mod traits;

use std::path::PathBuf;

use lineament::Shape;
use lineament::geometry::Rect;

use light::Light;

pub use fault::{DatasetError, Fault};
pub use source::DatasetOptions;

/// A face with its annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotatedFace {
    /// Face box in pixels: that of the data set, or one derived from the landmarks if it has none.
    pub bounds: Rect,
    /// Whether the box is from the data set.
    pub bounds_given: bool,
    /// Landmarks in pixels.
    pub shape: Shape,
    /// Light on the face, if its image was decoded.
    pub light: Option<Light>,
}

/// An image file and its annotated faces.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotatedImage {
    /// The file.
    pub path: PathBuf,
    /// Its folder relative to the root of the data set, such as `lfpw/testset`.
    pub subset: String,
    /// Number of the photograph. Files of one photograph must stay on the same side of a split.
    pub photograph: usize,
    /// Annotated faces. Most images have more faces than are annotated.
    pub faces: Vec<AnnotatedFace>,
}

/// A data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// Images, in the order of the sources.
    pub images: Vec<AnnotatedImage>,
}

impl Dataset {
    /// Number of annotated faces.
    pub fn face_count(&self) -> usize {
        self.images.iter().map(|image| image.faces.len()).sum()
    }

    /// Every annotated face with its image, in order.
    pub fn faces(&self) -> impl Iterator<Item = (&AnnotatedImage, &AnnotatedFace)> {
        self.images.iter().flat_map(|image| image.faces.iter().map(move |face| (image, face)))
    }
}
