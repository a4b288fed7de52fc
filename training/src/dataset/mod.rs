//! Annotated pictures: readers, boxes, splits.

use std::path::PathBuf;

use lineament::geometry::Rect;
use lineament::landmarks::Shape;

/// A face with its annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotatedFace {
    /// The face's box in pixels: the data set's, or one derived from the landmarks where it gives none.
    pub bounds: Rect,
    /// Whether the data set gave the box.
    pub bounds_given: bool,
    /// The landmarks in pixels.
    pub shape: Shape,
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
