//! The memory that an image needs on its way through the pipeline.

use lineament::raw::decode::Need;
use lineament::raw::detect_options;
use lineament::{Options, Pipeline};

/// Bytes that an image's results and the features of its strips take.
const FIXED: u64 = 16 << 20;

/// Bytes that the levels of an octave take per pixel of the pyramid's first level, if all are scaled at once. Each is there
/// twice then, with and without its border.
const LEVELS: f64 = 5.0;

/// Bytes per pixel of the image that dlib's detectors take: their planes and features are floating-point numbers.
const DLIB: f64 = 24.0;

/// Bytes per pixel of the image that its copy takes, when it is turned: three per pixel of up to four times the pixels.
const TURNED: f64 = 12.0;

/// Bytes per pixel of a drawn image and its file.
const DRAWN: u64 = 6;

/// What counts for the need of all images of a run.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Bytes that the detector takes per pixel.
    detector: f64,
    /// Whether the image is drawn.
    draws: bool,
}

impl Estimate {
    /// The need of images in this pipeline, which `draws` or does not.
    pub fn new(pipeline: &Pipeline, options: &Options, searches: bool, draws: bool) -> Self {
        let per_pixel = || -> Option<f64> {
            let detector = pipeline.detector().filter(|_| searches)?.parts();
            let min_face = detect_options(pipeline, options).ok()?.min_face;
            match detector.boosted() {
                Some(detector) => Some(LEVELS * f64::from(detector.window.pyramid(min_face).first).powi(2)),
                // Smaller faces than the window make it double the image.
                None => {
                    let window = detector.default_options().min_face;
                    Some(DLIB * f64::from((window / min_face).max(1.0)).log2().ceil().exp2().powi(2))
                }
            }
        };
        // The image turned by 45° has twice the pixels, up to four times if it is long, and is kept beside it.
        let turned = |need: f64| if options.turned { 4.0 * need + TURNED } else { need };
        Self { detector: per_pixel().map_or(0.0, turned), draws }
    }

    /// Bytes that an image of this need takes, while it is decoded and after that.
    pub fn of(&self, need: &Need) -> u64 {
        let pixels = u64::from(need.width) * u64::from(need.height);
        // A quarter for the halved image.
        let search = ((self.detector + 0.25) * pixels as f64) as u64;
        let drawn = if self.draws { DRAWN * pixels } else { 0 };
        // The grey levels of a colour image are a plane of their own.
        let image = need.decoded + if need.decoded > pixels { pixels } else { 0 };
        need.decoding.max(image.saturating_add(search.max(drawn))).saturating_add(FIXED)
    }
}
