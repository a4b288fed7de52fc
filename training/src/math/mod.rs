//! The mathematics that several trainers and the inspection share.

pub mod pca;
pub mod ridge;
