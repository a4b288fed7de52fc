//! Looking at data sets: what is in them ([`statistics`]), which annotations are suspicious ([`suspicion`],
//! [`shape_model`], [`mistakes`]), how faces stand and are lit ([`traits`], [`light`]) and which photographs are almost the same ([`near_duplicates`]).

mod inspection;
pub mod mistakes;
pub mod near_duplicates;
pub mod shape_model;
pub mod statistics;
pub mod suspicion;

pub use inspection::{Inspection, NearDuplicate};
