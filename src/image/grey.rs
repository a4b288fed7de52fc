//! One plane of grey levels: what detector and cascade look at.

use std::borrow::Cow;
use std::fmt;

/// Grey levels from 0 to 255 in rows without gaps, borrowed or owned.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct GreyImage<'a> {
    width: u32,
    height: u32,
    pixels: Cow<'a, [u8]>,
}

impl<'a> GreyImage<'a> {
    /// The image of these pixels, row by row; `None` if they are not `width · height`.
    pub fn from_raw(width: u32, height: u32, pixels: impl Into<Cow<'a, [u8]>>) -> Option<Self> {
        let pixels = pixels.into();
        (pixels.len() as u64 == u64::from(width) * u64::from(height)).then_some(Self { width, height, pixels })
    }

    /// The image of pixels that were just made for it.
    pub(crate) fn of(width: u32, height: u32, pixels: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::from_raw(width, height, pixels).expect("as many pixels as width times height")
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Columns and rows.
    pub fn dimensions(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Whether there is no pixel.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// All pixels, row by row.
    pub fn as_raw(&self) -> &[u8] {
        &self.pixels
    }

    /// All pixels, row by row; copied if they were borrowed.
    pub fn into_raw(self) -> Vec<u8> {
        self.pixels.into_owned()
    }

    pub(crate) fn into_pixels(self) -> Cow<'a, [u8]> {
        self.pixels
    }

    /// The pixels of a row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, y: u32) -> &[u8] {
        &self.pixels[y as usize * self.width as usize..][..self.width as usize]
    }

    /// The grey level of a pixel.
    ///
    /// # Panics
    /// If there is no such pixel.
    pub fn pixel(&self, x: u32, y: u32) -> u8 {
        self.row(y)[x as usize]
    }

    /// The same pixels, borrowed.
    pub fn view(&self) -> GreyImage<'_> {
        GreyImage { width: self.width, height: self.height, pixels: Cow::Borrowed(&self.pixels) }
    }

    /// The same pixels; copied if they were borrowed.
    pub fn into_owned(self) -> GreyImage<'static> {
        GreyImage { width: self.width, height: self.height, pixels: Cow::Owned(self.pixels.into_owned()) }
    }

    /// The image with left and right exchanged.
    pub fn mirrored(&self) -> GreyImage<'static> {
        let rows = (0..self.height).flat_map(|y| self.row(y).iter().rev());
        GreyImage::of(self.width, self.height, rows.copied().collect::<Vec<u8>>())
    }
}

impl GreyImage<'static> {
    /// A black image.
    pub fn new(width: u32, height: u32) -> Self {
        Self::of(width, height, vec![0; width as usize * height as usize])
    }

    /// The image of these grey levels, each of a column and a row.
    pub fn from_fn(width: u32, height: u32, mut level: impl FnMut(u32, u32) -> u8) -> Self {
        let mut pixels = Vec::with_capacity(width as usize * height as usize);
        for y in 0..height {
            pixels.extend((0..width).map(|x| level(x, y)));
        }
        Self::of(width, height, pixels)
    }
}

impl fmt::Debug for GreyImage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "GreyImage({}×{})", self.width, self.height)
    }
}

#[cfg(feature = "decode")]
impl<'a> From<&'a image::GrayImage> for GreyImage<'a> {
    fn from(image: &'a image::GrayImage) -> Self {
        Self::of(image.width(), image.height(), image.as_raw().as_slice())
    }
}

#[cfg(feature = "decode")]
impl From<GreyImage<'_>> for image::GrayImage {
    fn from(image: GreyImage) -> Self {
        let (width, height) = image.dimensions();
        Self::from_raw(width, height, image.into_raw()).expect("as many pixels as width times height")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_stand_in_rows() {
        let image = GreyImage::from_fn(3, 2, |x, y| (10 * y + x) as u8);
        assert_eq!(image.as_raw(), [0, 1, 2, 10, 11, 12]);
        assert_eq!((image.pixel(2, 1), image.row(1)), (12, &[10, 11, 12][..]));
        assert_eq!(image.mirrored().as_raw(), [2, 1, 0, 12, 11, 10]);
        assert_eq!(image.view().into_owned(), image);
        assert!(GreyImage::from_raw(3, 2, &[0; 5][..]).is_none());
        assert!(GreyImage::new(0, 7).is_empty());
    }
}
