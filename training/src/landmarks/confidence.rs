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

use lineament::landmarks::FitOptions;
use lineament::landmarks::confidence::{Judge, RIGHT};
use linfa::ParamGuard;
use linfa::composing::platt_scaling::{Platt, PlattValidParams, platt_newton_method};
use ndarray::Array1;
use rayon::prelude::*;

use super::checkpoint::Checkpoints;
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
) -> Result<Judge, FitError> {
    checkpoints.step("confidence", || fit_judge(fitted, faces, strays, params))
}

fn fit_judge(
    fitted: &Fitted,
    faces: &[TrainingFace],
    strays: &[TrainingFace],
    params: &ValidLandmarkParams,
) -> Result<Judge, FitError> {
    let (mean, params, side) = (&fitted.cascade.mean, &params.confidence, f32::from(params.crop.face));
    let regression = RegressionParams::Local { neighbours: params.neighbours };
    let (radius, patches) = (params.radius * side, patches(regression, mean));
    let view = View { faces, mean, level: params.level, reach: Judge::reach_of(radius), radius, patches: &patches };
    let stray_view = View { faces: strays, ..view };

    let enter = |s: &Sample| Traveller::new(s.clone(), mean);
    let parts: Vec<Vec<Traveller>> = fitted
        .held_out
        .iter()
        .map(|part| first_samples(part, params.oversampling).iter().map(enter).collect())
        .collect();
    let end = |face: usize| {
        let shape = fitted.cascade.fit_crop(&strays[face].crop, &FitOptions::default());
        Traveller::new(Sample { face, shape }, mean)
    };
    let strays_of = |part: &[Traveller]| -> Vec<Traveller> {
        let photographs: HashSet<usize> = part.iter().map(|t| faces[t.sample.face].photograph).collect();
        let own: Vec<usize> = (0..strays.len()).filter(|&i| photographs.contains(&strays[i].photograph)).collect();
        own.into_par_iter().map(end).collect()
    };

    let seen: Vec<Vec<&Traveller>> = parts.iter().map(|part| part.iter().collect()).collect();
    let components = view.patch_components(&seen, params.patch_components);
    let landmarks = mean.len();
    let mut rows = Rows::new(components.iter().map(|c| c.count).sum(), landmarks);
    let (mut bounds, mut errors) = (vec![0], Vec::new());
    let (smallest, largest) = ERRORS;
    let ended = |view: &View, t: &Traveller| Ended {
        features: view.compact_features(t, &components).concat(),
        errors: errors_of(view.faces, t),
    };
    for part in &parts {
        let mut both: Vec<Ended> = part.par_iter().map(|t| ended(&view, t)).collect();
        both.par_extend(strays_of(part).par_iter().map(|t| ended(&stray_view, t)));
        for Ended { features, errors: own } in both {
            let targets: Vec<f32> = own.iter().map(|e| e.clamp(smallest, largest).ln()).collect();
            rows.push(&features, &targets, 1.0);
            errors.push(own);
        }
        bounds.push(rows.count());
    }
    let blocks = blocks(regression, &view);
    // For each landmark its regressors, and the scores of all rows, each by a regressor that never saw it.
    let fit = |block: &Block| -> Option<(CrossFit, Vec<f32>)> {
        let own = block.select(&rows, &components, 1);
        let fit = own.cross_fit(&bounds, params.penalty)?;
        let parts = fit.held_out.iter().zip(bounds.windows(2));
        let scores = parts.flat_map(|(held_out, ends)| (ends[0]..ends[1]).map(|row| held_out.apply(own.row(row))[0]));
        let scores = scores.collect();
        Some((fit, scores))
    };
    let fits: Option<Vec<(CrossFit, Vec<f32>)>> = blocks.par_iter().map(fit).collect();
    let (mut fits, scores): (Vec<CrossFit>, Vec<Vec<f32>>) = fits.ok_or(FitError::Degenerate)?.into_iter().unzip();
    let mut odds = vec![0.0f32; errors.len()];
    for (landmark, (fit, scores)) in fits.iter_mut().zip(&scores).enumerate() {
        let right: Vec<bool> = errors.iter().map(|e| e[landmark] <= RIGHT).collect();
        let [slope, offset] = logistic(scores, &right)?;
        fit.whole.scale(slope, offset);
        odds.iter_mut().zip(scores).for_each(|(sum, s)| *sum += (slope * s + offset) / landmarks as f32);
    }
    let right: Vec<bool> = errors.iter().map(|e| e.iter().sum::<f32>() / e.len() as f32 <= RIGHT).collect();
    let face = logistic(&odds, &right)?;
    Ok(Judge { level: view.level, radius: view.radius, regression: local(&fits, &blocks, &components), face })
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
