//! Windows of images without faces: random ones, and those that the current detector takes for
//! faces.

use std::path::PathBuf;

use lineament::raw::GreyImage;
use lineament::raw::decode as images;
use lineament::raw::decode::ReadOptions;
use lineament::raw::{Candidate, Detector};
use rayon::prelude::*;

use super::samples::Samples;
use crate::progress::Progress;

/// Images without faces, in memory.
#[derive(Clone, Debug, Default)]
pub struct Negatives {
    /// The images, in the order of the files.
    pub images: Vec<GreyImage<'static>>,
}

impl Negatives {
    /// Reads images. Those that cannot be read are left out.
    pub fn read(files: &[PathBuf]) -> Self {
        let read = |file: &PathBuf| images::read_grey(file, &ReadOptions::dataset()).ok();
        Self { images: files.par_iter().filter_map(read).collect() }
    }

    /// Number of pixels in all images, in millions.
    pub fn megapixels(&self) -> f64 {
        self.images.iter().map(|p| f64::from(p.width()) * f64::from(p.height())).sum::<f64>() / 1e6
    }

    /// Splits the images: returns those to learn from, and about `share` of all, taken at even
    /// steps.
    pub fn split(self, share: f32) -> (Self, Self) {
        let every = (1.0 / share).round().max(2.0) as usize;
        let (mut held, mut kept) = (Self::default(), Self::default());
        for (i, image) in self.images.into_iter().enumerate() {
            if i % every == every - 1 { held.images.push(image) } else { kept.images.push(image) }
        }
        (kept, held)
    }

    /// Returns the windows of every image that `rank` ranks highest, up to `most` per image.
    pub fn mine(
        &self,
        what: &str,
        detector: &Detector,
        min_face: f32,
        most: usize,
        rank: impl Fn(usize, &Candidate) -> Option<f32> + Sync,
    ) -> Samples {
        let progress = Progress::new(what, self.images.len());
        let found: Vec<Vec<i16>> = self
            .images
            .par_iter()
            .enumerate()
            .map(|(i, image)| {
                let features = highest(image, detector, min_face, most, |candidate| rank(i, candidate));
                progress.advance(1);
                features
            })
            .collect();
        Samples { len: detector.window.len(), features: found.concat() }
    }
}

/// Features of the highest-ranked windows of an image, up to `most`.
fn highest(
    image: &GreyImage,
    detector: &Detector,
    min_face: f32,
    most: usize,
    rank: impl Fn(&Candidate) -> Option<f32> + Sync,
) -> Vec<i16> {
    let mut ranked =
        detector.visit(image, min_face, &(), |candidate, ()| Some((rank(candidate)?, candidate.features.to_vec())));
    // The order of the windows decides between equal ranks, as the sort is stable.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.truncate(most);
    ranked.into_iter().flat_map(|(_, features)| features).collect()
}
