//! Calibrates the score as a false-positive rate, on images that nothing was learned from.
//!
//! The logarithm of the number of false positives above a score falls almost linearly with the
//! score. A line through the highest of them also says what to expect above the rarest one seen.

use lineament::raw::{DetectOptions, Detector, ScoreFusion};
use rayon::prelude::*;

use super::hyperparams::ScoreFusionParams;
use super::mining::Negatives;

/// Maximum number of false positives that the line is fitted to.
const TAIL: usize = 300;
/// Minimum number that it is fitted to.
const FEWEST: usize = 20;
/// Smallest face that the model's scores refer to (see [`Detector::false_positives`]), in pixels.
const NOMINAL_FACE: f32 = 80.0;

/// Score up to which [`Detector::false_positives`] is promised: half above the default threshold.
const HIGHEST_PROMISED: f32 = 0.0;

/// The measurement that a calibration rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Number of false positives that the line was fitted to.
    pub false_positives: usize,
    /// Size of the images, in megapixels that are searched for faces from 80 pixels. Searching for
    /// smaller ones gives more false positives, like larger images.
    pub megapixels: f64,
}

impl Calibration {
    /// Returns a sentence on what scores do not mean, or none if the images were large enough to
    /// measure all rates that are promised.
    pub fn limits(&self) -> Option<String> {
        let Self { false_positives, megapixels } = self;
        if *false_positives < FEWEST {
            return Some(format!(
                "not calibrated: {false_positives} false positives in {megapixels:.1} megapixels, where {FEWEST} are \
                 needed; nothing is known about the false positives from a score on"
            ));
        }
        // One false positive in all images is the rarest that can be seen.
        let rarest = (1.0 / megapixels) as f32;
        let score = Detector::score_for(rarest);
        (score < HIGHEST_PROMISED).then(|| {
            format!(
                "calibrated up to score {score:.2}: at most {rarest:.2} false positives per megapixel, faces from \
                 {NOMINAL_FACE} pixels; {megapixels:.1} megapixels show no rarer ones, so higher scores are extrapolated"
            )
        })
    }
}

/// Calibrates all components so that scores mean what [`Detector::false_positives`] says, and sets the
/// weights of score fusion. Returns what the calibration rests on.
///
/// The parameters are in units of the calibrated score. A first calibration, of the boosted trees
/// and the best window alone, converts them to the units of the trees.
pub fn calibrate(
    detector: &mut Detector,
    negatives: &Negatives,
    min_face: f32,
    params: &ScoreFusionParams,
) -> Calibration {
    detector.score_fusion = ScoreFusion::default();
    fit_line(detector, negatives, min_face);
    let slope = detector.components[0].calibration[0];
    detector.score_fusion = ScoreFusion { linear: params.linear / slope, sharpness: params.sharpness * slope };
    fit_line(detector, negatives, min_face)
}

fn fit_line(detector: &mut Detector, negatives: &Negatives, min_face: f32) -> Calibration {
    for component in &mut detector.components {
        component.calibration = [1.0, 0.0];
    }
    let options = DetectOptions { threshold: f32::NEG_INFINITY, min_face, max_faces: None };
    let detect =
        |image: &lineament::raw::GreyImage| detector.detect(image, &options).into_iter().map(|found| found.score);
    let mut scores: Vec<f32> = negatives.images.par_iter().flat_map_iter(detect).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    scores.truncate(TAIL);
    // The number of false positives is inversely proportional to the square of the smallest face.
    let megapixels = negatives.megapixels() * f64::from(NOMINAL_FACE / min_face).powi(2);
    let wanted: Vec<f32> =
        (0..scores.len()).map(|k| Detector::score_for(((k as f64 + 0.5) / megapixels) as f32)).collect();
    let [slope, offset] = if scores.len() < FEWEST { [0.2, 0.0] } else { line(&scores, &wanted) };
    for component in &mut detector.components {
        component.calibration = [slope, offset];
    }
    // The sum of no images is −0.
    Calibration { false_positives: scores.len(), megapixels: megapixels + 0.0 }
}

/// Least squares, with a positive slope.
fn line(x: &[f32], y: &[f32]) -> [f32; 2] {
    let count = x.len() as f32;
    let (mx, my) = (x.iter().sum::<f32>() / count, y.iter().sum::<f32>() / count);
    let covariance: f32 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
    let variance: f32 = x.iter().map(|x| (x - mx) * (x - mx)).sum();
    let slope = (covariance / variance.max(1e-9)).max(1e-3);
    [slope, my - slope * mx]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found() {
        let [slope, offset] = line(&[1.0, 2.0, 4.0], &[2.0, 2.5, 3.5]);
        assert!((slope - 0.5).abs() < 1e-6 && (offset - 1.5).abs() < 1e-6);
    }

    #[test]
    fn rates_that_were_not_measured_are_not_promised() {
        let limits = |false_positives, megapixels| Calibration { false_positives, megapixels }.limits();
        assert_eq!(limits(300, 119.0), None);
        let few = limits(300, 1.0).unwrap();
        assert!(few.starts_with("calibrated up to score -1.00: at most 1.00 false positives per megapixel"), "{few}");
        let none = limits(3, 119.0).unwrap();
        assert!(none.starts_with("not calibrated: 3 false positives in 119.0 megapixels, where 20 are"), "{none}");
    }
}
