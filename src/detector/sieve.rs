//! The first judge: a few boosted trees that every window is shown to, and that give most windows up at once.
//!
//! Each pose's filter needs thousands of products for a window; a tree needs three comparisons. After each tree a window
//! goes on only if its sum so far is as high as that of nearly every training face ("soft cascade", Bourdev & Brandt,
//! CVPR 2005; trees on gradient channels as Dollár et al., "Fast Feature Pyramids for Object Detection", PAMI 2014).
//!
//! A window's features lie in the map row by row, a map's width apart:
//!
//! ```text
//!   map ·········┌──────┐·········     feature f of the window at (column, row)
//!       ·········│ row 0│·········       = map[(row + f / span) · width + column · STRIDE + f mod span]
//!       ·········│ row 1│·········     where span = cells · STRIDE: the place within the window
//!       ·········└──────┘·········     depends on the map's width alone
//! ```

use super::Window;
use super::forest::{DEPTH, Forest, LEAVES, NODES};
use crate::hog::{FeatureMap, STRIDE};
use crate::trace::StripTrace;

/// A forest laid over the maps of one width.
pub(super) struct Sieve {
    trees: Vec<Laid>,
}

/// A tree whose features are places in the map, counted from the window's first number, and the limit after it.
struct Laid {
    places: [u32; NODES],
    thresholds: [i16; NODES],
    leaves: [f32; LEAVES],
    limit: f32,
}

impl Sieve {
    /// Lays a forest over maps with this many columns of cells.
    pub(super) fn new(forest: &Forest, window: &Window, columns: usize) -> Self {
        let span = usize::from(window.cells) * STRIDE;
        let place = |feature: u16| {
            let feature = usize::from(feature);
            (feature / span * columns * STRIDE + feature % span) as u32
        };
        let laid = |(tree, &limit): (&super::Tree, &f32)| Laid {
            places: tree.features.map(place),
            thresholds: tree.thresholds,
            leaves: tree.leaves,
            limit,
        };
        Self { trees: forest.trees.iter().zip(&forest.limits).map(laid).collect() }
    }

    /// Whether the window whose top-left cell is `(column, row)` goes on.
    #[inline]
    pub(super) fn passes(&self, map: &FeatureMap, column: usize, row: usize, trace: &mut impl StripTrace) -> bool {
        let features = map.onwards(column, row);
        let mut sum = 0.0;
        self.trees.iter().enumerate().all(|(number, tree)| {
            let mut node = 0;
            for _ in 0..DEPTH {
                node = 2 * node + 1 + usize::from(features[tree.places[node] as usize] > tree.thresholds[node]);
            }
            sum += tree.leaves[node - NODES];
            let passes = sum >= tree.limit;
            if !passes {
                trace.sieved([column, row], number + 1);
            }
            passes
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Tree;
    use super::*;
    use crate::image::GrayImage;

    #[test]
    fn a_window_passes_that_the_forest_does_not_give_up() {
        let window = Window { cell: 4, cells: 3, face: 10.0 };
        let map = FeatureMap::new(&GrayImage::from_fn(40, 32, |x, y| image::Luma([(x * x + 3 * y * x) as u8])), 4);
        let tree = |seed: usize| Tree {
            features: std::array::from_fn(|i| ((i * 83 + seed * 31) % window.len()) as u16),
            thresholds: std::array::from_fn(|i| (i * 97 + seed * 53) as i16 % 900),
            leaves: std::array::from_fn(|i| (i as f32 - 3.5) * 0.1),
        };
        let forest = Forest { trees: (0..12).map(tree).collect(), limits: (0..12).map(|i| -0.05 * i as f32).collect() };
        let sieve = Sieve::new(&forest, &window, map.columns());
        let (mut passed, mut features) = (0, Vec::new());
        for (column, row) in (0..8).flat_map(|column| (0..6).map(move |row| (column, row))) {
            window.copy(&map, column, row, &mut features);
            assert_eq!(sieve.passes(&map, column, row, &mut ()), forest.score(&features).is_some());
            passed += usize::from(sieve.passes(&map, column, row, &mut ()));
        }
        assert!((1..48).contains(&passed), "{passed}");
    }
}
