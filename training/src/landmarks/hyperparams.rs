//! The hyper-parameters of the cascade: a table of numbers that is checked once, before hours are spent on it.

use lineament::landmarks::patches::ChipSpec;
use serde::{Deserialize, Serialize};

/// What can be chosen about a cascade. Lengths are shares of the face box's side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LandmarkParams {
    /// How faces are cut from photographs.
    pub crop: CropParams,
    /// Where training faces start.
    pub start: StartParams,
    /// The tree stages.
    pub trees: TreeParams,
    /// The linear stage after them.
    pub linear: LinearParams,
    /// How training faces are divided for cross-fitting.
    pub folds: usize,
    /// Starts of a face whose errors on held-out faces the linear stage learns from. Range 1 to 1000.
    pub strangers: usize,
}

/// How faces are cut from photographs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CropParams {
    /// Crop pixels along the face box's side. Range 16 to 512.
    pub face: u16,
    /// Crop pixels beyond the box on each side. Range 0 to 512.
    pub margin: u16,
}

/// How the initial shapes of training differ from the mean shape (sampling as section 3.3 of Kazemi & Sullivan, and a
/// similarity transform on top, as boxes err in practice).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StartParams {
    /// How far an initial shape goes from the mean (0) to another face's shape (1).
    pub spread: f32,
    /// Standard deviation of the shift in each direction.
    pub shift: f32,
    /// Standard deviation of the logarithm of the scale.
    pub scale: f32,
    /// Standard deviation of the rotation in radians.
    pub rotation: f32,
}

/// The tree stages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TreeParams {
    /// Stages of trees. Range 0 to 100.
    pub stages: usize,
    /// Trees a stage. Range 1 to 10000.
    pub trees: usize,
    /// Depth of a tree. Range 1 to 8.
    pub depth: u8,
    /// Principal components of the residual that the trees regress. Range 1 to 2·68.
    pub components: usize,
    /// Shrinkage (learning rate) of boosting. Range 0 to 1.
    pub shrinkage: f32,
    /// Initial shapes a face (oversampling). Range 1 to 1000.
    pub oversampling: usize,
    /// Feature points a stage. Range 2 to 10000.
    pub points: usize,
    /// Random splits tried at each node. Range 1 to 10000.
    pub candidates: usize,
    /// Samples that judge the splits of a tree; all samples set its leaves.
    pub judges: usize,
    /// The strongest components of the residual that judge a split. Range 1 to 2·68.
    pub judged_components: usize,
    /// How fast the probability of a pair of feature points falls with their distance: `exp(−distance / prior)`.
    pub prior: f32,
    /// Radius around the landmarks in which feature points are drawn, in the first stage.
    pub first_radius: f32,
    /// The same in the last stage; it shrinks geometrically between them.
    pub last_radius: f32,
}

/// The linear stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearParams {
    /// The chip that all steps look at.
    pub chip: ChipParams,
    /// Where the faces start whose errors the stage learns from.
    pub start: StartParams,
    /// Displaced shapes a face besides its own. Range 0 to 1000.
    pub oversampling: usize,
    /// Ridge penalties to choose from by cross-validation, as shares of the features' mean variance.
    pub penalties: Vec<f32>,
    /// The steps in order; no linear stage where there are none.
    pub steps: Vec<LinearStepParams>,
}

/// How the linear stage's chip is cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChipParams {
    /// Chip pixels along the face box's side. Range 16 to 512.
    pub face: f32,
    /// What the chip shows beyond the mean shape on each side. Range 0.05 to 1.
    pub margin: f32,
}

impl ChipParams {
    /// The chip for boxes of `box_side` crop pixels.
    pub fn spec(&self, box_side: f32) -> ChipSpec {
        ChipSpec { zoom: self.face / box_side, margin: self.margin * box_side }
    }
}

/// One step of the linear stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearStepParams {
    /// Half the side of the patches. Range 0.01 to 0.5.
    pub radius: f32,
    /// Starts of a face that stand where the trees and steps before really bring them. Range 0 to `strangers`.
    pub own: usize,
    /// Principal components that are kept of each landmark's patch. Range 1 to 128.
    pub patch_components: usize,
    /// Shape components that the step can move. Range 1 to 2·68.
    pub rank: usize,
}

impl Default for LandmarkParams {
    fn default() -> Self {
        Self {
            crop: CropParams::default(),
            start: StartParams::default(),
            trees: TreeParams::default(),
            linear: LinearParams::default(),
            folds: 3,
            strangers: 4,
        }
    }
}

impl Default for CropParams {
    fn default() -> Self {
        Self { face: 96, margin: 40 }
    }
}

impl Default for StartParams {
    fn default() -> Self {
        Self { spread: 1.0, shift: 0.04, scale: 0.04, rotation: 0.15 }
    }
}

impl Default for TreeParams {
    fn default() -> Self {
        Self {
            stages: 10,
            trees: 500,
            depth: 4,
            components: 32,
            shrinkage: 0.1,
            oversampling: 20,
            points: 400,
            candidates: 20,
            judges: 6000,
            judged_components: 16,
            prior: 0.1,
            first_radius: 0.15,
            last_radius: 0.04,
        }
    }
}

impl Default for LinearParams {
    fn default() -> Self {
        let steps = [0.16, 0.12, 0.1].map(|radius| LinearStepParams { radius, ..LinearStepParams::default() });
        let start = StartParams { spread: 0.0, shift: 0.03, scale: 0.04, rotation: 0.04 };
        Self { chip: ChipParams::default(), start, oversampling: 10, penalties: vec![0.3], steps: steps.to_vec() }
    }
}

impl Default for ChipParams {
    fn default() -> Self {
        Self { face: 96.0, margin: 0.25 }
    }
}

impl Default for LinearStepParams {
    fn default() -> Self {
        Self { radius: 0.12, own: 4, patch_components: 40, rank: 64 }
    }
}

/// Hyper-parameters within their ranges.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidLandmarkParams(LandmarkParams);

impl std::ops::Deref for ValidLandmarkParams {
    type Target = LandmarkParams;
    fn deref(&self) -> &LandmarkParams {
        &self.0
    }
}

impl LandmarkParams {
    /// Checks every number against its range.
    ///
    /// # Errors
    /// A sentence that names the first number out of its range.
    pub fn check(self) -> Result<ValidLandmarkParams, String> {
        let (crop, start, trees, linear) = (&self.crop, &self.start, &self.trees, &self.linear);
        let numbers = [
            ("folds", self.folds as f32, 2.0, 50.0),
            ("strangers", self.strangers as f32, 1.0, 1e3),
            ("crop.face", crop.face.into(), 16.0, 512.0),
            ("crop.margin", crop.margin.into(), 0.0, 512.0),
            ("trees.stages", trees.stages as f32, 0.0, 100.0),
            ("trees.trees", trees.trees as f32, 1.0, 1e4),
            ("trees.depth", trees.depth.into(), 1.0, 8.0),
            ("trees.components", trees.components as f32, 1.0, 136.0),
            ("trees.shrinkage", trees.shrinkage, 1e-3, 1.0),
            ("trees.oversampling", trees.oversampling as f32, 1.0, 1e3),
            ("trees.points", trees.points as f32, 2.0, 1e4),
            ("trees.candidates", trees.candidates as f32, 1.0, 1e4),
            ("trees.judges", trees.judges as f32, 1.0, 1e9),
            ("trees.judged_components", trees.judged_components as f32, 1.0, 136.0),
            ("trees.prior", trees.prior, 1e-3, 1e3),
            ("trees.first_radius", trees.first_radius, 1e-3, 2.0),
            ("trees.last_radius", trees.last_radius, 1e-3, 2.0),
            ("linear.chip.face", linear.chip.face, 16.0, 512.0),
            ("linear.chip.margin", linear.chip.margin, 0.05, 1.0),
            ("linear.oversampling", linear.oversampling as f32, 0.0, 1e3),
            ("the number of linear.penalties", linear.penalties.len() as f32, 1.0, 100.0),
        ];
        let mut ranges: Vec<_> = numbers.map(|(name, value, low, high)| (name.to_string(), value, low, high)).into();
        for (name, start) in [("start", start), ("linear.start", &linear.start)] {
            ranges.extend([
                (format!("{name}.spread"), start.spread, 0.0, 1.0),
                (format!("{name}.shift"), start.shift, 0.0, 1.0),
                (format!("{name}.scale"), start.scale, 0.0, 1.0),
                (format!("{name}.rotation"), start.rotation, 0.0, 3.2),
            ]);
        }
        for step in &linear.steps {
            let step = [
                ("radius", step.radius, 0.01, 0.5),
                ("own", step.own as f32, 0.0, self.strangers as f32),
                ("patch_components", step.patch_components as f32, 1.0, 128.0),
                ("rank", step.rank as f32, 1.0, 136.0),
            ];
            ranges.extend(step.map(|(name, value, low, high)| (format!("linear.steps.{name}"), value, low, high)));
        }
        for &penalty in &linear.penalties {
            ranges.push(("linear.penalties".into(), penalty, 1e-6, 1e6));
        }
        match ranges.into_iter().find(|(_, value, low, high)| !(low..=high).contains(&value)) {
            Some((name, value, low, high)) => Err(format!("{name} is {value}, outside {low} to {high}")),
            None => Ok(ValidLandmarkParams(self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_survive_toml() {
        let text = toml::to_string(&LandmarkParams::default()).unwrap();
        assert_eq!(toml::from_str::<LandmarkParams>(&text).unwrap(), LandmarkParams::default());
        LandmarkParams::default().check().unwrap();
    }

    #[test]
    fn a_number_out_of_range_is_named() {
        let params: LandmarkParams = toml::from_str("[trees]\nshrinkage = 2.0").unwrap();
        assert_eq!(params.check().unwrap_err(), "trees.shrinkage is 2, outside 0.001 to 1");
        assert!(toml::from_str::<LandmarkParams>("[trees]\nshrinkages = 2.0").is_err());
    }
}
