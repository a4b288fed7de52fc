//! 68 facial landmarks by cascaded regression.

mod cascade;
pub mod pts;
pub mod scheme;
mod shape;
mod similarity;

pub use cascade::{Cascade, Fit, FitOptions};
pub use shape::Shape;
pub use similarity::Similarity;
