//! A record of the cascade's work on a face.

use lineament::geometry::{Point, Rect};
use lineament::raw::crop::Crop;
use lineament::raw::{CascadeObserver, Fit};
use lineament::{Shape, Similarity};

/// The pixels, leaves and patches that a step used.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// For each feature point the pixel (column and row in the coarse crop) and its grey value.
    pub pixels: Vec<([usize; 2], u8)>,
    /// The leaf that each tree reached.
    pub leaves: Vec<usize>,
    /// The landmarks that have a patch around them.
    pub patches: Vec<u16>,
    /// Half a patch's side, in the mean shape's frame.
    pub radius: f32,
}

/// A step of a cascade: a stage of trees, or one step of a linear stage.
#[derive(Clone, Debug)]
pub struct Step {
    /// The stage's number.
    pub stage: usize,
    /// From the mean shape's frame to that of the shape before the stage.
    pub frame: Similarity,
    /// Its input.
    pub look: Look,
    /// The shape after it, in crop pixels.
    pub shape: Vec<Point>,
}

/// A run of a cascade from one initialisation.
#[derive(Clone, Debug)]
pub struct Run {
    /// The box in the image.
    pub bounds: Rect,
    /// The crop of the face that the stages used.
    pub crop: Crop<'static>,
    /// The initial shape, in crop pixels.
    pub start: Shape,
    /// Its steps in order.
    pub steps: Vec<Step>,
    /// Its result.
    pub fit: Option<Fit>,
}

/// Records the runs of a cascade.
#[derive(Debug)]
pub struct CascadeRecord {
    /// The runs in order.
    pub runs: Vec<Run>,
    /// The current stage's number and frame.
    stage: (usize, Similarity),
    /// The input of the current step so far.
    look: Look,
}

impl Default for CascadeRecord {
    fn default() -> Self {
        Self { runs: Vec::new(), stage: (0, Similarity::IDENTITY), look: Look::default() }
    }
}

impl CascadeRecord {
    /// The run whose landmarks became the result. Their confidence may differ: that of several runs is combined.
    pub fn run(&self, fit: &Fit) -> Option<&Run> {
        self.runs.iter().find(|run| run.fit.as_ref().is_some_and(|own| own.shape == fit.shape))
    }
}

impl CascadeObserver for CascadeRecord {
    fn start(&mut self, bounds: &Rect, crop: &Crop, shape: &Shape) {
        self.runs.push(Run { bounds: *bounds, crop: crop.cut(), start: shape.clone(), steps: Vec::new(), fit: None });
    }

    fn stage(&mut self, number: usize, frame: &Similarity) {
        self.stage = (number, *frame);
    }

    fn pixel(&mut self, _point: usize, place: [usize; 2], grey: u8) {
        self.look.pixels.push((place, grey));
    }

    fn tree(&mut self, _tree: usize, leaf: usize) {
        self.look.leaves.push(leaf);
    }

    fn patches(&mut self, landmarks: &[u16], radius: f32) {
        (self.look.patches, self.look.radius) = (landmarks.to_vec(), radius);
    }

    fn moved(&mut self, shape: &[Point]) {
        let ((stage, frame), look) = (self.stage, std::mem::take(&mut self.look));
        if let Some(run) = self.runs.last_mut() {
            run.steps.push(Step { stage, frame, look, shape: shape.to_vec() });
        }
    }

    fn end(&mut self, fit: &Fit) {
        if let Some(run) = self.runs.last_mut() {
            run.fit = Some(fit.clone());
        }
    }
}
