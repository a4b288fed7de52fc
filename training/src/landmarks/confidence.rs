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

use lineament::landmarks::confidence::{Judge, RIGHT};
use linfa::ParamGuard;
use linfa::composing::platt_scaling::{Platt, PlattValidParams, platt_newton_method};
use ndarray::Array1;
use rayon::prelude::*;

use super::error::FitError;
use super::faces::{TrainingFace, error_unit};
use super::hyperparams::{ConfidenceParams, RegressionParams};
use super::linear::{Block, Traveller, View, blocks, local};
use super::ridge::{CrossFit, Rows};

/// Errors, as shares of the unit, beyond which smaller and larger ones are all the same.
const ERRORS: (f32, f32) = (0.005, 0.5);

/// The faces of a part, and the boxes beside them: how their fits ended.
pub struct Part<'a> {
    /// Faces from where they start, first samples first.
    pub faces: Vec<Traveller>,
    /// What the travellers of `strays` look at.
    pub stray_faces: &'a [TrainingFace],
    /// Boxes beside faces.
    pub strays: Vec<Traveller>,
}

/// A fit's features and how wrong its landmarks are.
struct Ended {
    features: Vec<f32>,
    /// The distance of each landmark to the truth, as a share of the unit.
    errors: Vec<f32>,
}

/// Fits a judge to the fits of all parts.
///
/// # Errors
/// If the numbers are degenerate.
pub fn fit_judge(view: &View, parts: &[Part], params: &ConfidenceParams) -> Result<Judge, FitError> {
    let travellers: Vec<Vec<Traveller>> = parts.iter().map(|part| part.faces.clone()).collect();
    let components = view.patch_components(&travellers, params.patch_components);
    let landmarks = view.mean.len();
    let mut rows = Rows::new(components.iter().map(|c| c.count).sum(), landmarks);
    let (mut bounds, mut errors) = (vec![0], Vec::new());
    let (smallest, largest) = ERRORS;
    for part in parts {
        let strays = View { faces: part.stray_faces, ..*view };
        let end = |view: &View, t: &Traveller| Ended {
            features: view.compact_features(t, &components).concat(),
            errors: errors_of(view.faces, t),
        };
        let mut ended: Vec<Ended> = part.faces.par_iter().map(|t| end(view, t)).collect();
        ended.extend(part.strays.par_iter().map(|t| end(&strays, t)).collect::<Vec<_>>());
        for Ended { features, errors: own } in ended {
            let targets: Vec<f32> = own.iter().map(|e| e.clamp(smallest, largest).ln()).collect();
            rows.push(&features, &targets, 1.0);
            errors.push(own);
        }
        bounds.push(rows.count());
    }
    let blocks = blocks(RegressionParams::Local { neighbours: params.neighbours }, view);
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
    Ok(Judge { octave: view.octave, radius: view.radius, regression: local(&fits, &blocks, &components), face })
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
