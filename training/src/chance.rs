//! Random numbers: those of one step of a training, and those that are not uniform.

use std::hash::Hasher;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use siphasher::sip::SipHasher13;

/// The random numbers of one step: they depend on nothing that was drawn before, so that a run can be resumed.
///
/// The hash is a named one, for the standard library's may be another in another version of Rust.
/// The byte after the name is the one with which Rust ends a text that it hashes.
pub fn rng_of_step(seed: u64, step: &str) -> ChaCha8Rng {
    let mut hasher = SipHasher13::new();
    hasher.write(&seed.to_le_bytes());
    hasher.write(step.as_bytes());
    hasher.write(&[0xff]);
    ChaCha8Rng::seed_from_u64(hasher.finish())
}

/// A standard normal number (Box & Muller 1958).
pub fn normal(rng: &mut impl Rng) -> f32 {
    let radius = (-2.0 * (1.0 - rng.random::<f32>()).ln()).sqrt();
    radius * (std::f32::consts::TAU * rng.random::<f32>()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_draws_the_same_numbers_with_every_compiler() {
        assert_eq!(rng_of_step(1, "starts").next_u64(), 9_781_969_377_347_389_790);
    }
}
