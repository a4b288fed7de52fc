//! Grey images, how they are read, and their pyramid.

mod channels;
mod grey;
pub mod pyramid;
mod read;

pub use channels::{channels, to_mean_grey};
pub use grey::to_grey;
pub use image::{DynamicImage, GrayImage};
pub use read::{Orientation, ReadError, ReadOptions, decode, read, read_grey, read_size};
