//! Landmark models of either kind.

use super::{Cascade, Fit, FitOptions};
#[cfg(feature = "dlib")]
use crate::dlib::ShapePredictor;
use crate::geometry::Rect;
use crate::image::{GreyImage, Image};
use crate::model::{self, ModelError, ModelKind, Provenance};

/// A model that places landmarks in a box.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LandmarkModel {
    /// A cascade of tree stages and linear stages that look at a crop.
    Cascade(Cascade),
    /// A cascade of trees that look at the image's own pixels, like dlib's shape predictors.
    #[cfg(feature = "dlib")]
    Dlib(ShapePredictor),
}

impl From<Cascade> for LandmarkModel {
    fn from(cascade: Cascade) -> Self {
        Self::Cascade(cascade)
    }
}

#[cfg(feature = "dlib")]
impl From<ShapePredictor> for LandmarkModel {
    fn from(predictor: ShapePredictor) -> Self {
        Self::Dlib(predictor)
    }
}

impl LandmarkModel {
    /// Reads a landmark model of either kind from the bytes of a model file, and where it comes from.
    ///
    /// # Errors
    /// Like [`model::from_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {
        match ModelKind::of(bytes) {
            #[cfg(feature = "dlib")]
            Some(ModelKind::DlibLandmarks) => {
                model::from_bytes(bytes).map(|(predictor, provenance)| (Self::Dlib(predictor), provenance))
            }
            _ => model::from_bytes(bytes).map(|(cascade, provenance)| (Self::Cascade(cascade), provenance)),
        }
    }

    /// The grey levels of an image as the model was trained to see them: luma, or for dlib's models the mean of the
    /// colours.
    pub fn grey<'a>(&self, image: &'a Image) -> GreyImage<'a> {
        match self {
            Self::Cascade(_) => image.luma(),
            #[cfg(feature = "dlib")]
            Self::Dlib(_) => image.mean_grey(),
        }
    }

    /// Places the landmarks of the face in `bounds` (pixels of the image).
    pub fn fit(&self, image: &Image, bounds: &Rect, options: &FitOptions) -> Fit {
        self.fit_observed(&self.grey(image), bounds, options, &mut ())
    }

    /// Like [`LandmarkModel::fit`] on the grey levels of [`LandmarkModel::grey`], reporting each step of a cascade to
    /// `observer`.
    pub fn fit_observed(
        &self,
        grey: &GreyImage,
        bounds: &Rect,
        options: &FitOptions,
        observer: &mut impl super::CascadeObserver,
    ) -> Fit {
        match self {
            Self::Cascade(cascade) => cascade.fit(grey, bounds, options, observer),
            #[cfg(feature = "dlib")]
            Self::Dlib(predictor) => predictor.fit(grey, bounds),
        }
    }

    /// Which landmarks the model places, in their order; those of the 68-point scheme in models of all its points and in
    /// all that were trained on it.
    pub fn landmarks(&self) -> &[u16] {
        match self {
            Self::Cascade(cascade) => &cascade.landmarks,
            #[cfg(feature = "dlib")]
            Self::Dlib(predictor) => &predictor.landmarks,
        }
    }

    /// Whether its fits have a confidence, if the whole model runs.
    pub fn has_confidence(&self) -> bool {
        match self {
            Self::Cascade(cascade) => cascade.confidence.is_some(),
            #[cfg(feature = "dlib")]
            Self::Dlib(_) => false,
        }
    }

    /// Names and values in a fixed order, for people.
    pub fn summary(&self) -> Vec<(String, String)> {
        match self {
            Self::Cascade(cascade) => cascade.summary(),
            #[cfg(feature = "dlib")]
            Self::Dlib(predictor) => predictor.summary(),
        }
    }
}
