//! Hyper-parameters of the landmark cascade.
//!
//! They are checked once, before a fit of hours. The tables of ranges below are the only ones; a
//! test compares the documentation with them.

use lineament::raw::crop::CropSpec;
use lineament::raw::tree_stage::POINTS;
use serde::{Deserialize, Serialize};

use super::error::LandmarkParamsError;
use crate::ranges::{self, Range, range};

/// Hyper-parameters of a cascade. Lengths are shares of the side of the face box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LandmarkParams {
    /// Parts for cross-fitting, divided by photograph. A linear step moves each part by a regressor
    /// that did not see it. Use many: a regressor that misses one of n parts is biased on that part
    /// by about 1/n. Range 2 to 50.
    pub parts: usize,
    /// Groups of parts that are held out together when trees are cross-fitted; each costs one more
    /// fit. From 2 to the number of parts.
    pub folds: usize,
    /// Pixels that the trees look at.
    pub look: Look,
    /// Crops of the faces.
    pub crop: CropParams,
    /// Initial shapes in training.
    pub start: StartParams,
    /// Stages in order, at most 100.
    pub stages: Vec<StageParams>,
    /// The confidence model.
    pub confidence: ConfidenceParams,
}

/// Pixels that the trees look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// Crops of one size; the increments rotate with the face.
    #[default]
    Crop,
    /// The photograph itself, as in dlib's shape predictors, so that dlib can read the model. All
    /// stages must be trees, and there is no confidence model; `parts`, `folds` and `crop` have no
    /// effect.
    Photograph,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum StageParams {
    /// Consecutive stages of regression trees.
    Trees(TreeParams),
    /// A linear stage of several steps.
    Linear(LinearParams),
}

impl StageParams {
    /// Initial shapes per face that the stage learns from.
    pub fn oversampling(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.oversampling,
            Self::Linear(linear) => linear.oversampling,
        }
    }
}

/// Crops of the faces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CropParams {
    /// Crop pixels along the side of the face box. Range 32 to 512.
    pub face: u16,
    /// Crop pixels beyond the box on each side. Range 0 to 512.
    pub margin: u16,
    /// Pixels of the coarse crop along the side of the box, an even number from 16 to `face`.
    pub coarse: u16,
}

impl CropParams {
    /// The crop of the model.
    pub fn spec(&self) -> CropSpec {
        CropSpec { face: self.face, margin: self.margin, coarse: self.coarse }
    }
}

/// Differences of the initial shapes in training from the mean shape: sampling as in section 3.3 of
/// Kazemi & Sullivan, followed by a similarity transform, because boxes err in this way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StartParams {
    /// Share of the way from the mean shape (0) to another face's shape (1).
    /// Range 0 to 1.
    pub spread: f32,
    /// Standard deviation of the shift in each direction. Range 0 to 1.
    pub shift: f32,
    /// Standard deviation of the logarithm of the scale. Range 0 to 1.
    pub scale: f32,
    /// Standard deviation of the rotation in radians. Range 0 to 3.2.
    pub rotation: f32,
}

/// Consecutive stages of trees. They differ only in the radius of their feature points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TreeParams {
    /// Number of consecutive stages. Range 1 to 100.
    #[serde(alias = "stages")]
    pub repeats: usize,
    /// Trees per stage. Range 1 to 10000.
    pub trees: usize,
    /// Depth of a tree. Range 1 to 8.
    pub depth: u8,
    /// Principal components of the residual that the trees regress. Range 1 to 136.
    pub components: usize,
    /// Shrinkage (learning rate) of boosting. Range 0.001 to 1.
    pub shrinkage: f32,
    /// Initial shapes per face. Range 1 to 1000.
    pub oversampling: usize,
    /// Feature points per stage. Range 2 to 256.
    pub points: usize,
    /// Random splits tried at each node. Range 1 to 10000.
    pub candidates: usize,
    /// Number of samples that select the splits of a tree; all samples set its leaves.
    /// Range 1 to 1000000000.
    #[serde(alias = "judges")]
    pub split_samples: usize,
    /// Number of principal components, strongest first, in the gain of a split. Range 1 to 136.
    #[serde(alias = "judged_components")]
    pub split_components: usize,
    /// Length over which the probability of a pair of feature points falls with their distance, as
    /// exp(−distance / prior). Range 0.001 to 1000.
    pub prior: f32,
    /// Radius around the landmarks in which feature points are drawn, in the first stage.
    /// Range 0.001 to 2.
    pub first_radius: f32,
    /// The same in the last stage; the radius shrinks geometrically between them.
    /// Range 0.001 to 2.
    pub last_radius: f32,
}

/// A linear stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearParams {
    /// Initial shapes per face. Range 1 to 1000.
    pub oversampling: usize,
    /// Level of the crop whose gradients are used: 0 full, 1 coarse, 2 half of that. Range 0 to 2.
    pub level: u8,
    /// Steps in order, from 1 to 100.
    pub steps: Vec<LinearStepParams>,
}

/// A step of a linear stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearStepParams {
    /// Half the side of a patch. Range 0.01 to 0.5.
    pub radius: f32,
    /// Principal components kept per patch. Range 1 to 128.
    pub patch_components: usize,
    /// Ridge penalty, as a share of the mean variance of the features. Range 0.000001 to 1000000.
    pub penalty: f32,
    /// Which patches move which landmarks.
    pub regression: RegressionParams,
}

/// The confidence model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfidenceParams {
    /// Fits per face, from different initial shapes. Range 1 to 1000.
    pub oversampling: usize,
    /// Level of the crop whose gradients are used. Range 0 to 2.
    pub level: u8,
    /// Half the side of a patch. Range 0.01 to 0.5.
    pub radius: f32,
    /// Principal components kept per patch. Range 1 to 128.
    pub patch_components: usize,
    /// Patches per landmark: its own and those of the nearest landmarks. Range 1 to 68.
    pub neighbours: usize,
    /// Ridge penalty, as a share of the mean variance of the features. Range 0.000001 to 1000000.
    pub penalty: f32,
}

/// Which patches move which landmarks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum RegressionParams {
    /// All patches move the whole shape.
    Global {
        /// Landmarks with a patch, spread over the face; large patches overlap. Range 1 to 68.
        patches: usize,
        /// Shape components that the step can move. Range 1 to 136.
        rank: usize,
    },
    /// Each landmark is moved by a few patches.
    Local {
        /// Patches per landmark: its own and those of the nearest landmarks. Range 1 to 68.
        neighbours: usize,
    },
}

/// The configuration of the shipped landmark model.
impl Default for LandmarkParams {
    fn default() -> Self {
        let global = |radius, patches, patch_components, rank| LinearStepParams {
            radius,
            patch_components,
            penalty: 0.7,
            regression: RegressionParams::Global { patches, rank },
        };
        let local = |radius, penalty| LinearStepParams {
            radius,
            patch_components: 60,
            penalty,
            regression: RegressionParams::Local { neighbours: 8 },
        };
        let linear = |oversampling, level, steps| StageParams::Linear(LinearParams { oversampling, level, steps });
        Self {
            parts: 12,
            folds: 4,
            look: Look::default(),
            crop: CropParams::default(),
            start: StartParams::default(),
            stages: vec![
                linear(6, 2, vec![global(0.3, 24, 40, 20)]),
                StageParams::Trees(TreeParams { first_radius: 0.12, last_radius: 0.1, ..TreeParams::default() }),
                linear(8, 1, vec![global(0.16, 34, 50, 26), global(0.095, 40, 50, 32)]),
                linear(8, 0, vec![local(0.09, 0.294), local(0.06, 0.3), local(0.04, 0.3)]),
            ],
            confidence: ConfidenceParams::default(),
        }
    }
}

impl Default for ConfidenceParams {
    fn default() -> Self {
        Self { oversampling: 2, level: 1, radius: 0.1, patch_components: 30, neighbours: 4, penalty: 0.3 }
    }
}

impl Default for CropParams {
    fn default() -> Self {
        Self { face: 144, margin: 38, coarse: 72 }
    }
}

impl Default for StartParams {
    fn default() -> Self {
        Self { spread: 1.0, shift: 0.05, scale: 0.05, rotation: 0.18 }
    }
}

impl Default for TreeParams {
    fn default() -> Self {
        Self {
            repeats: 2,
            trees: 300,
            depth: 4,
            components: 32,
            shrinkage: 0.1,
            oversampling: 28,
            points: 256,
            candidates: 20,
            split_samples: 6000,
            split_components: 16,
            prior: 0.1,
            first_radius: 0.12,
            last_radius: 0.045,
        }
    }
}

impl Default for LinearParams {
    fn default() -> Self {
        Self { oversampling: 6, level: 0, steps: vec![LinearStepParams::default()] }
    }
}

impl Default for LinearStepParams {
    fn default() -> Self {
        let regression = RegressionParams::Global { patches: 68, rank: 64 };
        Self { radius: 0.14, patch_components: 60, penalty: 0.7, regression }
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
    /// The first number that cannot be used.
    pub fn check(self) -> Result<ValidLandmarkParams, LandmarkParamsError> {
        let tables = [
            ("", self.ranges()),
            ("crop.", self.crop.ranges()),
            ("start.", self.start.ranges()),
            ("the number of ", vec![range("stages", self.stages.len() as f32, 0.0, 100.0)]),
        ];
        for (table, ranges) in tables {
            ranges::check(&ranges, |name| format!("{table}{name}"))?;
        }
        for (number, stage) in self.stages.iter().enumerate() {
            let of_stage = |name: &str| format!("{name} of stage {}", number + 1);
            match stage {
                StageParams::Trees(trees) => ranges::check(&trees.ranges(), of_stage)?,
                StageParams::Linear(linear) => {
                    ranges::check(&linear.ranges(), of_stage)?;
                    let steps = [range("steps", linear.steps.len() as f32, 1.0, 100.0)];
                    ranges::check(&steps, |name| format!("the number of {}", of_stage(name)))?;
                    for step in &linear.steps {
                        ranges::check(&step.ranges(), of_stage)?;
                        ranges::check(&step.regression.ranges(), of_stage)?;
                    }
                }
            }
        }
        ranges::check(&self.confidence.ranges(), |name| format!("confidence.{name}"))?;
        if self.parts < self.folds {
            return Err(LandmarkParamsError::FewerPartsThanFolds { parts: self.parts, folds: self.folds });
        }
        if self.crop.coarse % 2 == 1 {
            return Err(LandmarkParamsError::OddCoarseCrop(self.crop.coarse));
        }
        let linear = self.stages.iter().position(|stage| matches!(stage, StageParams::Linear(_)));
        match (self.look, linear) {
            (Look::Photograph, Some(stage)) => Err(LandmarkParamsError::LinearStage(stage + 1)),
            _ => Ok(ValidLandmarkParams(self)),
        }
    }

    fn ranges(&self) -> Vec<Range> {
        vec![range("parts", self.parts as f32, 2.0, 50.0), range("folds", self.folds as f32, 2.0, 50.0)]
    }
}

impl CropParams {
    fn ranges(&self) -> Vec<Range> {
        vec![
            range("face", self.face.into(), 32.0, 512.0),
            range("margin", self.margin.into(), 0.0, 512.0),
            range("coarse", self.coarse.into(), 16.0, self.face.into()),
        ]
    }
}

impl StartParams {
    fn ranges(&self) -> Vec<Range> {
        vec![
            range("spread", self.spread, 0.0, 1.0),
            range("shift", self.shift, 0.0, 1.0),
            range("scale", self.scale, 0.0, 1.0),
            range("rotation", self.rotation, 0.0, 3.2),
        ]
    }
}

impl TreeParams {
    /// Radius of a stage's feature points around the landmarks, as a share of the side of the box.
    pub fn radius(&self, stage: usize) -> f32 {
        let share = stage as f32 / (self.repeats.max(2) - 1) as f32;
        self.first_radius * (self.last_radius / self.first_radius).powf(share)
    }

    fn ranges(&self) -> Vec<Range> {
        vec![
            range("repeats", self.repeats as f32, 1.0, 100.0),
            range("trees", self.trees as f32, 1.0, 1e4),
            range("depth", self.depth.into(), 1.0, 8.0),
            range("components", self.components as f32, 1.0, 136.0),
            range("shrinkage", self.shrinkage, 1e-3, 1.0),
            range("oversampling", self.oversampling as f32, 1.0, 1e3),
            range("points", self.points as f32, 2.0, POINTS as f32),
            range("candidates", self.candidates as f32, 1.0, 1e4),
            range("split_samples", self.split_samples as f32, 1.0, 1e9),
            range("split_components", self.split_components as f32, 1.0, 136.0),
            range("prior", self.prior, 1e-3, 1e3),
            range("first_radius", self.first_radius, 1e-3, 2.0),
            range("last_radius", self.last_radius, 1e-3, 2.0),
        ]
    }
}

impl LinearParams {
    /// Returns how far around a shape gradients are taken: the corners of the largest patches and half a
    /// cell.
    pub fn reach(&self) -> f32 {
        1.6 * self.steps.iter().map(|step| step.radius).fold(0.01, f32::max)
    }

    fn ranges(&self) -> Vec<Range> {
        vec![range("oversampling", self.oversampling as f32, 1.0, 1e3), range("level", self.level.into(), 0.0, 2.0)]
    }
}

impl LinearStepParams {
    fn ranges(&self) -> Vec<Range> {
        vec![
            range("radius", self.radius, 0.01, 0.5),
            range("patch_components", self.patch_components as f32, 1.0, 128.0),
            range("penalty", self.penalty, 1e-6, 1e6),
        ]
    }
}

impl RegressionParams {
    fn ranges(self) -> Vec<Range> {
        match self {
            Self::Global { patches, rank } => {
                vec![range("patches", patches as f32, 1.0, 68.0), range("rank", rank as f32, 1.0, 136.0)]
            }
            Self::Local { neighbours } => vec![range("neighbours", neighbours as f32, 1.0, 68.0)],
        }
    }
}

impl ConfidenceParams {
    fn ranges(&self) -> Vec<Range> {
        vec![
            range("oversampling", self.oversampling as f32, 1.0, 1e3),
            range("level", self.level.into(), 0.0, 2.0),
            range("radius", self.radius, 0.01, 0.5),
            range("patch_components", self.patch_components as f32, 1.0, 128.0),
            range("neighbours", self.neighbours as f32, 1.0, 68.0),
            range("penalty", self.penalty, 1e-6, 1e6),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranges::tests::assert_documented;

    #[test]
    fn defaults_are_valid_and_survive_toml() {
        let text = toml::to_string(&LandmarkParams::default()).unwrap();
        assert_eq!(toml::from_str::<LandmarkParams>(&text).unwrap(), LandmarkParams::default());
        LandmarkParams::default().check().unwrap();
    }

    #[test]
    fn the_file_beside_the_program_has_the_defaults() {
        let file: LandmarkParams = toml::from_str(include_str!("../../landmarks.toml")).unwrap();
        assert_eq!(file, LandmarkParams::default());
    }

    #[test]
    fn the_configuration_for_few_faces_is_valid() {
        toml::from_str::<LandmarkParams>(include_str!("../../small.toml")).unwrap().check().unwrap();
    }

    #[test]
    fn a_number_out_of_range_is_named() {
        let message = |text: &str| toml::from_str::<LandmarkParams>(text).unwrap().check().unwrap_err().to_string();
        let shrinkage = "[[stages]]\nkind = \"trees\"\nshrinkage = 2.0";
        assert_eq!(message(shrinkage), "shrinkage of stage 1 is 2, outside 0.001 to 1");
        let none = "[[stages]]\nkind = \"linear\"\nsteps = []";
        assert_eq!(message(none), "the number of steps of stage 1 is 0, outside 1 to 100");
        assert_eq!(message("[crop]\ncoarse = 41"), "crop.coarse is 41, which is odd");
        let parts = "parts is 3, fewer than folds, which is 4: set folds to 2 to 3, or raise parts";
        assert_eq!(message("parts = 3"), parts);
        assert!(toml::from_str::<LandmarkParams>("[[stages]]\nkind = \"trees\"\nshrinkages = 2.0").is_err());
        assert!(toml::from_str::<LandmarkParams>("[[stages]]\nkind = \"forest\"").is_err());
    }

    #[test]
    fn ranges_are_documented() {
        let (source, params) = (include_str!("hyperparams.rs"), LandmarkParams::default());
        for (item, ranges) in [
            ("struct LandmarkParams", params.ranges()[..1].to_vec()),
            ("struct CropParams", params.crop.ranges()[..2].to_vec()),
            ("struct StartParams", params.start.ranges()),
            ("struct TreeParams", TreeParams::default().ranges()),
            ("struct LinearParams", LinearParams::default().ranges()),
            ("struct LinearStepParams", LinearStepParams::default().ranges()),
            ("    Global", RegressionParams::Global { patches: 1, rank: 1 }.ranges()),
            ("    Local", RegressionParams::Local { neighbours: 1 }.ranges()),
            ("struct ConfidenceParams", params.confidence.ranges()),
        ] {
            assert_documented(source, item, &ranges);
        }
    }
}
