//! The container: header, checksum and payload.

use std::path::Path;

#[cfg(feature = "write")]
use super::error::SaveError;
use super::error::{LoadError, ModelError};
use super::kind::{MAGIC, ModelKind};
use super::layout::{self, Model};
use super::provenance::Provenance;
use crate::files::{MOST_BYTES, read_at_most};

const HEADER: usize = 24;
/// Offset of the payload's length in the header.
const LENGTH: usize = 12;
/// Offset of the checksum in the header.
const CHECKSUM: usize = 20;

/// Header of a model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The kind of the model.
    pub kind: ModelKind,
    /// The version of the kind's layout.
    pub version: u16,
}

/// Returns the checksum of header and payload.
fn checksum(header: &[u8], payload: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&header[..CHECKSUM]);
    crc.update(payload);
    crc.finalize()
}

/// Writes length and checksum into the header of a file that lacks only these.
fn seal(file: &mut [u8]) {
    let (header, payload) = file.split_at_mut(HEADER);
    header[LENGTH..CHECKSUM].copy_from_slice(&(payload.len() as u64).to_le_bytes());
    let sum = checksum(header, payload);
    header[CHECKSUM..].copy_from_slice(&sum.to_le_bytes());
}

/// Returns the bytes of a model file.
///
/// # Errors
/// If the model does not validate.
pub fn to_bytes<M: Model>(model: &M, provenance: &Provenance) -> Result<Vec<u8>, ModelError> {
    model.validate()?;
    Ok(bytes_of(model, provenance))
}

/// Returns the bytes of a model file for a model that is known to be valid.
pub(crate) fn bytes_of<M: Model>(model: &M, provenance: &Provenance) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(M::KIND.version().to_le_bytes());
    bytes.extend(M::KIND.code().to_le_bytes());
    bytes.resize(HEADER, 0);
    layout::store(provenance, &mut bytes);
    model.store(&mut bytes);
    seal(&mut bytes);
    bytes
}

/// Returns header and payload, after it has verified magic, version, length and checksum.
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
        return Err(ModelError::TooNew { found: version, newest: *known.end(), kind });
    }
    if version < *known.start() {
        return Err(ModelError::TooOld { found: version, oldest: *known.start(), kind });
    }
    let length = u64::from_le_bytes(header[LENGTH..CHECKSUM].try_into().expect("eight bytes"));
    let stored = u32::from_le_bytes(header[CHECKSUM..].try_into().expect("four bytes"));
    if (payload.len() as u64) < length {
        return Err(ModelError::Truncated);
    }
    if payload.len() as u64 > length || checksum(header, payload) != stored {
        return Err(ModelError::Checksum);
    }
    Ok((Header { kind, version }, payload))
}

/// Reads the header and the provenance of any model file.
///
/// # Errors
/// If the bytes are no model file, or are truncated or changed.
pub fn describe(bytes: &[u8]) -> Result<(Header, Provenance), ModelError> {
    let (header, payload) = open(bytes)?;
    let (provenance, _) = layout::load(payload).ok_or(ModelError::Decode)?;
    Ok((header, provenance))
}

/// Reads a model from the bytes of a model file and validates it; returns it with its provenance.
///
/// # Errors
/// If the bytes are no model file, are truncated or changed, or contain another kind or a version that cannot be read.
pub fn from_bytes<M: Model>(bytes: &[u8]) -> Result<(M, Provenance), ModelError> {
    let (Header { kind, version }, payload) = open(bytes)?;
    if kind != M::KIND {
        return Err(ModelError::Kind { found: kind, wanted: M::KIND });
    }
    let ((provenance, model), used) = M::load(version, payload).ok_or(ModelError::Decode)?;
    if used != payload.len() {
        return Err(ModelError::LeftOver(payload.len() - used));
    }
    model.validate()?;
    Ok((model, provenance))
}

/// Reads a model file.
///
/// # Errors
/// If the file cannot be read, or like [`from_bytes`].
pub fn read<M: Model>(path: impl AsRef<Path>) -> Result<(M, Provenance), LoadError> {
    read_with(path.as_ref(), from_bytes)
}

/// Reads a file and decodes its content.
pub(crate) fn read_with<T>(path: &Path, decode: fn(&[u8]) -> Result<T, ModelError>) -> Result<T, LoadError> {
    let bytes = read_at_most(path, MOST_BYTES).map_err(ModelError::Read);
    bytes.and_then(|bytes| decode(&bytes)).map_err(|error| LoadError { path: path.to_owned(), error })
}

/// Writes a model file, atomically: `path` is the old file or the new one at every moment.
///
/// # Errors
/// If the model does not validate or the file cannot be written.
#[cfg(feature = "write")]
pub fn write<M: Model>(path: impl AsRef<Path>, model: &M, provenance: &Provenance) -> Result<(), SaveError> {
    let path = path.as_ref();
    model.validate().map_err(|error| SaveError::Invalid { path: path.to_owned(), error })?;
    crate::files::write_atomically(path, &bytes_of(model, provenance))
        .map_err(|error| SaveError::Write { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landmarks::Cascade;
    use crate::model::InvalidModel;
    use crate::model::layout::Versions;

    #[derive(Debug, PartialEq)]
    struct Toy(Vec<f32>);

    /// The layout of the one weight list.
    impl Versions for Toy {
        fn store(&self, bytes: &mut Vec<u8>) {
            layout::tests::store_weights(&self.0, bytes);
        }

        fn load(_: u16, payload: &[u8]) -> Option<((Provenance, Self), usize)> {
            let ((provenance, weights), used) = layout::tests::load_weights(payload)?;
            Some(((provenance, Self(weights)), used))
        }
    }

    impl Model for Toy {
        const KIND: ModelKind = ModelKind::Detector;
        fn validate(&self) -> Result<(), InvalidModel> {
            InvalidModel::unless(self.0.iter().all(|w| w.is_finite()), "a weight", "is not finite")
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
        assert_eq!(of(1, 4), "a detector model of format version 4, newer than what this program reads, 3");
        assert_eq!(of(2, 1), "a landmark model of format version 1, older than what this program reads, 2");
        assert_eq!(of(9, 1), "a model of the unknown kind 9");
    }

    #[test]
    fn another_kind_is_named() {
        let message = from_bytes::<Cascade>(&toy_file()).unwrap_err().to_string();
        assert_eq!(message, "a detector model, where a landmark model was expected");
    }

    #[test]
    fn a_forged_length_does_not_allocate() {
        // A vector that claims 2^60 numbers, with a right checksum.
        let payload = [&[0u8][..], &[253, 0, 0, 0, 0, 0, 0, 0, 16]].concat();
        let mut file = toy_file()[..HEADER].to_vec();
        file.extend(payload);
        seal(&mut file);
        assert!(matches!(from_bytes::<Toy>(&file), Err(ModelError::Decode)));
    }

    #[test]
    fn an_invalid_model_is_not_written() {
        assert!(to_bytes(&Toy(vec![f32::NAN]), &Provenance::default()).is_err());
    }
}
