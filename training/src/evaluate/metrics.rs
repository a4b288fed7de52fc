//! The error of a face, and summaries of the errors of many faces.
//!
//! For the landmarks `pᵢ` and the annotated ones `tᵢ` of a face, the normalised mean error in
//! percent is
//!
//! ```text
//! NME = 100 · (1/n) Σ |pᵢ − tᵢ| / d
//! ```
//!
//! where `d` is the distance of the outer eye corners (inter-ocular, IO) or of the eye centres
//! (inter-pupil, IP) of the annotation. The cumulative error curve is the share of faces whose
//! error is at most `x`. AUC@8 is the area under it from 0 to 8 %, divided by 8; failures@8 is the
//! share of faces beyond 8 %. A missed face is a failure: it counts in these two, but not in mean
//! and median.

use lineament::{Shape, scheme};
use serde::Serialize;

/// Error in percent at which the cumulative curve ends, and above which a face is a failure.
pub const LIMIT: f64 = 8.0;

/// Points of the grid for the area under the curve (trapezoids).
const GRID: usize = 801;

/// Length by which errors are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normaliser {
    /// Distance of the outer eye corners.
    InterOcular,
    /// Distance of the eye centres.
    InterPupil,
}

/// Errors of a face.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceError {
    /// Landmarks of the 68-point scheme that were compared.
    pub landmarks: Vec<usize>,
    /// Distance of each from the annotation, in pixels.
    pub distances: Vec<f64>,
    /// Inter-ocular distance of the annotation in pixels.
    pub inter_ocular: f64,
    /// Inter-pupil distance of the annotation in pixels.
    pub inter_pupil: f64,
}

impl FaceError {
    /// Compares `predicted`, which has the given landmarks of the scheme, with the 68 annotated
    /// landmarks.
    ///
    /// # Panics
    /// If `truth` has fewer than 68 points or `predicted` fewer than `landmarks`.
    pub fn new(predicted: &Shape, landmarks: &[usize], truth: &Shape) -> Self {
        let distance = |(i, &landmark): (usize, &usize)| {
            let (p, t) = (predicted.points[i], truth.points[landmark]);
            (f64::from(p.x) - f64::from(t.x)).hypot(f64::from(p.y) - f64::from(t.y))
        };
        Self {
            landmarks: landmarks.to_vec(),
            distances: landmarks.iter().enumerate().map(distance).collect(),
            inter_ocular: scheme::inter_ocular(truth).into(),
            inter_pupil: scheme::inter_pupil(truth).into(),
        }
    }

    /// Mean error in percent over all compared landmarks.
    pub fn nme(&self, normaliser: Normaliser) -> f64 {
        self.nme_of(normaliser, |_| true).unwrap_or(f64::NAN)
    }

    /// Mean error in percent over the compared landmarks that `belongs` accepts; none if there is
    /// none.
    pub fn nme_of(&self, normaliser: Normaliser, belongs: impl Fn(usize) -> bool) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0usize);
        for (&landmark, &distance) in self.landmarks.iter().zip(&self.distances) {
            if belongs(landmark) {
                sum += distance;
                count += 1;
            }
        }
        let length = match normaliser {
            Normaliser::InterOcular => self.inter_ocular,
            Normaliser::InterPupil => self.inter_pupil,
        };
        (count > 0).then(|| 100.0 * sum / count as f64 / length)
    }
}

/// Summary of errors in percent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Mean over the faces that were found; NaN if there is none.
    pub mean: f64,
    /// Median over the faces that were found; NaN if there is none.
    pub median: f64,
    /// Area under the cumulative error curve up to 8 %, over all faces; from 0 to 1.
    pub auc8: f64,
    /// Share of all faces with an error beyond 8 % or not found; from 0 to 1.
    pub failures8: f64,
}

impl Summary {
    /// Summarises the errors of the faces that were found, out of `total`.
    pub fn new(mut errors: Vec<f64>, total: usize) -> Self {
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        errors.sort_by(f64::total_cmp);
        let curve = curve(&errors, total);
        let area: f64 = curve.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).sum::<f64>() / (GRID - 1) as f64;
        Self { mean, median: median(&errors), auc8: area, failures8: 1.0 - share(&errors, LIMIT, total) }
    }
}

/// Returns the cumulative error curve: the share of all faces with an error of at most `x`, at 801
/// even steps from 0 to 8 %. `sorted` are the errors of the faces that were found, in increasing
/// order.
pub fn curve(sorted: &[f64], total: usize) -> Vec<f64> {
    (0..GRID).map(|step| share(sorted, step as f64 * LIMIT / (GRID - 1) as f64, total)).collect()
}

/// Share of `total` faces with an error of at most `limit`.
fn share(sorted: &[f64], limit: f64, total: usize) -> f64 {
    sorted.partition_point(|&error| error <= limit) as f64 / total as f64
}

/// Returns the median of sorted numbers: of an even count, the mean of the middle two; NaN if there
/// is none.
pub fn median(sorted: &[f64]) -> f64 {
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use lineament::geometry::Point;
    use lineament::raw::ShapeExt;

    use super::*;

    /// Outer eye corners 100 apart, eye centres 60.
    fn truth() -> Shape {
        let mut shape = Shape::new((0..68).map(|i| Point::new(i as f32, 3.0 * i as f32)).collect());
        for i in 36..42 {
            shape.points[i] = Point::new(if i == 36 { 0.0 } else { 24.0 }, 50.0);
            shape.points[i + 6] = Point::new(if i + 6 == 45 { 100.0 } else { 76.0 }, 50.0);
        }
        shape
    }

    #[test]
    fn the_error_is_the_mean_distance_in_percent_of_the_eye_distance() {
        let truth = truth();
        let predicted = truth.map(|p| Point::new(p.x + 3.0, p.y - 4.0));
        let all: Vec<usize> = (0..68).collect();
        let error = FaceError::new(&predicted, &all, &truth);
        assert!((error.nme(Normaliser::InterOcular) - 5.0).abs() < 1e-6);
        assert!((error.nme(Normaliser::InterPupil) - 5.0 / 0.6).abs() < 1e-5);
    }

    #[test]
    fn a_subset_is_compared_with_its_own_landmarks() {
        let truth = truth();
        let some = [30, 8, 48];
        let mut predicted = truth.select(&some);
        predicted.points[1].x += 6.0;
        let error = FaceError::new(&predicted, &some, &truth);
        assert!((error.nme(Normaliser::InterOcular) - 2.0).abs() < 1e-6);
        assert_eq!(error.nme_of(Normaliser::InterOcular, |i| i < 17).map(f64::round), Some(6.0));
        assert_eq!(error.nme_of(Normaliser::InterOcular, |i| i == 0), None);
    }

    #[test]
    fn areas_and_failures_count_missed_faces() {
        // Errors of 0 and 4 %: the curve is 1/2 up to 4, 1 from there. A missed face takes a third
        // of everything.
        let found = Summary::new(vec![4.0, 0.0], 2);
        assert!((found.auc8 - 0.75).abs() < 1e-3 && found.failures8 == 0.0);
        assert_eq!((found.mean, found.median), (2.0, 2.0));
        let missed = Summary::new(vec![4.0, 0.0], 3);
        assert!((missed.auc8 - 0.5).abs() < 1e-3 && (missed.failures8 - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(missed.mean, 2.0);
        let all_missed = Summary::new(Vec::new(), 3);
        assert!(all_missed.mean.is_nan() && all_missed.median.is_nan() && all_missed.failures8 == 1.0);
    }

    #[test]
    fn an_error_at_the_limit_is_no_failure() {
        assert_eq!(Summary::new(vec![8.0], 1).failures8, 0.0);
        assert_eq!(Summary::new(vec![8.0 + 1e-9], 1).failures8, 1.0);
    }
}
