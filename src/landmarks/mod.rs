//! Facial landmarks by cascaded regression: a mean shape in the box, moved onto the face stage by stage.

mod basis;
mod cascade;
pub mod confidence;
pub mod crop;
pub mod linear_stage;
mod model;
mod observer;
pub mod patches;
pub mod regression;
mod restarts;
pub mod scheme;
mod shape;
mod similarity;
mod summary;
pub mod tree_stage;

pub use basis::ShapeBasis;
pub use cascade::{Cascade, Fit, FitOptions, Stage};
pub use confidence::Confidence;
pub use model::{LandmarkModel, LandmarkParts};
pub use observer::CascadeObserver;
pub use shape::{Shape, ShapeExt};
pub use similarity::Similarity;
