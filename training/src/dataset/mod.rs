//! Annotated pictures: readers, boxes, splits.
//!
//! A data set comes from folders in iBUG's layout ([`folder`]) and from imglab XML ([`imglab`]). Faults in it (a missing
//! picture, a file with 67 points) are collected and reported; the rest is used.

pub mod boxes;
pub mod fault;
pub mod folder;
pub mod imglab;
pub mod negatives;
mod photographs;
mod source;
pub mod split;

use std::path::PathBuf;

use lineament::Shape;
use lineament::geometry::Rect;

use crate::inspect::light::Light;

pub use fault::{DatasetError, Fault};
pub use source::DatasetOptions;

/// A face with its annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotatedFace {
    /// The face's box in pixels: the data set's, or one derived from the landmarks where it gives none.
    pub bounds: Rect,
    /// Whether the data set gave the box.
    pub bounds_given: bool,
    /// The landmarks in pixels.
    pub shape: Shape,
    /// How it is lit, where its picture was looked at.
    pub light: Option<Light>,
}

/// A picture file and the faces annotated in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The file.
    pub path: PathBuf,
    /// The folder it stands in relative to the data set's root, such as `lfpw/testset`.
    pub subset: String,
    /// Equal for files with the same pixels: a photograph must not stand on both sides of a split.
    pub photograph: usize,
    /// Its annotated faces; most pictures hold more that nobody annotated.
    pub faces: Vec<AnnotatedFace>,
}

/// A data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// The pictures, in the order of the sources.
    pub pictures: Vec<Picture>,
}

impl Dataset {
    /// The number of annotated faces.
    pub fn face_count(&self) -> usize {
        self.pictures.iter().map(|picture| picture.faces.len()).sum()
    }

    /// Every annotated face with its picture, in order.
    pub fn faces(&self) -> impl Iterator<Item = (&Picture, &AnnotatedFace)> {
        self.pictures.iter().flat_map(|picture| picture.faces.iter().map(move |face| (picture, face)))
    }
}
