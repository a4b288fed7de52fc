//! Inspection of data sets: distributions ([`statistics`]), suspicious annotations ([`suspicion`],
//! [`shape_model`], [`mistakes`]), and near-duplicate photographs ([`near_duplicates`]).

mod inspection;
pub mod mistakes;
pub mod near_duplicates;
pub mod shape_model;
pub mod statistics;
pub mod suspicion;

pub use inspection::{Inspection, NearDuplicate};
