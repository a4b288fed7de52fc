//! From colours to grey levels.

use super::PixelFormat;

/// Rec. 709's shares of red, green and blue in luma, with 16 fractional bits.
const SHARES: [u32; 3] = [13933, 46871, 4732];

/// The Rec. 709 luma of a row of coloured pixels, in whole numbers: the crate `image` does it with floating-point numbers
/// for any kind of image, which takes half of a JPEG's decoding time.
pub(super) fn luma(row: &[u8], format: PixelFormat, grey: &mut [u8]) {
    match format {
        PixelFormat::Grey => grey.copy_from_slice(row),
        PixelFormat::Rgb => weigh_rgb(row.as_chunks().0, grey),
        PixelFormat::Rgba | PixelFormat::Bgr => {
            let [red, green, blue] = format.rgb();
            for (grey, pixel) in grey.iter_mut().zip(row.chunks_exact(format.bytes())) {
                *grey = weigh(pixel[red], pixel[green], pixel[blue]);
            }
        }
    }
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn weigh_rgb(pixels: &[[u8; 3]], grey: &mut [u8]) {
    for (grey, &[r, g, b]) in grey.iter_mut().zip(pixels) {
        *grey = weigh(r, g, b);
    }
}

#[inline(always)]
fn weigh(r: u8, g: u8, b: u8) -> u8 {
    let [red, green, blue] = SHARES;
    ((u32::from(r) * red + u32::from(g) * green + u32::from(b) * blue + (1 << 15)) >> 16) as u8
}

#[cfg(all(test, feature = "decode"))]
mod tests {
    use image::{DynamicImage, RgbImage};

    use crate::Image;

    #[test]
    fn grey_levels_are_those_of_the_image_library() {
        let colours = RgbImage::from_fn(256, 256, |x, y| image::Rgb([x as u8, y as u8, (x * 7 + y * 13) as u8]));
        let library = DynamicImage::from(colours.clone()).to_luma8();
        let ours = Image::from(colours).luma().into_owned();
        let differences = library.iter().zip(ours.as_raw()).filter(|(a, b)| a != b);
        assert!(differences.clone().all(|(a, b)| a.abs_diff(*b) <= 1));
        assert!(differences.count() < 650, "more than a hundredth of the pixels is rounded otherwise");
    }
}
