//! Arguments that `detect` and `align` have in common: images, models, and detector settings.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::numbers::{bytes, count, face_side, finite, positive, share, threads};

/// Arguments about images, models and the search.
#[derive(Clone, Debug, Args)]
pub struct SearchArgs {
    /// Images, folders (searched with their subfolders), or `-` for stdin: a list of names, or an image
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
    #[arg(long, value_name = "N", value_parser = count)]
    pub max_faces: Option<NonZeroUsize>,

    /// Search all in-plane rotations, sideways and upside down too: 12 to 16 times slower, with more false positives
    ///
    /// With --boxes, the most confident of all rotations counts.
    #[arg(long)]
    pub turned: bool,

    /// Skip the last refinement of the landmarks: faster, less accurate, and without a confidence
    #[arg(long, conflicts_with = "min_confidence")]
    pub fast: bool,

    /// Drop faces whose landmark confidence is below P (0 to 1)
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = share)]
    pub min_confidence: f32,

    /// Number of threads [default: number of cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,

    /// Memory that the images in progress may take together, such as 800M or 2G [default: 80 % of what is available]
    ///
    /// Large images wait for each other. An image that needs more is an error.
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub memory: Option<u64>,

    /// Largest image to open, in megapixels
    #[arg(long, value_name = "MP", default_value_t = 200.0, value_parser = positive)]
    pub max_megapixels: f64,

    /// Pixels that coordinates refer to, of boxes and of results, if the image's EXIF data says that it must be turned
    #[arg(long, value_enum, default_value_t)]
    pub orientation: OrientationChoice,
}

/// Treatment of EXIF orientations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OrientationChoice {
    /// Upright; boxes as their file says, or as they fit the faces if it does not
    #[default]
    Auto,
    /// The image as viewers show it
    Upright,
    /// The pixels as the file stores them
    Stored,
}
