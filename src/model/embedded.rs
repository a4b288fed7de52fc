//! The shipped models, which are for research and not for commercial use.

use std::sync::LazyLock;

use crate::detector::DetectorModel;
use crate::landmarks::LandmarkModel;

static DETECTOR: LazyLock<DetectorModel> = LazyLock::new(|| {
    DetectorModel::from_bytes(lineament_models::DETECTOR).expect("the shipped detector is a valid model")
});

static LANDMARKS: LazyLock<LandmarkModel> = LazyLock::new(|| {
    LandmarkModel::from_bytes(lineament_models::LANDMARKS).expect("the shipped landmark model is a valid model")
});

/// The shipped detector, for research only. It is decoded once per process.
impl Default for DetectorModel {
    fn default() -> Self {
        DETECTOR.clone()
    }
}

/// The shipped landmark model, for research only. It is decoded once per process.
impl Default for LandmarkModel {
    fn default() -> Self {
        LANDMARKS.clone()
    }
}
