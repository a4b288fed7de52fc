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

use crate::landmarks::{Cascade, Stage};
use crate::model::AnyModel;

pub use error::DlibError;
use reader::Reader;
use writer::Writer;

/// The model in the bytes of a file that dlib wrote, validated.
///
/// # Errors
/// If the bytes are none of the two kinds of models, are cut short or damaged, or the model is not valid.
pub fn from_bytes(bytes: &[u8]) -> Result<AnyModel, DlibError> {
    // Both begin with a version. A shape predictor's next value is its mean shape's number of rows, negated like all
    // of a matrix; a detector's is the version of its scanner.
    let mut peek = Reader::new(bytes);
    let start = peek.integer().and_then(|version| Ok((version, peek.integer()?)));
    match start {
        Ok((1, rows)) if rows < 0 => Ok(AnyModel::Landmarks(shape_predictor::read(Reader::new(bytes))?.try_into()?)),
        Ok((1 | 2, 1)) => Ok(AnyModel::Detector(object_detector::read(Reader::new(bytes))?.try_into()?)),
        Err(DlibError::Truncated) if bytes.is_empty() || bytes[0] == 1 => Err(DlibError::Truncated),
        _ => Err(DlibError::Unknown),
    }
}

/// The bytes that dlib reads as this model.
///
/// # Errors
/// If dlib's format cannot represent the model: a detector of our own kind, or a cascade that looks at crops.
pub fn to_bytes(model: &AnyModel) -> Result<Vec<u8>, DlibError> {
    let mut writer = Writer::default();
    match model {
        AnyModel::Landmarks(model) => match (model.as_dlib(), model.as_cascade()) {
            (Some(predictor), _) => shape_predictor::write(predictor, &mut writer),
            (None, cascade) => return Err(no_place(cascade)),
        },
        AnyModel::Detector(model) => match model.as_dlib() {
            Some(detector) => object_detector::write(detector, &mut writer),
            None => return Err(DlibError::NoPlace("boosted trees and box regression".into())),
        },
    }
    Ok(writer.into_bytes())
}

/// Why a cascade that looks at crops cannot be written; names the first stage that dlib does not know.
fn no_place(cascade: Option<&Cascade>) -> DlibError {
    let linear = |stage: &Stage| matches!(stage, Stage::Linear(_));
    DlibError::NoPlace(match cascade.and_then(|cascade| cascade.stages.iter().position(linear)) {
        Some(stage) => format!("stage {}, linear maps of gradient histograms", stage + 1),
        None => "trees that look at a crop, only for those that look at the image itself".into(),
    })
}
