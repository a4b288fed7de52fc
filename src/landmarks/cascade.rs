//! The cascade: a mean shape in a box, and the stages that move it onto the face.
//!
//! ```text
//!   mean shape ──► Linear ──► Trees ──► Trees ──► … ──► Linear ──► Linear ──► landmarks
//!                    ▲          ▲         ▲               ▲          ▲
//!                    └──────────┴─────────┴─── crop ──────┴──────────┘
//!                  └─ where is the face? ─┘             └── refinement ──┘
//! ```
//!
//! Stages of both kinds stand in any order. Linear stages at the end that move every landmark by the patches around it are
//! the refinement, which can be left out for speed.
//!
//! [`Cascade::run`] is the plain loop; [`Cascade::fit`] runs it again from other places where the confidence is low (the
//! file `restarts.rs`).

use super::confidence::{Confidence, ConfidenceModel};
use super::crop::{Crop, CropSpec};
use super::linear_stage::{LinearStage, LinearStep};
use super::observer::CascadeObserver;
use super::regression::Regression;
use super::restarts::Initialisation;
use super::tree_stage::TreeStage;
use super::{Shape, Similarity};
use crate::geometry::Point;
use crate::image::GreyImage;
use crate::invalid::InvalidModel;
use crate::landmarks::ShapeExt;

/// A step of the cascade.
#[derive(Clone, Debug)]
pub enum Stage {
    /// Regression trees on pixel differences: robust far from the solution.
    Trees(TreeStage),
    /// Linear maps of gradient histograms: coarse patches find the pose of the face at once, fine ones are exact near the
    /// solution.
    Linear(LinearStage),
}

impl Stage {
    /// Moves a shape (crop pixels) one step nearer to the face; `mean` is the cascade's mean shape, `frame` maps its frame
    /// to the shape's.
    pub fn step(
        &self,
        crop: &Crop,
        mean: &[Point],
        shape: &mut [Point],
        frame: &Similarity,
        observer: &mut impl CascadeObserver,
    ) {
        match self {
            Self::Trees(stage) => stage.step(crop, shape, frame, observer),
            Self::Linear(stage) => stage.step(crop, mean, shape, frame, observer),
        }
    }

    /// Whether the stage moves every landmark by the patches around it alone.
    fn refines(&self) -> bool {
        let local = |step: &LinearStep| matches!(step.regression, Regression::Local(_));
        matches!(self, Self::Linear(stage) if stage.steps.iter().all(local))
    }
}

/// Options of a fit.
#[derive(Clone, Copy, Debug, Default)]
pub struct FitOptions {
    /// Leaves out the refinement (the local linear stages at the end of the cascade) and the confidence.
    pub fast: bool,
    /// The lowest confidence at which the face is still of use to the caller, from 0 (the default) to 1. If the first run
    /// cannot reach it any more, no restarts are tried; fits that reach it are the same whatever it is.
    pub useful_confidence: f32,
}

/// A shape that was fitted to an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The landmarks in pixels.
    pub shape: Shape,
    /// Probability that they are correct, if the model estimates it and all stages have run.
    pub confidence: Option<Confidence>,
}

impl Fit {
    /// Probability that the landmarks are correct, or 1.0 if the model has no confidence estimate.
    pub(super) fn face_confidence(&self) -> f32 {
        self.confidence.as_ref().map_or(1.0, |confidence| confidence.face)
    }
}

/// A trained landmark cascade.
///
/// These are the parts, unchecked: with parts that do not fit together, its methods may panic. A [`LandmarkModel`](crate::LandmarkModel) is
/// checked.
#[derive(Clone, Debug)]
pub struct Cascade {
    /// Size of the crops.
    pub crop: CropSpec,
    /// Where the cascade starts, in crop pixels.
    pub mean: Shape,
    /// Which landmarks of the 68-point scheme the model places, in the order of `mean`.
    pub landmarks: Vec<u16>,
    /// The stages in the order in which they run.
    pub stages: Vec<Stage>,
    /// Estimates how likely the landmarks are correct.
    pub confidence: Option<ConfidenceModel>,
}

impl Cascade {
    /// Checks every invariant that prediction relies on.
    ///
    /// # Errors
    /// If one does not hold.
    pub fn validate(&self) -> Result<(), InvalidModel> {
        let landmarks = self.mean.len();
        if !(2..=1000).contains(&landmarks) || self.landmarks.len() != landmarks {
            let problem =
                format!("has {landmarks} points for {} landmarks; 2 to 1000 are possible", self.landmarks.len());
            return Err(InvalidModel::new("the mean shape", problem));
        }
        if self.mean.points.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
            return Err(InvalidModel::new("the mean shape", "is not finite"));
        }
        self.crop.validate()?;
        self.stages.iter().try_for_each(|stage| match stage {
            Stage::Trees(stage) => stage.validate(landmarks),
            Stage::Linear(stage) => stage.validate(landmarks),
        })?;
        self.confidence.as_ref().map_or(Ok(()), |model| model.validate(landmarks))
    }
}

impl Cascade {
    /// One run of the cascade from an initialisation, reporting each step to `observer`.
    pub(super) fn run(
        &self,
        image: &GreyImage,
        start: &Initialisation,
        options: &FitOptions,
        observer: &mut impl CascadeObserver,
    ) -> Fit {
        let crop = Crop::new(image, &start.bounds, &self.crop);
        let mut shape = self.turned_mean(start.angle);
        observer.start(&start.bounds, &crop, &shape);
        self.advance(&crop, &mut shape, options, observer);
        let model = self.confidence.as_ref().filter(|_| !options.fast);
        let confidence = model.map(|model| model.confidence(&crop, &self.mean.points, &shape.points));
        let fit = Fit { shape: shape.map(|p| crop.to_image(p)), confidence };
        observer.end(&fit);
        fit
    }

    /// Places the landmarks of the face in a crop, in crop pixels, in one run from the mean shape.
    pub fn fit_crop(&self, crop: &Crop, options: &FitOptions) -> Shape {
        let mut shape = self.mean.clone();
        self.advance(crop, &mut shape, options, &mut ());
        shape
    }

    /// Moves a shape (crop pixels) by all stages in turn.
    pub(super) fn advance(
        &self,
        crop: &Crop,
        shape: &mut Shape,
        options: &FitOptions,
        observer: &mut impl CascadeObserver,
    ) {
        let stages = if options.fast { &self.stages[..self.refinement()] } else { &self.stages };
        for (number, stage) in stages.iter().enumerate() {
            let frame = Similarity::between(&self.mean.points, &shape.points);
            observer.stage(number, &frame);
            stage.step(crop, &self.mean.points, &mut shape.points, &frame, observer);
        }
    }

    /// The mean shape, turned about its centre, in crop pixels.
    pub(super) fn turned_mean(&self, angle: f32) -> Shape {
        let centre = self.mean.centroid();
        let turn = Similarity { a: angle.cos(), b: angle.sin(), t: centre };
        self.mean.map(|p| turn.apply(p - centre))
    }

    /// The index of the first stage of the refinement; the number of stages if there is nothing before it.
    fn refinement(&self) -> usize {
        let placing = self.stages.iter().rposition(|stage| !stage.refines());
        placing.map_or(self.stages.len(), |last| last + 1)
    }
}
