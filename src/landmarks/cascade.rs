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
//! Where the confidence is low the cascade begins again from other places, which the file `starts.rs` says.

use bincode::error::DecodeError;
use bincode::{Decode, Encode};

use super::confidence::{Confidence, Judge};
use super::crop::{Crop, CropSpec};
use super::linear::{LinearStage, LinearStep};
use super::regression::Regression;
use super::starts::{DOUBTFUL, MARGIN, PROMISING, Start, UNSURE};
use super::trees::TreeStage;
use super::{Shape, Similarity};
use crate::geometry::{Point, Rect};
use crate::image::GrayImage;
use crate::model::{Model, ModelKind, Provenance};
use crate::trace::CascadeTrace;

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
    pub fn step(&self, crop: &Crop, mean: &[Point], shape: &mut [Point]) {
        self.step_traced(crop, mean, shape, &Similarity::between(mean, shape), &mut ());
    }

    /// `frame` maps the mean shape's frame to the shape's.
    fn step_traced(
        &self,
        crop: &Crop,
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
    /// The least confidence of a face that is of use, from 0 (the default) to 1. Where the first run leaves it out of reach, no
    /// other starts are tried; fits that reach it are the same whatever it is.
    pub least_confidence: f32,
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
        self.crop.validate()?;
        self.stages.iter().try_for_each(|stage| match stage {
            Stage::Trees(stage) => stage.validate(landmarks),
            Stage::Linear(stage) => stage.validate(landmarks),
        })?;
        self.judge.as_ref().map_or(Ok(()), |judge| judge.validate(landmarks))
    }

    fn decode_payload(version: u16, payload: &[u8]) -> Result<((Provenance, Self), usize), DecodeError> {
        if version > 2 {
            return crate::model::decode(payload);
        }
        let ((provenance, old), used) = crate::model::decode::<(Provenance, CascadeV2)>(payload)?;
        let CascadeV2 { face, margin, mean, landmarks, stages, judge } = old;
        let crop = CropSpec { face, margin, coarse: face / 4 * 2 };
        Ok(((provenance, Self { crop, mean, landmarks, stages, judge }), used))
    }
}

/// The layout of version 2, whose coarse crops were halves of the crop.
#[derive(Decode)]
struct CascadeV2 {
    face: u16,
    margin: u16,
    mean: Shape,
    landmarks: Vec<u16>,
    stages: Vec<Stage>,
    judge: Option<Judge>,
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
        let given = Start::given(bounds);
        let first = self.fit_from(image, &given, options, trace);
        let reach = Confidence::within_reach(confidence(&first));
        let again = !options.fast && confidence(&first) < UNSURE && reach >= options.least_confidence;
        let Some(judge) = self.judge.as_ref().filter(|_| again) else {
            return first;
        };
        let again = self.fit_from(image, &self.own_start(&first.shape), options, trace);
        let mut others = vec![again];
        if confidence(&first).max(confidence(&others[0])) < DOUBTFUL {
            let promising = self.promising(image, &given, judge);
            others.extend(promising.iter().map(|start| self.fit_from(image, start, options, trace)));
        }
        let evidence = |fit: &Fit| self.own_start(&fit.shape).evidence(&given, confidence(fit));
        let best = others.into_iter().max_by(|a, b| evidence(a).total_cmp(&evidence(b)));
        match best.filter(|best| evidence(best) > evidence(&first) + MARGIN) {
            Some(best) => Fit { confidence: best.confidence.map(|own| own.after(confidence(&first))), ..best },
            None => first,
        }
    }

    /// The start that is nearest to a shape in the photograph.
    fn own_start(&self, shape: &Shape) -> Start {
        Start::of(&shape.points, &self.mean.points, &self.crop)
    }

    /// The starts nearest to where the most convincing of the other starts lead without the refinement.
    fn promising(&self, image: &GrayImage, given: &Start, judge: &Judge) -> Vec<Start> {
        let fast = FitOptions { fast: true, ..FitOptions::default() };
        let led = |start: Start| {
            let crop = Crop::new(image, &start.bounds, &self.crop);
            let mut shape = self.turned_mean(start.angle);
            self.advance(&crop, &mut shape, &fast, &mut ());
            let confidence = judge.confidence(&crop, &self.mean.points, &shape.points).face;
            let end = self.own_start(&shape.map(|p| crop.to_photograph(p)));
            (end, end.evidence(given, confidence))
        };
        let mut ends: Vec<(Start, f32)> = given.others().map(led).collect();
        ends.sort_by(|a, b| b.1.total_cmp(&a.1));
        ends.into_iter().take(PROMISING).map(|(end, _)| end).collect()
    }

    /// The mean shape, turned about its centre, in crop pixels.
    fn turned_mean(&self, angle: f32) -> Shape {
        let centre = self.mean.centroid();
        let turn = Similarity { a: angle.cos(), b: angle.sin(), t: centre };
        self.mean.map(|p| turn.apply(p - centre))
    }

    /// One run of the cascade.
    fn fit_from(&self, image: &GrayImage, start: &Start, options: &FitOptions, trace: &mut impl CascadeTrace) -> Fit {
        let crop = Crop::new(image, &start.bounds, &self.crop);
        let mut shape = self.turned_mean(start.angle);
        trace.start(&start.bounds, &crop, &shape);
        self.advance(&crop, &mut shape, options, trace);
        let judge = self.judge.as_ref().filter(|_| !options.fast);
        let confidence = judge.map(|judge| judge.confidence(&crop, &self.mean.points, &shape.points));
        let fit = Fit { shape: shape.map(|p| crop.to_photograph(p)), confidence };
        trace.end(&fit);
        fit
    }

    /// Places the landmarks of the face in a crop, in crop pixels, in one run from the mean shape.
    pub fn fit_crop(&self, crop: &Crop, options: &FitOptions) -> Shape {
        let mut shape = self.mean.clone();
        self.advance(crop, &mut shape, options, &mut ());
        shape
    }

    fn advance(&self, crop: &Crop, shape: &mut Shape, options: &FitOptions, trace: &mut impl CascadeTrace) {
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

/// That the face's landmarks are right; 1 where nothing tells.
fn confidence(fit: &Fit) -> f32 {
    fit.confidence.as_ref().map_or(1.0, |confidence| confidence.face)
}
