//! Landmark models of either kind.

use super::{Cascade, Fit, FitOptions};
#[cfg(feature = "dlib")]
use crate::dlib::shape_predictor::ShapePredictor;
use crate::geometry::Rect;
use crate::image::{GreyImage, Image};
use crate::invalid::InvalidModel;

/// A model that places landmarks in a box.
///
/// It is valid: it comes from a model file, or from parts that were checked.
#[derive(Clone, Debug)]
pub struct LandmarkModel(Inner);

#[derive(Clone, Debug)]
enum Inner {
    /// A cascade of tree stages and linear stages that look at a crop.
    Cascade(Cascade),
    /// A cascade of trees that look at the image's own pixels, like dlib's shape predictors.
    #[cfg(feature = "dlib")]
    Dlib(ShapePredictor),
}

/// Like [`LandmarkModel::new`].
impl TryFrom<Cascade> for LandmarkModel {
    type Error = InvalidModel;

    fn try_from(cascade: Cascade) -> Result<Self, InvalidModel> {
        Self::new(cascade)
    }
}

/// Checks every invariant that prediction relies on.
#[cfg(feature = "dlib")]
impl TryFrom<ShapePredictor> for LandmarkModel {
    type Error = InvalidModel;

    fn try_from(model: ShapePredictor) -> Result<Self, InvalidModel> {
        model.validate()?;
        Ok(Self(Inner::Dlib(model)))
    }
}

impl LandmarkModel {
    /// A landmark model of these parts, checked for every invariant that prediction relies on.
    ///
    /// # Errors
    /// If one does not hold.
    pub fn new(cascade: Cascade) -> Result<Self, InvalidModel> {
        cascade.validate()?;
        Ok(Self(Inner::Cascade(cascade)))
    }

    /// The parts of a model of our own kind.
    pub fn as_cascade(&self) -> Option<&Cascade> {
        match &self.0 {
            Inner::Cascade(model) => Some(model),
            #[cfg(feature = "dlib")]
            Inner::Dlib(_) => None,
        }
    }

    /// The parts of a model of dlib's kind.
    #[cfg(feature = "dlib")]
    pub fn as_dlib(&self) -> Option<&ShapePredictor> {
        match &self.0 {
            Inner::Dlib(model) => Some(model),
            Inner::Cascade(_) => None,
        }
    }

    /// The grey levels of an image as the model was trained to see them: luma, or for dlib's models the mean of the
    /// colours.
    pub fn grey<'a>(&self, image: &'a Image) -> GreyImage<'a> {
        match &self.0 {
            Inner::Cascade(_) => image.luma(),
            #[cfg(feature = "dlib")]
            Inner::Dlib(_) => image.mean_grey(),
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
        match &self.0 {
            Inner::Cascade(cascade) => cascade.fit(grey, bounds, options, observer),
            #[cfg(feature = "dlib")]
            Inner::Dlib(predictor) => predictor.fit(grey, bounds),
        }
    }

    /// Which landmarks the model places, in their order; those of the 68-point scheme in models of all its points and in
    /// all that were trained on it.
    pub fn landmarks(&self) -> &[u16] {
        match &self.0 {
            Inner::Cascade(cascade) => &cascade.landmarks,
            #[cfg(feature = "dlib")]
            Inner::Dlib(predictor) => &predictor.landmarks,
        }
    }

    /// Whether its fits have a confidence, if the whole model runs.
    pub fn has_confidence(&self) -> bool {
        match &self.0 {
            Inner::Cascade(cascade) => cascade.confidence.is_some(),
            #[cfg(feature = "dlib")]
            Inner::Dlib(_) => false,
        }
    }

    /// Names and values in a fixed order, for people.
    pub fn summary(&self) -> Vec<(String, String)> {
        match &self.0 {
            Inner::Cascade(cascade) => cascade.summary(),
            #[cfg(feature = "dlib")]
            Inner::Dlib(predictor) => predictor.summary(),
        }
    }
}
