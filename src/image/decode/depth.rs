//! Levels that do not fill the range of their type.

use image::DynamicImage;

use super::Note;

/// Cameras and scanners have up to so many bits. More are the whole range.
const MOST_BITS: u32 = 14;

/// Stretches levels of 16 bits that use at most 14 of them: sensors with 10 to 14 bits store them as they are, which makes
/// the image nearly black.
pub(super) fn stretch(image: &mut DynamicImage, notes: &mut Vec<Note>) {
    let (levels, channels, opaque) = match image {
        DynamicImage::ImageLuma16(image) => (&mut **image, 1, 1),
        DynamicImage::ImageLumaA16(image) => (&mut **image, 2, 1),
        DynamicImage::ImageRgb16(image) => (&mut **image, 3, 3),
        DynamicImage::ImageRgba16(image) => (&mut **image, 4, 3),
        _ => return,
    };
    let colours = |pixel: &[u16]| pixel[..opaque].iter().copied().max().unwrap_or(0);
    let most = levels.chunks_exact(channels).map(colours).max().unwrap_or(0);
    let bits = (u16::BITS - most.leading_zeros()).max(u8::BITS);
    if most == 0 || bits > MOST_BITS {
        return;
    }
    let full = (1u32 << bits) - 1;
    for pixel in levels.chunks_exact_mut(channels) {
        for level in &mut pixel[..opaque] {
            *level = ((u32::from(*level) * u32::from(u16::MAX) + full / 2) / full) as u16;
        }
    }
    notes.push(Note::Stretched { bits: bits as u8 });
}

#[cfg(test)]
mod tests {
    use image::{ImageBuffer, Luma, LumaA};

    use super::*;

    #[test]
    fn few_bits_are_stretched_and_many_are_not() {
        for (most, bits) in
            [(4095, Some(12)), (1000, Some(10)), (255, Some(8)), (16_383, Some(14)), (16_384, None), (0, None)]
        {
            let mut image = DynamicImage::from(ImageBuffer::from_fn(2, 1, |x, _| Luma([most * x as u16])));
            let mut notes = Vec::new();
            stretch(&mut image, &mut notes);
            assert_eq!(notes, bits.map(|bits| Note::Stretched { bits }).into_iter().collect::<Vec<_>>(), "{most}");
            let white = image.into_luma16().get_pixel(1, 0).0[0];
            assert!(if bits.is_some() { white > 64_000 } else { white == most }, "{most} became {white}");
        }
    }

    #[test]
    fn transparency_stays() {
        let mut image = DynamicImage::from(ImageBuffer::from_pixel(1, 1, LumaA([4095u16, 300])));
        stretch(&mut image, &mut Vec::new());
        assert_eq!(image.into_luma_alpha16().get_pixel(0, 0).0, [65_535, 300]);
    }
}
