//! dlib's files: shape predictors and FHOG object detectors, read and written.
//!
//! ```text
//!   shape_predictor_68.dat ──► Reader ──► ShapePredictor ──► Writer ──► the same bytes
//!   frontal_face.svm       ──► Reader ──► HogDetector ──► Writer ──► the same bytes
//! ```
//!
//! A file is what dlib's `serialize` wrote, one value after the other, without names or types:
//!
//! | value | bytes |
//! |---|---|
//! | integer | a control byte (its low four bits count the bytes that follow, its high bit is the sign), then the magnitude, little endian |
//! | number | mantissa and exponent, two integers: `mantissa · 2^exponent` |
//! | vector | its length, then its elements |
//! | matrix | rows and columns, both negated, then its elements row by row |
//!
//! The files come from strangers. A length is believed only as far as the rest of the file can fill it, so that reading
//! allocates no more than a small multiple of the file's size; what is read is validated like any other model.

mod error;
mod object_detector;
mod reader;
mod shape_predictor;
mod writer;

use super::hog_detector::HogDetector;
use super::shape_predictor::ShapePredictor;

pub use error::DlibError;
use reader::Reader;
use writer::Writer;

/// A model that dlib can save.
#[derive(Clone, Debug)]
pub(crate) enum DlibModel {
    /// A shape predictor (`dlib.shape_predictor`).
    Predictor(ShapePredictor),
    /// An object detector on Felzenszwalb's HOG features (`dlib.fhog_object_detector`, `dlib.simple_object_detector`).
    Detector(HogDetector),
}

/// The model in the bytes of a file that dlib wrote, validated.
///
/// # Errors
/// If the bytes are none of the two kinds of models, are cut short or damaged, or the model is not valid.
pub(crate) fn read(bytes: &[u8]) -> Result<DlibModel, DlibError> {
    // Both begin with a version. A shape predictor's next value is its mean shape's number of rows, negated like all
    // of a matrix; a detector's is the version of its scanner.
    let mut peek = Reader::new(bytes);
    let start = peek.integer().and_then(|version| Ok((version, peek.integer()?)));
    match start {
        Ok((1, rows)) if rows < 0 => Ok(DlibModel::Predictor(shape_predictor::read(Reader::new(bytes))?)),
        Ok((1 | 2, 1)) => Ok(DlibModel::Detector(object_detector::read(Reader::new(bytes))?)),
        Err(DlibError::Truncated) if bytes.is_empty() || bytes[0] == 1 => Err(DlibError::Truncated),
        _ => Err(DlibError::Unknown),
    }
}

/// The bytes that dlib reads as this shape predictor.
pub(crate) fn write_predictor(predictor: &ShapePredictor) -> Vec<u8> {
    let mut writer = Writer::default();
    shape_predictor::write(predictor, &mut writer);
    writer.into_bytes()
}

/// The bytes that dlib reads as this detector.
pub(crate) fn write_detector(detector: &HogDetector) -> Vec<u8> {
    let mut writer = Writer::default();
    object_detector::write(detector, &mut writer);
    writer.into_bytes()
}
