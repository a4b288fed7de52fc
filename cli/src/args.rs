//! Arguments that `detect` and `align` have in common: images, models, and detector settings.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use lineament::raw::SMALLEST_FACE;

/// Arguments about images, models and the search.
#[derive(Clone, Debug, Args)]
pub struct SearchArgs {
    /// Images, folders (searched with their subfolders), or `-` for a list of names on stdin
    #[arg(value_name = "FILE or DIR", required_unless_present = "boxes")]
    pub inputs: Vec<PathBuf>,

    /// Names on stdin end with a zero byte instead of a line feed, like the output of `find -print0`
    #[arg(long, short = '0')]
    pub null: bool,

    /// Skip the detector and fit landmarks in the boxes of this CSV file (columns image, x, y, width, height)
    ///
    /// Without FILE or DIR, processes the images that the CSV file names.
    #[arg(long, value_name = "FILE.csv")]
    pub boxes: Option<PathBuf>,

    /// Detector model to use instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub detector: Option<PathBuf>,

    /// Landmark model to use instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub landmarks: Option<PathBuf>,

    /// Lowest score to report; `lineament info` shows what scores mean [default: -0.5]
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true, value_parser = finite)]
    pub threshold: Option<f32>,

    /// Side of the smallest face to search for, in pixels, at least 16 [default: 80]
    #[arg(long, value_name = "PX", value_parser = face_side)]
    pub min_face: Option<f32>,

    /// Maximum number of faces per image, best first
    #[arg(long, value_name = "N")]
    pub max_faces: Option<NonZeroUsize>,

    /// Search all in-plane rotations, sideways and upside down too: 12 to 16 times slower, with more false positives
    #[arg(long, conflicts_with = "boxes")]
    pub turned: bool,

    /// Skip the last refinement of the landmarks: faster, less accurate, and without a confidence
    #[arg(long, conflicts_with = "min_confidence")]
    pub fast: bool,

    /// Drop faces whose landmark confidence is below P (0 to 1)
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = share)]
    pub min_confidence: f32,

    /// Number of threads [default: number of cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// Largest image to open, in megapixels
    #[arg(long, value_name = "MP", default_value_t = 200.0, value_parser = positive)]
    pub max_megapixels: f64,

    /// Pixels that coordinates refer to if the image's EXIF data says that it is rotated
    #[arg(long, value_enum, default_value_t)]
    pub orientation: OrientationChoice,
}

/// Treatment of EXIF orientations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OrientationChoice {
    /// Stored with `--boxes`, because boxes of data sets refer to stored pixels; upright otherwise
    #[default]
    Auto,
    /// The image as viewers show it
    Upright,
    /// The pixels as the file stores them
    Stored,
}

/// Parses a finite number.
pub fn finite(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v: &f32| v.is_finite()).ok_or_else(|| "a number is needed".into())
}

fn share(text: &str) -> Result<f32, String> {
    let share = finite(text).ok().filter(|v| (0.0..=1.0).contains(v));
    share.ok_or_else(|| "a number from 0 to 1 is needed".into())
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|v: &f64| v.is_finite() && *v > 0.0).ok_or_else(|| "a number above 0 is needed".into())
}

/// Parses the side of a face that the detector can search for.
pub fn face_side(text: &str) -> Result<f32, String> {
    let side = finite(text).ok().filter(|v| *v >= SMALLEST_FACE);
    side.ok_or_else(|| format!("a number of pixels, at least {SMALLEST_FACE}, is needed"))
}
