//! Watching a landmark cascade at work.
//!
//! ```text
//!   Cascade ──► start ──► stage ─┬─► pixel … tree … moved       (a tree stage)
//!                                └─► patches, moved, …          (a linear stage)
//!               … end                                           (a run)
//! ```

use super::crop::Crop;
use super::{Fit, Shape, Similarity};
use crate::geometry::{Point, Rect};

/// Watches a landmark cascade. Shapes and places are in crop pixels. All methods do nothing unless they are overridden.
pub trait CascadeObserver {
    /// A run begins, in this box of the image, with this shape. There are several where the confidence is low.
    fn start(&mut self, _bounds: &Rect, _crop: &Crop, _shape: &Shape) {}

    /// A stage begins; `frame` maps the mean shape's frame to that of the shape so far.
    fn stage(&mut self, _number: usize, _frame: &Similarity) {}

    /// A tree stage reads the pixel `[column, row]` of the coarse crop for its feature point of this number.
    fn pixel(&mut self, _point: usize, _place: [usize; 2], _grey: u8) {}

    /// A tree of the stage has come to a leaf.
    fn tree(&mut self, _tree: usize, _leaf: usize) {}

    /// A step of a linear stage reads patches around these landmarks, of this radius in the mean shape's frame.
    fn patches(&mut self, _landmarks: &[u16], _radius: f32) {}

    /// The shape after a tree stage, or after a step of a linear stage.
    fn moved(&mut self, _shape: &[Point]) {}

    /// A run is done.
    fn end(&mut self, _fit: &Fit) {}
}

impl CascadeObserver for () {}
