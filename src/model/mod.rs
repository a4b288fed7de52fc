//! The model file: one container for every kind of model.
//!
//! ```text
//! offset  size  what
//!      0     8  magic "lineamnt"
//!      8     2  version of the kind's layout, little endian like all numbers
//!     10     2  kind: 1 detector, 2 landmarks; of dlib's kinds: 3 FHOG detector, 4 pixel landmarks
//!     12     8  length of the payload
//!     20     4  CRC-32 (IEEE 802.3) of bytes 0 to 20 and of the payload
//!     24     …  payload: provenance, then the model
//! ```
//!
//! The payload is [bincode's standard encoding](https://docs.rs/bincode/2.0/bincode/config/index.html): the fields of the
//! structs in the order of their declarations, and nothing between them.
//!
//! ```text
//! value              bytes
//! u8, i8             1
//! u16 … u64, usize   0 to 250: 1, the number; larger: 251, 252 or 253, then it as u16, u32 or u64
//! i16, i32           zigzag (0, −1, 1, −2 … become 0, 1, 2, 3 …), then as unsigned numbers
//! f32                4
//! array, struct      its elements
//! Vec, String        its length as usize, then its elements (UTF-8 bytes)
//! Option             1: 0 or 1; then the value, if there is one
//! enum               the variant's number as u32, from 0, then its fields
//! ```
//!
//! For example the beginning of `tests/data/models/detector-3.lineament`:
//!
//! ```text
//! 6c 69 6e 65 61 6d 6e 74  03 00  01 00  73 9d 00 00 00 00 00 00  95 a8 4f ce  07  07 70 72 6f …  15 6c 69 6e …
//! l  i  n  e  a  m  n  t   v. 3   kind   40307 bytes              CRC-32       7   "program"      "lineament-train 0.1.0" …
//!                                 1                                            entries of provenance
//! ```
//!
//! | kind | versions that are read | the model's fields | what changed |
//! |---|---|---|---|
//! | detector | 1, 2, 3 | [`Detector`](crate::detector::Detector) | 1 had no `prefilter`; it is read with an empty one, which rejects nothing; 1 and 2 had no `score_fusion`; they are read with one that takes the best window alone |
//! | landmarks | 2, 3 | [`Cascade`](crate::landmarks::Cascade) | 1 was never released: its stages did what no stage does now; 2 had no size of the coarse crop, which was half the other |
//! | FHOG detector | 1 | [`HogDetector`](crate::dlib::HogDetector) | |
//! | pixel landmarks | 1 | [`ShapePredictor`](crate::dlib::ShapePredictor) | |
//!
//! `tests/data/models` keeps a file of each, and what they find.
//!
//! Decoding is bounded: a forged length inside the payload allocates no more than 32 times
//! the file's size, or a megabyte if that is more, and never above [`DECODE_LIMIT`]; a model is
//! validated ([`Model::validate`]) before anyone may use it, so that prediction never meets an index out of range.

mod error;

use std::ops::RangeInclusive;
use std::path::Path;

use bincode::config;
use bincode::error::DecodeError;
use bincode::{Decode, Encode};

use crate::files::{MOST_BYTES, read_at_most};

pub use error::ModelError;

const MAGIC: [u8; 8] = *b"lineamnt";
const HEADER: usize = 24;

/// The most memory in bytes that decoding a payload may claim.
pub const DECODE_LIMIT: usize = 256 << 20;
/// Up to so many bytes a payload may claim one megabyte …
const SMALL_PAYLOAD: usize = 32 << 10;
/// … and up to so many 32 of them.
const MIDDLE_PAYLOAD: usize = 1 << 20;

/// What a model file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// A face detector.
    Detector,
    /// A landmark cascade.
    Landmarks,
    /// A detector of dlib's kind.
    DlibDetector,
    /// A landmark cascade of dlib's kind.
    DlibLandmarks,
}

impl ModelKind {
    fn code(self) -> u16 {
        match self {
            Self::Detector => 1,
            Self::Landmarks => 2,
            Self::DlibDetector => 3,
            Self::DlibLandmarks => 4,
        }
    }

    fn from_code(code: u16) -> Option<Self> {
        let kinds = [Self::Detector, Self::Landmarks, Self::DlibDetector, Self::DlibLandmarks];
        kinds.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind that the header of a model file names, before anything of it is verified.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let code = bytes.strip_prefix(&MAGIC)?.get(2..4)?;
        Self::from_code(u16::from_le_bytes([code[0], code[1]]))
    }

    /// The versions of the kind's layout that this program reads.
    pub fn versions(self) -> RangeInclusive<u16> {
        match self {
            Self::DlibDetector | Self::DlibLandmarks => 1..=1,
            Self::Detector => 1..=3,
            Self::Landmarks => 2..=3,
        }
    }

    /// The version that it writes, the newest.
    pub fn version(self) -> u16 {
        *self.versions().end()
    }

    /// The kind's name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Detector => "detector",
            Self::Landmarks => "landmarks",
            Self::DlibDetector => "FHOG detector",
            Self::DlibLandmarks => "pixel landmarks",
        }
    }
}

/// Where a model comes from: names and values in a fixed order (data, configuration, seed, program version, scores).
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Provenance {
    /// Name and value of each entry.
    pub entries: Vec<(String, String)>,
}

impl Provenance {
    /// Appends an entry.
    pub fn push(&mut self, name: &str, value: impl ToString) {
        self.entries.push((name.into(), value.to_string()));
    }

    /// The value of an entry.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A model that can stand in a model file.
pub trait Model: Encode + Decode<()> {
    /// The kind that the file's header names.
    const KIND: ModelKind;

    /// Checks every invariant that prediction relies on; the error is one clause that says what is wrong.
    fn validate(&self) -> Result<(), String>;

    /// Provenance and model in a payload of this [version](ModelKind::versions), and how many bytes they are. A model whose
    /// older versions had other fields says here what these become.
    ///
    /// # Errors
    /// If the payload does not decode.
    fn decode_payload(version: u16, payload: &[u8]) -> Result<((Provenance, Self), usize), DecodeError> {
        debug_assert_eq!(version, Self::KIND.version());
        decode(payload)
    }
}

/// Decodes a value, and tells how many bytes it is. What it may claim grows with what the bytes could fill: the limit is
/// a number at compile time, so there are steps.
///
/// # Errors
/// If the bytes do not decode.
pub(crate) fn decode<T: Decode<()>>(bytes: &[u8]) -> Result<(T, usize), DecodeError> {
    if bytes.len() <= SMALL_PAYLOAD {
        bincode::decode_from_slice(bytes, config::standard().with_limit::<{ 1 << 20 }>())
    } else if bytes.len() <= MIDDLE_PAYLOAD {
        bincode::decode_from_slice(bytes, config::standard().with_limit::<{ 32 << 20 }>())
    } else {
        bincode::decode_from_slice(bytes, config::standard().with_limit::<DECODE_LIMIT>())
    }
}

fn checksum(header: &[u8], payload: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(header);
    crc.update(payload);
    crc.finalize()
}

/// The bytes of a model file.
///
/// # Errors
/// If the model does not validate.
pub fn to_bytes<M: Model>(model: &M, provenance: &Provenance) -> Result<Vec<u8>, ModelError> {
    model.validate().map_err(ModelError::Invalid)?;
    let payload = bincode::encode_to_vec((provenance, model), config::standard())?;
    let mut bytes = Vec::with_capacity(HEADER + payload.len());
    bytes.extend(MAGIC);
    bytes.extend(M::KIND.version().to_le_bytes());
    bytes.extend(M::KIND.code().to_le_bytes());
    bytes.extend((payload.len() as u64).to_le_bytes());
    bytes.extend(checksum(&bytes, &payload).to_le_bytes());
    bytes.extend(payload);
    Ok(bytes)
}

/// What the header of a model file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The kind of the model.
    pub kind: ModelKind,
    /// The version of the kind's layout.
    pub version: u16,
}

/// The header of the model file and its payload, after magic, version, length and checksum were verified.
fn open(bytes: &[u8]) -> Result<(Header, &[u8]), ModelError> {
    if !bytes.starts_with(&MAGIC) {
        return Err(if MAGIC.starts_with(bytes) { ModelError::Truncated } else { ModelError::NotAModel });
    }
    let (header, payload) = bytes.split_at_checked(HEADER).ok_or(ModelError::Truncated)?;
    let short = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let (version, kind) = (short(8), short(10));
    let kind = ModelKind::from_code(kind).ok_or(ModelError::UnknownKind(kind))?;
    let known = kind.versions();
    if version > *known.end() {
        return Err(ModelError::TooNew { found: version, newest: *known.end(), kind: kind.name() });
    }
    if version < *known.start() {
        return Err(ModelError::TooOld { found: version, oldest: *known.start(), kind: kind.name() });
    }
    let length = u64::from_le_bytes(header[12..20].try_into().expect("eight bytes"));
    let stored = u32::from_le_bytes(header[20..].try_into().expect("four bytes"));
    if (payload.len() as u64) < length {
        return Err(ModelError::Truncated);
    }
    if payload.len() as u64 > length || checksum(&header[..20], payload) != stored {
        return Err(ModelError::Checksum);
    }
    Ok((Header { kind, version }, payload))
}

/// The header and the provenance of any model file.
///
/// # Errors
/// As [`from_bytes`].
pub fn describe(bytes: &[u8]) -> Result<(Header, Provenance), ModelError> {
    let (header, payload) = open(bytes)?;
    Ok((header, decode(payload)?.0))
}

/// The model in the bytes of a model file, validated, and where it comes from.
///
/// # Errors
/// If the bytes are no model file, are truncated or changed, or hold another kind or a version that is not read.
pub fn from_bytes<M: Model>(bytes: &[u8]) -> Result<(M, Provenance), ModelError> {
    let (Header { kind, version }, payload) = open(bytes)?;
    if kind != M::KIND {
        return Err(ModelError::Kind { found: kind.name(), wanted: M::KIND.name() });
    }
    let ((provenance, model), used) = M::decode_payload(version, payload)?;
    if used != payload.len() {
        return Err(ModelError::Invalid("bytes are left over after the model".into()));
    }
    model.validate().map_err(ModelError::Invalid)?;
    Ok((model, provenance))
}

/// Reads a model file.
///
/// # Errors
/// If the file cannot be read, or as [`from_bytes`].
pub fn read<M: Model>(path: impl AsRef<Path>) -> Result<(M, Provenance), ModelError> {
    from_bytes(&read_at_most(path.as_ref(), MOST_BYTES)?)
}

/// Writes a model file, atomically: `path` is the old file or the new one at every moment.
///
/// # Errors
/// If the model does not validate or the file cannot be written.
#[cfg(feature = "write")]
pub fn write<M: Model>(path: impl AsRef<Path>, model: &M, provenance: &Provenance) -> Result<(), ModelError> {
    Ok(crate::files::write_atomically(path.as_ref(), &to_bytes(model, provenance)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Encode, Decode)]
    struct Toy(Vec<f32>);

    impl Model for Toy {
        const KIND: ModelKind = ModelKind::Detector;
        fn validate(&self) -> Result<(), String> {
            if self.0.iter().all(|w| w.is_finite()) { Ok(()) } else { Err("a weight is not finite".into()) }
        }
    }

    #[derive(Debug, Encode, Decode)]
    struct Other;

    impl Model for Other {
        const KIND: ModelKind = ModelKind::Landmarks;
        fn validate(&self) -> Result<(), String> {
            Ok(())
        }
    }

    fn toy_file() -> Vec<u8> {
        let mut provenance = Provenance::default();
        provenance.push("seed", 7);
        to_bytes(&Toy(vec![1.0, -2.5]), &provenance).unwrap()
    }

    #[test]
    fn a_model_comes_back_with_its_provenance() {
        let (toy, provenance) = from_bytes::<Toy>(&toy_file()).unwrap();
        assert_eq!(toy, Toy(vec![1.0, -2.5]));
        assert_eq!(provenance.get("seed"), Some("7"));
        assert_eq!(describe(&toy_file()).unwrap().0, Header { kind: ModelKind::Detector, version: 3 });
    }

    #[test]
    fn every_flipped_bit_and_every_truncation_is_refused() {
        let file = toy_file();
        for at in 0..file.len() {
            assert!(matches!(from_bytes::<Toy>(&file[..at]), Err(ModelError::Truncated)), "cut at {at}");
            for bit in 0..8 {
                let mut changed = file.clone();
                changed[at] ^= 1 << bit;
                assert!(from_bytes::<Toy>(&changed).is_err(), "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn versions_that_are_not_read_are_named() {
        let of = |kind: u8, version: u8| {
            let mut file = toy_file();
            (file[8], file[10]) = (version, kind);
            from_bytes::<Toy>(&file).unwrap_err().to_string()
        };
        assert_eq!(of(1, 4), "it has format version 4 of detector models, newer than what this program reads, 3");
        assert_eq!(of(2, 1), "it has format version 1 of landmarks models, older than what this program reads, 2");
        assert_eq!(of(9, 1), "it holds a model of the unknown kind 9");
    }

    #[test]
    fn another_kind_is_named() {
        let message = from_bytes::<Other>(&toy_file()).unwrap_err().to_string();
        assert_eq!(message, "it holds a detector model, not a landmarks model");
    }

    #[test]
    fn a_forged_length_does_not_allocate() {
        // A vector that claims 2^60 numbers, with a right checksum.
        let payload = [&[0u8][..], &[253, 0, 0, 0, 0, 0, 0, 0, 16]].concat();
        let mut file = toy_file()[..HEADER].to_vec();
        file[12..20].copy_from_slice(&(payload.len() as u64).to_le_bytes());
        let crc = checksum(&file[..20], &payload).to_le_bytes();
        file[20..].copy_from_slice(&crc);
        file.extend(payload);
        assert!(matches!(from_bytes::<Toy>(&file), Err(ModelError::Decode(_))));
    }

    #[test]
    fn an_invalid_model_is_not_written() {
        assert!(to_bytes(&Toy(vec![f32::NAN]), &Provenance::default()).is_err());
    }
}
