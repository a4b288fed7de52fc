//! What dlib's models look at in a coloured image: its three channels, or their mean.

use crate::image::PixelFormat;

/// The whole-number mean of red, green and blue of each pixel of a row.
pub(crate) fn mean(row: &[u8], format: PixelFormat, grey: &mut [u8]) {
    let [red, green, blue] = format.rgb();
    for (grey, pixel) in grey.iter_mut().zip(row.chunks_exact(format.bytes())) {
        let sum = u16::from(pixel[red]) + u16::from(pixel[green]) + u16::from(pixel[blue]);
        *grey = (sum / 3) as u8;
    }
}

/// The bytes at one place of each pixel of a row.
pub(crate) fn channel(row: &[u8], format: PixelFormat, place: usize, out: &mut [u8]) {
    for (out, pixel) in out.iter_mut().zip(row.chunks_exact(format.bytes())) {
        *out = pixel[place];
    }
}

#[cfg(test)]
mod tests {
    use crate::Image;

    #[test]
    fn colours_are_taken_apart_and_averaged() {
        let pixels = [10, 20, 36, 10, 20, 36];
        let image = Image::rgb(&pixels, 2, 1).unwrap();
        assert_eq!(image.mean_grey().as_raw(), &[22, 22]);
        let channels: Vec<u8> = image.channels().iter().map(|channel| channel.pixel(1, 0)).collect();
        assert_eq!(channels, [10, 20, 36]);
    }

    #[test]
    fn a_grey_image_is_its_own_mean() {
        let image = Image::grey(&[77; 4], 2, 2).unwrap();
        assert_eq!(image.mean_grey(), image.luma());
        assert_eq!(image.channels(), [image.luma()]);
    }
}
