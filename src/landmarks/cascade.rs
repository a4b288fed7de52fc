//! The cascade of regression stages.

use bincode::{Decode, Encode};

use super::Shape;
use crate::geometry::Rect;
use crate::image::GrayImage;
use crate::model::{Model, ModelKind};

/// How much of the cascade to run.
#[derive(Clone, Copy, Debug, Default)]
pub struct FitOptions {
    /// The tree stages alone, where the model has others after them.
    pub fast: bool,
}

/// A shape that was fitted to an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The landmarks in pixels.
    pub shape: Shape,
}

/// A trained landmark cascade.
#[derive(Clone, Debug, Default, Encode, Decode)]
pub struct Cascade {}

impl Model for Cascade {
    const KIND: ModelKind = ModelKind::Landmarks;
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}

impl Cascade {
    /// Places the landmarks of the face in `bounds`.
    pub fn fit(&self, _image: &GrayImage, _bounds: &Rect, _options: &FitOptions) -> Fit {
        Fit { shape: Shape::default() }
    }
}
