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
//! A cascade goes astray where the box is poor or the head is tilted further than the first stages can see. Where the
//! confidence tells so, it starts again from other places in and around the box, and the most confident result counts.

use bincode::{Decode, Encode};

use super::confidence::{Confidence, Judge};
use super::crop::{Crop, CropSpec};
use super::linear::{LinearStage, LinearStep};
use super::regression::Regression;
use super::trees::TreeStage;
use super::{Shape, Similarity};
use crate::geometry::{Point, Rect};
use crate::image::GrayImage;
use crate::model::{Model, ModelKind};
use crate::trace::CascadeTrace;

/// A confidence below which the cascade tries other starts.
const DOUBTFUL: f32 = 0.5;

/// The other starts: shift of the box as a share of its side, scale of the box, and angle of the mean shape in radians.
const OTHER_STARTS: [(Point, f32, f32); 8] = [
    (Point::new(0.0, 0.0), 1.0, 0.45),
    (Point::new(0.0, 0.0), 1.0, -0.45),
    (Point::new(0.0, 0.0), 0.8, 0.0),
    (Point::new(0.0, 0.0), 1.25, 0.0),
    (Point::new(0.2, 0.0), 1.0, 0.0),
    (Point::new(-0.2, 0.0), 1.0, 0.0),
    (Point::new(0.0, 0.2), 1.0, 0.0),
    (Point::new(0.0, -0.2), 1.0, 0.0),
];

/// A step of the cascade.
#[derive(Clone, Debug, Encode, Decode)]
pub enum Stage {
    /// Regression trees on pixel differences: robust far from the solution.
    Trees(TreeStage),
    /// Linear maps of gradient histograms: with coarse patches they find how the face stands at once, with fine ones they
    /// are exact near the solution.
    Linear(LinearStage),
}

impl Stage {
    /// Moves a shape (crop pixels) one step nearer to the face; `mean` is the cascade's mean shape.
    pub fn step(&self, crop: &GrayImage, mean: &[Point], shape: &mut [Point]) {
        self.step_traced(crop, mean, shape, &Similarity::between(mean, shape), &mut ());
    }

    /// `frame` maps the mean shape's frame to the shape's.
    fn step_traced(
        &self,
        crop: &GrayImage,
        mean: &[Point],
        shape: &mut [Point],
        frame: &Similarity,
        trace: &mut impl CascadeTrace,
    ) {
        match self {
            Self::Trees(stage) => stage.step_traced(crop, shape, frame, trace),
            Self::Linear(stage) => stage.step_traced(crop, mean, shape, frame, trace),
        }
    }

    /// Whether the stage moves every landmark by the patches around it alone.
    fn refines(&self) -> bool {
        let local = |step: &LinearStep| matches!(step.regression, Regression::Local(_));
        matches!(self, Self::Linear(stage) if stage.steps.iter().all(local))
    }
}

/// How much of the cascade to run.
#[derive(Clone, Copy, Debug, Default)]
pub struct FitOptions {
    /// Leaves out the refinement, the local linear stages at the end of the cascade, and the judgement of the result.
    pub fast: bool,
}

/// A shape that was fitted to an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The landmarks in pixels.
    pub shape: Shape,
    /// How likely they are right, where the model can tell and the whole of it has run.
    pub confidence: Option<Confidence>,
}

/// A trained landmark cascade.
#[derive(Clone, Debug, Encode, Decode)]
pub struct Cascade {
    /// How a face is cut from its photograph.
    pub crop: CropSpec,
    /// Where the cascade starts, in crop pixels.
    pub mean: Shape,
    /// Which landmarks of the 68-point scheme the model places, in the order of `mean`.
    pub landmarks: Vec<u16>,
    /// The stages in the order of their work.
    pub stages: Vec<Stage>,
    /// Tells how likely the landmarks are right.
    pub judge: Option<Judge>,
}

impl Model for Cascade {
    const KIND: ModelKind = ModelKind::Landmarks;

    fn validate(&self) -> Result<(), String> {
        let landmarks = self.mean.len();
        if !(2..=1000).contains(&landmarks) || self.landmarks.len() != landmarks {
            return Err(format!("a mean shape of {landmarks} points"));
        }
        if self.mean.points.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
            return Err("a mean shape that is not finite".into());
        }
        if !(32..=1024).contains(&self.crop.face) || self.crop.margin > 1024 {
            return Err(format!("crops of {} + 2·{} pixels", self.crop.face, self.crop.margin));
        }
        self.stages.iter().try_for_each(|stage| match stage {
            Stage::Trees(stage) => stage.validate(landmarks),
            Stage::Linear(stage) => stage.validate(landmarks),
        })?;
        self.judge.as_ref().map_or(Ok(()), |judge| judge.validate(landmarks))
    }
}

impl Cascade {
    /// The cascade that is compiled into the library, for all 68 landmarks.
    ///
    /// # Errors
    /// If it does not decode, which the tests rule out for the model that is shipped.
    #[cfg(feature = "embedded-models")]
    pub fn embedded() -> Result<Self, crate::model::ModelError> {
        Ok(crate::model::from_bytes(Self::EMBEDDED)?.0)
    }

    /// The model file of [`Cascade::embedded`].
    #[cfg(feature = "embedded-models")]
    pub const EMBEDDED: &[u8] = include_bytes!("../../models/landmarks.lineament");

    /// Places the landmarks of the face in `bounds` (pixels of the image).
    pub fn fit(&self, image: &GrayImage, bounds: &Rect, options: &FitOptions) -> Fit {
        self.fit_traced(image, bounds, options, &mut ())
    }

    /// As [`Cascade::fit`], before the eyes of an observer.
    pub fn fit_traced(
        &self,
        image: &GrayImage,
        bounds: &Rect,
        options: &FitOptions,
        trace: &mut impl CascadeTrace,
    ) -> Fit {
        let mut best = self.fit_from(image, bounds, 0.0, options, trace);
        let face = |fit: &Fit| fit.confidence.as_ref().map_or(1.0, |confidence| confidence.face);
        if face(&best) < DOUBTFUL {
            for (shift, scale, angle) in OTHER_STARTS {
                let side = (bounds.width + bounds.height) / 2.0;
                let bounds = Rect::square(bounds.centre() + shift * side, side * scale);
                let other = self.fit_from(image, &bounds, angle, options, trace);
                if face(&other) > face(&best) {
                    best = other;
                }
            }
        }
        best
    }

    /// One run of the cascade, from the mean shape in the box, turned by an angle.
    fn fit_from(
        &self,
        image: &GrayImage,
        bounds: &Rect,
        angle: f32,
        options: &FitOptions,
        trace: &mut impl CascadeTrace,
    ) -> Fit {
        let crop = Crop::new(image, bounds, &self.crop);
        let centre = self.mean.centroid();
        let turn = Similarity { a: angle.cos(), b: angle.sin(), t: centre };
        let mut shape = self.mean.map(|p| turn.apply(p - centre));
        trace.start(bounds, &crop, &shape);
        self.advance(&crop.pixels, &mut shape, options, trace);
        let judge = self.judge.as_ref().filter(|_| !options.fast);
        let confidence = judge.map(|judge| judge.confidence(&crop.pixels, &self.mean.points, &shape.points));
        let fit = Fit { shape: shape.map(|p| crop.to_photograph(p)), confidence };
        trace.end(&fit);
        fit
    }

    /// Places the landmarks of the face in a crop, in crop pixels, in one run from the mean shape.
    pub fn fit_crop(&self, crop: &GrayImage, options: &FitOptions) -> Shape {
        let mut shape = self.mean.clone();
        self.advance(crop, &mut shape, options, &mut ());
        shape
    }

    fn advance(&self, crop: &GrayImage, shape: &mut Shape, options: &FitOptions, trace: &mut impl CascadeTrace) {
        let stages = if options.fast { &self.stages[..self.refinement()] } else { &self.stages };
        for (number, stage) in stages.iter().enumerate() {
            let frame = Similarity::between(&self.mean.points, &shape.points);
            trace.stage(number, &frame);
            stage.step_traced(crop, &self.mean.points, &mut shape.points, &frame, trace);
        }
    }

    /// The index of the first stage of the refinement; the number of stages where there is nothing before it.
    fn refinement(&self) -> usize {
        let placing = self.stages.iter().rposition(|stage| !stage.refines());
        placing.map_or(self.stages.len(), |last| last + 1)
    }
}
