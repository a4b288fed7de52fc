//! The HOG sliding-window face detector.
//!
//! ```text
//! image ─► pyramid ─► HOG features ─► prefilter ─► linear filters ─► boosted trees ─► box regression ─► merging and
//!          of sizes   of each level   (every       (one per pose)    classify the    where in the       non-maximum
//!                                     window)                        windows left    window it is       suppression
//! [pyramid]                          [prefilter]   [filter]          [boosted_trees]  [box_regression]  [score_fusion, nms]
//! ```

pub mod boosted_trees;
mod box_regression;
mod calibration;
mod detection;
pub mod filter;
mod model;
pub mod nms;
mod observer;
mod prefilter;
pub mod pyramid;
mod scan;
mod score_fusion;
mod summary;
mod window;

use bincode::error::DecodeError;
use bincode::{Decode, Encode};

use crate::model::{Model, ModelKind, Provenance};

pub use boosted_trees::{BoostedTrees, Tree};
pub use box_regression::BoxRegression;
pub use detection::{Candidate, DetectOptions, Detection, SMALLEST_FACE};
pub use filter::{Filter, Hit};
pub use model::DetectorModel;
pub use observer::{DetectorObserver, StripObserver};
pub use scan::Scanner;
pub use score_fusion::ScoreFusion;
pub use window::{LEVELS_PER_OCTAVE, Window};

/// A pose that the detector knows.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Component {
    /// What the pose is called.
    pub name: String,
    /// The mean in-plane rotation of its training faces, in radians; positive is clockwise on the screen.
    pub angle: f32,
    /// Finds its windows.
    pub filter: Filter,
    /// The calibrated score is `calibration[0] · s + calibration[1]` for the score `s` of [`ScoreFusion::score`].
    pub calibration: [f32; 2],
}

/// A trained face detector.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Detector {
    /// The sliding window.
    pub window: Window,
    /// The poses.
    pub components: Vec<Component>,
    /// Cheap first stage that rejects most windows. If empty, it rejects nothing.
    pub prefilter: BoostedTrees,
    /// Classifies the windows that pass the filters.
    pub boosted_trees: BoostedTrees,
    /// Where a face is in its window.
    pub box_regression: BoxRegression,
    /// How the scores of filters and boosted trees, and of the windows on a face, are put together.
    pub score_fusion: ScoreFusion,
}

impl Model for Detector {
    const KIND: ModelKind = ModelKind::Detector;

    fn validate(&self) -> Result<(), String> {
        self.window.validate()?;
        for component in &self.components {
            component.filter.validate(&self.window)?;
            let numbers = [component.angle, component.calibration[0], component.calibration[1]];
            if numbers.iter().any(|v| !v.is_finite()) || component.calibration[0] <= 0.0 {
                return Err(format!("the calibration of the component {:?}", component.name));
            }
        }
        if self.components.is_empty() || self.components.len() > 64 {
            return Err(format!("it has {} components", self.components.len()));
        }
        self.prefilter.validate(self.window.len())?;
        self.boosted_trees.validate(self.window.len())?;
        self.score_fusion.validate()?;
        self.box_regression.validate(self.window.len())
    }

    fn decode_payload(version: u16, payload: &[u8]) -> Result<((Provenance, Self), usize), DecodeError> {
        let score_fusion = ScoreFusion::default();
        match version {
            1 => {
                let ((provenance, old), used) = crate::model::decode::<(Provenance, DetectorV1)>(payload)?;
                let DetectorV1 { window, components, boosted_trees, box_regression } = old;
                let prefilter = BoostedTrees::default();
                let detector = Self { window, components, prefilter, boosted_trees, box_regression, score_fusion };
                Ok(((provenance, detector), used))
            }
            2 => {
                let ((provenance, old), used) = crate::model::decode::<(Provenance, DetectorV2)>(payload)?;
                let DetectorV2 { window, components, prefilter, boosted_trees, box_regression } = old;
                let detector = Self { window, components, prefilter, boosted_trees, box_regression, score_fusion };
                Ok(((provenance, detector), used))
            }
            _ => crate::model::decode(payload),
        }
    }
}

/// The layout of version 2, in which the boosted trees and the best window alone make the score.
#[derive(Decode)]
struct DetectorV2 {
    window: Window,
    components: Vec<Component>,
    prefilter: BoostedTrees,
    boosted_trees: BoostedTrees,
    box_regression: BoxRegression,
}

/// The layout of version 1, without a prefilter.
#[derive(Decode)]
struct DetectorV1 {
    window: Window,
    components: Vec<Component>,
    boosted_trees: BoostedTrees,
    box_regression: BoxRegression,
}
