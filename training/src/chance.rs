//! Random numbers that are not uniform.

use rand::{Rng, RngExt};

/// A standard normal number (Box & Muller 1958).
pub fn normal(rng: &mut impl Rng) -> f32 {
    let radius = (-2.0 * (1.0 - rng.random::<f32>()).ln()).sqrt();
    radius * (std::f32::consts::TAU * rng.random::<f32>()).cos()
}
