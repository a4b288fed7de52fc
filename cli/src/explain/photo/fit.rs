//! A run of the landmark cascade for the page.

use lineament::Confidence;
use lineament::geometry::Point;
use lineament::raw::crop::{Crop, Level};
use lineament::raw::{Cascade, Stage};
use serde::Serialize;

use super::Square;
use crate::explain::charts::{self, Labels};
use crate::explain::encode;
use crate::explain::record::{CascadeRecord, Run, Step};

/// The run that gave the result, in the image's coordinates.
#[derive(Debug, Serialize)]
pub struct Fit {
    /// The box in which it began.
    bounds: Square,
    /// The crop of the face that the stages used.
    crop: Option<String>,
    /// The place of the crop's first pixel, and image pixels per crop pixel.
    corner: [f32; 2],
    scale: f32,
    side: u32,
    start: Vec<[f32; 2]>,
    steps: Vec<Move>,
    confidence: Option<f32>,
    landmark_confidence: Vec<f32>,
    /// The confidences of all runs, in order, and the number of the run that gave the result.
    runs: Vec<Option<f32>>,
    taken: usize,
    /// Mean movement of the points in each step.
    chart: String,
}

/// A step.
#[derive(Debug, Serialize)]
struct Move {
    stage: usize,
    /// `s·cos θ` and `s·sin θ` of the similarity from the frame of the mean shape to that of the shape, in crop pixels.
    frame: [f32; 2],
    shape: Vec<[f32; 2]>,
    /// The place of each feature point's pixel in crop pixels, and its grey value.
    pixels: Vec<(f32, f32, u8)>,
    /// The leaf that each tree reached, and its numbers (8-bit integers in base64): for each tree, one per component of the
    /// basis.
    leaves: Vec<usize>,
    values: String,
    patches: Vec<u16>,
    radius: f32,
}

impl Fit {
    /// The recorded run that ended with this fit; none if there is none.
    pub fn new(record: &CascadeRecord, cascade: &Cascade, fit: &lineament::raw::Fit) -> Option<Self> {
        let run = record.run(fit)?;
        let place = |p: &Point| pair(run.crop.to_image(*p));
        let face = |confidence: &Confidence| confidence.face;
        Some(Self {
            bounds: run.bounds.into(),
            crop: encode::png(&run.crop.pixels().into()),
            corner: place(&Point::default()),
            scale: run.crop.to_image(Point::new(1.0, 0.0)).x - run.crop.to_image(Point::default()).x,
            side: run.crop.level(0).side,
            start: run.start.points.iter().map(place).collect(),
            steps: run.steps.iter().map(|step| Move::new(step, cascade, &run.crop)).collect(),
            confidence: fit.confidence.as_ref().map(face),
            landmark_confidence: fit.confidence.iter().flat_map(|confidence| &confidence.landmarks).copied().collect(),
            runs: record.runs.iter().map(|run| run.fit.as_ref()?.confidence.as_ref().map(face)).collect(),
            taken: record.runs.iter().position(|other| other.fit == run.fit).unwrap_or_default(),
            chart: chart(run, f32::from(cascade.crop.face)),
        })
    }
}

impl Move {
    fn new(step: &Step, cascade: &Cascade, crop: &Crop) -> Self {
        let values: Vec<u8> = match &cascade.stages[step.stage] {
            Stage::Trees(stage) => {
                let (leaves, components) = (1 << stage.depth, usize::from(stage.basis.components));
                let reached = step.look.leaves.iter().enumerate();
                let numbers =
                    reached.flat_map(|(tree, leaf)| &stage.leaves[(tree * leaves + leaf) * components..][..components]);
                numbers.map(|v| v.cast_unsigned()).collect()
            }
            Stage::Linear(_) => Vec::new(),
        };
        Self {
            stage: step.stage,
            frame: [step.frame.a, step.frame.b],
            shape: step.shape.iter().map(|p| pair(crop.to_image(*p))).collect(),
            pixels: step.look.pixels.iter().map(|pixel| place(&crop.level(1), pixel)).collect(),
            leaves: step.look.leaves.clone(),
            values: encode::base64(&values),
            patches: step.look.patches.clone(),
            radius: step.look.radius,
        }
    }
}

/// A pixel of a level in crop coordinates, and its grey value.
fn place(level: &Level, &([column, row], grey): &([usize; 2], u8)) -> (f32, f32, u8) {
    let p = level.to_crop(Point::new(column as f32, row as f32));
    (p.x, p.y, grey)
}

fn pair(p: Point) -> [f32; 2] {
    [p.x, p.y]
}

/// Mean movement of the points in each step, in percent of the box's side.
fn chart(run: &Run, face: f32) -> String {
    let shapes = std::iter::once(&run.start.points).chain(run.steps.iter().map(|step| &step.shape));
    let shapes: Vec<&Vec<Point>> = shapes.collect();
    let moved = |pair: &[&Vec<Point>]| {
        let total: f32 = pair[0].iter().zip(pair[1]).map(|(a, b)| a.distance(*b)).sum();
        100.0 * total / pair[0].len().max(1) as f32 / face
    };
    let points = shapes.windows(2).enumerate().map(|(i, pair)| (i as i32 + 1, moved(pair))).collect();
    charts::lines(Labels { x: "step", y: "mean movement, % of the box" }, &[("points", points)])
}
