//! Quality of a confidence: whether it ranks the errors, and whether its probabilities are
//! calibrated.

use lineament::raw::confidence::RIGHT;
use serde::Serialize;

use super::metrics::Normaliser;
use super::system::System;
use crate::table::{Table, number};

/// Shares of the faces or landmarks with the highest confidence.
const KEPT: [f64; 3] = [1.0, 0.95, 0.9];

/// Agreement of confidences with errors.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trust {
    /// Number of faces or landmarks with a confidence.
    pub count: usize,
    /// Spearman's rank correlation of confidence and error: −1 for a perfect ranking.
    pub rank_correlation: f64,
    /// Area under the receiver operating characteristic: probability that a correct one has a
    /// higher confidence than a wrong one; NaN if all are correct, or none.
    pub roc_area: f64,
    /// Mean confidence: predicted share of correct ones.
    pub expected_right: f64,
    /// Results without the least confident ones.
    pub kept: Vec<Kept>,
}

/// Results of the most confident ones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Kept {
    /// Share that is kept.
    pub share: f64,
    /// Mean error, in percent of the inter-ocular distance.
    pub mean_error: f64,
    /// Share of correct ones: error of at most 8 %.
    pub right: f64,
}

/// Quality of the confidence of a system.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SystemTrust {
    /// Of the faces.
    pub faces: Trust,
    /// Of the landmarks.
    pub landmarks: Trust,
}

impl SystemTrust {
    /// Compares the confidences of a system with its errors; none if it has no confidence.
    pub fn new(system: &System) -> Option<Self> {
        let (mut faces, mut landmarks) = (Vec::new(), Vec::new());
        for (confidence, error) in system.confidences.iter().zip(&system.errors) {
            if let (Some(confidence), Some(error)) = (confidence, error) {
                faces.push((f64::from(confidence.face), error.nme(Normaliser::InterOcular)));
                let errors = error.distances.iter().map(|d| 100.0 * d / error.inter_ocular);
                landmarks.extend(confidence.landmarks.iter().map(|&p| f64::from(p)).zip(errors));
            }
        }
        (!faces.is_empty()).then(|| Self { faces: Trust::new(&faces), landmarks: Trust::new(&landmarks) })
    }

    /// One column for faces and one for landmarks.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&["confidence", "faces", "landmarks"]);
        let mut row = |name: &str, cell: &dyn Fn(&Trust) -> String| {
            table.rows.push(vec![name.into(), cell(&self.faces), cell(&self.landmarks)]);
        };
        row("number", &|trust| trust.count.to_string());
        row("rank correlation with the error", &|trust| number(trust.rank_correlation, 3));
        row("ROC area", &|trust| number(trust.roc_area, 3));
        row("predicted to be correct, %", &|trust| number(100.0 * trust.expected_right, 1));
        for (i, share) in KEPT.iter().enumerate() {
            let of = of_the_surest(*share);
            row(&format!("correct{of}, %"), &|trust| number(100.0 * trust.kept[i].right, 1));
        }
        for (i, share) in KEPT.iter().enumerate() {
            let of = of_the_surest(*share);
            row(&format!("mean error{of}, %"), &|trust| number(trust.kept[i].mean_error, 2));
        }
        table
    }
}

fn of_the_surest(share: f64) -> String {
    if share < 1.0 { format!(" among the surest {:.0} %", 100.0 * share) } else { String::new() }
}

impl Trust {
    /// Computes the quality from pairs of a confidence and an error in percent.
    fn new(pairs: &[(f64, f64)]) -> Self {
        let mut sorted = pairs.to_vec();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let right = |&(_, error): &(f64, f64)| error <= 100.0 * f64::from(RIGHT);
        let kept = KEPT.map(|share| {
            let best = &sorted[..((share * sorted.len() as f64).round() as usize).clamp(1, sorted.len())];
            let count = best.len() as f64;
            Kept {
                share,
                mean_error: best.iter().map(|pair| pair.1).sum::<f64>() / count,
                right: best.iter().filter(|pair| right(pair)).count() as f64 / count,
            }
        });
        let by_confidence = ranks(pairs.iter().map(|pair| pair.0));
        let by_error = ranks(pairs.iter().map(|pair| pair.1));
        // Mann & Whitney: the rank sum of the correct ones, minus their ranks among themselves.
        let rights: Vec<f64> =
            pairs.iter().zip(&by_confidence).filter(|(p, _)| right(p)).map(|(_, &rank)| rank).collect();
        let (r, w) = (rights.len() as f64, (pairs.len() - rights.len()) as f64);
        Self {
            count: pairs.len(),
            rank_correlation: correlation(&by_confidence, &by_error),
            roc_area: (rights.iter().sum::<f64>() - r * (r + 1.0) / 2.0) / (r * w),
            expected_right: pairs.iter().map(|pair| pair.0).sum::<f64>() / pairs.len() as f64,
            kept: kept.to_vec(),
        }
    }
}

/// Rank of each number, from 1; equal numbers share the mean of their ranks.
fn ranks(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = numbers.enumerate().map(|(i, v)| (v, i)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0.0; order.len()];
    let mut before = 0;
    for equal in order.chunk_by(|a, b| a.0 == b.0) {
        let rank = before as f64 + (equal.len() + 1) as f64 / 2.0;
        equal.iter().for_each(|&(_, i)| ranks[i] = rank);
        before += equal.len();
    }
    ranks
}

/// Pearson's correlation; NaN if one side is constant.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let count = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / count, b.iter().sum::<f64>() / count);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        ab += (a - ma) * (b - mb);
        aa += (a - ma) * (a - ma);
        bb += (b - mb) * (b - mb);
    }
    ab / (aa * bb).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_ranking_is_minus_one_and_leaves_the_failures_out() {
        let pairs: Vec<(f64, f64)> = (0..20).map(|i| (1.0 - 0.01 * f64::from(i), 0.45 * f64::from(i))).collect();
        let trust = Trust::new(&pairs);
        assert!((trust.rank_correlation + 1.0).abs() < 1e-12);
        assert_eq!((trust.roc_area, trust.count), (1.0, 20));
        let right: Vec<f64> = trust.kept.iter().map(|kept| kept.right).collect();
        assert_eq!(right, [18.0 / 20.0, 18.0 / 19.0, 1.0]);
        assert!((trust.expected_right - 0.905).abs() < 1e-9);
    }

    #[test]
    fn equal_confidences_tell_nothing() {
        let trust = Trust::new(&[(0.5, 1.0), (0.5, 20.0), (0.5, 3.0), (0.5, 9.0)]);
        assert_eq!(trust.roc_area, 0.5);
        assert!(trust.rank_correlation.is_nan());
    }
}
