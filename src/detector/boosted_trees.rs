//! Boosted regression trees over the features of a window.
//!
//! A linear score cannot express "an edge here, unless there is one there". A few hundred small trees can (Friedman,
//! "Greedy Function Approximation", Annals of Statistics 2001). They cost little, as few windows pass the filters.
//! The sum over the trees is a soft cascade: it rejects a window that falls below what nearly every training face has at
//! that point.

use super::observer::StripObserver;
use crate::invalid::InvalidModel;

/// Decisions from the root to a leaf.
pub const DEPTH: usize = 3;
/// Inner nodes of a tree.
pub const NODES: usize = (1 << DEPTH) - 1;
/// Leaves of a tree.
pub const LEAVES: usize = 1 << DEPTH;

/// A complete binary tree. Node `i` has the children `2i + 1` (left) and `2i + 2` (right).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// The feature that each node compares: its place in the window's features.
    pub features: [u16; NODES],
    /// A window goes right where the feature is greater than this, in units of 1/[`ONE`](crate::hog::ONE).
    pub thresholds: [i16; NODES],
    /// The number that each leaf adds to the score.
    pub leaves: [f32; LEAVES],
}

impl Tree {
    /// Returns the leaf that a window with these features reaches.
    ///
    /// # Panics
    /// If the window has too few features.
    #[inline]
    pub fn leaf(&self, features: &[i16]) -> usize {
        let mut node = 0;
        for _ in 0..DEPTH {
            let right = features[usize::from(self.features[node])] > self.thresholds[node];
            node = 2 * node + 1 + usize::from(right);
        }
        node - NODES
    }
}

/// A sum of trees, with a limit after each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoostedTrees {
    /// The trees, in the order in which they are added.
    pub trees: Vec<Tree>,
    /// Lowest sum after each tree at which a window is not rejected.
    pub limits: Vec<f32>,
}

impl BoostedTrees {
    /// Returns the score of a window, or `None` if a limit rejects it. Scores are log-odds of a face, at the balance of
    /// faces and non-faces in training.
    pub fn score(&self, features: &[i16], observer: &mut impl StripObserver) -> Option<f32> {
        let mut sum = 0.0;
        for (tree, &limit) in self.trees.iter().zip(&self.limits) {
            sum += tree.leaves[tree.leaf(features)];
            observer.tree(sum);
            if sum < limit {
                return None;
            }
        }
        Some(sum)
    }

    pub(super) fn validate(&self, features: usize) -> Result<(), InvalidModel> {
        let finite = self.trees.iter().flat_map(|tree| tree.leaves).chain(self.limits.iter().copied());
        if self.limits.len() != self.trees.len() {
            let problem = format!("have {} limits for {} trees", self.limits.len(), self.trees.len());
            Err(InvalidModel::new("the boosted trees", problem))
        } else if self.trees.iter().any(|tree| tree.features.iter().any(|&f| usize::from(f) >= features)) {
            Err(InvalidModel::new("a boosted tree", "compares a feature that the window does not have"))
        } else if finite.into_iter().any(f32::is_nan) {
            Err(InvalidModel::new("a boosted tree", "has a leaf or a limit that is not a number"))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        Tree {
            features: [0, 1, 2, 3, 3, 3, 3],
            thresholds: [5; NODES],
            leaves: [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
        }
    }

    #[test]
    fn features_choose_the_leaf() {
        assert_eq!(tree().leaf(&[5, 5, 9, 5]), 0);
        assert_eq!(tree().leaf(&[6, 9, 5, 6]), 5);
        assert_eq!(tree().leaf(&[6, 0, 6, 6]), 7);
    }

    #[test]
    fn low_sums_are_rejected() {
        let trees = BoostedTrees { trees: vec![tree(), tree()], limits: vec![2.0, 5.0] };
        assert_eq!(trees.score(&[6, 0, 6, 6], &mut ()), Some(14.0));
        assert_eq!(trees.score(&[0, 6, 0, 0], &mut ()), None);
        assert!(trees.validate(4).is_ok() && trees.validate(3).is_err());
    }
}
