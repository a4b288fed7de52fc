//! Confidence intervals of results, and tests of the difference between two systems.
//!
//! Faces of one photograph are not independent, so photographs are drawn and exchanged as a whole.
//! Each repetition has its own random stream, so the numbers do not depend on the number of
//! threads.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::metrics::Summary;

/// Repetitions of the bootstrap.
const DRAWS: u64 = 2000;
/// Repetitions of the permutation test.
const FLIPS: u64 = 10_000;

/// A 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end: the 2.5 % quantile.
    pub low: f64,
    /// Upper end: the 97.5 % quantile.
    pub high: f64,
}

/// Intervals of a [`Summary`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Intervals {
    /// Interval of the mean.
    pub mean: Interval,
    /// Interval of the median.
    pub median: Interval,
    /// Interval of the area under the curve.
    pub auc8: Interval,
    /// Interval of the share of failures.
    pub failures8: Interval,
}

/// Comparison of two systems on the faces that both found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Paired {
    /// Number of these faces.
    pub faces: usize,
    /// Mean difference of the errors, first system minus second, in percent.
    pub difference: f64,
    /// Bootstrap interval of the difference.
    pub interval: Interval,
    /// Two-sided p-value: probability of a difference at least as large if the two systems were
    /// exchangeable (permutation test).
    pub p: f64,
}

/// Computes percentile bootstrap intervals of a summary (Efron & Tibshirani 1993, chapter 13):
/// photographs are drawn with replacement, and their faces are summarised. `errors` has an entry
/// per face, none for missed faces.
pub fn bootstrap(errors: &[Option<f64>], photographs: &[usize], seed: u64) -> Intervals {
    let clusters = clusters(photographs);
    let draw = |repetition: u64| {
        let (mut found, mut total) = (Vec::with_capacity(errors.len()), 0);
        for faces in drawn(&clusters, seed, repetition) {
            total += faces.len();
            found.extend(faces.iter().filter_map(|&face| errors[face]));
        }
        Summary::new(found, total)
    };
    let summaries: Vec<Summary> = (0..DRAWS).into_par_iter().map(draw).collect();
    let interval = |number: fn(&Summary) -> f64| quantiles(summaries.iter().map(number).collect());
    Intervals {
        mean: interval(|s| s.mean),
        median: interval(|s| s.median),
        auc8: interval(|s| s.auc8),
        failures8: interval(|s| s.failures8),
    }
}

/// Compares the errors of two systems face by face; none if no face was found by both.
///
/// The test exchanges the errors of the two systems on each photograph with probability 1/2
/// (Fisher's randomisation test for pairs), and counts how often the mean difference is as large as
/// the observed one.
pub fn paired(a: &[Option<f64>], b: &[Option<f64>], photographs: &[usize], seed: u64) -> Option<Paired> {
    let both = a.iter().zip(b).zip(photographs);
    let both = both.filter_map(|((a, b), &photograph)| Some(((*a)? - (*b)?, photograph)));
    let (differences, photographs): (Vec<f64>, Vec<usize>) = both.unzip();
    if differences.is_empty() {
        return None;
    }
    let clusters = clusters(&photographs);
    let sums: Vec<f64> = clusters.iter().map(|faces| faces.iter().map(|&face| differences[face]).sum()).collect();
    let total: f64 = sums.iter().sum();
    // A permutation that changes nothing must not look smaller because of rounding.
    let bar = total.abs() * (1.0 - 1e-12);
    let flip = |repetition: u64| {
        let mut rng = stream(seed, repetition);
        sums.iter().map(|&sum| if rng.random::<bool>() { sum } else { -sum }).sum::<f64>().abs() >= bar
    };
    let reached = (0..FLIPS).into_par_iter().filter(|&repetition| flip(repetition)).count();
    Some(Paired {
        faces: differences.len(),
        difference: total / differences.len() as f64,
        interval: bootstrap_mean(&differences, &photographs, seed),
        p: (1 + reached) as f64 / (1 + FLIPS) as f64,
    })
}

/// Computes the percentile bootstrap interval of a mean over faces, drawn as in [`bootstrap`].
pub fn bootstrap_mean(numbers: &[f64], photographs: &[usize], seed: u64) -> Interval {
    let clusters = clusters(photographs);
    let draw = |repetition: u64| {
        let drawn = drawn(&clusters, seed, repetition);
        let (sum, count) = drawn.flatten().fold((0.0, 0), |(sum, n), &face| (sum + numbers[face], n + 1));
        sum / f64::from(count)
    };
    quantiles((0..DRAWS).into_par_iter().map(draw).collect())
}

/// Corrects the p-values of several tests (Holm 1979): the smallest is multiplied by the number of
/// tests, the next by one less, and so on; none becomes smaller than the one before it.
pub fn holm(probabilities: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    let (mut adjusted, mut largest) = (vec![0.0; order.len()], 0.0f64);
    for (rank, &test) in order.iter().enumerate() {
        largest = largest.max((order.len() - rank) as f64 * probabilities[test]).min(1.0);
        adjusted[test] = largest;
    }
    adjusted
}

/// The faces of each photograph.
fn clusters(photographs: &[usize]) -> Vec<Vec<usize>> {
    let mut clusters = vec![Vec::new(); photographs.iter().map(|photograph| photograph + 1).max().unwrap_or(0)];
    for (face, &photograph) in photographs.iter().enumerate() {
        clusters[photograph].push(face);
    }
    clusters.retain(|faces| !faces.is_empty());
    clusters
}

/// Draws as many photographs as there are, with repetition.
fn drawn(clusters: &[Vec<usize>], seed: u64, repetition: u64) -> impl Iterator<Item = &Vec<usize>> {
    let mut rng = stream(seed, repetition);
    (0..clusters.len()).map(move |_| &clusters[rng.random_range(0..clusters.len())])
}

fn stream(seed: u64, repetition: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(repetition);
    rng
}

/// The middle 95 % of numbers; those that are not defined (the mean of a draw without a found face)
/// are left out.
fn quantiles(mut numbers: Vec<f64>) -> Interval {
    numbers.retain(|number| !number.is_nan());
    numbers.sort_by(f64::total_cmp);
    let at = |share: f64| match numbers.len() {
        0 => f64::NAN,
        n => numbers[(share * (n - 1) as f64).round() as usize],
    };
    Interval { low: at(0.025), high: at(0.975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 400 errors around 4 with a standard deviation of 1 (sum of 12 uniform numbers), one face a
    /// photograph.
    fn errors(seed: u64) -> Vec<Option<f64>> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..400).map(|_| Some(4.0 - 6.0 + (0..12).map(|_| rng.random::<f64>()).sum::<f64>())).collect()
    }

    #[test]
    fn the_interval_of_the_mean_is_that_of_the_central_limit_theorem() {
        let (errors, photographs) = (errors(1), (0..400).collect::<Vec<_>>());
        let mean = errors.iter().flatten().sum::<f64>() / 400.0;
        let found = bootstrap(&errors, &photographs, 5).mean;
        // ± 1.96·σ/√n = ± 0.098.
        assert!((found.low - (mean - 0.098)).abs() < 0.015 && (found.high - (mean + 0.098)).abs() < 0.015, "{found:?}");
    }

    #[test]
    fn faces_of_one_photograph_are_drawn_together() {
        let (errors, photographs) = (errors(1), (0..400).map(|i| i / 100).collect::<Vec<_>>());
        let grouped: Vec<_> = (0..400).map(|i| errors[i / 100]).collect();
        let alone = bootstrap(&grouped, &(0..400).collect::<Vec<_>>(), 5).mean;
        let together = bootstrap(&grouped, &photographs, 5).mean;
        assert!(together.high - together.low > 3.0 * (alone.high - alone.low));
    }

    #[test]
    fn a_shift_is_significant_and_noise_is_not() {
        let photographs: Vec<usize> = (0..400).collect();
        let (a, b) = (errors(1), errors(2));
        let noise = paired(&a, &b, &photographs, 3).unwrap();
        assert!(noise.p > 0.05 && noise.interval.low < 0.0 && noise.interval.high > 0.0, "{noise:?}");
        let better: Vec<_> = b.iter().map(|e| e.map(|e| e - 0.4)).collect();
        let shift = paired(&better, &a, &photographs, 3).unwrap();
        assert!(shift.p < 0.001 && shift.interval.high < 0.0, "{shift:?}");
        assert_eq!(paired(&a, &a, &photographs, 3).unwrap().p, 1.0);
    }

    #[test]
    fn several_tests_are_held_to_more() {
        let found = holm(&[0.04, 0.01, 0.03, 0.9]);
        let wanted = [0.09, 0.04, 0.09, 0.9];
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        assert_eq!(holm(&[0.7, 0.6]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn only_faces_that_both_found_are_compared() {
        let a = [Some(1.0), None, Some(3.0)];
        let b = [Some(2.0), Some(9.0), None];
        let found = paired(&a, &b, &[0, 1, 2], 1).unwrap();
        assert_eq!((found.faces, found.difference), (1, -1.0));
        assert_eq!(paired(&[None], &[Some(1.0)], &[0], 1), None);
    }
}
