//! Facial landmarks by cascaded regression.

pub mod basis;
pub mod cascade;
pub mod confidence;
pub mod crop;
mod facts;
pub mod imglab;
pub mod linear;
mod model;
pub mod patches;
pub mod pixels;
pub mod pts;
pub mod regression;
pub mod scheme;
mod shape;
mod similarity;
mod starts;
pub mod trees;

pub use basis::ShapeBasis;
pub use cascade::{Cascade, Fit, FitOptions, Stage};
pub use confidence::Confidence;
pub use model::LandmarkModel;
pub use pixels::PixelCascade;
pub use shape::Shape;
pub use similarity::Similarity;
