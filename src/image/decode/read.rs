//! Reading image files from strangers.
//!
//! The format is guessed from the content, never from the name. The header is read first: its dimensions are checked
//! against a limit before a pixel is allocated, and the decoder's own memory is bounded. What decoders believe too easily
//! is checked before they see it, and an image that is damaged comes with a note.

use std::borrow::Cow;
use std::io::{Cursor, ErrorKind};
use std::path::Path;

use super::content::Content;
use super::error::{ReadError, check_available};
use super::jpeg::Jpeg;
use super::need::Need;
use super::sniff::{foreign_format, gif_frame};
#[cfg(feature = "tiff")]
use super::tiff;
use super::{Note, depth, orientation, webp};
use crate::files::read_at_most;
use crate::image::{GreyImage, Image};
use crate::turn::Turn;
use image::error::UnsupportedErrorKind;
use image::metadata::Orientation as Transform;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

/// What to do with an image of which part cannot be decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Damage {
    /// Return what can be decoded, with a [`Note`].
    #[default]
    Keep,
    /// Fail: nothing is to be learnt from half an image.
    Refuse,
}

/// How to read an image.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// The most pixels that an image may have.
    pub max_pixels: u64,
    /// Whether images are returned of which part cannot be decoded.
    pub damage: Damage,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { max_pixels: 200_000_000, damage: Damage::Keep }
    }
}

impl ReadOptions {
    /// The options for images of a data set: no damaged ones.
    pub fn dataset() -> Self {
        Self { damage: Damage::Refuse, ..Self::default() }
    }

    /// The most memory that decoding may take: 16 bytes a pixel (four channels of 32 bits) and a little for the tables.
    pub fn max_bytes(&self) -> u64 {
        self.max_pixels.saturating_mul(16).saturating_add(64 << 20)
    }
}

/// An image that was decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The upright image.
    pub image: DynamicImage,
    /// How its pixels relate to those that the file stores.
    pub turn: Turn,
    /// What the user should know about it: damage, above all.
    pub notes: Vec<Note>,
}

/// Reads an image with its colours, turned upright.
///
/// # Errors
/// If the file cannot be read, is no image of a known format, is truncated or damaged, or exceeds the limits.
pub fn read(path: impl AsRef<Path>, options: &ReadOptions) -> Result<DynamicImage, ReadError> {
    decode(&read_bytes(path, options)?, options)
}

/// Reads an image as grey levels: its luma.
///
/// # Errors
/// Like [`read`].
pub fn read_grey(path: impl AsRef<Path>, options: &ReadOptions) -> Result<GreyImage<'static>, ReadError> {
    Ok(Image::from(read(path, options)?).luma().into_owned())
}

/// The image in the bytes of an image file.
///
/// # Errors
/// Like [`read`].
pub fn decode(bytes: &[u8], options: &ReadOptions) -> Result<DynamicImage, ReadError> {
    decode_with_notes(bytes, options).map(|decoded| decoded.image)
}

/// The image in the bytes of an image file, and what is to be known about it.
///
/// # Errors
/// Like [`read`].
pub fn decode_with_notes(bytes: &[u8], options: &ReadOptions) -> Result<Decoded, ReadError> {
    decode_admitted(bytes, options, |_| Ok(()))
}

/// Decodes like [`decode_with_notes`], after `admit` has been told the memory that the image needs: it may wait until that
/// is there, or refuse.
///
/// # Errors
/// Like [`read`], or that of `admit`.
pub fn decode_admitted(
    bytes: &[u8],
    options: &ReadOptions,
    admit: impl FnOnce(&Need) -> Result<(), ReadError>,
) -> Result<Decoded, ReadError> {
    let mut notes = Vec::new();
    let Opened { format, orientation, content } = open(bytes, options, &mut notes)?;
    let need = Need::of(&content, format, bytes.len(), orientation != Transform::NoTransforms);
    admit(&need)?;
    check_available(need.decoding)?;
    let mut image = match content {
        Content::Jpeg(jpeg) => jpeg.decode(options.max_bytes(), &mut notes)?,
        Content::Other(decoder) => DynamicImage::from_decoder(decoder).map_err(clause)?,
        #[cfg(feature = "tiff")]
        Content::Tiff(bytes) => tiff::decode(&bytes, options.max_bytes(), &mut notes)?,
    };
    if options.damage == Damage::Refuse
        && notes.iter().any(|note| matches!(note, Note::Damaged { .. } | Note::LacksDetail))
    {
        return Err(ReadError::Damaged("part of it cannot be decoded".into()));
    }
    #[cfg(feature = "tiff")]
    if format == ImageFormat::Tiff {
        image = tiff::scale_floats(image, &mut notes);
    }
    depth::stretch(&mut image, &mut notes);
    let turn = Turn::new(orientation.to_exif(), (image.width(), image.height()));
    image.apply_orientation(orientation);
    Ok(Decoded { image, turn, notes })
}

/// Size and orientation of an image, from its header; the pixels are not decoded.
///
/// # Errors
/// If the bytes are no image of a known format, have no sound header, or exceed the limits.
pub fn decode_turn(bytes: &[u8], options: &ReadOptions) -> Result<Turn, ReadError> {
    let Opened { orientation, content, .. } = open(bytes, options, &mut Vec::new())?;
    Ok(Turn::new(orientation.to_exif(), content.size()))
}

/// The content of an image file; what is no regular file, such as a device or a pipe, is not opened.
///
/// # Errors
/// If there is no such file, or if it cannot be read or has more bytes than any image within the limits.
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

/// A file whose header has been read.
struct Opened<'a> {
    format: ImageFormat,
    /// How the image must be turned.
    orientation: Transform,
    content: Content<'a>,
}

/// Reads the header of an image and checks its dimensions against the limits.
#[cfg_attr(not(feature = "tiff"), expect(unused_variables, clippy::ptr_arg, reason = "notes are about TIFFs alone"))]
fn open<'a>(bytes: &'a [u8], options: &ReadOptions, notes: &mut Vec<Note>) -> Result<Opened<'a>, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if let Some(name) = foreign_format(bytes) {
        return Err(ReadError::Unsupported(format!("the image format {name}")));
    }
    let format = guess_format(bytes).ok_or(ReadError::NotAnImage)?;
    let orientation_in = |bytes| orientation::find(format, bytes).unwrap_or(Transform::NoTransforms);
    let (orientation, content) = match format {
        ImageFormat::Jpeg => (orientation_in(bytes), Content::Jpeg(Jpeg::open(bytes)?)),
        #[cfg(feature = "tiff")]
        ImageFormat::Tiff => {
            let prepared = tiff::prepare(bytes, notes)?;
            check_size(tiff::size(&prepared), options)?;
            // Of the page that was chosen.
            let orientation = orientation_in(&prepared);
            let content = match known(prepared.clone(), format, options) {
                Err(ReadError::Unsupported(_)) => Content::Tiff(prepared),
                decoder => Content::Other(decoder?),
            };
            (orientation, content)
        }
        _ => {
            if let Some(size) = gif_frame(bytes) {
                check_size(size, options)?;
            }
            let prepared = webp::prepare(bytes, |size| check_size(size, options))?;
            (orientation_in(bytes), Content::Other(known(prepared, format, options)?))
        }
    };
    check_size(content.size(), options)?;
    Ok(Opened { format, orientation, content })
}

/// The format that the first bytes are of.
fn guess_format(bytes: &[u8]) -> Option<ImageFormat> {
    let known = image::guess_format(bytes).ok();
    #[cfg(feature = "tiff")]
    let known = known.or_else(|| tiff::is_tiff(bytes).then_some(ImageFormat::Tiff));
    known
}

/// A decoder of the `image` crate.
fn known<'a>(
    bytes: Cow<'a, [u8]>,
    format: ImageFormat,
    options: &ReadOptions,
) -> Result<Box<dyn ImageDecoder + 'a>, ReadError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(options.max_bytes());
    reader.limits(limits);
    Ok(Box::new(reader.into_decoder().map_err(clause)?))
}

fn check_size((width, height): (u32, u32), options: &ReadOptions) -> Result<(), ReadError> {
    if width == 0 || height == 0 {
        return Err(ReadError::ZeroSize { width, height });
    }
    if u64::from(width) * u64::from(height) > options.max_pixels {
        return Err(ReadError::TooLarge { width, height, limit: options.max_pixels });
    }
    Ok(())
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
        // The words of decoders are for those who write them.
        error => ReadError::Damaged(match error {
            ImageError::Decoding(error) => format!("its content does not follow the rules of {}", error.format_hint()),
            _ => "it cannot be decoded".into(),
        }),
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

    fn image() -> DynamicImage {
        RgbImage::from_fn(40, 30, |x, y| Rgb([6 * x as u8, 8 * y as u8, (x * y) as u8])).into()
    }

    #[test]
    fn every_truncation_of_every_other_format_is_an_error() {
        use ImageFormat::{Bmp, Gif, Png, Pnm, Tiff, WebP};
        for format in [Bmp, Gif, Png, Pnm, Tiff, WebP] {
            let bytes = encoded(&image(), format);
            assert!(decode(&bytes, &ReadOptions::default()).is_ok(), "{format:?}");
            for length in (0..bytes.len() * 9 / 10).step_by(7) {
                assert!(decode(&bytes[..length], &ReadOptions::default()).is_err(), "{format:?} cut at {length}");
            }
        }
    }

    #[test]
    fn a_jpeg_cut_anywhere_is_an_image_with_a_note_or_an_error() {
        let bytes = encoded(&image(), ImageFormat::Jpeg);
        let whole = decode(&bytes, &ReadOptions::default()).unwrap();
        let mut images = 0;
        for length in 3..bytes.len() {
            let cut = &bytes[..length];
            // The last two bytes are the end marker's.
            if length + 2 >= bytes.len() {
                let decoded = decode_with_notes(cut, &ReadOptions::default()).unwrap();
                assert!(decoded.image == whole && decoded.notes == [Note::NoEnd]);
                continue;
            }
            for cut in [cut.to_vec(), [cut, b"\xFF\xD9"].concat()] {
                match decode_with_notes(&cut, &ReadOptions::default()) {
                    Ok(Decoded { notes, .. }) => {
                        images += 1;
                        assert!(matches!(notes[..], [Note::Damaged { percent: 1..=90 }]), "cut at {length}: {notes:?}");
                    }
                    Err(error) => assert!(!matches!(error, ReadError::NotAnImage), "cut at {length}: {error}"),
                }
                assert!(decode(&cut, &ReadOptions::dataset()).is_err(), "cut at {length}");
            }
        }
        assert!(images > 100, "{images}");
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
        assert!(matches!(read(std::env::temp_dir(), &options), Err(ReadError::NotAFile)));
    }

    #[test]
    fn dimensions_are_checked_before_pixels_are_allocated() {
        // A PNG header that claims 100000 × 100000 pixels, with nothing behind it.
        let mut bytes = encoded(&image(), ImageFormat::Png);
        bytes[16..24].copy_from_slice(&[0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0]);
        let crc = crc32fast::hash(&bytes[12..29]).to_be_bytes();
        bytes[29..33].copy_from_slice(&crc);
        let error = decode(&bytes, &ReadOptions::default()).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { width: 100_000, height: 100_000, .. }), "{error}");
        let small = ReadOptions { max_pixels: 1199, ..ReadOptions::default() };
        let error = decode(&encoded(&image(), ImageFormat::Jpeg), &small).unwrap_err();
        assert_eq!(error.to_string(), "the image has 40×30 pixels, more than the limit of 0.001199 megapixels");
    }

    #[test]
    fn a_jpeg_of_many_scans_is_refused() {
        let bytes = encoded(&image(), ImageFormat::Jpeg);
        let scan = bytes.windows(2).position(|pair| pair == b"\xFF\xDA").unwrap();
        let many = [&bytes[..scan], &bytes[scan..bytes.len() - 2].repeat(101), b"\xFF\xD9"].concat();
        let error = decode(&many, &ReadOptions::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a JPEG of more than 100 scans is not supported; convert the image to PNG or to an ordinary JPEG"
        );
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
    fn all_eight_exif_orientations_are_applied() {
        // A white mark in the top left corner of the upright image of 48×32 pixels.
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
            let turn = decode_turn(&bytes, &ReadOptions::default()).unwrap();
            assert_eq!(turn, Turn::new(orientation, stored.dimensions()));
            assert_eq!(decode_with_notes(&bytes, &ReadOptions::default()).unwrap().turn, turn);
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
