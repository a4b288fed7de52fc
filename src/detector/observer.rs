//! Watching a detector at work.
//!
//! ```text
//!   Detector ──► level ──► strip ─┬─► gradients ──► histograms ──► features          DetectorObserver
//!                                 ├─► prefilter_rejected (a window), or filter_scored,
//!                                 │   filter_rejected (and a component)              StripObserver
//!                                 └─► tree, tree, … classified (a window)
//!            ──► merged (windows)
//! ```

use super::{Candidate, Detection};
use crate::detector::pyramid::Level;
use crate::hog::{FeatureMap, HogObserver};

/// Watches the windows of one strip. A window is the column and row of its top-left cell, rows counted from the strip's
/// first. All methods do nothing unless they are overridden.
pub trait StripObserver: HogObserver {
    /// The features of the strip's cells.
    fn features(&mut self, _map: &FeatureMap) {}

    /// The prefilter rejected a window after this many trees.
    fn prefilter_rejected(&mut self, _window: [usize; 2], _trees: usize) {}

    /// A filter rejected a window after this many rows of cells.
    fn filter_rejected(&mut self, _window: [usize; 2], _component: usize, _rows: usize) {}

    /// A filter's score of a window that it did not reject.
    fn filter_scored(&mut self, _window: [usize; 2], _component: usize, _score: f32) {}

    /// The sum of the boosted trees' leaves for the current window, after one more tree.
    fn tree(&mut self, _sum: f32) {}

    /// The boosted trees are done with the current window: the detection that it would be alone, if no tree rejected it.
    fn classified(&mut self, _candidate: &Candidate, _detection: Option<&Detection>) {}
}

/// Watches a detector. Several threads work on strips at once, each with an observer of its own.
pub trait DetectorObserver: Sync {
    /// Watches a strip.
    type Strip: StripObserver;

    /// A level of the pyramid; they are numbered from the largest, from 0 on.
    fn level(&self, _number: usize, _level: &Level) {}

    /// The observer of a level's strip that begins with this row of windows.
    fn strip(&self, number: usize, first_row: usize) -> Self::Strip;

    /// A strip is done.
    fn finish(&self, _strip: Self::Strip) {}

    /// Windows on one place, the best one first, and the one detection that they are merged into. It is reported if its
    /// score reaches the threshold.
    fn merged(&self, _windows: &[Detection], _detection: &Detection) {}
}

impl StripObserver for () {}

impl DetectorObserver for () {
    type Strip = ();

    fn strip(&self, _number: usize, _first_row: usize) {}
}
