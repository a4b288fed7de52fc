//! Folds for cross-validation, and hold-out sets. All files of a photograph stay on the same side.

use std::ops::Range;

use rand::seq::SliceRandom;

use super::Dataset;
use crate::rng::seeded;

/// Training and validation part of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Data to fit to.
    pub training: Dataset,
    /// Data to measure on.
    pub validation: Dataset,
}

/// Returns `k` splits of a data set; every photograph is in exactly one validation part.
/// Photographs are shuffled with `seed` and divided into runs of equal length. Each part keeps the
/// order of the data set.
///
/// With fewer photographs than `k`, some validation parts are empty.
pub fn folds(dataset: &Dataset, k: usize, seed: u64) -> Vec<Split> {
    let order = shuffled(dataset, seed);
    let count = order.len();
    (0..k).map(|fold| cut(dataset, &order, fold * count / k..(fold + 1) * count / k)).collect()
}

/// Returns one split with about the given share (0 to 1) of the photographs in the validation part.
pub fn holdout(dataset: &Dataset, share: f32, seed: u64) -> Split {
    let order = shuffled(dataset, seed);
    let held = (share.clamp(0.0, 1.0) * order.len() as f32).round() as usize;
    cut(dataset, &order, 0..held)
}

/// Position of every photograph in a seeded permutation.
fn shuffled(dataset: &Dataset, seed: u64) -> Vec<usize> {
    let count = dataset.images.iter().map(|image| image.photograph + 1).max().unwrap_or(0);
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut seeded(seed));
    order
}

fn cut(dataset: &Dataset, order: &[usize], held: Range<usize>) -> Split {
    let images = dataset.images.iter().cloned();
    let (validation, training) = images.partition(|image| held.contains(&order[image.photograph]));
    Split { training: Dataset { images: training }, validation: Dataset { images: validation } }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::AnnotatedImage;
    use super::*;

    fn dataset() -> Dataset {
        let image = |i: usize| AnnotatedImage {
            path: format!("{i}.png").into(),
            subset: String::new(),
            photograph: i / 2,
            faces: Vec::new(),
        };
        Dataset { images: (0..41).map(image).collect() }
    }

    fn photographs(part: &Dataset) -> HashSet<usize> {
        part.images.iter().map(|image| image.photograph).collect()
    }

    #[test]
    fn every_photograph_is_held_out_once_and_stays_whole() {
        let splits = folds(&dataset(), 4, 7);
        let mut held = Vec::new();
        for split in &splits {
            assert!(photographs(&split.training).is_disjoint(&photographs(&split.validation)));
            assert_eq!(split.training.images.len() + split.validation.images.len(), 41);
            assert!((5..=6).contains(&photographs(&split.validation).len()));
            held.extend(photographs(&split.validation));
        }
        held.sort();
        assert_eq!(held, (0..21).collect::<Vec<_>>());
        assert_eq!(splits, folds(&dataset(), 4, 7));
        assert_ne!(splits, folds(&dataset(), 4, 8));
    }

    #[test]
    fn a_share_is_held_out() {
        let split = holdout(&dataset(), 0.2, 1);
        assert_eq!(photographs(&split.validation).len(), 4);
        assert!(holdout(&Dataset::default(), 0.2, 1).training.images.is_empty());
    }
}
