//! A stage of regression trees: shape-indexed pixel differences in, a shape increment out.
//!
//! Kazemi & Sullivan, "One Millisecond Face Alignment with an Ensemble of Regression Trees", CVPR 2014. A stage looks at
//! the grey values of some hundred feature points that move with the shape (section 2.3). Every tree compares pairs of
//! them and ends in a leaf; the leaves of all trees add up to the increment (section 2.2).
//!
//! Two things differ from the paper. Trees regress the increment's first `components` principal components in the mean
//! shape's frame instead of the 2·L coordinates, and store them as 8-bit integers: a leaf has 32 bytes, where 68 points as
//! floats have 544. And the grey values come from the coarse crop, not from the image.
//!
//! A stage spends its time waiting for memory: its trees are larger than the nearest caches. So a split has four bytes, and
//! there are at most [`POINTS`] feature points: the index of a point has one byte and is never out of range.

use super::crop::Crop;
use super::observer::CascadeObserver;
use super::{ShapeBasis, Similarity};
use crate::geometry::Point;
use crate::invalid::InvalidModel;

/// Maximum number of feature points of a stage.
pub const POINTS: usize = 256;

/// The grey values at a stage's feature points; 0 behind the last one.
pub type Grey = [u8; POINTS];

/// A place whose grey value the trees compare. It moves, turns and grows with the shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeaturePoint {
    /// The landmark that the point belongs to.
    pub anchor: u16,
    /// Vector from that landmark to the point, in the mean shape's frame (crop pixels).
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
    /// The leaves of all trees, each with one number per component.
    pub leaves: Vec<i8>,
    /// The principal components. The leaves' numbers are their coefficients, so a component is as long as one unit of a leaf.
    pub basis: ShapeBasis,
}

impl TreeStage {
    /// Returns the number of trees.
    pub fn trees(&self) -> usize {
        self.splits.len() / self.splits_per_tree()
    }

    /// Returns the number of splits per tree.
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

    /// Returns the grey values at the feature points of a shape (crop pixels): each of the nearest pixel of the coarse crop.
    /// `frame` maps the mean shape's frame to the shape's.
    pub fn look(&self, crop: &Crop, shape: &[Point], frame: &Similarity) -> Grey {
        let mut grey = [0; POINTS];
        look_at(&self.points, crop, shape, frame, &mut grey, &mut ());
        grey
    }

    /// Returns the sum of the leaves that these grey values reach, one per tree: the coefficients of the basis.
    pub fn vote(&self, grey: &Grey, observer: &mut impl CascadeObserver) -> Vec<f32> {
        let mut sum = vec![0; usize::from(self.basis.components)];
        add_leaves(&self.splits, &self.leaves, self.depth.into(), grey, &mut sum, observer);
        sum.into_iter().map(|sum| sum as f32).collect()
    }

    /// Moves a shape (crop pixels) one step: look, vote, move. `frame` maps the mean shape's frame to the shape's.
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

/// Adds the leaves that the grey values reach.
///
/// Walks some hundred trees before it adds their leaves: the processor then fetches many leaves at a time.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn add_leaves<T: CascadeObserver>(
    splits: &[Split],
    leaves: &[i8],
    depth: usize,
    grey: &Grey,
    sum: &mut [i32],
    observer: &mut T,
) {
    /// Trees that are walked before their leaves are added. Sums of that many 8-bit numbers fit into 16 bits.
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

/// Returns the leaf of a complete binary tree that these grey values reach.
///
/// # Panics
/// If the tree has fewer than `2^depth − 1` splits.
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
