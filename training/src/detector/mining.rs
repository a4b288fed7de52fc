//! Windows of pictures without faces: at random, and those that the detector of the moment takes for faces.

use std::path::PathBuf;

use lineament::decode as pictures;
use lineament::decode::ReadOptions;
use lineament::raw::GreyImage;
use lineament::raw::{Candidate, Detector};
use rayon::prelude::*;

use super::samples::Samples;
use crate::progress::Progress;

/// Pictures without faces, held in memory.
#[derive(Clone, Debug, Default)]
pub struct Negatives {
    /// The pictures, in the order of their files.
    pub pictures: Vec<GreyImage<'static>>,
}

impl Negatives {
    /// Reads the pictures; those that cannot be read are left out.
    pub fn read(files: &[PathBuf]) -> Self {
        let read = |file: &PathBuf| pictures::read_grey(file, &ReadOptions::dataset()).ok();
        Self { pictures: files.par_iter().filter_map(read).collect() }
    }

    /// All pictures' pixels in millions.
    pub fn megapixels(&self) -> f64 {
        self.pictures.iter().map(|p| f64::from(p.width()) * f64::from(p.height())).sum::<f64>() / 1e6
    }

    /// Every `n`-th picture from `first` on, the others being the second part.
    pub fn split(self, share: f32) -> (Self, Self) {
        let every = (1.0 / share).round().max(2.0) as usize;
        let (mut held, mut kept) = (Self::default(), Self::default());
        for (i, picture) in self.pictures.into_iter().enumerate() {
            if i % every == every - 1 { held.pictures.push(picture) } else { kept.pictures.push(picture) }
        }
        (kept, held)
    }

    /// Of every picture the `most` windows to which `rank` gives the highest numbers.
    pub fn mine(
        &self,
        what: &str,
        detector: &Detector,
        min_face: f32,
        most: usize,
        rank: impl Fn(usize, &Candidate) -> Option<f32> + Sync,
    ) -> Samples {
        let progress = Progress::new(what, self.pictures.len());
        let found: Vec<Vec<i16>> = self
            .pictures
            .par_iter()
            .enumerate()
            .map(|(i, picture)| {
                let features = highest(picture, detector, min_face, most, |candidate| rank(i, candidate));
                progress.advance(1);
                features
            })
            .collect();
        Samples { len: detector.window.len(), features: found.concat() }
    }
}

/// The features of the `most` highest-ranked windows of a picture.
fn highest(
    picture: &GreyImage,
    detector: &Detector,
    min_face: f32,
    most: usize,
    rank: impl Fn(&Candidate) -> Option<f32> + Sync,
) -> Vec<i16> {
    let mut ranked =
        detector.visit(picture, min_face, &(), |candidate, ()| Some((rank(candidate)?, candidate.features.to_vec())));
    // The order of the windows decides between equal ranks, as the sort is stable.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.truncate(most);
    ranked.into_iter().flat_map(|(_, features)| features).collect()
}

/// A number from 0 to 1 that depends on the picture and the window's place alone.
pub fn chance(seed: u64, picture: usize, candidate: &Candidate) -> f32 {
    let place = candidate.bounds;
    let parts =
        [seed, picture as u64, place.x.to_bits().into(), place.y.to_bits().into(), place.width.to_bits().into()];
    // SplitMix64's finaliser over all parts.
    let hash = parts.iter().fold(0u64, |hash, part| {
        let mut z = (hash ^ part).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    });
    (hash >> 40) as f32 / (1u64 << 24) as f32
}
