//! Boosted trees.

use super::wire::*;
use crate::detector;
use crate::detector::boosted_trees::{LEAVES, NODES};

layout! {
    struct BoostedTrees = detector::BoostedTrees {
        trees: Vec<Tree>,
        limits: Vec<f32>,
    }
}

layout! {
    struct Tree = detector::Tree {
        features: [u16; NODES],
        thresholds: [i16; NODES],
        leaves: [f32; LEAVES],
    }
}
