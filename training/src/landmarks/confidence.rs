//! Fitting the judge of the confidence.
//!
//! ```text
//!   faces where cascades that had not seen them end ──┐
//!                                                     ├──► patches ──► ridge regression of each landmark's log error
//!   boxes beside faces, where the cascade ends ───────┘                      └──► logistic regression: right or not?
//! ```
//!
//! The logarithm of the error says more than right or wrong, and so a regression of it ranks better. Every score that a
//! logistic regression learns from is that of a regressor that never saw the face.

use std::collections::HashSet;

use lineament::raw::confidence::{ConfidenceModel, RIGHT};
use lineament::raw::{Cascade, FitOptions};
use linfa::ParamGuard;
use linfa::composing::platt_scaling::{Platt, PlattValidParams, platt_newton_method};
use ndarray::Array1;
use rayon::prelude::*;

use super::checkpoint::Checkpoints;
use super::components::Components;
use super::error::FitError;
use super::faces::{TrainingFace, error_unit};
use super::fit::{Fitted, first_samples};
use super::hyperparams::{RegressionParams, ValidLandmarkParams};
use super::linear::{Block, Traveller, View, blocks, local, patches};
use super::ridge::{CrossFit, Rows};
use super::samples::Sample;

/// Errors, as shares of the unit, beyond which smaller and larger ones are all the same.
const ERRORS: (f32, f32) = (0.005, 0.5);

/// A fit's features and how wrong its landmarks are.
struct Ended {
    features: Vec<f32>,
    /// The distance of each landmark to the truth, as a share of the unit.
    errors: Vec<f32>,
}

/// Fits the judge of a cascade's confidence to where its training faces ended when it had not seen them, and to where
/// `strays`, boxes beside faces in the same photographs, end.
///
/// # Errors
/// If the numbers are degenerate or the checkpoint cannot be written.
pub fn fit_confidence(
    fitted: &Fitted,
    faces: &[TrainingFace],
    strays: &[TrainingFace],
    params: &ValidLandmarkParams,
    checkpoints: &Checkpoints,
) -> Result<ConfidenceModel, FitError> {
    checkpoints.step("confidence", || fit_judge(fitted, faces, strays, params))
}

fn fit_judge(
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

/// What the judge learns from: faces and boxes beside faces, where cascades that had not seen them end.
struct Examples {
    /// One row each: the features, and for each landmark the logarithm of its error.
    rows: Rows,
    /// The rows of a part are those from its bound to the next.
    bounds: Vec<usize>,
    /// The errors of each row's landmarks.
    errors: Vec<Vec<f32>>,
}

impl Examples {
    /// The faces of each part, and after them the boxes beside faces in the part's photographs.
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

    /// A landmark's regressors, and the scores of all rows, each by a regressor that never saw it. None where the numbers are
    /// degenerate.
    fn fit(&self, block: &Block, components: &[Components], penalty: f32) -> Option<(CrossFit, Vec<f32>)> {
        let own = block.select(&self.rows, components, 1);
        let fit = own.cross_fit(&self.bounds, penalty)?;
        let parts = fit.held_out.iter().zip(self.bounds.windows(2));
        let scores = parts.flat_map(|(held_out, ends)| (ends[0]..ends[1]).map(|row| held_out.apply(own.row(row))[0]));
        let scores = scores.collect();
        Some((fit, scores))
    }

    /// Makes the landmarks' regressions log-odds; slope and offset of the face's log-odds over their mean.
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

/// Slope and offset of the log-odds of being right over the score. Where all are right, or none, there is nothing to learn:
/// the odds are those of the rule of succession.
fn logistic(scores: &[f32], right: &[bool]) -> Result<[f32; 2], FitError> {
    let count = right.iter().filter(|&&right| right).count();
    if count == 0 || count == right.len() {
        return Ok([0.0, ((count + 1) as f32 / (right.len() - count + 1) as f32).ln()]);
    }
    let params: PlattValidParams<f64, ()> = Platt::params().check().map_err(|_| FitError::Degenerate)?;
    let scores = Array1::from_iter(scores.iter().map(|&s| f64::from(s)));
    let (a, b) = platt_newton_method(scores.view(), Array1::from(right.to_vec()).view(), &params)
        .map_err(|_| FitError::Degenerate)?;
    // The method's probability is 1 / (1 + exp(a·s + b)).
    Ok([-a as f32, -b as f32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_follow_the_shares_of_the_right() {
        // Of the scores 0, a quarter is right, of the scores 1, three quarters.
        let scores: Vec<f32> = (0..800).map(|i| (i % 2) as f32).collect();
        let right: Vec<bool> = (0..800).map(|i| if i % 2 == 0 { i / 2 % 4 == 0 } else { i / 2 % 4 != 0 }).collect();
        let [slope, offset] = logistic(&scores, &right).unwrap();
        assert!((offset + 3f32.ln()).abs() < 0.02 && (slope - 2.0 * 3f32.ln()).abs() < 0.04, "{slope} {offset}");
        assert_eq!(logistic(&[1.0, 2.0], &[true, true]).unwrap(), [0.0, 3f32.ln()]);
    }
}
