//! What models of dlib's look at in a colour picture: its three channels, or their mean.

use image::{DynamicImage, RgbImage};

use super::GrayImage;

/// The grey levels of a picture as the whole-number mean of red, green and blue; those of a grey picture as they are.
pub fn to_mean_grey(picture: &DynamicImage) -> GrayImage {
    let mean = |picture: &RgbImage| {
        let mean = |&[r, g, b]: &[u8; 3]| ((u16::from(r) + u16::from(g) + u16::from(b)) / 3) as u8;
        let pixels = picture.as_raw().as_chunks().0.iter().map(mean).collect();
        GrayImage::from_raw(picture.width(), picture.height(), pixels).unwrap_or_default()
    };
    match picture {
        DynamicImage::ImageRgb8(picture) => mean(picture),
        other if other.color().has_color() => mean(&other.to_rgb8()),
        other => other.to_luma8(),
    }
}

/// The red, the green and the blue levels of a picture; of a grey picture its grey levels alone.
pub fn channels(picture: &DynamicImage) -> Vec<GrayImage> {
    if !picture.color().has_color() {
        return vec![picture.to_luma8()];
    }
    let colours = picture.to_rgb8();
    let channel = |channel: usize| {
        let pixels = colours.as_raw().as_chunks::<3>().0.iter().map(|pixel| pixel[channel]).collect();
        GrayImage::from_raw(colours.width(), colours.height(), pixels).unwrap_or_default()
    };
    (0..3).map(channel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_apart_and_averaged() {
        let picture: DynamicImage = RgbImage::from_pixel(2, 1, image::Rgb([10, 20, 36])).into();
        assert_eq!(to_mean_grey(&picture).as_raw(), &[22, 22]);
        let channels: Vec<u8> = channels(&picture).iter().map(|channel| channel.get_pixel(1, 0).0[0]).collect();
        assert_eq!(channels, [10, 20, 36]);
    }

    #[test]
    fn a_grey_picture_is_its_own_mean() {
        let grey = GrayImage::from_pixel(2, 2, image::Luma([77]));
        assert_eq!(to_mean_grey(&grey.clone().into()), grey);
        assert_eq!(channels(&grey.clone().into()), [grey]);
    }
}
