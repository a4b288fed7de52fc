//! The search: every window of every level of the pyramid, from pixels to detections.
//!
//! Each thread takes runs: some rows of a level's windows. A run goes down its level in strips, which bound the memory.

use std::ops::Range;

use super::filter::{Filters, Hit};
use super::observer::{DetectorObserver, StripObserver};
use super::prefilter::Prefilter;
use super::pyramid::Level;
use super::{Candidate, Component, DetectOptions, Detection, Detector, SMALLEST_FACE, nms};
use crate::hog::{FeatureMap, FeatureRows};
use crate::image::GreyImage;
use crate::parallel;

/// Rows of windows per strip: few, so that its features stay in the nearer caches.
const STRIP: usize = 16;
/// Fewest rows of windows per run.
const RUN: usize = 48;

impl Detector {
    /// Finds the faces in an image, best score first.
    ///
    /// Uses the threads of the current rayon pool; the result does not depend on their number.
    pub fn detect(&self, image: &GreyImage, options: &DetectOptions) -> Vec<Detection> {
        self.detect_observed(image, options, &())
    }

    /// Like [`Detector::detect`], reporting each step to `observer`.
    pub fn detect_observed(
        &self,
        image: &GreyImage,
        options: &DetectOptions,
        observer: &impl DetectorObserver,
    ) -> Vec<Detection> {
        let mut faces = self.merge(self.windows(image, options.min_face, observer), observer);
        faces.retain(|face| face.score >= options.threshold);
        faces.truncate(options.max_faces.unwrap_or(usize::MAX));
        faces
    }

    /// Returns all windows that pass every stage, before non-maximum suppression. Expect many per face. `min_face` is the side
    /// of the smallest face to search for, in pixels.
    pub fn windows(&self, image: &GreyImage, min_face: f32, observer: &impl DetectorObserver) -> Vec<Detection> {
        self.visit(image, min_face, observer, |candidate, strip| {
            let Component { angle, calibration: [slope, offset], .. } = self.components[candidate.component];
            let detection = self.boosted_trees.score(candidate.features, strip).map(|sum| Detection {
                bounds: self.box_regression.apply(&candidate.bounds, candidate.features),
                score: slope * self.score_fusion.score(sum, candidate.linear) + offset,
                angle,
                component: candidate.component,
            });
            strip.classified(candidate, detection.as_ref());
            detection
        })
    }

    /// Merges the windows on one place into one detection, and keeps only the best of those that overlap. Best first.
    fn merge(&self, windows: Vec<Detection>, observer: &impl DetectorObserver) -> Vec<Detection> {
        let merge = |group: Vec<Detection>| {
            let slope = self.components[group.first()?.component].calibration[0];
            let detection = self.score_fusion.merge(&group, slope)?;
            observer.merged(&group, &detection);
            Some(detection)
        };
        nms::suppress(nms::group(windows).into_iter().filter_map(merge).collect())
    }

    /// Calls `classify` with every window that passes prefilter and filters, and collects the results in a fixed order.
    pub fn visit<T: Send, O: DetectorObserver>(
        &self,
        image: &GreyImage,
        min_face: f32,
        observer: &O,
        classify: impl Fn(&Candidate, &mut O::Strip) -> Option<T> + Sync,
    ) -> Vec<T> {
        if self.window.is_empty() {
            return Vec::new();
        }
        let smallest = if min_face.is_finite() { min_face.max(SMALLEST_FACE) } else { f32::MAX };
        let mut number = 0;
        let octave = |levels: &[Level]| -> Vec<T> {
            let mut runs = Vec::new();
            for level in levels {
                observer.level(number, level);
                runs.extend(self.rows(level).map(|rows| Run { number, level, rows }));
                number += 1;
            }
            parallel::map(&runs, |run| self.run(run, observer, &classify)).into_iter().flatten().collect()
        };
        self.window.pyramid(smallest).octaves(image, octave).into_iter().flatten().collect()
    }

    /// Returns the rows of windows of a level, in parts for the threads.
    fn rows(&self, level: &Level) -> impl Iterator<Item = Range<usize>> + use<> {
        let rows = level.image.height() as usize / usize::from(self.window.cell);
        let windows = (rows + 1).saturating_sub(self.window.cells.into());
        // The features of a window's rows are computed twice where two parts meet: one thread needs no parts.
        let length = match parallel::threads() {
            1 => windows.max(1),
            threads => windows.div_ceil(2 * threads).max(RUN),
        };
        (0..windows).step_by(length).map(move |start| start..(start + length).min(windows))
    }

    /// Takes a run from pixels to `classify`, strip by strip.
    fn run<T, O: DetectorObserver>(
        &self,
        run: &Run,
        observer: &O,
        classify: impl Fn(&Candidate, &mut O::Strip) -> Option<T>,
    ) -> Vec<T> {
        let mut scanner = Scanner::new(self, &run.level.image, run.rows.start);
        let (mut features, mut found) = (Vec::new(), Vec::new());
        let mut start = run.rows.start;
        while start < run.rows.end {
            let mut strip = observer.strip(run.number, start);
            let rows = scanner.advance(run.rows.end - start, &mut strip);
            strip.features(scanner.map());
            scanner.scan(&mut strip);
            for &Hit { column, row, component, score } in scanner.hits() {
                self.window.copy(scanner.map(), column, row, &mut features);
                let cell = [column, start + row];
                let bounds = self.window.face_box(run.level, cell[0], cell[1]);
                let candidate = Candidate { cell, bounds, component, linear: score, features: &features };
                found.extend(classify(&candidate, &mut strip));
            }
            observer.finish(strip);
            start += rows;
        }
        found
    }
}

/// Rows of windows of a level: the work of one thread.
struct Run<'a> {
    number: usize,
    level: &'a Level,
    rows: Range<usize>,
}

/// Goes down an image, one strip of windows after the other, and finds the windows that the prefilter and at least one
/// filter accept.
///
/// ```text
///   strip 1   16 rows of windows ─┐ need 27 rows of cells
///                                 ├─ 11 rows of cells are in both strips, and made once
///   strip 2   16 rows of windows ─┘ need 16 rows more
/// ```
///
/// All strips share the buffers.
pub struct Scanner<'a> {
    features: FeatureRows<'a>,
    map: FeatureMap,
    prefilter: Prefilter,
    filters: Filters<'a>,
    /// Rows of cells that a window has beside its first.
    beyond: usize,
}

impl<'a> Scanner<'a> {
    /// Begins with a row of windows of an image.
    pub fn new(detector: &'a Detector, image: &'a GreyImage<'a>, row: usize) -> Self {
        let window = &detector.window;
        let beyond = usize::from(window.cells).saturating_sub(1);
        let features = FeatureRows::new(image, window.cell.into(), row);
        let map = FeatureMap::with_capacity(features.columns(), beyond + STRIP);
        let prefilter = Prefilter::new(&detector.prefilter, window, &map);
        let filters = Filters::new(detector.components.iter().map(|component| &component.filter), window);
        Self { features, map, prefilter, filters, beyond }
    }

    /// Goes on to the next strip, of up to 16 rows of windows and at most `rows`, and computes its features. Returns how
    /// many rows of windows it has.
    ///
    /// # Panics
    /// If the image has fewer than `rows` rows of windows left.
    pub fn advance(&mut self, rows: usize, observer: &mut impl StripObserver) -> usize {
        let rows = rows.min(STRIP);
        let shared = self.map.rows().min(self.beyond);
        self.map.forget(self.map.rows() - shared);
        self.features.append(&mut self.map, rows + self.beyond - shared, observer);
        rows
    }

    /// Finds the strip's windows that the prefilter and at least one filter accept. An empty prefilter accepts all; without
    /// filters, all windows that pass the prefilter are hits.
    pub fn scan(&mut self, observer: &mut impl StripObserver) {
        self.filters.hits.clear();
        for row in 0..self.map.rows().saturating_sub(self.beyond) {
            let columns = self.prefilter.passing(&self.map, row, observer);
            self.filters.score(&self.map, row, columns, observer);
        }
    }

    /// The features of the strip's cells.
    pub fn map(&self) -> &FeatureMap {
        &self.map
    }

    /// The windows that [`Scanner::scan`] found, row by row from left to right. Their rows are counted from the strip's first.
    pub fn hits(&self) -> &[Hit] {
        &self.filters.hits
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BoostedTrees, Filter, Window};
    use super::*;

    /// A detector with a filter whose weights are of both signs, that rejects about half of the windows.
    fn detector() -> Detector {
        let window = Window { cell: 4, cells: 3, face: 10.0 };
        let weights: Vec<f32> = (0..window.len()).map(|i| ((i * 37) % 101) as f32 / 50.0 - 1.0).collect();
        let mut filter = Filter::new(&weights, -0.5, &window);
        filter.limits = vec![i32::MIN, i32::MIN, 0];
        Detector { window, components: vec![Component { filter, ..Component::default() }], ..Detector::default() }
    }

    #[test]
    fn strips_have_the_hits_of_one_large_map() {
        let detector = detector();
        let image = GreyImage::from_fn(60, 200, |x, y| (x * x + 3 * y * x) as u8);
        let map = FeatureMap::new(&image, 4);
        let mut filters = Filters::new([&detector.components[0].filter].into_iter(), &detector.window);
        let columns: Vec<usize> = (0..13).collect();
        (0..48).for_each(|row| filters.score(&map, row, &columns, &mut ()));
        for first in [0, 5, 32, 47] {
            let mut scanner = Scanner::new(&detector, &image, first);
            let mut found = Vec::new();
            let mut start = first;
            while start < 48 {
                let rows = scanner.advance(48 - start, &mut ());
                scanner.scan(&mut ());
                found.extend(scanner.hits().iter().map(|&hit| Hit { row: start + hit.row, ..hit }));
                start += rows;
            }
            let wanted: Vec<Hit> = filters.hits.iter().copied().filter(|hit| hit.row >= first).collect();
            assert!(found == wanted && !found.is_empty() && found.len() < 13 * (48 - first), "from row {first} on");
        }
    }

    #[test]
    fn without_prefilter_and_filters_all_windows_are_hits() {
        let detector = Detector { components: vec![], prefilter: BoostedTrees::default(), ..detector() };
        for (width, columns) in [(11, 0), (12, 1), (40, 8)] {
            let image = GreyImage::new(width, 40);
            let mut scanner = Scanner::new(&detector, &image, 0);
            scanner.advance(8, &mut ());
            scanner.scan(&mut ());
            assert_eq!(scanner.hits().len(), 8 * columns);
        }
    }
}
