//! dlib's own files as models of any kind.

use super::any::AnyModel;
use crate::dlib::files::{self, DlibError, DlibModel};
use crate::landmarks::{Cascade, Stage};

/// The model in the bytes of a file that dlib wrote, validated.
///
/// # Errors
/// If the bytes are none of the two kinds of models, are cut short or damaged, or the model is not valid.
pub fn from_bytes(bytes: &[u8]) -> Result<AnyModel, DlibError> {
    Ok(match files::read(bytes)? {
        DlibModel::Predictor(model) => AnyModel::Landmarks(model.try_into()?),
        DlibModel::Detector(model) => AnyModel::Detector(model.try_into()?),
    })
}

/// The bytes that dlib reads as this model.
///
/// # Errors
/// If dlib's format cannot represent the model: a detector of our own kind, or a cascade that looks at crops.
pub fn to_bytes(model: &AnyModel) -> Result<Vec<u8>, DlibError> {
    match model {
        AnyModel::Landmarks(model) => match (model.parts().dlib(), model.parts().cascade()) {
            (Some(predictor), _) => Ok(files::write_predictor(predictor)),
            (None, cascade) => Err(no_place(cascade)),
        },
        AnyModel::Detector(model) => match model.parts().dlib() {
            Some(detector) => Ok(files::write_detector(detector)),
            None => Err(DlibError::NoPlace("boosted trees and box regression".into())),
        },
    }
}

/// Why a cascade that looks at crops cannot be written; names the first stage that dlib does not know.
fn no_place(cascade: Option<&Cascade>) -> DlibError {
    let linear = |stage: &Stage| matches!(stage, Stage::Linear(_));
    DlibError::NoPlace(match cascade.and_then(|cascade| cascade.stages.iter().position(linear)) {
        Some(stage) => format!("stage {}, linear maps of gradient histograms", stage + 1),
        None => "trees that look at a crop, only for those that look at the image itself".into(),
    })
}
