//! Near-duplicate photographs: scaled, compressed again, or taken a moment later.
//!
//! The fingerprint of an image is its perceptual hash (`imageproc::image_hash::phash`): 64 bits
//! that say which of the lowest frequencies of the image are strong. Scaling, compression and
//! brightness change few of them; another image changes half.

use image::GrayImage;
use image::imageops::{FilterType, resize};
use imageproc::image_hash::{PHash, phash};

/// Side to which images are scaled before hashing: the hash uses only the lowest frequencies.
const SIDE: u32 = 64;

/// Images whose grey levels span less than this are too even for a fingerprint.
const MIN_SPAN: f32 = 8.0;

/// Maximum number of bits, of 64, in which the fingerprints of near-duplicates differ.
pub const MAX_BITS: u32 = 8;

/// Fingerprint of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    hash: PHash,
    /// Whether the image is too even for its fingerprint to mean anything.
    blank: bool,
}

impl Fingerprint {
    /// Computes the fingerprint of an image.
    pub fn new(image: &GrayImage) -> Self {
        let small = resize(image, SIDE, SIDE, FilterType::Triangle);
        let small = imageproc::map::map_pixels(&small, |pixel| image::Luma([f32::from(pixel[0]) / 255.0]));
        let levels = small.pixels().map(|pixel| 255.0 * pixel[0]);
        let (low, high) = levels.fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
        Self { hash: phash(&small), blank: high - low < MIN_SPAN }
    }

    /// Number of bits in which two fingerprints differ, from 0 to 64.
    pub fn distance(&self, other: &Self) -> u32 {
        self.hash.hamming_distance(other.hash)
    }
}

/// Returns the pairs of images, by index, of different photographs whose fingerprints differ in at
/// most [`MAX_BITS`] bits; most similar first. `images` are fingerprints with the numbers of their
/// photographs.
pub fn near_duplicates(images: &[(Fingerprint, usize)]) -> Vec<(usize, usize, u32)> {
    let mut pairs = Vec::new();
    for (i, (a, photograph)) in images.iter().enumerate() {
        for (j, (b, other)) in images.iter().enumerate().skip(i + 1) {
            let distance = a.distance(b);
            if photograph != other && distance <= MAX_BITS && !a.blank && !b.blank {
                pairs.push((i, j, distance));
            }
        }
    }
    pairs.sort_by_key(|&(_, _, distance)| distance);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{clutter, portrait};

    /// Scaled, and brighter.
    fn copy(image: &GrayImage) -> GrayImage {
        let (width, height) = (2 * image.width() / 3, 2 * image.height() / 3);
        let mut small = resize(image, width, height, FilterType::Triangle);
        small.pixels_mut().for_each(|pixel| pixel[0] = pixel[0].saturating_add(9));
        small
    }

    #[test]
    fn copies_are_found_and_other_images_are_not() {
        let images = (0..60).map(|i| if i % 2 == 0 { portrait(1, i).image } else { clutter(1, i, 240, 180) });
        let images: Vec<GrayImage> = images.collect();
        let mut prints: Vec<(Fingerprint, usize)> =
            images.iter().enumerate().map(|(i, image)| (Fingerprint::new(image), i)).collect();
        assert_eq!(near_duplicates(&prints), []);
        prints.extend(images.iter().enumerate().map(|(i, image)| (Fingerprint::new(&copy(image)), 60 + i)));
        let mut pairs: Vec<(usize, usize)> = near_duplicates(&prints).iter().map(|&(i, j, _)| (i, j)).collect();
        pairs.sort_unstable();
        assert_eq!(pairs, (0..60).map(|i| (i, 60 + i)).collect::<Vec<_>>());
        // Known to be one photograph.
        prints[61].1 = 1;
        assert_eq!(near_duplicates(&prints).len(), 59);
    }

    #[test]
    fn even_images_are_not_compared() {
        let prints = [GrayImage::new(9, 9), GrayImage::new(50, 9)].map(|image| Fingerprint::new(&image));
        assert_eq!(near_duplicates(&[(prints[0], 0), (prints[1], 1)]), []);
    }
}
