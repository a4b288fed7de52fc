//! From colours to grey levels.

use image::{DynamicImage, RgbImage};

use super::GrayImage;

/// Rec. 709's shares of red, green and blue in luma, with 16 fractional bits.
const SHARES: [u32; 3] = [13933, 46871, 4732];

/// The grey levels of a picture: Rec. 709 luma of the stored values; transparency is dropped, 16 bits are rounded to 8.
///
/// Colours are weighed here, in whole numbers: `image` does it with floating-point numbers
/// for any kind of picture, which takes half of a JPEG's decoding time.
pub fn to_grey(picture: &DynamicImage) -> GrayImage {
    match picture {
        DynamicImage::ImageRgb8(picture) => luma(picture),
        coloured if coloured.color().has_color() => luma(&coloured.to_rgb8()),
        other => other.to_luma8(),
    }
}

fn luma(picture: &RgbImage) -> GrayImage {
    let mut grey = vec![0; picture.width() as usize * picture.height() as usize];
    weigh(picture.as_raw().as_chunks().0, &mut grey);
    GrayImage::from_raw(picture.width(), picture.height(), grey).unwrap_or_default()
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn weigh(pixels: &[[u8; 3]], grey: &mut [u8]) {
    let [red, green, blue] = SHARES;
    for (grey, &[r, g, b]) in grey.iter_mut().zip(pixels) {
        *grey = ((u32::from(r) * red + u32::from(g) * green + u32::from(b) * blue + (1 << 15)) >> 16) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_levels_are_those_of_the_image_library() {
        let colours = RgbImage::from_fn(256, 256, |x, y| image::Rgb([x as u8, y as u8, (x * 7 + y * 13) as u8]));
        let library = DynamicImage::from(colours.clone()).to_luma8();
        let ours = to_grey(&colours.into());
        let differences = library.iter().zip(ours.iter()).filter(|(a, b)| a != b);
        assert!(differences.clone().all(|(a, b)| a.abs_diff(*b) <= 1));
        assert!(differences.count() < 650, "more than a hundredth of the pixels is rounded otherwise");
    }
}
