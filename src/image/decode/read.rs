//! Reading image files from strangers.
//!
//! The format is guessed from the content, never from the name. The header is read first: its dimensions are checked
//! against a limit before a pixel is allocated, and the decoder's own memory is bounded. A JPEG that stops half-way
//! would decode to a half grey picture, so its markers are followed to the end first. What decoders believe too easily is checked
//! before they see it.

use std::io::{Cursor, ErrorKind};
use std::path::Path;

use super::sniff::{foreign_format, jpeg_scans, tiff_fault, webp_is_cut};
use crate::files::read_at_most;
use crate::image::{GreyImage, Image};
use image::error::UnsupportedErrorKind;
use image::metadata::Orientation as Transform;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

/// The most scans of a JPEG. Progressive ones have about ten; a hundred bytes more make another, for which the decoder goes
/// through all pixels again.
const MOST_SCANS: usize = 100;

/// What to do with the orientation that a photograph's EXIF record names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    /// Turn the picture upright, as every viewer does: for the user's own pictures.
    #[default]
    Apply,
    /// Leave the pixels as stored: for data sets, whose annotations refer to them.
    Ignore,
}

/// How to read a picture.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// The most pixels that a picture may have.
    pub max_pixels: u64,
    /// Whether the EXIF orientation is applied.
    pub orientation: Orientation,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { max_pixels: 200_000_000, orientation: Orientation::Apply }
    }
}

impl ReadOptions {
    /// The options for pictures of a data set: pixels as stored.
    pub fn dataset() -> Self {
        Self { orientation: Orientation::Ignore, ..Self::default() }
    }

    /// The most memory that decoding may take: 16 bytes a pixel (four channels of 32 bits) and a little for the tables.
    fn max_bytes(&self) -> u64 {
        self.max_pixels.saturating_mul(16).saturating_add(64 << 20)
    }
}

/// Why a picture cannot be read. Each message is a clause that follows the file's name.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The name belongs to a folder or a device.
    #[error("it is not a regular file")]
    NotAFile,
    /// The file has no content.
    #[error("the file is empty")]
    Empty,
    /// The file ends before the picture does.
    #[error("the image is truncated")]
    Truncated,
    /// The content is no image, or of a format that nobody here knows.
    #[error("it is not an image, or of an unknown format")]
    NotAnImage,
    /// An image format, or a variant of one, that is not supported.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// More pixels than the limit.
    #[error("the image has {width}×{height} pixels, more than the limit of {limit}")]
    TooLarge {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// The limit in pixels.
        limit: u64,
    },
    /// Decoding would take more memory than a picture within the pixel limit needs.
    #[error("the image needs more memory than its limit allows")]
    TooMuchMemory,
    /// No row or no column.
    #[error("the image has no pixels ({width}×{height})")]
    ZeroSize {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The content breaks the rules of its format.
    #[error("the image is damaged: {0}")]
    Damaged(String),
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[source] std::io::Error),
}

/// Reads a picture with its colours.
///
/// # Errors
/// If the file cannot be read, is no image of a known format, is truncated or damaged, or exceeds the limits.
pub fn read(path: impl AsRef<Path>, options: &ReadOptions) -> Result<DynamicImage, ReadError> {
    decode(&read_bytes(path, options)?, options)
}

/// Reads a picture as grey levels: its luma.
///
/// # Errors
/// As [`read`].
pub fn read_grey(path: impl AsRef<Path>, options: &ReadOptions) -> Result<GreyImage<'static>, ReadError> {
    Ok(Image::from(read(path, options)?).luma().into_owned())
}

/// The picture in the bytes of an image file.
///
/// # Errors
/// As [`read`].
pub fn decode(bytes: &[u8], options: &ReadOptions) -> Result<DynamicImage, ReadError> {
    let (format, mut decoder) = open(bytes, options)?;
    if format == ImageFormat::Jpeg && jpeg_scans(bytes).ok_or(ReadError::Truncated)? > MOST_SCANS {
        return Err(ReadError::Unsupported(format!("a JPEG of more than {MOST_SCANS} scans")));
    }
    let transform = match options.orientation {
        Orientation::Apply => decoder.orientation().unwrap_or(Transform::NoTransforms),
        Orientation::Ignore => Transform::NoTransforms,
    };
    let mut image = DynamicImage::from_decoder(decoder).map_err(clause)?;
    image.apply_orientation(transform);
    Ok(image)
}

/// Width and height of a picture as stored, from its header; the pixels are not decoded.
///
/// # Errors
/// If the file cannot be read, is no image of a known format, has no sound header, or exceeds the limits.
pub fn read_size(path: impl AsRef<Path>, options: &ReadOptions) -> Result<(u32, u32), ReadError> {
    Ok(open(&read_bytes(path, options)?, options)?.1.dimensions())
}

/// The content of a picture file; what is no regular file, such as a device or a pipe, is not opened.
///
/// # Errors
/// If there is no such file, or if it cannot be read or has more bytes than any picture within the limits.
pub fn read_bytes(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Vec<u8>, ReadError> {
    let path = path.as_ref();
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => ReadError::Missing,
        ErrorKind::FileTooLarge => ReadError::TooMuchMemory,
        _ => ReadError::Io(error),
    };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(ReadError::NotAFile);
    }
    read_at_most(path, options.max_bytes()).map_err(failed)
}

/// The decoder of an image whose header has been read and whose dimensions are within the limits.
fn open<'a>(bytes: &'a [u8], options: &ReadOptions) -> Result<(ImageFormat, impl ImageDecoder + 'a), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if let Some(name) = foreign_format(bytes) {
        return Err(ReadError::Unsupported(format!("the image format {name}")));
    }
    if let Some(fault) = tiff_fault(bytes) {
        return Err(fault);
    }
    if webp_is_cut(bytes) {
        return Err(ReadError::Truncated);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(ReadError::Io)?;
    let format = reader.format().ok_or(ReadError::NotAnImage)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(options.max_bytes());
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| match format {
        ImageFormat::Jpeg if jpeg_scans(bytes).is_none() => ReadError::Truncated,
        _ => clause(error),
    })?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(ReadError::ZeroSize { width, height });
    }
    if u64::from(width) * u64::from(height) > options.max_pixels {
        return Err(ReadError::TooLarge { width, height, limit: options.max_pixels });
    }
    Ok((format, decoder))
}

/// Sorts the image crate's errors into ours.
fn clause(error: ImageError) -> ReadError {
    match error {
        ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => ReadError::Truncated,
        ImageError::IoError(error) => ReadError::Io(error),
        ImageError::Limits(_) => ReadError::TooMuchMemory,
        ImageError::Unsupported(error) => ReadError::Unsupported(match error.kind() {
            UnsupportedErrorKind::Format(format) => format!("the image format {format}"),
            _ => format!("this kind of image ({error})"),
        }),
        error => ReadError::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Rgb, RgbImage};

    use super::*;

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn picture() -> DynamicImage {
        RgbImage::from_fn(40, 30, |x, y| Rgb([6 * x as u8, 8 * y as u8, (x * y) as u8])).into()
    }

    #[test]
    fn every_truncation_of_every_format_is_an_error() {
        use ImageFormat::{Bmp, Gif, Jpeg, Png, Pnm, Tiff, WebP};
        for format in [Bmp, Gif, Jpeg, Png, Pnm, Tiff, WebP] {
            let bytes = encoded(&picture(), format);
            assert!(decode(&bytes, &ReadOptions::default()).is_ok(), "{format:?}");
            for length in (0..bytes.len() * 9 / 10).step_by(7) {
                assert!(decode(&bytes[..length], &ReadOptions::default()).is_err(), "{format:?} cut at {length}");
            }
        }
    }

    #[test]
    fn a_jpeg_cut_anywhere_is_called_truncated() {
        let bytes = encoded(&picture(), ImageFormat::Jpeg);
        for length in 3..bytes.len() {
            let error = decode(&bytes[..length], &ReadOptions::default()).unwrap_err();
            assert!(matches!(error, ReadError::Truncated), "cut at {length}: {error}");
        }
    }

    #[test]
    fn what_is_no_image_is_named() {
        let options = ReadOptions::default();
        assert!(matches!(decode(b"", &options), Err(ReadError::Empty)));
        assert!(matches!(decode(b"version: 1\n", &options), Err(ReadError::NotAnImage)));
        // An icon: a format that `image` knows by its magic bytes but that is not compiled in.
        let icon = decode(&[0, 0, 1, 0, 1, 0, 16, 16], &options).unwrap_err();
        assert!(matches!(icon, ReadError::Unsupported(_)), "{icon}");
        assert!(matches!(read(Path::new("/nowhere/a.png"), &options), Err(ReadError::Missing)));
        assert!(matches!(read(&std::env::temp_dir(), &options), Err(ReadError::NotAFile)));
    }

    #[test]
    fn dimensions_are_checked_before_pixels_are_allocated() {
        // A PNG header that claims 100000 × 100000 pixels, with nothing behind it.
        let mut bytes = encoded(&picture(), ImageFormat::Png);
        bytes[16..24].copy_from_slice(&[0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0]);
        let crc = crc32fast::hash(&bytes[12..29]).to_be_bytes();
        bytes[29..33].copy_from_slice(&crc);
        let error = decode(&bytes, &ReadOptions::default()).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { width: 100_000, height: 100_000, .. }), "{error}");
        let small = ReadOptions { max_pixels: 1199, ..ReadOptions::default() };
        let error = decode(&encoded(&picture(), ImageFormat::Jpeg), &small).unwrap_err();
        assert_eq!(error.to_string(), "the image has 40×30 pixels, more than the limit of 1199");
    }

    #[test]
    fn a_jpeg_of_many_scans_is_refused() {
        let bytes = encoded(&picture(), ImageFormat::Jpeg);
        let scan = bytes.windows(2).position(|pair| pair == b"\xFF\xDA").unwrap();
        let many = [&bytes[..scan], &bytes[scan..bytes.len() - 2].repeat(101), b"\xFF\xD9"].concat();
        let error = decode(&many, &ReadOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), "a JPEG of more than 100 scans is not supported");
    }

    /// A JPEG whose EXIF segment, right after the start of the image, names an orientation.
    fn marked(image: &DynamicImage, orientation: u8) -> Vec<u8> {
        let mut exif = *b"\xFF\xE1\x00\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x00\0\0\0\0\0\0";
        exif[29] = orientation;
        let mut bytes = encoded(image, ImageFormat::Jpeg);
        bytes.splice(2..2, exif);
        bytes
    }

    #[test]
    fn all_eight_exif_orientations_are_applied_or_ignored() {
        // A white mark in the top left corner of the upright picture of 48×32 pixels.
        let mark = |x: u32, y: u32| if x < 16 && y < 16 { image::Luma([255]) } else { image::Luma([0]) };
        let upright = GrayImage::from_fn(48, 32, mark);
        use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
        // What the camera stores for each, by the meaning of the tag: where the first row and column are.
        let stored = [
            upright.clone(),
            flip_horizontal(&upright),
            rotate180(&upright),
            flip_vertical(&upright),
            flip_horizontal(&rotate90(&upright)),
            rotate270(&upright),
            flip_horizontal(&rotate270(&upright)),
            rotate90(&upright),
        ];
        for (orientation, stored) in (1u8..).zip(stored) {
            let bytes = marked(&stored.clone().into(), orientation);
            let read = decode(&bytes, &ReadOptions::default()).unwrap().into_luma8();
            assert_eq!(read.dimensions(), (48, 32), "orientation {orientation}");
            let bright: Vec<bool> =
                [(8, 8), (40, 8), (8, 24), (40, 24)].map(|(x, y)| read.get_pixel(x, y).0[0] > 128).into();
            assert_eq!(bright, [true, false, false, false], "orientation {orientation}");
            let ignored = decode(&bytes, &ReadOptions::dataset()).unwrap();
            assert_eq!((ignored.width(), ignored.height()), stored.dimensions());
        }
        // No orientation at all.
        let read = decode(&marked(&upright.into(), 9), &ReadOptions::default()).unwrap();
        assert_eq!((read.width(), read.height()), (48, 32));
    }

    #[test]
    fn sixteen_bits_and_transparency_become_grey() {
        let options = ReadOptions::default();
        let deep = image::ImageBuffer::from_pixel(3, 2, image::LumaA([0x8000u16, 0x1000]));
        let grey = decode(&encoded(&deep.into(), ImageFormat::Png), &options).unwrap().into_luma8();
        assert_eq!(grey.dimensions(), (3, 2));
        assert_eq!(grey.get_pixel(0, 0).0, [128]);
    }

    #[test]
    fn extreme_shapes_are_read() {
        for (width, height) in [(1, 1), (1, 20_000), (20_000, 1)] {
            let image = DynamicImage::from(GrayImage::new(width, height));
            let read = decode(&encoded(&image, ImageFormat::Png), &ReadOptions::default()).unwrap();
            assert_eq!((read.width(), read.height()), (width, height));
        }
    }
}
