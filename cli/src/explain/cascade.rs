//! A landmark model, prepared for the pages.

use lineament::raw::regression::Regression;
use lineament::raw::tree_stage::TreeStage;
use lineament::raw::{Cascade, ShapeBasis, Stage};
use lineament::scheme::{CURVES, POINTS, Region};
use serde::Serialize;

use super::encode;

/// The parts of a landmark model that both pages show.
#[derive(Debug, Serialize)]
pub struct Model {
    /// The crop's margin around the box, and the box's side, in crop pixels.
    margin: u16,
    face: u16,
    /// The mean shape in crop pixels.
    mean: Vec<[f32; 2]>,
    /// Each point's number in the 68-point scheme.
    landmarks: Vec<u16>,
    /// And its region.
    pub regions: Vec<&'static str>,
    /// First and last point of each curve to draw, and whether it is closed; none if points are missing.
    curves: Vec<(usize, usize, bool)>,
    stages: Vec<Part>,
}

/// A stage.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Part {
    Trees {
        trees: usize,
        depth: u8,
        /// For each feature point, its landmark and the offset from it.
        points: Vec<(u16, f32, f32)>,
        /// The splits of all trees in base64: two feature points in a byte each, and the threshold in two.
        splits: String,
        basis: Basis,
    },
    Linear {
        level: u8,
        steps: Vec<Step>,
    },
}

/// A step of a linear stage.
#[derive(Debug, Serialize)]
struct Step {
    radius: f32,
    patches: Vec<u16>,
    /// The shape components that it moves; none if it moves each landmark by itself.
    basis: Option<Basis>,
    /// Number of patches that move each landmark, if it does.
    neighbours: usize,
}

/// Shape components.
#[derive(Debug, Serialize)]
struct Basis {
    components: u16,
    /// `x, y` of each landmark for each component, 32-bit numbers in base64.
    rows: String,
}

impl From<&ShapeBasis> for Basis {
    fn from(basis: &ShapeBasis) -> Self {
        let bytes: Vec<u8> = basis.rows.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self { components: basis.components, rows: encode::base64(&bytes) }
    }
}

impl Model {
    /// Converts a cascade.
    pub fn new(cascade: &Cascade) -> Self {
        let region = |&landmark: &u16| {
            let found = Region::ALL.into_iter().find(|region| region.indices().contains(&landmark.into()));
            found.map_or("others", Region::name)
        };
        let complete = cascade.landmarks.iter().copied().eq(0..POINTS as u16);
        Self {
            margin: cascade.crop.margin,
            face: cascade.crop.face,
            mean: cascade.mean.points.iter().map(|p| [p.x, p.y]).collect(),
            landmarks: cascade.landmarks.clone(),
            regions: cascade.landmarks.iter().map(region).collect(),
            curves: if complete { CURVES.to_vec() } else { Vec::new() },
            stages: cascade.stages.iter().map(Part::new).collect(),
        }
    }
}

impl Part {
    fn new(stage: &Stage) -> Self {
        match stage {
            Stage::Trees(stage) => Self::Trees {
                trees: stage.trees(),
                depth: stage.depth,
                points: stage.points.iter().map(|p| (p.anchor, p.offset.x, p.offset.y)).collect(),
                splits: splits(stage),
                basis: (&stage.basis).into(),
            },
            Stage::Linear(stage) => {
                let steps = stage.steps.iter().map(|step| {
                    let (basis, neighbours) = match &step.regression {
                        Regression::Global(global) => (Some((&global.basis).into()), 0),
                        Regression::Local(local) => (None, 2 * local.neighbours.len() / local.rows.count().max(1)),
                    };
                    Step { radius: step.radius, patches: step.patches.clone(), basis, neighbours }
                });
                Self::Linear { level: stage.level, steps: steps.collect() }
            }
        }
    }
}

fn splits(stage: &TreeStage) -> String {
    let bytes = |split: &lineament::raw::tree_stage::Split| {
        let [low, high] = split.threshold.to_le_bytes();
        [split.first, split.second, low, high]
    };
    encode::base64(&stage.splits.iter().flat_map(bytes).collect::<Vec<u8>>())
}
