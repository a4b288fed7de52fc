//! A stage of regression trees: shape-indexed pixel differences in, a shape increment out.
//!
//! Kazemi & Sullivan, "One Millisecond Face Alignment with an Ensemble of Regression Trees", CVPR 2014. A stage looks at
//! the grey values of some hundred feature points that move with the shape (section 2.3). Every tree compares pairs of
//! them and ends in a leaf; the leaves of all trees add up to the increment (section 2.2).
//!
//! Two things are ours. Trees regress not the 2·L coordinates but the increment's first `components` principal
//! components, in the mean shape's frame, and store them as 8-bit integers: a leaf is 32 bytes where 68 points as
//! floats are 544. And the grey values come from the crop, not from the photograph.

use bincode::{Decode, Encode};
use multiversion::multiversion;

use super::{ShapeBasis, Similarity};
use crate::geometry::Point;
use crate::image::GrayImage;

/// A place whose grey value the trees look at: it keeps its offset to a landmark while the shape moves, turns and grows.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct FeaturePoint {
    /// The landmark that the point belongs to.
    pub anchor: u16,
    /// From that landmark to the point, in the mean shape's frame (crop pixels).
    pub offset: Point,
}

/// A test at an inner node: right where `grey[first] − grey[second] > threshold`, else left.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Split {
    /// Index of a feature point.
    pub first: u16,
    /// Index of a feature point.
    pub second: u16,
    /// In grey levels.
    pub threshold: i16,
}

/// One stage of the cascade: complete binary trees of the same depth over one set of feature points.
#[derive(Clone, Debug, Default, Encode, Decode)]
pub struct TreeStage {
    /// The feature points.
    pub points: Vec<FeaturePoint>,
    /// The depth of every tree: `2^depth − 1` splits and `2^depth` leaves.
    pub depth: u8,
    /// The splits of all trees; in a tree, node `i` has the children `2i + 1` (left) and `2i + 2` (right).
    pub splits: Vec<Split>,
    /// The leaves of all trees, one number a component each.
    pub leaves: Vec<i8>,
    /// The principal components that the leaves' numbers are coefficients of, each as long as one leaf unit.
    pub basis: ShapeBasis,
}

impl TreeStage {
    /// The number of trees.
    pub fn trees(&self) -> usize {
        self.splits.len() / self.splits_per_tree()
    }

    /// Splits in each tree.
    pub fn splits_per_tree(&self) -> usize {
        (1 << self.depth) - 1
    }

    /// Checks the invariants that [`TreeStage::step`] relies on, for shapes of `landmarks` points.
    pub(super) fn validate(&self, landmarks: usize) -> Result<(), String> {
        if !(1..=12).contains(&self.depth) {
            return Err(format!("trees of depth {}", self.depth));
        }
        let trees = self.trees();
        let sizes_fit = self.splits.len() == trees * self.splits_per_tree()
            && self.leaves.len() == (trees << self.depth) * usize::from(self.basis.components);
        if !sizes_fit {
            return Err("a tree stage whose parts do not fit together".into());
        }
        if self.points.iter().any(|p| usize::from(p.anchor) >= landmarks) {
            return Err("a feature point of a landmark that does not exist".into());
        }
        if self.splits.iter().any(|s| usize::from(s.first.max(s.second)) >= self.points.len()) {
            return Err("a split on a feature point that does not exist".into());
        }
        if self.points.iter().any(|p| !p.offset.x.is_finite() || !p.offset.y.is_finite()) {
            return Err("a feature point that is not finite".into());
        }
        self.basis.validate(landmarks)
    }

    /// The grey values at the feature points of a shape, nearest pixel, appended to `grey`.
    ///
    /// `frame` maps the mean shape's frame to the current shape's.
    pub fn look(&self, crop: &GrayImage, shape: &[Point], frame: &Similarity, grey: &mut Vec<u8>) {
        let (width, height) = (crop.width() as usize, crop.height() as usize);
        let (right, bottom) = ((width - 1) as f32, (height - 1) as f32);
        let pixels = crop.as_raw();
        grey.extend(self.points.iter().map(|point| {
            let p = shape[usize::from(point.anchor)] + frame.rotate(point.offset);
            let (x, y) = ((p.x + 0.5).clamp(0.0, right) as usize, (p.y + 0.5).clamp(0.0, bottom) as usize);
            pixels[y * width + x]
        }));
    }

    /// The sum of all trees' leaves for these grey values: the coefficients of the basis.
    pub fn vote(&self, grey: &[u8]) -> Vec<f32> {
        let mut sum = vec![0; usize::from(self.basis.components)];
        add_leaves(&self.splits, &self.leaves, self.depth.into(), grey, &mut sum);
        sum.into_iter().map(|sum| sum as f32).collect()
    }

    /// One step of the cascade: look, vote, move.
    pub fn step(&self, crop: &GrayImage, mean: &[Point], shape: &mut [Point]) {
        let frame = Similarity::between(mean, shape);
        let mut grey = Vec::with_capacity(self.points.len());
        self.look(crop, shape, &frame, &mut grey);
        self.basis.advance(shape, &frame, self.vote(&grey));
    }
}

/// Adds up the leaves that the grey values reach.
///
/// All trees are walked first and their leaves added afterwards: the model is larger than the nearer caches, and leaves
/// whose places are known are fetched many at a time.
#[multiversion(targets("x86_64+avx2"))]
fn add_leaves(splits: &[Split], leaves: &[i8], depth: usize, grey: &[u8], sum: &mut [i32]) {
    /// Components whose sums stay in registers.
    const LANES: usize = 32;
    let components = sum.len();
    let trees = splits.chunks_exact((1 << depth) - 1).enumerate();
    let reached: Vec<usize> = trees.map(|(i, tree)| ((i << depth) + leaf_of(tree, depth, grey)) * components).collect();
    for (block, sum) in sum.chunks_mut(LANES).enumerate() {
        let mut part = [0i32; LANES];
        for &leaf in &reached {
            let values = &leaves[leaf + block * LANES..];
            if let Some(values) = values.first_chunk::<LANES>().filter(|_| sum.len() == LANES) {
                for k in 0..LANES {
                    part[k] += i32::from(values[k]);
                }
            } else {
                for (part, &value) in part.iter_mut().zip(&values[..sum.len()]) {
                    *part += i32::from(value);
                }
            }
        }
        sum.copy_from_slice(&part[..sum.len()]);
    }
}

/// The leaf of a complete binary tree that these grey values reach.
#[inline(always)]
pub fn leaf_of(tree: &[Split], depth: usize, grey: &[u8]) -> usize {
    let mut node = 0;
    for _ in 0..depth {
        let split = &tree[node];
        let difference = i16::from(grey[usize::from(split.first)]) - i16::from(grey[usize::from(split.second)]);
        node = 2 * node + 1 + usize::from(difference > split.threshold);
    }
    node + 1 - (1 << depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_goes_right_above_the_threshold() {
        let split = |first, second, threshold| Split { first, second, threshold };
        let tree = [split(0, 1, 0), split(1, 2, 10), split(0, 2, -5)];
        assert_eq!(leaf_of(&tree, 2, &[5, 5, 0]), 0);
        assert_eq!(leaf_of(&tree, 2, &[5, 20, 0]), 1);
        assert_eq!(leaf_of(&tree, 2, &[9, 5, 20]), 2);
        assert_eq!(leaf_of(&tree, 2, &[9, 5, 9]), 3);
    }
}
