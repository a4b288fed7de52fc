//! Grey images, how they are read, and their pyramid.

mod channels;
mod decode;
mod grey;
mod kinds;
pub mod pyramid;
mod read;

pub use channels::{channels, to_mean_grey};
pub use decode::Note;
pub use grey::to_grey;
pub use image::{DynamicImage, GrayImage};
pub use kinds::is_animated;
pub use read::{
    Damage, Orientation, ReadError, ReadOptions, decode, decode_with_notes, read, read_bytes, read_grey, read_size,
};
