//! Estimated cost of the steps of a fit, for the time left.
//!
//! Steps differ: one that regresses every landmark by itself takes twenty times as long as a tree
//! stage. The formulas count what grows with the parameters. The factors are nanoseconds on one
//! machine; only their ratios matter.

use super::hyperparams::{
    LinearParams, LinearStepParams, RegressionParams, StageParams, TreeParams, ValidLandmarkParams,
};
use super::report::FitProgress;
use crate::checkpoint::Checkpoints;

/// One candidate split for one sample.
const CANDIDATE: f64 = 10.0;
/// One sample through one tree.
const PASS: f64 = 70.0;
/// The gradients and principal components of a patch.
const PATCH: f64 = 6000.0;
/// One product of the normal equations.
const PRODUCT: f64 = 0.14;

/// Cost of the steps of a fit, in order.
#[derive(Debug)]
pub(super) struct CostModel(Vec<f64>);

impl CostModel {
    /// Cost of a cascade: the steps that [`fit`](super::fit()) reports, followed by the confidence
    /// model.
    pub fn of_cascade(params: &ValidLandmarkParams, faces: usize, landmarks: usize) -> Self {
        let mut steps = Vec::new();
        for stage in &params.stages {
            match stage {
                StageParams::Trees(trees) => {
                    let others = 1.0 - 1.0 / params.folds as f64;
                    steps.extend(vec![tree_stage(trees, others * faces as f64); trees.repeats * params.folds]);
                    steps.extend(vec![tree_stage(trees, faces as f64); trees.repeats]);
                }
                StageParams::Linear(linear) => {
                    steps.extend(linear.steps.iter().map(|step| linear_step(linear, step, faces, landmarks)));
                }
            }
        }
        // Usually two samples per face and one stray box.
        steps.push(((params.confidence.oversampling + 1) * faces * landmarks) as f64 * PATCH);
        Self(steps)
    }

    /// Cost of a shape predictor, which has only trees.
    pub fn of_shape_predictor(params: &ValidLandmarkParams, faces: usize) -> Self {
        let trees = params.stages.iter().filter_map(|stage| match stage {
            StageParams::Trees(trees) => Some(vec![tree_stage(trees, faces as f64); trees.repeats]),
            StageParams::Linear(_) => None,
        });
        Self(trees.flatten().collect())
    }

    /// Progress after the first `done` steps.
    pub fn progress(&self, done: usize, checkpoints: &Checkpoints) -> FitProgress {
        FitProgress { done, steps: self.steps(), share: self.share(done), read: checkpoints.last_was_read() }
    }

    /// Number of steps.
    fn steps(&self) -> usize {
        self.0.len()
    }

    /// Share of the first `done` steps, from 0 to 1.
    fn share(&self, done: usize) -> f64 {
        let finished: f64 = self.0.iter().take(done).sum();
        finished / self.0.iter().sum::<f64>().max(f64::MIN_POSITIVE)
    }
}

fn tree_stage(params: &TreeParams, faces: f64) -> f64 {
    let TreeParams { trees, depth, oversampling, candidates, split_samples, .. } = *params;
    let samples = faces * oversampling as f64;
    let tried = samples.min(split_samples as f64) * candidates as f64 * f64::from(depth);
    trees as f64 * (tried * CANDIDATE + samples * PASS)
}

fn linear_step(stage: &LinearParams, step: &LinearStepParams, faces: usize, landmarks: usize) -> f64 {
    let samples = (faces * stage.oversampling) as f64;
    let (patches, seen, regressions) = match step.regression {
        RegressionParams::Global { patches, .. } => (patches.min(landmarks), patches.min(landmarks), 1),
        RegressionParams::Local { neighbours } => (landmarks, (neighbours + 1).min(landmarks), landmarks),
    };
    let features = (seen * step.patch_components) as f64;
    samples * (patches as f64 * PATCH + regressions as f64 * features * features / 2.0 * PRODUCT)
}

#[cfg(test)]
mod tests {
    use super::super::LandmarkParams;
    use super::*;

    #[test]
    fn shares_grow_with_the_steps_and_local_regressions_are_most_of_the_work() {
        let configuration = include_str!("../../landmarks.toml");
        let params = toml::from_str::<LandmarkParams>(configuration).unwrap().check().unwrap();
        let cost = CostModel::of_cascade(&params, 4024, 68);
        // One coarse step; two tree stages, in four folds and for the model; two global steps;
        // three local ones; the confidence model.
        assert_eq!(cost.steps(), 1 + 10 + 2 + 3 + 1);
        let shares: Vec<f64> = (0..=cost.steps()).map(|done| cost.share(done)).collect();
        assert!(shares.is_sorted() && shares[0] == 0.0 && (shares[17] - 1.0).abs() < 1e-9);
        // In a measured run they took 196 of 288 seconds.
        assert!((0.6..0.8).contains(&(shares[16] - shares[13])), "{shares:?}");
    }
}
