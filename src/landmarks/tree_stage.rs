//! A stage of regression trees: shape-indexed pixel differences in, a shape increment out.
//!
//! Kazemi & Sullivan, "One Millisecond Face Alignment with an Ensemble of Regression Trees", CVPR 2014. A stage looks at
//! the grey values of some hundred feature points that move with the shape (section 2.3). Every tree compares pairs of
//! them and ends in a leaf; the leaves of all trees add up to the increment (section 2.2).
//!
//! Two things are ours. Trees regress not the 2·L coordinates but the increment's first `components` principal
//! components, in the mean shape's frame, and store them as 8-bit integers: a leaf is 32 bytes where 68 points as
//! floats are 544. And the grey values come from the coarse crop, not from the photograph.
//!
//! A stage's time is that of fetching: its trees are larger than the nearest caches. Hence splits of four bytes, and at
//! most [`POINTS`] feature points, so that an index needs one and can never point beyond them.

use super::crop::Crop;
use super::observer::CascadeObserver;
use super::{ShapeBasis, Similarity};
use crate::geometry::Point;
use crate::model::InvalidModel;

/// Feature points of a stage, at most.
pub const POINTS: usize = 256;

/// The grey values at a stage's feature points; those of points that it does not have are never asked for.
pub type Grey = [u8; POINTS];

/// A place whose grey value the trees look at: it keeps its offset to a landmark while the shape moves, turns and grows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeaturePoint {
    /// The landmark that the point belongs to.
    pub anchor: u16,
    /// From that landmark to the point, in the mean shape's frame (crop pixels).
    pub offset: Point,
}

/// A test at an inner node: right where `grey[first] − grey[second] > threshold`, else left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Index of a feature point.
    pub first: u8,
    /// Index of a feature point.
    pub second: u8,
    /// In grey levels.
    pub threshold: i16,
}

/// One stage of the cascade: complete binary trees of the same depth over one set of feature points.
#[derive(Clone, Debug, Default)]
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
    pub(super) fn validate(&self, landmarks: usize) -> Result<(), InvalidModel> {
        if !(1..=12).contains(&self.depth) {
            return Err(InvalidModel::new("a tree stage", format!("has trees of depth {}, not 1 to 12", self.depth)));
        }
        let trees = self.trees();
        let sizes_fit = self.splits.len() == trees * self.splits_per_tree()
            && self.leaves.len() == (trees << self.depth) * usize::from(self.basis.components);
        if !sizes_fit {
            return Err(InvalidModel::new("a tree stage", "has parts that do not fit together"));
        }
        if self.points.iter().any(|p| usize::from(p.anchor) >= landmarks) {
            return Err(InvalidModel::new("a feature point", "belongs to a landmark that does not exist"));
        }
        if self.points.len() > POINTS {
            let problem = format!("has {} feature points, more than {POINTS}", self.points.len());
            return Err(InvalidModel::new("a tree stage", problem));
        }
        if self.points.iter().any(|p| !p.offset.x.is_finite() || !p.offset.y.is_finite()) {
            return Err(InvalidModel::new("a feature point", "is not finite"));
        }
        self.basis.validate(landmarks)
    }

    /// The grey values at the feature points of a shape, nearest pixel of the coarse crop.
    ///
    /// `frame` maps the mean shape's frame to the current shape's.
    pub fn look(&self, crop: &Crop, shape: &[Point], frame: &Similarity) -> Grey {
        let mut grey = [0; POINTS];
        look_at(&self.points, crop, shape, frame, &mut grey, &mut ());
        grey
    }

    /// The sum of all trees' leaves for these grey values: the coefficients of the basis.
    pub fn vote(&self, grey: &Grey, observer: &mut impl CascadeObserver) -> Vec<f32> {
        let mut sum = vec![0; usize::from(self.basis.components)];
        add_leaves(&self.splits, &self.leaves, self.depth.into(), grey, &mut sum, observer);
        sum.into_iter().map(|sum| sum as f32).collect()
    }

    /// One step of the cascade on a shape (crop pixels): look, vote, move. `frame` maps the mean shape's frame to the
    /// shape's.
    pub fn step(&self, crop: &Crop, shape: &mut [Point], frame: &Similarity, observer: &mut impl CascadeObserver) {
        let mut grey = [0; POINTS];
        look_at(&self.points, crop, shape, frame, &mut grey, observer);
        self.basis.advance(shape, frame, self.vote(&grey, observer));
        observer.moved(shape);
    }
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn look_at<T: CascadeObserver>(
    points: &[FeaturePoint],
    crop: &Crop,
    shape: &[Point],
    frame: &Similarity,
    grey: &mut Grey,
    observer: &mut T,
) {
    /// Beyond 2²³ a float's last bits count whole numbers: adding that rounds to the nearest.
    const ROUND: f32 = 8_388_608.0;
    let (crop, level) = (crop.coarse(), crop.level(1));
    let (width, pixels) = (crop.width() as usize, crop.as_raw());
    let (right, bottom) = ((width - 1) as f32, (crop.height() - 1) as f32);
    let whole = |v: f32, last: f32| ((v.max(0.0).min(last) + ROUND).to_bits() & 0xffff) as usize;
    for (number, (grey, point)) in grey.iter_mut().zip(points).enumerate() {
        let p = level.to_level(shape[usize::from(point.anchor)] + frame.rotate(point.offset));
        let (column, row) = (whole(p.x, right), whole(p.y, bottom));
        *grey = pixels[row * width + column];
        observer.pixel(number, [column, row], *grey);
    }
}

/// Adds up the leaves that the grey values reach.
///
/// Some hundred trees are walked before their leaves are added: leaves whose places are known are fetched many at a time.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn add_leaves<T: CascadeObserver>(
    splits: &[Split],
    leaves: &[i8],
    depth: usize,
    grey: &Grey,
    sum: &mut [i32],
    observer: &mut T,
) {
    /// Trees that are walked before their leaves are added: the sums stay within 16 bits.
    const TREES: usize = 256;
    /// Components whose sums stay in registers.
    const LANES: usize = 32;
    let (inner, components) = ((1 << depth) - 1, sum.len());
    let blocks = splits.chunks(TREES * inner).zip(leaves.chunks((TREES << depth) * components));
    for (block, (splits, leaves)) in blocks.enumerate() {
        let mut reached = [0; TREES];
        let trees = splits.len() / inner;
        for (i, (reached, tree)) in reached.iter_mut().zip(splits.chunks_exact(inner)).enumerate() {
            let leaf = leaf_of(tree, depth, grey);
            observer.tree(block * TREES + i, leaf);
            *reached = ((i << depth) + leaf) * components;
        }
        for (block, sum) in sum.chunks_mut(LANES).enumerate() {
            let mut part = [0i16; LANES];
            for &leaf in &reached[..trees] {
                let values = &leaves[leaf + block * LANES..];
                if let Some(values) = values.first_chunk::<LANES>().filter(|_| sum.len() == LANES) {
                    for k in 0..LANES {
                        part[k] += i16::from(values[k]);
                    }
                } else {
                    for (part, &value) in part.iter_mut().zip(&values[..sum.len()]) {
                        *part += i16::from(value);
                    }
                }
            }
            for (sum, part) in sum.iter_mut().zip(part) {
                *sum += i32::from(part);
            }
        }
    }
}

/// The leaf of a complete binary tree that these grey values reach.
#[inline(always)]
pub fn leaf_of(tree: &[Split], depth: usize, grey: &Grey) -> usize {
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
        let reached = |values: [u8; 3]| {
            let mut grey = [0; POINTS];
            grey[..3].copy_from_slice(&values);
            leaf_of(&tree, 2, &grey)
        };
        assert_eq!([reached([5, 5, 0]), reached([5, 20, 0]), reached([9, 5, 20]), reached([9, 5, 9])], [0, 1, 2, 3]);
    }

    #[test]
    fn the_leaves_of_many_trees_add_up() {
        let (trees, components) = (600, 35);
        let splits = (0..trees).map(|i| Split { first: 0, second: 1, threshold: (i % 9) as i16 - 4 }).collect();
        let leaves = (0..2 * trees * components).map(|i| (i * 31 % 255) as u8 as i8).collect();
        let basis = ShapeBasis { rows: vec![], components: components as u16 };
        let stage = TreeStage { points: vec![], depth: 1, splits, leaves, basis };
        let sums = stage.vote(&[0; POINTS], &mut ());
        for (k, sum) in sums.iter().enumerate() {
            let leaf = |i: usize| 2 * i + usize::from(0 > stage.splits[i].threshold);
            let expected: i32 = (0..trees).map(|i| i32::from(stage.leaves[leaf(i) * components + k])).sum();
            assert_eq!(*sum, expected as f32);
        }
    }
}
