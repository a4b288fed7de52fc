//! Watching the pipeline at work, for teaching and for finding faults.
//!
//! The steps of the pipeline tell an observer what they have just made. Nothing is computed for the observer: it sees the
//! numbers on which the results rest.
//!
//! ```text
//!   Detector ──► level ──► strip ─┬─► gradients ──► histograms ──► features          DetectorTrace
//!                                 ├─► sieved (a window), or scored, given_up (and a
//!                                 │   component)                                     StripTrace
//!                                 └─► tree, tree, … judged (a window)
//!            ──► united (windows)
//!   Cascade ──► start ──► stage ─┬─► pixel … tree … moved       (a stage of trees)   CascadeTrace
//!                                └─► patches, moved, …          (a linear stage)
//!               … end                                           (a run)
//! ```
//!
//! All methods do nothing unless they are overridden, and the unit type `()` overrides none: the steps are generic over
//! their observer, so that a run without one is compiled as if the calls were not there.

use std::ops::Range;

use crate::detector::{Candidate, Detection};
use crate::geometry::{Point, Rect};
use crate::hog::{FeatureMap, Histogram};
use crate::image::pyramid::Level;
use crate::landmarks::crop::Crop;
use crate::landmarks::{Fit, Shape, Similarity};

/// Watches the features of one level's rows being made.
pub trait HogTrace {
    /// The gradients of a row of pixels: lengths, in twice the grey levels a pixel, and directions from 0 to 17, 20° apart.
    fn gradients(&mut self, _row: usize, _lengths: &[f32], _directions: &[u8]) {}

    /// The votes of these rows of cells, before they are normalised.
    fn histograms(&mut self, _rows: Range<usize>, _histograms: &[Histogram]) {}
}

/// Watches the windows of one strip. A window is the column and row of its top-left cell, rows counted from the strip's first.
pub trait StripTrace: HogTrace {
    /// The features of the strip's cells.
    fn features(&mut self, _map: &FeatureMap) {}

    /// The sieve gave a window up after this many trees.
    fn sieved(&mut self, _window: [usize; 2], _trees: usize) {}

    /// A filter gave a window up after this many rows of cells.
    fn given_up(&mut self, _window: [usize; 2], _component: usize, _rows: usize) {}

    /// A filter's score of a window that it did not give up.
    fn scored(&mut self, _window: [usize; 2], _component: usize, _score: f32) {}

    /// The sum of the boosted trees' leaves for the window in question, after one more tree.
    fn tree(&mut self, _sum: f32) {}

    /// The window in question has been judged: the detection that it would be alone, if no tree gave it up.
    fn judged(&mut self, _candidate: &Candidate, _left: Option<&Detection>) {}
}

/// Watches a detector. Strips are worked on by several threads at once, each with an observer of its own.
pub trait DetectorTrace: Sync {
    /// Watches a strip.
    type Strip: StripTrace;

    /// A level of the pyramid; they are numbered from the largest, from 0 on.
    fn level(&self, _number: usize, _level: &Level) {}

    /// The observer of a level's strip that begins with this row of windows.
    fn strip(&self, number: usize, first_row: usize) -> Self::Strip;

    /// A strip is done.
    fn finish(&self, _strip: Self::Strip) {}

    /// Windows on one place, the best one first, are one detection. It is reported if its score reaches the threshold.
    fn united(&self, _windows: &[Detection], _detection: &Detection) {}
}

/// Watches a landmark cascade. Shapes and places are in crop pixels.
pub trait CascadeTrace {
    /// A run begins, in this box of the photograph, with this shape. There are several where the confidence is low.
    fn start(&mut self, _bounds: &Rect, _crop: &Crop, _shape: &Shape) {}

    /// A stage begins; `frame` maps the mean shape's frame to that of the shape so far.
    fn stage(&mut self, _number: usize, _frame: &Similarity) {}

    /// A stage of trees looks at the pixel `[column, row]` of the coarse crop for its feature point of this number.
    fn pixel(&mut self, _point: usize, _place: [usize; 2], _grey: u8) {}

    /// A tree of the stage has come to a leaf.
    fn tree(&mut self, _tree: usize, _leaf: usize) {}

    /// A step of a linear stage looks at patches around these landmarks, of this radius in the mean shape's frame.
    fn patches(&mut self, _landmarks: &[u16], _radius: f32) {}

    /// The shape after a stage of trees, or after a step of a linear stage.
    fn moved(&mut self, _shape: &[Point]) {}

    /// A run is done.
    fn end(&mut self, _fit: &Fit) {}
}

impl HogTrace for () {}

impl StripTrace for () {}

impl DetectorTrace for () {
    type Strip = ();

    fn strip(&self, _number: usize, _first_row: usize) {}
}

impl CascadeTrace for () {}
