//! Grey images.

pub use image::GrayImage;
