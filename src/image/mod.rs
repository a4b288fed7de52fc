//! Grey images, how they are read, and their pyramid.

pub mod pyramid;
mod read;

pub use image::{DynamicImage, GrayImage};
pub use read::{Orientation, ReadError, ReadOptions, decode, read, read_grey, read_size};
