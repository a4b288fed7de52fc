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
    /// The leaves of all trees, one number a component each, in units of `scale`.
    pub leaves: Vec<i8>,
    /// Crop pixels a leaf unit.
    pub scale: f32,
    /// The principal components that the leaves' numbers are coefficients of.
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
        let finite =
            self.points.iter().all(|p| p.offset.x.is_finite() && p.offset.y.is_finite()) && self.scale.is_finite();
        if !finite {
            return Err("a tree stage with a number that is not finite".into());
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

    /// The sum of all trees' leaves for these grey values, added to `sum` (`components` numbers).
    pub fn vote(&self, grey: &[u8], sum: &mut [i32]) {
        match self.depth {
            4 => self.vote_at_depth::<4>(grey, sum),
            5 => self.vote_at_depth::<5>(grey, sum),
            _ => self.vote_at_depth::<0>(grey, sum),
        }
    }

    /// With the depth known to the compiler (0: only at run time) the walk down a tree is unrolled.
    fn vote_at_depth<const DEPTH: usize>(&self, grey: &[u8], sum: &mut [i32]) {
        let depth = if DEPTH == 0 { usize::from(self.depth) } else { DEPTH };
        let (inner, components) = ((1 << depth) - 1, usize::from(self.basis.components));
        let leaves = self.leaves.chunks_exact(components << depth);
        for (tree, leaves) in self.splits.chunks_exact(inner).zip(leaves) {
            let leaf = leaf_of(tree, depth, grey);
            for (sum, &value) in sum.iter_mut().zip(&leaves[leaf * components..][..components]) {
                *sum += i32::from(value);
            }
        }
    }

    /// What a sum of leaves means: the coefficients of the basis, in crop pixels.
    pub fn coefficients(&self, sum: &[i32]) -> impl Iterator<Item = f32> {
        sum.iter().map(|&sum| sum as f32 * self.scale)
    }

    /// One step of the cascade: look, vote, move.
    pub fn step(&self, crop: &GrayImage, mean: &[Point], shape: &mut [Point]) {
        let frame = Similarity::between(mean, shape);
        let mut grey = Vec::with_capacity(self.points.len());
        self.look(crop, shape, &frame, &mut grey);
        let mut sum = vec![0; self.basis.components.into()];
        self.vote(&grey, &mut sum);
        self.basis.advance(shape, &frame, self.coefficients(&sum));
    }
}

/// The leaf of a complete binary tree that these grey values reach.
#[inline]
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
