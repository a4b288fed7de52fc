//! Features row by row, each of their histograms computed once.

use std::ops::Range;

use super::ORIENTATIONS;
use super::histogram::{Histogram, HistogramRows};
use super::map::FeatureMap;
use super::normalise::{energy, normalise_row};
use super::observer::HogObserver;
use crate::image::GreyImage;

/// Computes the features of an image's rows of cells, one row after the other from top to bottom.
///
/// A row is normalised by the energies of its neighbours, so histograms are made one row ahead:
///
/// ```text
///   row − 1      energies
///   row          energies, histograms ──► features
///   row + 1      energies, histograms
///              ── votes of half a cell's rows of pixels
/// ```
pub(crate) struct FeatureRows<'a> {
    votes: HistogramRows<'a>,
    /// Rows of cells in the image.
    count: usize,
    /// The row whose features come next.
    row: usize,
    /// Whether the histograms of that row have been made.
    begun: bool,
    /// Those of that row, and of the row below.
    histograms: [Vec<Histogram>; 2],
    /// Of the row above, of that row and of the row below; beyond the image's edge the nearest row is repeated.
    energies: [Vec<f32>; 3],
}

impl<'a> FeatureRows<'a> {
    /// Begins with a row of cells of `cell × cell` pixels.
    ///
    /// # Panics
    /// If `cell` is odd, 0 or larger than [`LARGEST_CELL`](super::histogram::LARGEST_CELL).
    pub fn new(image: &'a GreyImage<'a>, cell: usize, row: usize) -> Self {
        let votes = HistogramRows::new(image, cell, row.saturating_sub(1));
        let histograms = [(); 2].map(|()| vec![[0.0; ORIENTATIONS]; votes.columns()]);
        let energies = [(); 3].map(|()| vec![0.0; votes.columns()]);
        Self { votes, count: image.height() as usize / cell, row, begun: false, histograms, energies }
    }

    /// Cells in a row.
    pub fn columns(&self) -> usize {
        self.votes.columns()
    }

    /// Appends the features of the next `rows` rows of cells to a map.
    ///
    /// # Panics
    /// If the image has fewer rows, or the map's memory is too small.
    pub fn append(&mut self, map: &mut FeatureMap, rows: usize, observer: &mut impl HogObserver) {
        assert!(self.row + rows <= self.count, "rows {}..{} of {}", self.row, self.row + rows, self.count);
        for _ in 0..rows {
            if !self.begun {
                self.begin(observer);
            }
            if self.row + 1 < self.count {
                self.look_ahead(1, 2, observer);
            } else {
                let [_, here, below] = &mut self.energies;
                below.copy_from_slice(here);
            }
            let (cells, planes) = map.append();
            normalise_row(&self.histograms[0], self.energies.each_ref().map(Vec::as_slice), cells, planes);
            self.histograms.swap(0, 1);
            self.energies.rotate_left(1);
            self.row += 1;
        }
    }

    /// Makes what the first row needs of itself and of the row above.
    fn begin(&mut self, observer: &mut impl HogObserver) {
        if self.row > 0 {
            self.look_ahead(0, 0, observer);
        }
        self.look_ahead(0, 1, observer);
        if self.row == 0 {
            let [above, here, _] = &mut self.energies;
            above.copy_from_slice(here);
        }
        self.begun = true;
    }

    /// Makes the next row's histograms and energies, and puts them at these places.
    fn look_ahead(&mut self, histograms: usize, energies: usize, observer: &mut impl HogObserver) {
        if self.columns() == 0 {
            return;
        }
        self.votes.next(&mut self.histograms[histograms], observer);
        for (out, histogram) in self.energies[energies].iter_mut().zip(&self.histograms[histograms]) {
            *out = energy(histogram);
        }
    }
}

impl FeatureMap {
    /// Computes the features of an image in cells of `cell × cell` pixels (an even number). Pixels beyond the last whole
    /// cell have a vote in it, as far as they lie within half a cell.
    ///
    /// # Panics
    /// If `cell` is odd, 0 or larger than [`LARGEST_CELL`](super::histogram::LARGEST_CELL).
    pub fn new(image: &GreyImage, cell: usize) -> Self {
        Self::of_rows(image, cell, 0..image.height() as usize / cell.max(1), &mut ())
    }

    /// Computes the same rows of cells as [`FeatureMap::new`] for the whole image, without the others.
    ///
    /// # Panics
    /// Like [`FeatureMap::new`], or if the rows go beyond the image.
    pub fn of_rows(image: &GreyImage, cell: usize, rows: Range<usize>, observer: &mut impl HogObserver) -> Self {
        let mut stream = FeatureRows::new(image, cell, rows.start);
        let mut map = Self::with_capacity(stream.columns(), rows.len());
        stream.append(&mut map, rows.len(), observer);
        map
    }
}
