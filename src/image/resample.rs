//! Halving an image: the means of 2×2 pixels, of all of it or of a part.

use super::GreyImage;

/// A part of an image that is not empty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// The first column.
    pub left: u32,
    /// The first row.
    pub top: u32,
    /// Columns, at least one.
    pub width: u32,
    /// Rows, at least one.
    pub height: u32,
}

/// The image at half its size: means of 2×2 pixels. An odd last row or column counts twice.
pub fn half(image: &GreyImage) -> GreyImage<'static> {
    half_of(image, &Area { left: 0, top: 0, width: image.width(), height: image.height() })
}

/// Halves a part of an image like [`half`]; `area` lies within the image.
pub fn half_of(image: &GreyImage, area: &Area) -> GreyImage<'static> {
    let [width, height] = [area.width, area.height].map(|side| side.div_ceil(2));
    let mut pixels = vec![0; width as usize * height as usize];
    if !pixels.is_empty() {
        halve_rows(image.as_raw(), image.width() as usize, area, &mut pixels);
    }
    GreyImage::of(width, height, pixels)
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn halve_rows(image: &[u8], stride: usize, area: &Area, pixels: &mut [u8]) {
    let width = area.width as usize;
    let last = area.height as usize - 1;
    let mut sums = vec![0u16; width.next_multiple_of(2)];
    for (y, out) in pixels.chunks_exact_mut(sums.len() / 2).enumerate() {
        let row = |y: usize| &image[(area.top as usize + y.min(last)) * stride + area.left as usize..][..width];
        for ((sum, &top), &low) in sums.iter_mut().zip(row(2 * y)).zip(row(2 * y + 1)) {
            *sum = u16::from(top) + u16::from(low);
        }
        if let [.., before, end] = &mut sums[..]
            && width % 2 == 1
        {
            *end = *before;
        }
        for (out, pair) in out.iter_mut().zip(sums.as_chunks::<2>().0) {
            *out = ((pair[0] + pair[1] + 2) >> 2) as u8;
        }
    }
}
