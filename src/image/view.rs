//! The image that comes in: pixels of the caller's, and what the pipeline makes of them, each once.
//!
//! ```text
//!   numpy array, canvas, video frame ──borrowed──► Image ──► luma ──────► detector, cascade
//!   file ──decoded──────────────────────owned────►       ├─► mean grey ─► shape predictors of dlib
//!                                                        └─► channels ──► detectors of dlib
//! ```

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use super::GreyImage;
use super::colour;

/// Meaning of the bytes of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PixelFormat {
    /// A grey level.
    Grey,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, and a fourth byte (opacity), which is ignored.
    Rgba,
    /// Blue, green, red: OpenCV's order.
    Bgr,
}

impl PixelFormat {
    /// Bytes of a pixel.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb | Self::Bgr => 3,
            Self::Rgba => 4,
        }
    }

    /// The places of red, green and blue among the bytes of a pixel.
    pub(crate) fn rgb(self) -> [usize; 3] {
        match self {
            Self::Grey => [0; 3],
            Self::Rgb | Self::Rgba => [0, 1, 2],
            Self::Bgr => [2, 1, 0],
        }
    }
}

/// Why bytes are no image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// No row or no column.
    #[error("an image of {width}×{height} pixels has no pixels")]
    NoPixels {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Rows would overlap.
    #[error("a row stride of {stride} bytes is less than a row's {row} bytes")]
    Stride {
        /// Bytes from a row's first to the next row's first.
        stride: usize,
        /// Bytes of a row.
        row: usize,
    },
    /// The bytes end before the image does.
    #[error("{found} bytes are too few for the image, which needs {needed}")]
    TooShort {
        /// Bytes that there are.
        found: usize,
        /// Bytes that the image needs.
        needed: usize,
    },
}

/// An image of 8 bits a channel, grey or coloured, whose bytes are borrowed or owned.
///
/// Grey levels and channels are made when they are first asked for, and once: give the same `Image` to several calls.
///
/// ```
/// use lineament::Image;
///
/// let frame = vec![0u8; 640 * 480 * 3]; // from a camera, a canvas, an array
/// let image = Image::rgb(&frame, 640, 480)?;
/// # Ok::<(), lineament::ImageError>(())
/// ```
#[derive(Clone)]
pub struct Image<'a> {
    width: u32,
    height: u32,
    format: PixelFormat,
    stride: usize,
    bytes: Cow<'a, [u8]>,
    luma: OnceLock<GreyImage<'static>>,
    #[cfg(feature = "dlib")]
    mean_grey: OnceLock<GreyImage<'static>>,
    #[cfg(feature = "dlib")]
    channels: OnceLock<Vec<GreyImage<'static>>>,
}

impl<'a> Image<'a> {
    /// Grey levels in rows without gaps.
    ///
    /// # Errors
    /// If there is no pixel, or `pixels` has fewer than `width · height` bytes.
    pub fn grey(pixels: &'a [u8], width: u32, height: u32) -> Result<Self, ImageError> {
        Self::new(pixels, width, height, PixelFormat::Grey, width as usize)
    }

    /// Red, green and blue levels, three bytes a pixel, in rows without gaps.
    ///
    /// # Errors
    /// If there is no pixel, or `pixels` has fewer than `3 · width · height` bytes.
    pub fn rgb(pixels: &'a [u8], width: u32, height: u32) -> Result<Self, ImageError> {
        Self::new(pixels, width, height, PixelFormat::Rgb, 3 * width as usize)
    }

    /// Pixels of any format, in rows that begin `stride` bytes apart. Bytes beyond the last row are ignored; the last row
    /// may end with its last pixel.
    ///
    /// # Errors
    /// If there is no pixel, if `stride` is less than a row, or if there are too few bytes.
    pub fn new(
        bytes: impl Into<Cow<'a, [u8]>>,
        width: u32,
        height: u32,
        format: PixelFormat,
        stride: usize,
    ) -> Result<Self, ImageError> {
        let bytes = bytes.into();
        let row = (width as usize).saturating_mul(format.bytes());
        if width == 0 || height == 0 {
            return Err(ImageError::NoPixels { width, height });
        }
        if stride < row {
            return Err(ImageError::Stride { stride, row });
        }
        let needed = stride.saturating_mul(height as usize - 1).saturating_add(row);
        if bytes.len() < needed {
            return Err(ImageError::TooShort { found: bytes.len(), needed });
        }
        Ok(Self {
            width,
            height,
            format,
            stride,
            bytes,
            luma: OnceLock::new(),
            #[cfg(feature = "dlib")]
            mean_grey: OnceLock::new(),
            #[cfg(feature = "dlib")]
            channels: OnceLock::new(),
        })
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The grey levels: Rec. 709 luma of the stored values.
    pub(crate) fn luma(&self) -> GreyImage<'_> {
        if self.format != PixelFormat::Grey {
            return self.luma.get_or_init(|| self.plane(colour::luma)).view();
        }
        match self.without_gaps() {
            Some(pixels) => GreyImage::of(self.width, self.height, pixels),
            None => self.luma.get_or_init(|| self.plane(|row, _, grey| grey.copy_from_slice(row))).view(),
        }
    }

    /// The grey levels as dlib averages colours: the whole-number mean of red, green and blue.
    #[cfg(feature = "dlib")]
    pub(crate) fn mean_grey(&self) -> GreyImage<'_> {
        if self.format == PixelFormat::Grey {
            return self.luma();
        }
        self.mean_grey.get_or_init(|| self.plane(crate::dlib::colour::mean)).view()
    }

    /// The red, the green and the blue levels; of a grey image its grey levels alone.
    #[cfg(feature = "dlib")]
    pub(crate) fn channels(&self) -> &[GreyImage<'static>] {
        self.channels.get_or_init(|| {
            if self.format == PixelFormat::Grey {
                return vec![self.luma().into_owned()];
            }
            let channel =
                |place: usize| self.plane(|row, format, out| crate::dlib::colour::channel(row, format, place, out));
            self.format.rgb().map(channel).into()
        })
    }

    /// Red, green and blue of a pixel.
    ///
    /// # Panics
    /// If there is no such pixel.
    pub(crate) fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        assert!(x < self.width, "no pixel in column {x}");
        let pixel = &self.bytes[y as usize * self.stride + x as usize * self.format.bytes()..];
        self.format.rgb().map(|place| pixel[place])
    }

    /// All pixels as red, green and blue, three bytes each, in rows without gaps.
    pub fn to_rgb(&self) -> Vec<u8> {
        if let (PixelFormat::Rgb, Some(pixels)) = (self.format, self.without_gaps()) {
            return pixels.to_vec();
        }
        let places = self.format.rgb();
        let pixels = self.rows().flat_map(|row| row.chunks_exact(self.format.bytes()));
        pixels.flat_map(|pixel| places.map(|place| pixel[place])).collect()
    }

    /// The bytes of each row, without those between the rows.
    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let row = self.width as usize * self.format.bytes();
        (0..self.height as usize).map(move |y| &self.bytes[y * self.stride..][..row])
    }

    /// The bytes of all pixels, if there are none between the rows.
    fn without_gaps(&self) -> Option<&[u8]> {
        let row = self.width as usize * self.format.bytes();
        (self.stride == row).then(|| &self.bytes[..row * self.height as usize])
    }

    /// A plane that `convert` makes from each row.
    fn plane(&self, convert: impl Fn(&[u8], PixelFormat, &mut [u8])) -> GreyImage<'static> {
        let mut pixels = vec![0; self.width as usize * self.height as usize];
        for (row, out) in self.rows().zip(pixels.chunks_exact_mut(self.width as usize)) {
            convert(row, self.format, out);
        }
        GreyImage::of(self.width, self.height, pixels)
    }
}

impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Image({}×{}, {:?})", self.width, self.height, self.format)
    }
}

/// The luma of an image.
impl<'a> From<&'a Image<'_>> for GreyImage<'a> {
    fn from(image: &'a Image) -> Self {
        image.luma()
    }
}

impl<'a> From<GreyImage<'a>> for Image<'a> {
    /// # Panics
    /// If the image has no pixel.
    fn from(grey: GreyImage<'a>) -> Self {
        let (width, height) = grey.dimensions();
        let pixels: Cow<'a, [u8]> = grey.into_pixels();
        Self::new(pixels, width, height, PixelFormat::Grey, width as usize).expect("an image with pixels")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOURS: [u8; 12] = [10, 20, 36, 1, 2, 3, 200, 100, 0, 255, 255, 255];

    #[test]
    fn formats_and_strides_give_the_same_grey_levels() {
        let plain = Image::rgb(&COLOURS, 2, 2).unwrap();
        let luma = plain.luma().into_owned();
        let mut bgr = Vec::new();
        let mut rgba = Vec::new();
        for pixel in COLOURS.chunks_exact(3) {
            bgr.extend([pixel[2], pixel[1], pixel[0]]);
            rgba.extend([pixel[0], pixel[1], pixel[2], 7]);
        }
        let strided: Vec<u8> = COLOURS.chunks_exact(6).flat_map(|row| [row, &[9, 9][..]].concat()).collect();
        for (bytes, format, stride) in [
            (&bgr, PixelFormat::Bgr, 6),
            (&rgba, PixelFormat::Rgba, 8),
            (&strided, PixelFormat::Rgb, 8),
            (&strided[..14].to_vec(), PixelFormat::Rgb, 8),
        ] {
            let image = Image::new(bytes.as_slice(), 2, 2, format, stride).unwrap();
            assert_eq!(image.luma(), luma.view(), "{format:?}");
            assert_eq!(image.to_rgb(), COLOURS);
        }
    }

    #[test]
    fn a_grey_image_is_borrowed() {
        let pixels = [1, 2, 3, 4, 5, 6];
        let image = Image::grey(&pixels, 3, 2).unwrap();
        assert!(std::ptr::eq(image.luma().as_raw(), &pixels[..]));
        let strided = Image::new(&pixels[..], 2, 2, PixelFormat::Grey, 3).unwrap();
        assert_eq!(strided.luma().as_raw(), [1, 2, 4, 5]);
        assert_eq!(strided.to_rgb(), [1, 1, 1, 2, 2, 2, 4, 4, 4, 5, 5, 5]);
    }

    #[test]
    fn bytes_that_are_no_image_are_refused() {
        let error = |bytes: &[u8], width, height, stride| {
            Image::new(bytes, width, height, PixelFormat::Rgb, stride).unwrap_err()
        };
        assert_eq!(error(&[0; 9], 0, 3, 0), ImageError::NoPixels { width: 0, height: 3 });
        assert_eq!(error(&[0; 9], 1, 3, 2), ImageError::Stride { stride: 2, row: 3 });
        assert_eq!(error(&[0; 8], 1, 3, 3), ImageError::TooShort { found: 8, needed: 9 });
        assert!(matches!(error(&[0; 8], u32::MAX, u32::MAX, usize::MAX), ImageError::TooShort { .. }));
    }
}
