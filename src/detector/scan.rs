//! The search: every window of every level of the pyramid, from pixels to detections.
//!
//! Threads share runs of rows of a level's windows. A run goes down the level strip by strip; strips bound the memory,
//! and the features of the rows that two of them share are made once.

use std::ops::Range;

use super::filter::{self, Filter};
use super::observer::{DetectorObserver, StripObserver};
use super::pyramid::Level;
use super::{Candidate, Component, DetectOptions, Detection, Detector, SMALLEST_FACE, nms};
use crate::hog::{FeatureMap, FeatureRows};
use crate::image::GreyImage;
use crate::parallel;

/// Rows of windows in a strip: few, so that its features stay in the nearer caches.
const STRIP: usize = 16;
/// The fewest rows of windows that a thread takes at once.
const RUN: usize = 48;

impl Detector {
    /// The faces in an image, best score first.
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

    /// All windows that pass every stage, before non-maximum suppression. Expect many per face.
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

    /// Merges the windows on one place into one detection, and suppresses all but the best of those that overlap. Best
    /// first.
    fn merge(&self, windows: Vec<Detection>, observer: &impl DetectorObserver) -> Vec<Detection> {
        let merge = |group: Vec<Detection>| {
            let slope = self.components[group.first()?.component].calibration[0];
            let detection = self.score_fusion.merge(&group, slope)?;
            observer.merged(&group, &detection);
            Some(detection)
        };
        nms::suppress(nms::group(windows).into_iter().filter_map(merge).collect())
    }

    /// Gives every window that passes prefilter and filters to `classify`, and collects what it returns in a fixed order.
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
                runs.extend(self.runs(level).map(|rows| (number, level, rows)));
                number += 1;
            }
            let work = |(number, level, rows): &(usize, &Level, Range<usize>)| {
                self.run(*number, level, rows.clone(), observer, &classify)
            };
            parallel::map(&runs, work).into_iter().flatten().collect()
        };
        self.window.pyramid(smallest).octaves(image, octave).into_iter().flatten().collect()
    }

    /// The rows of windows of a level, in parts for the threads.
    fn runs(&self, level: &Level) -> impl Iterator<Item = Range<usize>> + use<> {
        let rows = level.image.height() as usize / usize::from(self.window.cell);
        let windows = (rows + 1).saturating_sub(self.window.cells.into());
        // The features of a window's rows are made twice where two parts meet: one thread needs no parts.
        let length = match parallel::threads() {
            1 => windows.max(1),
            threads => windows.div_ceil(2 * threads).max(RUN),
        };
        (0..windows).step_by(length).map(move |start| start..(start + length).min(windows))
    }

    /// Takes rows of windows of a level from pixels to `classify`, strip by strip.
    fn run<T, O: DetectorObserver>(
        &self,
        number: usize,
        level: &Level,
        rows: Range<usize>,
        observer: &O,
        classify: impl Fn(&Candidate, &mut O::Strip) -> Option<T>,
    ) -> Vec<T> {
        let (cell, beyond) = (usize::from(self.window.cell), usize::from(self.window.cells) - 1);
        let mut features = FeatureRows::new(&level.image, cell, rows.start);
        let mut map = FeatureMap::with_capacity(features.columns(), beyond + STRIP);
        let mut found = Vec::new();
        for start in rows.clone().step_by(STRIP) {
            let mut strip = observer.strip(number, start);
            let shared = if start == rows.start { 0 } else { beyond };
            let end = (start + STRIP).min(rows.end);
            map.forget(map.rows() - shared);
            features.append(&mut map, end + beyond - start - shared, &mut strip);
            strip.features(&map);
            self.strip(level, &map, start, &mut strip, &classify, &mut found);
            observer.finish(strip);
        }
        found
    }

    /// Gives the windows of a strip that pass prefilter and filters to `classify`.
    fn strip<T, S: StripObserver>(
        &self,
        level: &Level,
        map: &FeatureMap,
        first_row: usize,
        observer: &mut S,
        classify: impl Fn(&Candidate, &mut S) -> Option<T>,
        found: &mut Vec<T>,
    ) {
        let window = &self.window;
        let filters: Vec<&Filter> = self.components.iter().map(|component| &component.filter).collect();
        let (mut hits, mut features) = (Vec::new(), Vec::new());
        filter::scan(map, window, &self.prefilter, &filters, &mut hits, observer);
        for hit in hits {
            window.copy(map, hit.column, hit.row, &mut features);
            let cell = [hit.column, first_row + hit.row];
            let bounds = window.face_box(level, cell[0], cell[1]);
            let (component, linear) = (hit.component, hit.score);
            let candidate = Candidate { cell, bounds, component, linear, features: &features };
            found.extend(classify(&candidate, observer));
        }
    }
}
