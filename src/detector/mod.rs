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

use crate::invalid::InvalidModel;

pub use boosted_trees::{BoostedTrees, Tree};
pub use box_regression::BoxRegression;
pub use detection::{Candidate, DetectOptions, Detection, SMALLEST_FACE};
pub use filter::{Filter, Hit};
pub use model::{DetectorModel, DetectorParts};
pub use observer::{DetectorObserver, StripObserver};
pub use scan::Scanner;
pub use score_fusion::ScoreFusion;
pub use window::{LEVELS_PER_OCTAVE, Window};

/// A pose that the detector knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component {
    /// Name of the pose.
    pub name: String,
    /// The mean in-plane rotation of its training faces, in radians; positive is clockwise on the screen.
    pub angle: f32,
    /// Finds its windows.
    pub filter: Filter,
    /// The calibrated score is `calibration[0] · s + calibration[1]` for the score `s` of [`ScoreFusion::score`].
    pub calibration: [f32; 2],
}

/// A trained face detector.
///
/// These are the parts, unchecked: with parts that do not fit together, its methods may panic. A [`DetectorModel`](crate::DetectorModel) is
/// checked.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Fusion of the scores of filters and boosted trees, and of the windows on a face.
    pub score_fusion: ScoreFusion,
}

impl Detector {
    /// Checks every invariant that prediction relies on.
    ///
    /// # Errors
    /// If one does not hold.
    pub fn validate(&self) -> Result<(), InvalidModel> {
        self.window.validate()?;
        for component in &self.components {
            component.filter.validate(&self.window)?;
            let numbers = [component.angle, component.calibration[0], component.calibration[1]];
            if numbers.iter().any(|v| !v.is_finite()) || component.calibration[0] <= 0.0 {
                let problem =
                    format!("of the component {:?} is not finite, or does not rise with the score", component.name);
                return Err(InvalidModel::new("the calibration", problem));
            }
        }
        if self.components.is_empty() || self.components.len() > 64 {
            let problem = format!("has {} components, not 1 to 64", self.components.len());
            return Err(InvalidModel::new("the detector", problem));
        }
        self.prefilter.validate(self.window.len())?;
        self.boosted_trees.validate(self.window.len())?;
        self.score_fusion.validate()?;
        self.box_regression.validate(self.window.len())
    }
}
