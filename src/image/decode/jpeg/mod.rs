//! Decodes JPEGs: the usual ones with a quick decoder, and the others with a thorough one.
//!
//! The quick decoder reports success for damaged files, and for layouts that it gets wrong. So the layout is looked at first
//! ([`layout`]), the quick decoder is made to notice damage ([`quick`]), and whatever it does not get right goes to
//! [`coefficients`] and [`pixels`], which follow the whole of ITU-T T.81 but lossless and hierarchical coding.

mod arithmetic;
mod block;
mod coefficients;
mod huffman;
mod layout;
mod pixels;
mod quick;
mod tables;

use image::DynamicImage;

use super::Note;
use super::ReadError;
use super::error::check_available;
use layout::Layout;
pub(super) use layout::application_segments;

/// Of an image that lost more than this share there is too little left.
const MOST_LOST: f64 = 0.9;

/// Two decoders round differently and interpolate chroma a little differently.
const ALIKE: u8 = 12;

/// A JPEG whose headers have been read.
pub(in crate::image::decode) struct Jpeg<'a> {
    bytes: &'a [u8],
    layout: Layout<'a>,
}

impl<'a> Jpeg<'a> {
    pub(in crate::image::decode) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        Ok(Self { bytes, layout: layout::walk(bytes)? })
    }

    pub(in crate::image::decode) fn size(&self) -> (u32, u32) {
        (self.layout.frame.width, self.layout.frame.height)
    }

    pub(in crate::image::decode) fn is_grey(&self) -> bool {
        self.layout.frame.components.len() == 1
    }

    /// Whether decoding keeps the coefficients of the whole image.
    pub(in crate::image::decode) fn keeps_coefficients(&self) -> bool {
        let coding = &self.layout.frame.coding;
        coding.progressive || coding.arithmetic || self.layout.scans().count() > 1
    }

    /// The image, within so much memory.
    pub(in crate::image::decode) fn decode(
        &self,
        most_memory: u64,
        notes: &mut Vec<Note>,
    ) -> Result<DynamicImage, ReadError> {
        let Self { bytes, layout } = self;
        let knows = quick::knows(bytes, layout);
        let image = match knows.then(|| quick::decode(bytes, layout)).flatten() {
            Some(image) => image,
            None => self.decode_thoroughly(most_memory, notes)?,
        };
        if !layout.has_end && notes.is_empty() {
            notes.push(Note::NoEnd);
        }
        Ok(image)
    }

    fn decode_thoroughly(&self, most_memory: u64, notes: &mut Vec<Note>) -> Result<DynamicImage, ReadError> {
        let Self { bytes, layout } = self;
        let needed = coefficients::memory(&layout.frame);
        if needed > most_memory {
            return Err(ReadError::TooMuchMemory);
        }
        // A file that turns out to be damaged comes here, too, and its planes are half as large.
        check_available(needed + needed / 2)?;
        let decoded = coefficients::decode(bytes, layout);
        if decoded.lost > MOST_LOST {
            return Err(if layout.has_end {
                ReadError::Damaged("less than a tenth of it can be decoded".into())
            } else {
                ReadError::Truncated
            });
        }
        if decoded.lost > 0.0 || decoded.is_garbled {
            notes.push(Note::Damaged { percent: (100.0 * decoded.lost).ceil() as u8 });
        } else if decoded.lacks_detail {
            notes.push(Note::LacksDetail);
        }
        let image = pixels::image(layout, decoded.planes);
        // Where the quick decoder agrees, its pixels are taken: they do not depend on how the file's layout was judged.
        let quick = (notes.is_empty() && quick::can_read(layout)).then(|| quick::decode_as_it_is(bytes)).flatten();
        Ok(quick.filter(|quick| alike(quick, &image)).unwrap_or(image))
    }
}

fn alike(a: &DynamicImage, b: &DynamicImage) -> bool {
    a.color() == b.color()
        && (a.width(), a.height()) == (b.width(), b.height())
        && a.as_bytes().iter().zip(b.as_bytes()).all(|(a, b)| a.abs_diff(*b) <= ALIKE)
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

    use super::*;

    /// A file of `tests/data/jpeg`.
    fn file(name: &str) -> Vec<u8> {
        std::fs::read(format!("{}/tests/data/jpeg/{name}.jpg", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn decoded(bytes: &[u8]) -> (DynamicImage, Vec<Note>) {
        let mut notes = Vec::new();
        (Jpeg::open(bytes).unwrap().decode(1 << 30, &mut notes).unwrap(), notes)
    }

    fn sound(name: &str) -> DynamicImage {
        let (image, notes) = decoded(&file(name));
        assert_eq!(notes, [], "{name}");
        image
    }

    /// The greatest difference of two levels, and the mean.
    fn differences(a: &[u8], b: &[u8]) -> (u8, f64) {
        assert_eq!(a.len(), b.len());
        let differences = || a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
        (differences().max().unwrap(), differences().map(f64::from).sum::<f64>() / a.len() as f64)
    }

    #[test]
    fn the_same_coefficients_give_the_same_image_however_they_are_sent() {
        for (plain, others) in [
            ("420", &["separate", "partly", "chroma-first", "arithmetic", "arithmetic-progressive"][..]),
            ("420", &["progressive", "restart", "no-tables"]),
            ("440", &["separate"]),
            ("422", &["separate-restart"]),
        ] {
            let whole = sound(plain);
            for other in others {
                let (most, _) = differences(whole.as_bytes(), sound(&format!("{plain}-{other}")).as_bytes());
                assert!(most <= 3, "{plain}-{other}: {most}");
            }
        }
    }

    #[test]
    fn unusual_samplings_are_read() {
        let grey = |image: DynamicImage| -> GrayImage { image.to_luma8() };
        let plain = grey(sound("444"));
        for name in ["3x1", "coarse-luma", "420", "422", "440"] {
            let (_, mean) = differences(&plain, &grey(sound(name)));
            assert!(mean < if name == "coarse-luma" { 12.0 } else { 1.5 }, "{name}: {mean}");
        }
        assert_eq!(sound("12-bit").width(), 120);
    }

    #[test]
    fn the_thorough_decoder_agrees_with_the_quick_one() {
        for name in ["420", "422", "440", "444", "420-progressive", "420-restart"] {
            let bytes = file(name);
            let layout = layout::walk(&bytes).unwrap();
            let quick = quick::decode(&bytes, &layout).unwrap();
            let thorough = pixels::image(&layout, coefficients::decode(&bytes, &layout).planes);
            let (most, _) = differences(quick.as_bytes(), thorough.as_bytes());
            assert!(most <= 4, "{name}: {most}");
        }
    }

    #[test]
    fn lost_restart_intervals_leave_the_others_in_their_place() {
        let bytes = file("420-restart");
        let layout = layout::walk(&bytes).unwrap();
        let restarts = layout.scans().next().unwrap().restarts.clone();
        let holed = [&bytes[..restarts[0]], &bytes[restarts[1]..]].concat();
        let (image, notes) = decoded(&holed);
        assert!(matches!(notes[..], [Note::Damaged { percent: 20..35 }]), "{notes:?}");
        let (whole, _) = decoded(&bytes);
        // The interval is the second row of blocks of 16×16; chroma next to it is interpolated.
        let row = |image: &DynamicImage, y: u32| image.crop_imm(0, y, image.width(), 1).into_bytes();
        for y in (0..15).chain(33..51) {
            let (most, _) = differences(&row(&whole, y), &row(&image, y));
            assert!(most <= 4, "row {y}: {most}");
        }
        assert!(row(&image, 24).iter().all(|level| level.abs_diff(128) <= 1));
    }

    #[test]
    fn holes_and_cuts_are_noticed() {
        for name in ["420", "420-restart", "420-separate", "420-arithmetic", "420-progressive"] {
            let bytes = file(name);
            let layout = layout::walk(&bytes).unwrap();
            let (start, end) = layout.scans().last().unwrap().data;
            let middle = usize::midpoint(start, end);
            let cut = [&bytes[..middle], b"\xFF\xD9"].concat();
            assert_eq!(decoded(&cut).1.len(), 1, "{name}");
            // The quick decoder does not notice data that is left over.
            if matches!(name, "420-separate" | "420-arithmetic") {
                let (start, end) = layout.scans().next().unwrap().data;
                let hole = usize::midpoint(start, end);
                let holed = [&bytes[..hole], &bytes[hole + 60..]].concat();
                assert!(!decoded(&holed).1.is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn what_follows_the_end_is_left_alone_and_the_end_may_be_missing() {
        let bytes = file("420");
        let (whole, _) = decoded(&bytes);
        assert_eq!(decoded(&[&bytes, &b"text"[..]].concat()), (whole.clone(), vec![]));
        assert_eq!(decoded(&bytes[..bytes.len() - 2]), (whole, vec![Note::NoEnd]));
    }

    #[test]
    fn processes_that_are_not_supported_are_named() {
        let with = |code: u8| {
            let mut bytes = file("420");
            let frame = bytes.windows(2).position(|pair| pair == b"\xFF\xC0").unwrap();
            bytes[frame + 1] = code;
            Jpeg::open(&bytes).err().map(|error| error.to_string())
        };
        assert!(with(0xC3).unwrap().starts_with("lossless JPEG is not supported"));
        assert!(with(0xC5).unwrap().starts_with("hierarchical JPEG is not supported"));
        assert_eq!(with(0xC0), None);
    }

    #[test]
    fn no_change_of_a_byte_makes_it_panic() {
        for name in ["420-arithmetic-progressive", "420-progressive", "420-partly", "coarse-luma"] {
            let bytes = file(name);
            for at in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[at] = changed[at].wrapping_mul(31).wrapping_add(at as u8 | 1);
                if let Ok(jpeg) = Jpeg::open(&changed)
                    && (1..=1 << 16).contains(&(jpeg.size().0 * jpeg.size().1))
                {
                    let _ = jpeg.decode(1 << 24, &mut Vec::new());
                }
            }
        }
    }
}
