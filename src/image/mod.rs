//! Grey images, how they are read, and their pyramid.

mod grey;
pub mod pyramid;
mod read;

pub use grey::to_grey;
pub use image::{DynamicImage, GrayImage};
pub use read::{Orientation, ReadError, ReadOptions, decode, read, read_grey, read_size};
