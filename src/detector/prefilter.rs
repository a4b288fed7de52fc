//! The first stage: a few boosted trees that test every window and reject most.
//!
//! Each pose's filter needs thousands of products per window; a tree needs three comparisons. Each tree rejects windows
//! whose sum so far is lower than that of nearly every training face ("soft cascade", Bourdev & Brandt, CVPR 2005; trees
//! on gradient channels like Dollár et al., "Fast Feature Pyramids for Object Detection", PAMI 2014).
//!
//! A tree reads single features of a window; the same feature of neighbouring windows lies side by side in the map's
//! planes. So [`LANES`] windows of a row go through the trees together, with all comparisons of each tree and without
//! branches:
//!
//! ```text
//!   plane of (row r, feature k) ····│v v v v v v v v│····   > threshold?   masks of a node for 16 windows
//!                                                           masks of 7 nodes choose among 8 leaves
//!                                                           sums += leaves, in 16-bit integers
//! ```
//!
//! The leaves are rounded to integers, and the limits are lowered by the largest rounding error: all windows pass that the
//! trees accept in full precision.

use super::Window;
use super::boosted_trees::{BoostedTrees, LEAVES, NODES};
use super::observer::StripObserver;
use crate::hog::{FEATURES, FeatureMap, LANES, STRIDE};

/// One number for each of the windows that are tested together.
type Lane = [i16; LANES];

/// Boosted trees laid out for maps of one width.
pub(super) struct Prefilter {
    trees: Vec<Laid>,
    /// Windows in a row.
    columns: usize,
    /// The columns of the windows that passed in the last row.
    passing: Vec<usize>,
}

/// A tree whose features are places in the map's planes, counted from the window's column in the first plane of its first
/// row, and the limit after the tree.
struct Laid {
    places: [usize; NODES],
    thresholds: [i16; NODES],
    leaves: [i16; LEAVES],
    limit: i16,
}

impl Prefilter {
    /// Lays trees out for maps of this one's width.
    pub(super) fn new(trees: &BoostedTrees, window: &Window, map: &FeatureMap) -> Self {
        let plane = map.plane_width();
        let span = usize::from(window.cells) * STRIDE;
        let place = |feature: u16| {
            let (row, in_row) = (usize::from(feature) / span, usize::from(feature) % span);
            (row * FEATURES + (in_row % STRIDE).min(FEATURES - 1)) * plane + in_row / STRIDE
        };
        // The number behind a cell's features is 0 and has no plane. Features are not negative.
        let threshold = |feature: u16, threshold: i16| match usize::from(feature) % STRIDE {
            FEATURES if threshold < 0 => i16::MIN,
            FEATURES => i16::MAX,
            _ => threshold,
        };
        let furthest: f32 =
            trees.trees.iter().map(|tree| tree.leaves.iter().fold(0.0f32, |m, leaf| m.max(leaf.abs()))).sum();
        // Each leaf is off by at most half a unit.
        let count = trees.trees.len() as f32;
        let unit = (f32::from(i16::MAX) - count) / furthest.max(1e-6);
        let laid = |(tree, &limit): (&super::Tree, &f32)| Laid {
            places: tree.features.map(place),
            thresholds: std::array::from_fn(|node| threshold(tree.features[node], tree.thresholds[node])),
            leaves: tree.leaves.map(|leaf| (leaf * unit).round() as i16),
            limit: (limit * unit - 0.5 * count).floor() as i16,
        };
        let columns = (map.columns() + 1).saturating_sub(window.cells.into());
        let trees = trees.trees.iter().zip(&trees.limits).map(laid).collect();
        Self { trees, columns, passing: Vec::with_capacity(columns) }
    }

    /// Returns the columns of the windows of a row that pass.
    pub(super) fn passing<T: StripObserver>(&mut self, map: &FeatureMap, row: usize, observer: &mut T) -> &[usize] {
        self.passing.clear();
        let planes = map.planes(row);
        for start in (0..self.columns).step_by(LANES) {
            let (alive, walked) = test(&self.trees, planes, start);
            for (lane, column) in (start..self.columns.min(start + LANES)).enumerate() {
                if alive[lane] != 0 {
                    self.passing.push(column);
                } else {
                    observer.prefilter_rejected([column, row], walked[lane] as usize + 1);
                }
            }
        }
        &self.passing
    }
}

/// Returns which of the [`LANES`] windows from a column on pass (−1, or 0 if not), and how many trees each passed.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn test(trees: &[Laid], planes: &[i16], start: usize) -> (Lane, Lane) {
    let (mut sums, mut alive, mut walked) = ([0i16; LANES], [-1i16; LANES], [0i16; LANES]);
    for tree in trees {
        // Plain loops over masks: closures are not always compiled for the wider vectors.
        let mut right = [[0i16; LANES]; NODES];
        for node in 0..NODES {
            let values = &planes[tree.places[node] + start..][..LANES];
            let threshold = tree.thresholds[node];
            for x in 0..LANES {
                right[node][x] = -i16::from(values[x] > threshold);
            }
        }
        let leaves = &tree.leaves;
        let mut left = 0;
        for x in 0..LANES {
            let first = choose(right[3][x], leaves[1], leaves[0]);
            let second = choose(right[4][x], leaves[3], leaves[2]);
            let third = choose(right[5][x], leaves[5], leaves[4]);
            let fourth = choose(right[6][x], leaves[7], leaves[6]);
            let upper = choose(right[1][x], second, first);
            let lower = choose(right[2][x], fourth, third);
            sums[x] += choose(right[0][x], lower, upper);
            alive[x] &= -i16::from(sums[x] >= tree.limit);
            walked[x] -= alive[x];
            left |= alive[x];
        }
        if left == 0 {
            break;
        }
    }
    (alive, walked)
}

/// Returns `a` if the mask is −1, `b` if it is 0.
#[inline(always)]
fn choose(mask: i16, a: i16, b: i16) -> i16 {
    (mask & a) | (!mask & b)
}

#[cfg(test)]
mod tests {
    use super::super::Tree;
    use super::*;
    use crate::image::GreyImage;

    #[test]
    fn windows_pass_that_the_trees_accept() {
        let window = Window { cell: 4, cells: 3, face: 10.0 };
        let map = FeatureMap::new(&GreyImage::from_fn(200, 61, |x, y| (x * x + 3 * y * x) as u8), 4);
        let tree = |seed: usize| Tree {
            features: std::array::from_fn(|i| ((i * 83 + seed * 31) % window.len()) as u16),
            thresholds: std::array::from_fn(|i| (i * 97 + seed * 53) as i16 % 900),
            leaves: std::array::from_fn(|i| (i as f32 - 3.5) * 0.1),
        };
        let trees = BoostedTrees {
            trees: (0..12).map(tree).collect(),
            limits: (0..12).map(|i| -0.05 * i as f32 - 0.02).collect(),
        };
        let columns = map.columns() + 1 - 3;
        let mut prefilter = Prefilter::new(&trees, &window, &map);
        let (mut kept, mut features) = (0, Vec::new());
        for row in 0..map.rows() + 1 - 3 {
            let passing = prefilter.passing(&map, row, &mut ());
            for column in 0..columns {
                window.copy(&map, column, row, &mut features);
                assert_eq!(passing.contains(&column), trees.score(&features, &mut ()).is_some(), "{column}, {row}");
            }
            kept += passing.len();
        }
        let windows = columns * (map.rows() + 1 - 3);
        assert!((windows / 20..windows / 2).contains(&kept), "{kept} of {windows}");
    }
}
