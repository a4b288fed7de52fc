//! Folds for cross-validation and hold-out sets: all files of one photograph stay on the same side.

use std::ops::Range;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::Dataset;

/// Training and validation part of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What to fit on.
    pub training: Dataset,
    /// What to judge by.
    pub validation: Dataset,
}

/// `k` splits of a data set; every photograph is in exactly one validation part. The photographs are shuffled by
/// `seed` and dealt out in runs of equal length; the order of pictures within each part is the data set's.
///
/// With fewer photographs than `k`, some validation parts are empty.
pub fn folds(dataset: &Dataset, k: usize, seed: u64) -> Vec<Split> {
    let order = shuffled(dataset, seed);
    let count = order.len();
    (0..k).map(|fold| cut(dataset, &order, fold * count / k..(fold + 1) * count / k)).collect()
}

/// One split with about the given share (0 to 1) of the photographs in the validation part.
pub fn holdout(dataset: &Dataset, share: f32, seed: u64) -> Split {
    let order = shuffled(dataset, seed);
    let held = (share.clamp(0.0, 1.0) * order.len() as f32).round() as usize;
    cut(dataset, &order, 0..held)
}

/// The position of every photograph in a seeded permutation.
fn shuffled(dataset: &Dataset, seed: u64) -> Vec<usize> {
    let count = dataset.pictures.iter().map(|picture| picture.photograph + 1).max().unwrap_or(0);
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    order
}

fn cut(dataset: &Dataset, order: &[usize], held: Range<usize>) -> Split {
    let pictures = dataset.pictures.iter().cloned();
    let (validation, training) = pictures.partition(|picture| held.contains(&order[picture.photograph]));
    Split { training: Dataset { pictures: training }, validation: Dataset { pictures: validation } }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::Picture;
    use super::*;

    fn dataset() -> Dataset {
        let picture = |i: usize| Picture {
            path: format!("{i}.png").into(),
            subset: String::new(),
            photograph: i / 2,
            faces: Vec::new(),
        };
        Dataset { pictures: (0..41).map(picture).collect() }
    }

    fn photographs(part: &Dataset) -> HashSet<usize> {
        part.pictures.iter().map(|picture| picture.photograph).collect()
    }

    #[test]
    fn every_photograph_is_held_out_once_and_stays_whole() {
        let splits = folds(&dataset(), 4, 7);
        let mut held = Vec::new();
        for split in &splits {
            assert!(photographs(&split.training).is_disjoint(&photographs(&split.validation)));
            assert_eq!(split.training.pictures.len() + split.validation.pictures.len(), 41);
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
        assert!(holdout(&Dataset::default(), 0.2, 1).training.pictures.is_empty());
    }
}
