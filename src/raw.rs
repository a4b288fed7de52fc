//! The parts behind the pipeline: for training models, for explaining them, and for building something else from them.
//!
//! **Unstable.** Anything here may change with any version, without notice. Programs that only want faces and landmarks
//! need [`Pipeline`](crate::Pipeline) and what is beside it.
//!
//! ```text
//!   hog ──► detector ──► landmarks          each step's types, parameters and observers
//!              │             │
//!              └── model ────┘              model files
//! ```

pub use crate::detector::{
    BoostedTrees, BoxRegression, Candidate, Component, DetectOptions, Detection, Detector, DetectorObserver,
    DetectorParts, Filter, Hit, LEVELS_PER_OCTAVE, SMALLEST_FACE, Scanner, ScoreFusion, StripObserver, Tree, Window,
    boosted_trees, filter, nms, pyramid,
};
pub use crate::face::face;
pub use crate::hog::HogObserver;
pub use crate::image::{GreyImage, resample};
pub use crate::landmarks::{
    Cascade, CascadeObserver, Fit, FitOptions, LandmarkParts, ShapeBasis, ShapeExt, Stage, confidence, crop,
    linear_stage, patches, regression, tree_stage,
};
pub use crate::observer::Observer;
pub use crate::parallel::most_threads;
pub use crate::rect_ext::RectExt;
pub use crate::run::{candidate_threshold, detect_options, run};

/// Formats of annotations, reading and writing.
#[cfg(feature = "annotations")]
pub mod annotations {
    pub use crate::annotations::*;
}

/// Reading image files: options, sizes, notes.
#[cfg(feature = "decode")]
pub mod decode {
    pub use crate::image::decode::*;
}

/// dlib's models, part by part.
#[cfg(feature = "dlib")]
pub mod dlib {
    pub use crate::dlib::hog_detector::{HogDetector, HogFilter, Overlap};
    pub use crate::dlib::shape_predictor::{PredictorSplit, PredictorStage, ShapePredictor, UnitSquare, look};
    pub use crate::dlib::{from_bytes, to_bytes};
}

/// Strokes over an image.
#[cfg(feature = "drawing")]
pub mod drawing {
    pub use crate::drawing::stroke::stroke;
}

/// Bounded reading, atomic writing, and the words for what went wrong.
pub mod files {
    pub use crate::files::*;
}

/// Histograms of oriented gradients.
pub mod hog {
    pub use crate::hog::*;
}

/// Pixels that coordinates refer to, if an image must be turned.
pub mod orientation {
    #[cfg(feature = "annotations")]
    pub use crate::annotations::orientation::find;
    pub use crate::turn::Turn;
}

/// Probabilities and their odds.
pub mod log_odds {
    pub use crate::log_odds::*;
}

/// Model files: one container for every kind of model.
pub mod model {
    pub use crate::model::*;
}
