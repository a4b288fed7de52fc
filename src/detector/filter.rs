//! A linear classifier over the window's features, which rejects most windows after a few rows of cells.
//!
//! The score is the scalar product of weights and features. The filter adds the window's rows of cells from the most
//! informative to the least, and rejects the window as soon as the sum so far is lower than that of nearly every training
//! face (the "soft cascade" of Bourdev & Brandt, CVPR 2005, with rows of cells as its stages).

use super::Window;
use super::observer::StripObserver;
use crate::hog::{FeatureMap, ONE, STRIDE};
use crate::invalid::InvalidModel;

/// The linear classifier of a pose component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// A weight for each of the window's features.
    pub weights: Vec<i16>,
    /// The rows of cells, in the order in which they are added.
    pub order: Vec<u8>,
    /// After each row of that order, the lowest sum at which a window is not rejected.
    pub limits: Vec<i32>,
    /// The score of a sum of 1, without the bias.
    pub scale: f32,
    /// Added to the scaled sum. Positive scores are on the faces' side.
    pub bias: f32,
}

/// A window that a filter accepts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Column of the window's top-left cell.
    pub column: usize,
    /// Row of the window's top-left cell.
    pub row: usize,
    /// The component whose filter has the highest score.
    pub component: usize,
    /// Score of that filter.
    pub score: f32,
}

impl Filter {
    /// Rounds real weights to integers, as finely as a sum of 32 bits allows. The filter rejects no window.
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

    /// Returns the score of a window with these features.
    pub fn score(&self, features: &[i16]) -> f32 {
        self.value(dot(&self.weights, features))
    }

    /// Returns the sum of each row of cells of a window with these features, from top to bottom.
    pub fn row_sums<'a>(&'a self, features: &'a [i16]) -> impl Iterator<Item = i32> + 'a {
        let row = self.weights.len() / self.order.len().max(1);
        self.weights.chunks_exact(row.max(1)).zip(features.chunks_exact(row.max(1))).map(|(w, f)| dot(w, f))
    }

    /// Returns the score of a sum.
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

/// The filters of all components, and the windows that at least one of them accepts.
pub(super) struct Filters<'a> {
    filters: Vec<&'a Filter>,
    /// Cells along a side of the window.
    cells: usize,
    /// The windows found so far.
    pub hits: Vec<Hit>,
}

impl<'a> Filters<'a> {
    pub fn new(filters: impl Iterator<Item = &'a Filter>, window: &Window) -> Self {
        Self { filters: filters.collect(), cells: window.cells.into(), hits: Vec::new() }
    }

    /// Scores the windows in these columns of a row, and appends a hit for each that a filter accepts; for all of them if
    /// there is no filter.
    pub fn score<T: StripObserver>(&mut self, map: &FeatureMap, row: usize, columns: &[usize], observer: &mut T) {
        score(self, map, row, columns, observer);
    }
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn score<T: StripObserver>(filters: &mut Filters, map: &FeatureMap, row: usize, columns: &[usize], observer: &mut T) {
    let Filters { filters, cells, hits } = filters;
    let span = *cells * STRIDE;
    for &column in columns {
        let mut best = (0, if filters.is_empty() { 0.0 } else { f32::NEG_INFINITY });
        // Plain loops: closures in iterators are not always compiled for the wider vectors.
        'filters: for (component, filter) in filters.iter().enumerate() {
            let mut sum = 0;
            for stage in 0..filter.order.len() {
                let r = usize::from(filter.order[stage]);
                sum += dot(&filter.weights[r * span..(r + 1) * span], map.span(column, row + r, *cells));
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

    /// The hits of a filter that scores all windows.
    fn scan(map: &FeatureMap, filter: &Filter) -> Vec<Hit> {
        let columns: Vec<usize> = (0..map.columns() - 2).collect();
        let mut filters = Filters::new([filter].into_iter(), &WINDOW);
        (0..map.rows() - 2).for_each(|row| filters.score(map, row, &columns, &mut ()));
        filters.hits
    }

    fn weights() -> Vec<f32> {
        (0..WINDOW.len()).map(|i| ((i * 37) % 101) as f32 / 50.0 - 1.0).collect()
    }

    #[test]
    fn a_scan_gives_every_window_its_scalar_product() {
        let (map, weights) = (waves(), weights());
        let filter = Filter::new(&weights, -0.5, &WINDOW);
        filter.validate(&WINDOW).unwrap();
        let (hits, mut features) = (scan(&map, &filter), Vec::new());
        assert_eq!(hits.len(), 8 * 6);
        for hit in hits {
            WINDOW.copy(&map, hit.column, hit.row, &mut features);
            let plain: f32 = weights.iter().zip(&features).map(|(w, &f)| w * f32::from(f) / ONE).sum();
            assert!((hit.score - (plain - 0.5)).abs() < 2e-3, "{} not {plain}", hit.score);
            assert_eq!(hit.score, filter.score(&features));
        }
    }

    #[test]
    fn limits_reject_exactly_the_windows_below_them() {
        let map = waves();
        let free = Filter::new(&weights(), 0.0, &WINDOW);
        let mut strict = free.clone();
        strict.order = vec![1, 2, 0];
        strict.limits = vec![-200_000, -100_000, 50_000];
        let (mut all, some, mut features) = (scan(&map, &free), scan(&map, &strict), Vec::new());
        assert!(!some.is_empty() && some.len() < all.len());
        all.retain(|hit| {
            WINDOW.copy(&map, hit.column, hit.row, &mut features);
            let sums: Vec<i32> = free.row_sums(&features).collect();
            let partial = [sums[1], sums[1] + sums[2], sums.iter().sum()];
            partial.iter().zip(&strict.limits).all(|(sum, limit)| sum >= limit)
        });
        assert_eq!(some, all);
    }
}
