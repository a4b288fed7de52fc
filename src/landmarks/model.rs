//! Landmark models of either kind.

use std::sync::Arc;

use super::{Cascade, CascadeObserver, Fit, FitOptions};
#[cfg(feature = "dlib")]
use crate::dlib::shape_predictor::ShapePredictor;
use crate::geometry::Rect;
use crate::image::{GreyImage, Image};
use crate::invalid::InvalidModel;

/// A model that places landmarks in a box.
///
/// It is valid: it comes from a model file, or from parts that were checked. Cloning is cheap: the parts are shared.
#[derive(Clone, Debug)]
pub struct LandmarkModel(Arc<LandmarkParts>);

/// The parts of a landmark model of either kind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LandmarkParts {
    /// A cascade of tree stages and linear stages that look at a crop.
    Cascade(Cascade),
    /// A cascade of trees that look at the image's own pixels, like dlib's shape predictors.
    #[cfg(feature = "dlib")]
    Dlib(ShapePredictor),
}

/// Checks every invariant that prediction relies on.
impl TryFrom<Cascade> for LandmarkModel {
    type Error = InvalidModel;

    fn try_from(cascade: Cascade) -> Result<Self, InvalidModel> {
        cascade.validate()?;
        Ok(Self(Arc::new(LandmarkParts::Cascade(cascade))))
    }
}

/// Checks every invariant that prediction relies on.
#[cfg(feature = "dlib")]
impl TryFrom<ShapePredictor> for LandmarkModel {
    type Error = InvalidModel;

    fn try_from(predictor: ShapePredictor) -> Result<Self, InvalidModel> {
        predictor.validate()?;
        Ok(Self(Arc::new(LandmarkParts::Dlib(predictor))))
    }
}

impl LandmarkModel {
    /// Which landmarks the model places, in their order; those of the 68-point scheme in models of all its points and in
    /// all that were trained on it.
    pub fn landmarks(&self) -> &[u16] {
        match self.parts() {
            LandmarkParts::Cascade(cascade) => &cascade.landmarks,
            #[cfg(feature = "dlib")]
            LandmarkParts::Dlib(predictor) => &predictor.landmarks,
        }
    }

    /// Whether its fits have a confidence, if the whole model runs.
    pub fn has_confidence(&self) -> bool {
        self.parts().cascade().is_some_and(|cascade| cascade.confidence.is_some())
    }

    /// The parts behind this model, with the methods that work on them. Unstable, like everything in [`crate::raw`].
    pub fn parts(&self) -> &LandmarkParts {
        &self.0
    }
}

impl LandmarkParts {
    /// The parts of a model of our own kind.
    pub fn cascade(&self) -> Option<&Cascade> {
        match self {
            Self::Cascade(model) => Some(model),
            #[cfg(feature = "dlib")]
            Self::Dlib(_) => None,
        }
    }

    /// The parts of a model of dlib's kind.
    #[cfg(feature = "dlib")]
    pub fn dlib(&self) -> Option<&ShapePredictor> {
        match self {
            Self::Dlib(model) => Some(model),
            Self::Cascade(_) => None,
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

    /// Like [`LandmarkParts::fit`] on the grey levels of [`LandmarkParts::grey`], reporting each step of a cascade to
    /// `observer`.
    pub fn fit_observed(
        &self,
        grey: &GreyImage,
        bounds: &Rect,
        options: &FitOptions,
        observer: &mut impl CascadeObserver,
    ) -> Fit {
        match self {
            Self::Cascade(cascade) => cascade.fit(grey, bounds, options, observer),
            #[cfg(feature = "dlib")]
            Self::Dlib(predictor) => predictor.fit(grey, bounds),
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
