//! Grey images and how they are read.

mod read;

pub use image::{DynamicImage, GrayImage};
pub use read::{Orientation, ReadError, ReadOptions, decode, read, read_grey, read_size};
