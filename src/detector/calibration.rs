//! What a score means: the false positives to expect.
//!
//! ```text
//!   score   −1    −0.5     0      0.5        from a score on, expect at most so many false positives
//!            1   1/10    1/100  1/1000       per megapixel
//! ```

use super::{DetectOptions, Detector};

impl Detector {
    /// Name of the provenance entry that model files have in place of [`Detector::promises`], if the images without faces
    /// were too few to measure all of these rates.
    pub const CALIBRATION: &str = "calibration";

    /// Returns what some scores around the default threshold mean, for people: names and values.
    pub fn promises() -> Vec<(String, String)> {
        let threshold = DetectOptions::default().threshold;
        let promise = |score: f32| {
            let expected = Self::false_positives(score);
            let value = format!("at most {expected} false positives per megapixel, faces from 80 pixels");
            (format!("from score {score}"), value)
        };
        [threshold - 1.0, threshold, threshold + 0.5].map(promise).to_vec()
    }

    /// The most false positives to expect per megapixel of images without faces, if windows are reported from this score
    /// on and faces from 80 pixels are searched for: `10^(−2 (score + 1))`. For other smallest faces it grows with the
    /// number of windows, as the inverse square of their side.
    pub fn false_positives(score: f32) -> f32 {
        10f32.powf(-2.0 * (score + 1.0))
    }

    /// The score from which at most this many false positives per megapixel are to be expected, the inverse of
    /// [`Detector::false_positives`].
    pub fn score_for(false_positives: f32) -> f32 {
        -0.5 * false_positives.max(f32::MIN_POSITIVE).log10() - 1.0
    }
}
