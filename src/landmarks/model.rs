//! Landmark models of either kind.

use super::{Cascade, Fit, FitOptions, PixelCascade};
use crate::geometry::Rect;
use crate::image::{DynamicImage, GrayImage, to_grey, to_mean_grey};
use crate::model::{self, ModelError, ModelKind, Provenance};

/// What places landmarks in a box.
#[derive(Clone, Debug)]
pub enum LandmarkModel {
    /// A cascade of tree and linear stages that look at a crop.
    Cascade(Cascade),
    /// A cascade of trees that look at the photograph's pixels, as dlib's do.
    Pixels(PixelCascade),
}

impl From<Cascade> for LandmarkModel {
    fn from(cascade: Cascade) -> Self {
        Self::Cascade(cascade)
    }
}

impl From<PixelCascade> for LandmarkModel {
    fn from(cascade: PixelCascade) -> Self {
        Self::Pixels(cascade)
    }
}

impl LandmarkModel {
    /// The landmark model of either kind in the bytes of a model file, validated, and where it comes from.
    ///
    /// # Errors
    /// As [`model::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        match ModelKind::of(bytes) {
            Some(ModelKind::PixelLandmarks) => {
                model::from_bytes(bytes).map(|(cascade, provenance)| (Self::Pixels(cascade), provenance))
            }
            _ => model::from_bytes(bytes).map(|(cascade, provenance)| (Self::Cascade(cascade), provenance)),
        }
    }

    /// The grey levels of a picture as the model was trained to see them: luma, or as dlib has it the mean of the colours.
    pub fn to_grey(&self, picture: &DynamicImage) -> GrayImage {
        match self {
            Self::Cascade(_) => to_grey(picture),
            Self::Pixels(_) => to_mean_grey(picture),
        }
    }

    /// Places the landmarks of the face in `bounds` (pixels of the image).
    pub fn fit(&self, image: &GrayImage, bounds: &Rect, options: &FitOptions) -> Fit {
        match self {
            Self::Cascade(cascade) => cascade.fit(image, bounds, options),
            Self::Pixels(cascade) => cascade.fit(image, bounds),
        }
    }

    /// Which landmarks the model places, in their order; those of the 68-point scheme in models of all its points and in
    /// all that were trained on it.
    pub fn landmarks(&self) -> &[u16] {
        match self {
            Self::Cascade(cascade) => &cascade.landmarks,
            Self::Pixels(cascade) => &cascade.landmarks,
        }
    }

    /// Whether its fits have a confidence, if the whole model runs.
    pub fn is_judged(&self) -> bool {
        matches!(self, Self::Cascade(cascade) if cascade.judge.is_some())
    }

    /// Names and values in a fixed order, for people.
    pub fn facts(&self) -> Vec<(String, String)> {
        match self {
            Self::Cascade(cascade) => cascade.facts(),
            Self::Pixels(cascade) => cascade.facts(),
        }
    }
}
