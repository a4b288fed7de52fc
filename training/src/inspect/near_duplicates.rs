//! Photographs that are almost the same: scaled, compressed again, a frame later.
//!
//! A picture's fingerprint is its difference hash: the picture is scaled to 17×16 grey pixels, and each bit says whether a
//! pixel is brighter than its left neighbour. Scaling and compression change few of the 256 bits, another picture half of them.

use image::imageops::{FilterType, resize};
use lineament::raw::GreyImage;

/// Bits of the hash.
const SIDE: u32 = 16;

/// A picture's fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u64; 4]);

impl Fingerprint {
    /// The fingerprint of a picture.
    pub fn new(image: &GreyImage) -> Self {
        let small = resize(&image::GrayImage::from(image.view()), SIDE + 1, SIDE, FilterType::Triangle);
        let mut bits = [0u64; 4];
        for y in 0..SIDE {
            for x in 0..SIDE {
                if small.get_pixel(x + 1, y)[0] > small.get_pixel(x, y)[0] {
                    bits[(y / 4) as usize] |= 1 << ((y % 4) * SIDE + x);
                }
            }
        }
        Self(bits)
    }

    /// The number of bits in which two fingerprints differ, 0 to 256.
    pub fn distance(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Whether the picture is too even for its fingerprint to mean anything: hardly any bit is set.
    fn is_blank(&self) -> bool {
        self.0.iter().map(|bits| bits.count_ones()).sum::<u32>() < SIDE
    }
}

/// The pairs of pictures, by their places in `pictures`, whose fingerprints differ in at most `bits` bits, though their
/// photograph's number is not the same. Nearest first.
pub fn near_duplicates(pictures: &[(Fingerprint, usize)], bits: u32) -> Vec<(usize, usize, u32)> {
    let mut pairs = Vec::new();
    for (i, (a, photograph)) in pictures.iter().enumerate() {
        for (j, (b, other)) in pictures.iter().enumerate().skip(i + 1) {
            let distance = a.distance(b);
            if photograph != other && distance <= bits && !a.is_blank() {
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

    fn picture(seed: u32, side: u32) -> GreyImage<'static> {
        GreyImage::from_fn(side, side, |x, y| {
            let (x, y) = (x as f32 / side as f32, y as f32 / side as f32);
            let wave = (x * 20.0 + seed as f32).sin() + (y * 17.0 + x * seed as f32 * 3.0).cos();
            [(128.0 + 50.0 * wave) as u8].into()
        })
    }

    #[test]
    fn a_scaled_picture_is_found_and_another_is_not() {
        let prints = [(picture(1, 200), 0), (picture(2, 200), 1), (picture(1, 130), 2), (GreyImage::new(9, 9), 3)];
        let mut prints = prints.map(|(image, photograph)| (Fingerprint::new(&image), photograph)).to_vec();
        prints.push((Fingerprint::new(&GreyImage::new(50, 9)), 4));
        let pairs = near_duplicates(&prints, 12);
        assert_eq!(pairs.iter().map(|&(i, j, _)| (i, j)).collect::<Vec<_>>(), [(0, 2)]);
        // Known to be one photograph already.
        prints[2].1 = 0;
        assert!(near_duplicates(&prints, 12).is_empty());
    }
}
