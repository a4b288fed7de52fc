//! The second judge: boosted regression trees over the features of the windows that the filters leave.
//!
//! A linear score cannot say "an edge here, unless there is one there". A few hundred small trees can (Friedman 2001),
//! and as few windows come this far they cost next to nothing. The sum over the trees is followed by a soft cascade: a
//! window is given up when it falls below what nearly every training face has at that point.

use bincode::{Decode, Encode};

use crate::trace::StripTrace;

/// Decisions from the root to a leaf.
pub const DEPTH: usize = 3;
/// Inner nodes of a tree.
pub const NODES: usize = (1 << DEPTH) - 1;
/// Leaves of a tree.
pub const LEAVES: usize = 1 << DEPTH;

/// A complete binary tree. Node `i` has the children `2i + 1` and `2i + 2`.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Tree {
    /// The feature that each node compares.
    pub features: [u16; NODES],
    /// To the right if the feature is greater than this.
    pub thresholds: [i16; NODES],
    /// What each leaf adds to the score.
    pub leaves: [f32; LEAVES],
}

impl Tree {
    /// The leaf that the features of a window fall into.
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

/// The sum of many trees.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Forest {
    /// The trees in order.
    pub trees: Vec<Tree>,
    /// The score that a window must have after each tree to go on.
    pub limits: Vec<f32>,
}

impl Forest {
    /// The score of a window (the logarithm of the odds that it is a face, on the balance of the training), or none if
    /// it was given up on the way.
    pub fn score(&self, features: &[i16]) -> Option<f32> {
        self.score_traced(features, &mut ())
    }

    pub(super) fn score_traced(&self, features: &[i16], trace: &mut impl StripTrace) -> Option<f32> {
        let mut sum = 0.0;
        for (tree, &limit) in self.trees.iter().zip(&self.limits) {
            sum += tree.leaves[tree.leaf(features)];
            trace.tree(sum);
            if sum < limit {
                return None;
            }
        }
        Some(sum)
    }

    pub(super) fn validate(&self, features: usize) -> Result<(), String> {
        let finite = self.trees.iter().flat_map(|tree| tree.leaves).chain(self.limits.iter().copied());
        if self.limits.len() != self.trees.len() {
            Err(format!("{} limits for {} trees", self.limits.len(), self.trees.len()))
        } else if self.trees.iter().any(|tree| tree.features.iter().any(|&f| usize::from(f) >= features)) {
            Err("a tree asks for a feature that does not exist".into())
        } else if finite.into_iter().any(f32::is_nan) {
            Err("a number of a tree is not finite".into())
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
    fn low_sums_are_given_up() {
        let forest = Forest { trees: vec![tree(), tree()], limits: vec![2.0, 5.0] };
        assert_eq!(forest.score(&[6, 0, 6, 6]), Some(14.0));
        assert_eq!(forest.score(&[0, 6, 0, 0]), None);
        assert!(forest.validate(4).is_ok() && forest.validate(3).is_err());
    }
}
