//! Version 1 of dlib's shape predictors.

use super::shape::{FeaturePoint, Shape};
use super::wire::*;
use crate::dlib::shape_predictor::{self as dlib, ShapePredictor};

layout! {
    struct DlibLandmarks1 = ShapePredictor {
        mean: Shape,
        landmarks: Vec<u16>,
        stages: Vec<PredictorStage>,
    }
}

layout! {
    struct PredictorStage = dlib::PredictorStage {
        points: Vec<FeaturePoint>,
        depth: u8,
        splits: Vec<PredictorSplit>,
        leaves: Vec<f32>,
    }
}

layout! {
    struct PredictorSplit = dlib::PredictorSplit {
        first: u16,
        second: u16,
        threshold: f32,
    }
}
