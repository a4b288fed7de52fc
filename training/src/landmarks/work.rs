//! How much work the steps of a fit are, so that the time left can be told before they are done.
//!
//! A step that regresses every landmark by itself takes twenty times as long as a stage of trees. The formulas count what
//! grows with the parameters; the factors are nanoseconds on one machine, of which only the ratios count.

use super::checkpoint::Checkpoints;
use super::hyperparams::{
    LinearParams, LinearStepParams, RegressionParams, StageParams, TreeParams, ValidLandmarkParams,
};
use super::report::FitProgress;

/// One candidate of a split for one sample.
const JUDGE: f64 = 10.0;
/// One sample on its way through one tree.
const PASS: f64 = 70.0;
/// The gradients and principal components of a patch.
const PATCH: f64 = 6000.0;
/// One product of the normal equations.
const PRODUCT: f64 = 0.14;

/// The steps of a fit in their order, each with its share of the work.
#[derive(Debug)]
pub(super) struct Work(Vec<f64>);

impl Work {
    /// The work of a cascade for so many faces and landmarks: the steps that [`fit`](super::fit()) reports, and the confidence
    /// after them.
    pub fn of_cascade(params: &ValidLandmarkParams, faces: usize, landmarks: usize) -> Self {
        let mut steps = Vec::new();
        for stage in &params.stages {
            match stage {
                StageParams::Trees(trees) => {
                    let others = 1.0 - 1.0 / params.folds as f64;
                    steps.extend(vec![tree_stage(trees, others * faces as f64); trees.stages * params.folds]);
                    steps.extend(vec![tree_stage(trees, faces as f64); trees.stages]);
                }
                StageParams::Linear(linear) => {
                    steps.extend(linear.steps.iter().map(|step| linear_step(linear, step, faces, landmarks)));
                }
            }
        }
        // Two starts a face and a stray box, as a rule.
        steps.push(((params.confidence.oversampling + 1) * faces * landmarks) as f64 * PATCH);
        Self(steps)
    }

    /// The work of a cascade that looks at photographs: trees alone.
    pub fn of_pixel_cascade(params: &ValidLandmarkParams, faces: usize) -> Self {
        let trees = params.stages.iter().filter_map(|stage| match stage {
            StageParams::Trees(trees) => Some(vec![tree_stage(trees, faces as f64); trees.stages]),
            StageParams::Linear(_) => None,
        });
        Self(trees.flatten().collect())
    }

    /// How far a fit is after the first `done` steps.
    pub fn progress(&self, done: usize, checkpoints: &Checkpoints) -> FitProgress {
        FitProgress { done, steps: self.steps(), share: self.share(done), read: checkpoints.last_was_read() }
    }

    /// How many steps there are.
    fn steps(&self) -> usize {
        self.0.len()
    }

    /// The share of the first `done` steps, from 0 to 1.
    fn share(&self, done: usize) -> f64 {
        let finished: f64 = self.0.iter().take(done).sum();
        finished / self.0.iter().sum::<f64>().max(f64::MIN_POSITIVE)
    }
}

fn tree_stage(params: &TreeParams, faces: f64) -> f64 {
    let TreeParams { trees, depth, oversampling, candidates, judges, .. } = *params;
    let samples = faces * oversampling as f64;
    let judged = samples.min(judges as f64) * candidates as f64 * f64::from(depth);
    trees as f64 * (judged * JUDGE + samples * PASS)
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
        let work = Work::of_cascade(&params, 4024, 68);
        // One coarse step, two stages of trees in four folds and for the model, two global steps, three local ones, the confidence.
        assert_eq!(work.steps(), 1 + 10 + 2 + 3 + 1);
        let shares: Vec<f64> = (0..=work.steps()).map(|done| work.share(done)).collect();
        assert!(shares.is_sorted() && shares[0] == 0.0 && (shares[17] - 1.0).abs() < 1e-9);
        // Of the 288 seconds of a run they took 196.
        assert!((0.6..0.8).contains(&(shares[16] - shares[13])), "{shares:?}");
    }
}
