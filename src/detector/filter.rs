//! A linear classifier over the window's features, which gives most windows up after a few rows.
//!
//! The score is the scalar product of weights and features. Its rows of cells are added up from the most telling to the
//! least; as soon as the sum so far is lower than that of nearly every training face, the window is given up
//! (the "soft cascade" of Bourdev & Brandt, CVPR 2005, with rows of cells as its stages).

use super::observer::StripObserver;
use super::prefilter::Prefilter;
use super::{BoostedTrees, Window};
use crate::hog::{FeatureMap, ONE, STRIDE};
use crate::model::InvalidModel;

/// The linear classifier of a pose component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// A weight for every number of the window's features.
    pub weights: Vec<i16>,
    /// The rows of cells in the order in which they are added up.
    pub order: Vec<u8>,
    /// After each row of that order, the sum that a window must reach to go on.
    pub limits: Vec<i32>,
    /// What a sum of 1 is worth.
    pub scale: f32,
    /// Added to the scaled sum. Positive scores are on the faces' side of the classifier.
    pub bias: f32,
}

/// A window that a filter did not give up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Column of the window's top-left cell.
    pub column: usize,
    /// Row of the window's top-left cell.
    pub row: usize,
    /// The component whose filter gave the highest score.
    pub component: usize,
    /// That score.
    pub score: f32,
}

impl Filter {
    /// A filter with these real weights, rounded to integers as fine as a sum of 32 bits allows, that gives no window
    /// up.
    pub fn new(weights: &[f32], bias: f32, window: &Window) -> Self {
        let (largest, total) = weights.iter().fold((0.0f32, 0.0f32), |(m, s), w| (m.max(w.abs()), s + w.abs()));
        // Features are below ONE; the half leaves room for rounding.
        let finest = (30_000.0 / largest.max(1e-12)).min(0.5 * i32::MAX as f32 / (ONE * total.max(1e-12)));
        Self {
            weights: weights.iter().map(|w| (w * finest).round() as i16).collect(),
            order: (0..window.cells).collect(),
            limits: vec![i32::MIN; window.cells.into()],
            scale: 1.0 / (finest * ONE),
            bias,
        }
    }

    /// The score for the features of a window.
    pub fn score(&self, features: &[i16]) -> f32 {
        self.value(dot(&self.weights, features))
    }

    /// The share of each row of cells in the sum, for the features of a window.
    pub fn row_sums<'a>(&'a self, features: &'a [i16]) -> impl Iterator<Item = i32> + 'a {
        let row = self.weights.len() / self.order.len().max(1);
        self.weights.chunks_exact(row.max(1)).zip(features.chunks_exact(row.max(1))).map(|(w, f)| dot(w, f))
    }

    /// The score that a sum stands for.
    pub fn value(&self, sum: i32) -> f32 {
        sum as f32 * self.scale + self.bias
    }

    pub(super) fn validate(&self, window: &Window) -> Result<(), InvalidModel> {
        let rows = usize::from(window.cells);
        let mut order = self.order.clone();
        order.sort_unstable();
        let total: i64 = self.weights.iter().map(|&w| i64::from(w).abs()).sum();
        if self.weights.len() != window.len() {
            Err(InvalidModel::new(
                "a filter",
                format!("has {} weights, not the {} of its window", self.weights.len(), window.len()),
            ))
        } else if total * ONE as i64 > i64::from(i32::MAX) {
            Err(InvalidModel::new("a filter", "has weights whose sum may exceed 32 bits"))
        } else if self.limits.len() != rows || !order.into_iter().eq(0..window.cells) {
            Err(InvalidModel::new("a filter", "does not name each row of cells once, with a limit"))
        } else if !self.scale.is_finite() || !self.bias.is_finite() {
            Err(InvalidModel::new("a filter", "has a scale or a bias that is not finite"))
        } else {
            Ok(())
        }
    }
}

/// The windows of a map that the prefilter and at least one filter do not reject, in rows. An empty prefilter rejects none;
/// without filters, all windows that pass the prefilter are hits.
pub fn scan(
    map: &FeatureMap,
    window: &Window,
    prefilter: &BoostedTrees,
    filters: &[&Filter],
    hits: &mut Vec<Hit>,
    observer: &mut impl StripObserver,
) {
    let cells = usize::from(window.cells);
    let (Some(columns), Some(rows)) = ((map.columns() + 1).checked_sub(cells), (map.rows() + 1).checked_sub(cells))
    else {
        return;
    };
    let prefilter = Prefilter::new(prefilter, window, map.plane_width());
    let mut passing = Vec::with_capacity(columns);
    for row in 0..rows {
        passing.clear();
        prefilter.passing(map, columns, row, &mut passing, observer);
        scan_row(map, cells, &passing, row, filters, hits, observer);
    }
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn scan_row<T: StripObserver>(
    map: &FeatureMap,
    cells: usize,
    columns: &[usize],
    row: usize,
    filters: &[&Filter],
    hits: &mut Vec<Hit>,
    observer: &mut T,
) {
    let span = cells * STRIDE;
    for &column in columns {
        let mut best = (0, if filters.is_empty() { 0.0 } else { f32::NEG_INFINITY });
        // Plain loops: closures in iterators are not always compiled for the wider vectors.
        'filters: for (component, filter) in filters.iter().enumerate() {
            let mut sum = 0;
            for stage in 0..filter.order.len() {
                let r = usize::from(filter.order[stage]);
                sum += dot(&filter.weights[r * span..(r + 1) * span], map.span(column, row + r, cells));
                if sum < filter.limits[stage] {
                    observer.filter_rejected([column, row], component, stage + 1);
                    continue 'filters;
                }
            }
            observer.filter_scored([column, row], component, filter.value(sum));
            if filter.value(sum) > best.1 {
                best = (component, filter.value(sum));
            }
        }
        if best.1 > f32::NEG_INFINITY {
            hits.push(Hit { column, row, component: best.0, score: best.1 });
        }
    }
}

#[inline(always)]
fn dot(a: &[i16], b: &[i16]) -> i32 {
    let len = a.len().min(b.len());
    let (a, b) = (&a[..len], &b[..len]);
    let mut sum = 0;
    for i in 0..len {
        sum += i32::from(a[i]) * i32::from(b[i]);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::GreyImage;

    const WINDOW: Window = Window { cell: 4, cells: 3, face: 10.0 };

    fn waves() -> FeatureMap {
        FeatureMap::new(&GreyImage::from_fn(40, 32, |x, y| (x * x + 3 * y * x) as u8), 4)
    }

    fn weights() -> Vec<f32> {
        (0..WINDOW.len()).map(|i| ((i * 37) % 101) as f32 / 50.0 - 1.0).collect()
    }

    #[test]
    fn a_scan_gives_every_window_its_scalar_product() {
        let (map, weights) = (waves(), weights());
        let filter = Filter::new(&weights, -0.5, &WINDOW);
        filter.validate(&WINDOW).unwrap();
        let (mut hits, mut features) = (Vec::new(), Vec::new());
        scan(&map, &WINDOW, &BoostedTrees::default(), &[&filter], &mut hits, &mut ());
        assert_eq!(hits.len(), 8 * 6);
        for hit in hits {
            WINDOW.copy(&map, hit.column, hit.row, &mut features);
            let plain: f32 = weights.iter().zip(&features).map(|(w, &f)| w * f32::from(f) / ONE).sum();
            assert!((hit.score - (plain - 0.5)).abs() < 2e-3, "{} not {plain}", hit.score);
            assert_eq!(hit.score, filter.score(&features));
        }
    }

    #[test]
    fn limits_give_up_exactly_the_windows_below_them() {
        let map = waves();
        let free = Filter::new(&weights(), 0.0, &WINDOW);
        let mut strict = free.clone();
        strict.order = vec![1, 2, 0];
        strict.limits = vec![-200_000, -100_000, 50_000];
        let (mut all, mut some, mut features) = (Vec::new(), Vec::new(), Vec::new());
        scan(&map, &WINDOW, &BoostedTrees::default(), &[&free], &mut all, &mut ());
        scan(&map, &WINDOW, &BoostedTrees::default(), &[&strict], &mut some, &mut ());
        assert!(!some.is_empty() && some.len() < all.len());
        all.retain(|hit| {
            WINDOW.copy(&map, hit.column, hit.row, &mut features);
            let sums: Vec<i32> = free.row_sums(&features).collect();
            let partial = [sums[1], sums[1] + sums[2], sums.iter().sum()];
            partial.iter().zip(&strict.limits).all(|(sum, limit)| sum >= limit)
        });
        assert_eq!(some, all);
    }

    #[test]
    fn maps_smaller_than_the_window_have_none() {
        let map = FeatureMap::new(&GreyImage::new(11, 40), 4);
        let mut hits = Vec::new();
        scan(&map, &WINDOW, &BoostedTrees::default(), &[], &mut hits, &mut ());
        assert!(hits.is_empty());
    }
}
