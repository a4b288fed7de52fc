//! Models whose landmarks can be compared with 68-point annotations.

use lineament::LandmarkModel;
use lineament::raw::model::Provenance;
use lineament::scheme::POINTS;

/// A model of other points than those of the annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a model of {0} points that are not known to be among iBUG's {POINTS}, so it cannot be measured on them")]
pub struct OtherPoints(pub usize);

/// Checks that the landmarks of a model are those of the 68-point scheme, or some of them.
///
/// Models from dlib number their landmarks from 0, whatever these are. The trainer records which
/// landmarks a model has.
///
/// # Errors
/// If the landmarks are other ones, or unknown.
pub fn check(model: &LandmarkModel, provenance: &Provenance) -> Result<(), OtherPoints> {
    let landmarks = model.landmarks();
    let numbered_by_scheme = model.parts().dlib().is_none() || provenance.get("points").is_some();
    let in_scheme = landmarks.iter().all(|&landmark| usize::from(landmark) < POINTS);
    let known = landmarks.len() == POINTS || numbered_by_scheme;
    if in_scheme && known { Ok(()) } else { Err(OtherPoints(landmarks.len())) }
}
