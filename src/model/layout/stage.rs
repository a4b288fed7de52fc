//! The stages of a landmark cascade.

use super::shape::FeaturePoint;
use super::wire::*;
use crate::landmarks::{self, linear_stage, regression, tree_stage};

layout! {
    enum Stage = landmarks::Stage {
        0: Trees(TreeStage),
        1: Linear(LinearStage),
    }
}

layout! {
    struct TreeStage = tree_stage::TreeStage {
        points: Vec<FeaturePoint>,
        depth: u8,
        splits: Vec<Split>,
        leaves: Vec<i8>,
        basis: ShapeBasis,
    }
}

layout! {
    struct Split = tree_stage::Split {
        first: u8,
        second: u8,
        threshold: i16,
    }
}

layout! {
    struct ShapeBasis = landmarks::ShapeBasis {
        rows: Vec<f32>,
        components: u16,
    }
}

layout! {
    struct LinearStage = linear_stage::LinearStage {
        level: u8,
        reach: f32,
        steps: Vec<LinearStep>,
    }
}

layout! {
    struct LinearStep = linear_stage::LinearStep {
        radius: f32,
        patches: Vec<u16>,
        regression: Regression,
    }
}

layout! {
    enum Regression = regression::Regression {
        0: Global(GlobalRegression),
        1: Local(LocalRegression),
    }
}

layout! {
    struct GlobalRegression = regression::GlobalRegression {
        rows: WeightRows,
        basis: ShapeBasis,
    }
}

layout! {
    struct LocalRegression = regression::LocalRegression {
        neighbours: Vec<u16>,
        rows: WeightRows,
    }
}

layout! {
    struct WeightRows = regression::WeightRows {
        weights: Vec<i8>,
        scales: Vec<f32>,
        bias: Vec<f32>,
    }
}
