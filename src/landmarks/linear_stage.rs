//! A linear stage: histograms of oriented gradients around the landmarks in, shape increments out.
//!
//! The supervised descent of Xiong & De la Torre, "Supervised Descent Method and Its Applications to Face Alignment",
//! CVPR 2013 (section 3.2): `Δ = R·φ(x) + b`, several times, with `φ` the patches of [`super::patches`] and `R` one of
//! the two kinds of [`super::regression`].
//!
//! ```text
//!   crop ──► orientation map ─┬──► patches ──► R₁ ──► move ─┐
//!                             ├──► patches ──► R₂ ──► move ◄┘
//!                             └──► …
//! ```
//!
//! All steps of a stage share one map, and turn and scale their patches by the shape before the first step. Patches do not
//! show everything, such as where along the jaw a point belongs; the places of the other landmarks do. So the features of a
//! step are all patches, and how the shape differs from the mean shape.

use super::Similarity;
use super::crop::Crop;
use super::observer::CascadeObserver;
use super::patches::{FEATURE_ONE, OrientationMap, PATCH};
use super::regression::Regression;
use super::shape::bounds;
use crate::geometry::Point;
use crate::invalid::InvalidModel;

/// One linear stage of the cascade.
#[derive(Clone, Debug)]
pub struct LinearStage {
    /// The level of the crop, from 0 to 2, from which the gradients come: coarse patches need few pixels.
    pub level: u8,
    /// Distance from the shape's bounds to the map's edge, in crop pixels.
    pub reach: f32,
    /// The steps in order.
    pub steps: Vec<LinearStep>,
}

/// One step of a linear stage.
#[derive(Clone, Debug)]
pub struct LinearStep {
    /// Half a patch's side, in crop pixels of the mean shape's frame.
    pub radius: f32,
    /// The landmarks with a patch around them.
    pub patches: Vec<u16>,
    /// From patches to displacements.
    pub regression: Regression,
}

impl LinearStage {
    pub(super) fn validate(&self, landmarks: usize) -> Result<(), InvalidModel> {
        if self.level > 2 || !(1.0..=500.0).contains(&self.reach) {
            let problem = format!("takes gradients of level {} within {} pixels", self.level, self.reach);
            return Err(InvalidModel::new("a linear stage", problem));
        }
        self.steps.iter().try_for_each(|step| {
            if !(0.5..=200.0).contains(&step.radius) {
                return Err(InvalidModel::new("a linear step", format!("has patches of radius {}", step.radius)));
            }
            if step.patches.iter().any(|&p| usize::from(p) >= landmarks) {
                return Err(InvalidModel::new("a linear step", "has a patch around a landmark that does not exist"));
            }
            step.regression.validate(step.patches.len(), landmarks)
        })
    }

    /// Moves a shape (crop pixels) by all steps in turn: computes the gradients once, then describes, multiplies and moves
    /// for each step. `frame` maps the mean shape's frame to the shape's.
    pub fn step(
        &self,
        crop: &Crop,
        mean: &[Point],
        shape: &mut [Point],
        frame: &Similarity,
        observer: &mut impl CascadeObserver,
    ) {
        let mut map = OrientationMap::new(crop, self.level, shape, frame, self.reach);
        let mean_frame = MeanFrame::new(mean, frame);
        let mut features = Vec::with_capacity(shape.len() * (PATCH + 2));
        for step in &self.steps {
            features.clear();
            let centres = step.patches.iter().map(|&landmark| shape[usize::from(landmark)]);
            observer.patches(&step.patches, step.radius);
            map.describe(centres, frame, step.radius, &mut features);
            mean_frame.describe(shape, &mut features);
            step.regression.advance(shape, frame, &features);
            observer.moved(shape);
        }
    }
}

/// Appends how a shape differs from the mean shape: `x, y` of each landmark in the mean shape's frame, in units of the mean
/// shape's width divided by [`FEATURE_ONE`], and at most two widths. `frame` maps the mean shape's frame to the shape's.
pub fn describe_shape(shape: &[Point], mean: &[Point], frame: &Similarity, features: &mut Vec<i16>) {
    MeanFrame::new(mean, frame).describe(shape, features);
}

/// The frame of the mean shape, in which shapes are described: made once for all steps of a stage.
struct MeanFrame<'a> {
    mean: &'a [Point],
    /// From the face's frame to the mean shape's.
    back: Similarity,
    /// Features per crop pixel.
    scale: f32,
}

impl<'a> MeanFrame<'a> {
    /// `frame` maps the mean shape's frame to the face's.
    fn new(mean: &'a [Point], frame: &Similarity) -> Self {
        Self { mean, back: frame.inverse(), scale: FEATURE_ONE / bounds(mean).width.max(1.0) }
    }

    /// See [`describe_shape`].
    fn describe(&self, shape: &[Point], features: &mut Vec<i16>) {
        let feature = |v: f32| (v * self.scale).clamp(-2.0 * FEATURE_ONE, 2.0 * FEATURE_ONE) as i16;
        for (&p, &m) in shape.iter().zip(self.mean) {
            let difference = self.back.apply(p) - m;
            features.extend([feature(difference.x), feature(difference.y)]);
        }
    }
}
