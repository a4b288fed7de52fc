//! Fits the confidence model.
//!
//! ```text
//!   final shapes of faces, from cascades that did not see them ──┐
//!                                                                ├──► patches ──► ridge regression of each landmark's log error
//!   boxes beside faces: final shapes of the cascade ─────────────┘                      └──► logistic regression: correct or not?
//! ```
//!
//! The logarithm of the error is a richer target than "correct or not", so regressing it ranks
//! better. The logistic regressions learn from scores of regressors that did not see the face.

use std::collections::HashSet;

use lineament::raw::confidence::{ConfidenceModel, RIGHT};
use lineament::raw::{Cascade, FitOptions};
use linfa::ParamGuard;
use linfa::composing::platt_scaling::{Platt, PlattValidParams, platt_newton_method};
use ndarray::Array1;
use rayon::prelude::*;

use super::error::FitError;
use super::faces::{TrainingFace, error_unit};
use super::fit::{Fitted, first_samples};
use super::hyperparams::{RegressionParams, ValidLandmarkParams};
use super::linear::{Block, Traveller, View, blocks, local, patches};
use super::samples::Sample;
use crate::checkpoint::Checkpoints;
use crate::math::pca::Components;
use crate::math::ridge::{CrossFit, Rows};

/// Range to which errors are clamped, as shares of the unit.
const ERRORS: (f32, f32) = (0.005, 0.5);

/// Features of a final shape, and the errors of its landmarks.
struct Ended {
    features: Vec<f32>,
    /// Distance of each landmark from the truth, as a share of the unit.
    errors: Vec<f32>,
}

/// Fits a confidence model to the held-out final shapes of the training faces, and to those of
/// `strays`: boxes beside faces in the same photographs.
///
/// # Errors
/// If a regression has no solution or the checkpoint cannot be written.
pub fn fit_confidence(
    fitted: &Fitted,
    faces: &[TrainingFace],
    strays: &[TrainingFace],
    params: &ValidLandmarkParams,
    checkpoints: &Checkpoints,
) -> Result<ConfidenceModel, FitError> {
    checkpoints.step("confidence", || fit_model(fitted, faces, strays, params))
}

fn fit_model(
    fitted: &Fitted,
    faces: &[TrainingFace],
    strays: &[TrainingFace],
    params: &ValidLandmarkParams,
) -> Result<ConfidenceModel, FitError> {
    let (mean, params, side) = (&fitted.cascade.mean, &params.confidence, f32::from(params.crop.face));
    let regression = RegressionParams::Local { neighbours: params.neighbours };
    let (radius, patches) = (params.radius * side, patches(regression, mean));
    let view =
        View { faces, mean, level: params.level, reach: ConfidenceModel::reach_of(radius), radius, patches: &patches };

    let enter = |s: &Sample| Traveller::new(s.clone(), mean);
    let entered = |part: &Vec<Sample>| first_samples(part, params.oversampling).iter().map(enter).collect();
    let parts: Vec<Vec<Traveller>> = fitted.held_out.iter().map(entered).collect();
    let seen: Vec<Vec<&Traveller>> = parts.iter().map(|part| part.iter().collect()).collect();
    let components = view.patch_components(&seen, params.patch_components);
    let examples = Examples::collect(&fitted.cascade, &view, strays, &parts, &components);

    let blocks = blocks(regression, &view);
    let fit = |block: &Block| examples.fit(block, &components, params.penalty);
    let fits: Option<Vec<(CrossFit, Vec<f32>)>> = blocks.par_iter().map(fit).collect();
    let (mut fits, scores): (Vec<CrossFit>, Vec<Vec<f32>>) = fits.ok_or(FitError::Degenerate)?.into_iter().unzip();
    let face = examples.calibrate(&mut fits, &scores)?;
    Ok(ConfidenceModel { level: view.level, radius: view.radius, regression: local(&fits, &blocks, &components), face })
}

/// Training data: final shapes of faces and of boxes beside faces, from cascades that did not see
/// them.
struct Examples {
    /// One row per shape: its features, and the logarithm of the error of each landmark.
    rows: Rows,
    /// Part `i` has the rows from bound `i` to the next.
    bounds: Vec<usize>,
    /// Errors of the landmarks of each row.
    errors: Vec<Vec<f32>>,
}

impl Examples {
    /// Collects the faces of each part, followed by the boxes beside faces in the photographs of
    /// the part.
    fn collect(
        cascade: &Cascade,
        view: &View,
        strays: &[TrainingFace],
        parts: &[Vec<Traveller>],
        components: &[Components],
    ) -> Self {
        let stray_view = View { faces: strays, ..*view };
        let end = |face: usize| {
            let shape = cascade.fit_crop(&strays[face].crop, &FitOptions::default());
            Traveller::new(Sample { face, shape }, view.mean)
        };
        let strays_of = |part: &[Traveller]| -> Vec<Traveller> {
            let photographs: HashSet<usize> = part.iter().map(|t| view.faces[t.sample.face].photograph).collect();
            let own: Vec<usize> = (0..strays.len()).filter(|&i| photographs.contains(&strays[i].photograph)).collect();
            own.into_par_iter().map(end).collect()
        };
        let ended = |view: &View, t: &Traveller| Ended {
            features: view.compact_features(t, components).concat(),
            errors: errors_of(view.faces, t),
        };
        let rows = Rows::new(components.iter().map(|c| c.count).sum(), view.mean.len());
        let mut examples = Self { rows, bounds: vec![0], errors: Vec::new() };
        for part in parts {
            let mut both: Vec<Ended> = part.par_iter().map(|t| ended(view, t)).collect();
            both.par_extend(strays_of(part).par_iter().map(|t| ended(&stray_view, t)));
            both.into_iter().for_each(|one| examples.push(one));
            examples.bounds.push(examples.rows.count());
        }
        examples
    }

    fn push(&mut self, Ended { features, errors }: Ended) {
        let (smallest, largest) = ERRORS;
        let targets: Vec<f32> = errors.iter().map(|e| e.clamp(smallest, largest).ln()).collect();
        self.rows.push(&features, &targets, 1.0);
        self.errors.push(errors);
    }

    /// Fits the regressors of a landmark, and returns the scores of all rows, each from a regressor
    /// that did not see it. None if the regression has no solution.
    fn fit(&self, block: &Block, components: &[Components], penalty: f32) -> Option<(CrossFit, Vec<f32>)> {
        let own = block.select(&self.rows, components, 1);
        let fit = own.cross_fit(&self.bounds, penalty)?;
        let parts = fit.held_out.iter().zip(self.bounds.windows(2));
        let scores = parts.flat_map(|(held_out, ends)| (ends[0]..ends[1]).map(|row| held_out.apply(own.row(row))[0]));
        let scores = scores.collect();
        Some((fit, scores))
    }

    /// Rescales the regressors of the landmarks to log-odds, and returns slope and offset of the
    /// face's log-odds over their mean.
    fn calibrate(&self, fits: &mut [CrossFit], scores: &[Vec<f32>]) -> Result<[f32; 2], FitError> {
        let landmarks = fits.len() as f32;
        let mut odds = vec![0.0f32; self.errors.len()];
        for (landmark, (fit, scores)) in fits.iter_mut().zip(scores).enumerate() {
            let right: Vec<bool> = self.errors.iter().map(|e| e[landmark] <= RIGHT).collect();
            let [slope, offset] = logistic(scores, &right)?;
            fit.whole.scale(slope, offset);
            odds.iter_mut().zip(scores).for_each(|(sum, s)| *sum += (slope * s + offset) / landmarks);
        }
        let right: Vec<bool> = self.errors.iter().map(|e| e.iter().sum::<f32>() / e.len() as f32 <= RIGHT).collect();
        logistic(&odds, &right)
    }
}

fn errors_of(faces: &[TrainingFace], t: &Traveller) -> Vec<f32> {
    let truth = &faces[t.sample.face].truth;
    let unit = error_unit(truth);
    truth.points.iter().zip(&t.sample.shape.points).map(|(a, b)| a.distance(*b) / unit).collect()
}

/// Fits slope and offset of the log-odds of being correct over the score (Platt scaling). If all
/// are correct, or none, there is nothing to learn, and the odds follow the rule of succession.
fn logistic(scores: &[f32], right: &[bool]) -> Result<[f32; 2], FitError> {
    let count = right.iter().filter(|&&right| right).count();
    if count == 0 || count == right.len() {
        return Ok([0.0, ((count + 1) as f32 / (right.len() - count + 1) as f32).ln()]);
    }
    let params: PlattValidParams<f64, ()> = Platt::params().check().map_err(|_| FitError::Degenerate)?;
    let scores = Array1::from_iter(scores.iter().map(|&s| f64::from(s)));
    let (a, b) = platt_newton_method(scores.view(), Array1::from(right.to_vec()).view(), &params)
        .map_err(|_| FitError::Degenerate)?;
    // Platt's probability is 1 / (1 + exp(a·s + b)).
    Ok([-a as f32, -b as f32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_follow_the_shares_of_the_right() {
        // A quarter of the scores 0 is correct, and three quarters of the scores 1.
        let scores: Vec<f32> = (0..800).map(|i| (i % 2) as f32).collect();
        let right: Vec<bool> = (0..800).map(|i| if i % 2 == 0 { i / 2 % 4 == 0 } else { i / 2 % 4 != 0 }).collect();
        let [slope, offset] = logistic(&scores, &right).unwrap();
        assert!((offset + 3f32.ln()).abs() < 0.02 && (slope - 2.0 * 3f32.ln()).abs() < 0.04, "{slope} {offset}");
        assert_eq!(logistic(&[1.0, 2.0], &[true, true]).unwrap(), [0.0, 3f32.ln()]);
    }
}
