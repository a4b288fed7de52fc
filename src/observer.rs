//! Watching the pipeline at work, for teaching, for timing and for finding faults.
//!
//! ```text
//!   detect ──► (a detector's observer) ──► detected ──► fit ──► (a cascade's observer) ──► fitted … ──► verified
//! ```
//!
//! The steps report to an observer what they have just made; nothing is computed for it. All methods do nothing unless they
//! are overridden, and the unit type `()` overrides none: the steps are generic over their observer, so that a run without
//! one is compiled as if the calls were not there.

use crate::Face;
use crate::detector::{Detection, DetectorObserver};
use crate::geometry::Rect;
use crate::landmarks::CascadeObserver;

/// Watches one run of the pipeline.
pub trait Observer: Sync {
    /// Watches the detector.
    type Detector: DetectorObserver;
    /// Watches the cascade on one face.
    type Cascade: CascadeObserver;

    /// The search begins. Not called if the boxes were given.
    fn detect(&self) -> &Self::Detector;

    /// The search is over: the windows that may be faces, before their landmarks.
    fn detected(&self, _candidates: &[Detection]) {}

    /// The landmarks of the face in this box are to be placed. Several threads may do so at once.
    fn fit(&self, bounds: &Rect) -> Self::Cascade;

    /// The landmarks in this box are placed; the face has its final score, and is reported if it passes the filters.
    fn fitted(&self, _bounds: &Rect, _face: &Face, _cascade: Self::Cascade) {}

    /// All landmarks are placed.
    fn finished(&self) {}
}

impl Observer for () {
    type Detector = ();
    type Cascade = ();

    fn detect(&self) -> &() {
        &()
    }

    fn fit(&self, _bounds: &Rect) {}
}
