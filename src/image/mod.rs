//! Images: the one that comes in, its planes of grey levels, and how both are made.

mod colour;
#[cfg(feature = "decode")]
pub mod decode;
mod grey;
pub mod resample;
mod view;

pub use grey::GreyImage;
pub use view::{Image, ImageError, PixelFormat};
