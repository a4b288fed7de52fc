//! Memory: how much there is, how much an image needs, and images that wait for each other.

mod available;
mod budget;
mod estimate;

pub use available::{address_space, available};
pub use budget::{Budget, Permit};
pub use estimate::Estimate;
