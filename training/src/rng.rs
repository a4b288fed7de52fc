//! Every random stream of the trainer, and how it follows from the seed of the command line.
//!
//! A stream depends on the seed and on the place where it is used, never on what was drawn before
//! or on a thread. Therefore a run can be resumed, and any number of threads gives the same model.
//!
//! | function | derivation | used for |
//! |---|---|---|
//! | [`rng_of_step`] | ChaCha8, seeded with SipHash-1-3 of seed and name | steps of a landmark fit |
//! | [`seeded`] | ChaCha8, seeded with the seed itself | parts of cross-fitting, splits of data sets, one SVM, one run of boosted trees, one face's windows |
//! | [`stream`] | ChaCha8 of the seed, stream `index` | anything numbered: nodes of a tree, stray boxes of an image, trials, bootstrap draws, synthetic images |
//! | [`seed_of_round`] | seed + number | rounds of the detector, poses of its filters |
//! | [`seed_of_face`] | seed XOR (image, face) · golden ratio | windows around one face |
//! | [`window_rank`] | SplitMix64 over seed, image and place | which windows of an image are drawn |
//!
//! Models that were published can be fitted again byte for byte. For this reason the older
//! derivations stay as they are, although [`rng_of_step`] alone would do.

use std::hash::Hasher;

use lineament::geometry::Rect;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use siphasher::sip::SipHasher13;

/// 2⁶⁴ divided by the golden ratio: neighbouring numbers times this differ in most bits.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Returns the random numbers of a named step.
///
/// The hash is a fixed one: that of the standard library may change from one version of Rust to the
/// next. The byte after the name is the one that Rust appends to a string when hashing it.
pub fn rng_of_step(seed: u64, step: &str) -> ChaCha8Rng {
    let mut hasher = SipHasher13::new();
    hasher.write(&seed.to_le_bytes());
    hasher.write(step.as_bytes());
    hasher.write(&[0xff]);
    seeded(hasher.finish())
}

/// Returns the random numbers of a seed.
pub fn seeded(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Returns stream `index` of a seed; streams do not overlap.
pub fn stream(seed: u64, index: u64) -> ChaCha8Rng {
    let mut rng = seeded(seed);
    rng.set_stream(index);
    rng
}

/// Returns the seed of a numbered round.
pub fn seed_of_round(seed: u64, round: usize) -> u64 {
    seed.wrapping_add(round as u64)
}

/// Returns the seed of a face, given by the index of its image and its index within the image.
pub fn seed_of_face(seed: u64, image: usize, face: usize) -> u64 {
    seed ^ ((image as u64) << 20 | face as u64).wrapping_mul(GOLDEN)
}

/// Returns a number from 0 to 1 that depends on the seed, the image and the window's place only.
pub fn window_rank(seed: u64, image: usize, place: &Rect) -> f32 {
    let parts = [seed, image as u64, place.x.to_bits().into(), place.y.to_bits().into(), place.width.to_bits().into()];
    // SplitMix64's finaliser over all parts.
    let hash = parts.iter().fold(0u64, |hash, part| {
        let mut z = (hash ^ part).wrapping_add(GOLDEN);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    });
    (hash >> 40) as f32 / (1u64 << 24) as f32
}

/// Draws a standard normal number (Box & Muller 1958).
///
/// `rand_distr::StandardNormal` draws other numbers, and so would give other models from the same
/// seed.
pub fn normal(rng: &mut impl Rng) -> f32 {
    let radius = (-2.0 * (1.0 - rng.random::<f32>()).ln()).sqrt();
    radius * (std::f32::consts::TAU * rng.random::<f32>()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_the_same_with_every_compiler() {
        assert_eq!(rng_of_step(1, "starts").next_u64(), 9_781_969_377_347_389_790);
        assert_eq!(seed_of_face(1, 2, 3), 1 ^ (2_097_155u64).wrapping_mul(GOLDEN));
        assert_eq!(seed_of_round(u64::MAX, 1), 0);
        assert_ne!(stream(1, 0).next_u64(), stream(1, 1).next_u64());
        let rank = |x: f32| window_rank(1, 0, &Rect::new(x, 2.0, 40.0, 40.0));
        assert!((0.0..1.0).contains(&rank(1.0)) && rank(1.0) != rank(1.5));
    }
}
