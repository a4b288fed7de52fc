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

mod any;
mod container;
mod error;
mod kind;
mod layout;
mod provenance;

use layout::{Stored, Versions};

pub use any::{AnyModel, load};
#[cfg(feature = "write")]
pub use container::write;
pub use container::{Header, describe, from_bytes, read, to_bytes};
pub(crate) use container::{bytes_of, read_with};
#[cfg(feature = "write")]
pub use error::SaveError;
pub use error::{InvalidModel, LoadError, ModelError};
pub use kind::ModelKind;
pub use provenance::Provenance;

/// The most memory in bytes that decoding a payload may claim.
pub const DECODE_LIMIT: usize = 256 << 20;

/// A model that can stand in a model file. Only this crate implements it.
pub trait Model: Versions {
    /// The kind that the file's header names.
    const KIND: ModelKind;

    /// Checks every invariant that prediction relies on.
    ///
    /// # Errors
    /// If one does not hold.
    fn validate(&self) -> Result<(), InvalidModel>;
}

/// A part of a model that can be stored by itself, in the layout that it has in model files. Only this crate implements it.
pub trait Part: Stored {
    /// Appends the part's bytes.
    fn store(&self, bytes: &mut Vec<u8>) {
        layout::store(self, bytes);
    }

    /// Reads a part from the beginning of `bytes`, and the number of bytes that it takes. Returns `None` if the bytes do not
    /// follow the layout. The part is not validated.
    fn load(bytes: &[u8]) -> Option<(Self, usize)> {
        layout::load(bytes)
    }
}

impl<T: Stored> Part for T {}
