//! The model file: one container for every kind of model.
//!
//! ```text
//! offset  size  content
//!      0     8  magic "lineamnt"
//!      8     2  version of the kind's layout, little endian like all numbers
//!     10     2  kind: 1 detector, 2 landmarks; of dlib's kinds: 3 FHOG detector, 4 pixel landmarks
//!     12     8  length of the payload
//!     20     4  CRC-32 (IEEE 802.3) of bytes 0 to 20 and of the payload
//!     24     …  payload: provenance, then the model
//! ```
//!
//! The payload contains the fields of a layout in the order in which `src/model/layout` lists them, with nothing between
//! them, in [bincode's standard encoding](https://docs.rs/bincode/2.0/bincode/config/index.html):
//!
//! ```text
//! value              bytes
//! u8, i8             1
//! u16 … u64, usize   0 to 250: 1, the number; larger: 251, 252 or 253, then it as u16, u32 or u64
//! i16, i32           zigzag (0, −1, 1, −2 … become 0, 1, 2, 3 …), then like unsigned numbers
//! f32, f64           4, 8
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
//! | kind | version | layout | read as |
//! |---|---|---|---|
//! | detector | 1 | `detector_1.rs` | [`Detector`](crate::raw::Detector) with an empty prefilter, which rejects nothing, and a score fusion that takes the best window alone |
//! | | 2 | `detector_2.rs` | the same, with its own prefilter |
//! | | 3 | `detector_3.rs` | all of it |
//! | landmarks | 1 | | never released, not read |
//! | | 2 | `landmarks_2.rs` | [`Cascade`](crate::raw::Cascade) whose coarse crop has half the size of the crop |
//! | | 3 | `landmarks_3.rs` | all of it |
//! | FHOG detector | 1 | `dlib_detector_1.rs` | `raw::dlib::HogDetector` |
//! | pixel landmarks | 1 | `dlib_landmarks_1.rs` | `raw::dlib::ShapePredictor` |
//!
//! `tests/data/models` has a file of each version, and what the models find.
//!
//! Decoding is bounded: whatever lengths the payload claims, it allocates at most 32 times the file's size, or a megabyte if
//! that is more, and never more than [`DECODE_LIMIT`]. Every model is validated ([`Model::validate`]) before it can be used,
//! so that prediction never meets an index out of range.

mod any;
mod container;
#[cfg(feature = "dlib")]
pub(crate) mod dlib_files;
#[cfg(feature = "embedded-models")]
mod embedded;
mod error;
mod kind;
mod layout;
mod open;
mod provenance;

pub use crate::files::DECODE_LIMIT;
pub use crate::invalid::InvalidModel;
pub use any::{AnyModel, encode, kind};
#[cfg(feature = "write")]
pub use container::write;
pub use container::{Header, describe, from_bytes, read, to_bytes};
#[cfg(feature = "write")]
pub use error::SaveError;
pub use error::{LoadError, ModelError};
pub use kind::ModelKind;
pub use layout::{Model, Part};
pub use open::{decode, load};
pub use provenance::Provenance;
