//! The hyper-parameters of the cascade: a table of numbers that is checked once, before hours are spent on it.

use lineament::raw::crop::CropSpec;
use lineament::raw::tree_stage::POINTS;
use serde::{Deserialize, Serialize};

/// What can be chosen about a cascade. Lengths are shares of the face box's side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LandmarkParams {
    /// Parts into which the training faces are divided, by photograph, for cross-fitting: a linear step moves each part by
    /// a regressor that never saw it. Many are better: what a regressor that misses one part says of another leans away
    /// from the truth by about 1 in the number of parts. Range 2 to 50.
    pub parts: usize,
    /// Groups of parts that are left out together when trees are cross-fitted, which costs one more fit for each. Range 2
    /// to the number of parts.
    pub folds: usize,
    /// What the trees look at.
    pub look: Look,
    /// How faces are cut from photographs.
    pub crop: CropParams,
    /// Where training faces start.
    pub start: StartParams,
    /// The stages in order.
    pub stages: Vec<StageParams>,
    /// What tells how likely the landmarks are right.
    pub confidence: ConfidenceParams,
}

/// What the trees of a cascade look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// The face at one size; the increments turn with the face.
    #[default]
    Crop,
    /// The photograph's own pixels, as dlib's shape predictors: such a cascade can be written as one. All stages are of
    /// trees, and there is no confidence; `parts`, `folds` and `crop` count for nothing.
    Photograph,
}

/// The kinds of stages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum StageParams {
    /// Several stages of regression trees.
    Trees(TreeParams),
    /// A linear stage of several steps.
    Linear(LinearParams),
}

impl StageParams {
    /// Starts of a face that the stage learns from.
    pub fn oversampling(&self) -> usize {
        match self {
            Self::Trees(trees) => trees.oversampling,
            Self::Linear(linear) => linear.oversampling,
        }
    }
}

/// How faces are cut from photographs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CropParams {
    /// Crop pixels along the face box's side. Range 32 to 512.
    pub face: u16,
    /// Crop pixels beyond the box on each side. Range 0 to 512.
    pub margin: u16,
    /// Pixels along the box's side of the coarse crop, an even number. Range 16 to `face`.
    pub coarse: u16,
}

impl CropParams {
    /// The crop that the model will have.
    pub fn spec(&self) -> CropSpec {
        CropSpec { face: self.face, margin: self.margin, coarse: self.coarse }
    }
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

/// Several stages of trees, alike but for the radius of their features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TreeParams {
    /// Stages of trees. Range 1 to 100.
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
    /// Feature points a stage. Range 2 to 256.
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

/// A linear stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearParams {
    /// Initial shapes a face that the stage learns from. Range 1 to 1000.
    pub oversampling: usize,
    /// The level of the crop whose gradients are taken: 0 full, 1 coarse, 2 half of that. Range 0 to 2.
    pub level: u8,
    /// The steps in order.
    pub steps: Vec<LinearStepParams>,
}

/// One step of a linear stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearStepParams {
    /// Half the side of the patches. Range 0.01 to 0.5.
    pub radius: f32,
    /// Principal components that are kept of each landmark's patch. Range 1 to 128.
    pub patch_components: usize,
    /// The ridge penalty, as a share of the features' mean variance. Range 1e-6 to 1e6.
    pub penalty: f32,
    /// What moves what.
    pub regression: RegressionParams,
}

/// The judge of the fitted landmarks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfidenceParams {
    /// Fits of a face that the judge learns from, from different starts. Range 1 to 1000.
    pub oversampling: usize,
    /// The level of the crop whose gradients are taken. Range 0 to 2.
    pub level: u8,
    /// Half the side of the patches. Range 0.01 to 0.5.
    pub radius: f32,
    /// Principal components that are kept of each landmark's patch. Range 1 to 128.
    pub patch_components: usize,
    /// The number of nearest landmarks whose patches judge a landmark, itself among them. Range 1 to 68.
    pub neighbours: usize,
    /// The ridge penalty, as a share of the features' mean variance. Range 1e-6 to 1e6.
    pub penalty: f32,
}

/// The kinds of regression of a linear step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum RegressionParams {
    /// All patches move the whole shape.
    Global {
        /// The landmarks with a patch, spread over the face; large patches overlap. Range 1 to 68.
        patches: usize,
        /// Shape components that the step can move. Range 1 to 2·68.
        rank: usize,
    },
    /// Each landmark is moved by a few patches.
    Local {
        /// The number of nearest landmarks whose patches move a landmark, itself among them. Range 1 to 68.
        neighbours: usize,
    },
}

/// The configuration of the landmark model that is shipped.
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
            stages: 2,
            trees: 300,
            depth: 4,
            components: 32,
            shrinkage: 0.1,
            oversampling: 28,
            points: 256,
            candidates: 20,
            judges: 6000,
            judged_components: 16,
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
    /// A sentence that names the first number out of its range.
    pub fn check(self) -> Result<ValidLandmarkParams, String> {
        let (crop, start) = (&self.crop, &self.start);
        let mut ranges = vec![
            ("parts".to_owned(), self.parts as f32, 2.0, 50.0),
            ("folds".to_owned(), self.folds as f32, 2.0, self.parts as f32),
            ("crop.face".to_owned(), crop.face.into(), 32.0, 512.0),
            ("crop.margin".to_owned(), crop.margin.into(), 0.0, 512.0),
            ("crop.coarse".to_owned(), crop.coarse.into(), 16.0, crop.face.into()),
            ("start.spread".to_owned(), start.spread, 0.0, 1.0),
            ("start.shift".to_owned(), start.shift, 0.0, 1.0),
            ("start.scale".to_owned(), start.scale, 0.0, 1.0),
            ("start.rotation".to_owned(), start.rotation, 0.0, 3.2),
            ("the number of stages".to_owned(), self.stages.len() as f32, 0.0, 100.0),
        ];
        for (number, stage) in self.stages.iter().enumerate() {
            let stage_ranges = match stage {
                StageParams::Trees(trees) => trees.ranges(),
                StageParams::Linear(linear) => linear.ranges(),
            };
            let named = stage_ranges
                .into_iter()
                .map(|(name, value, low, high)| (format!("{name} of stage {}", number + 1), value, low, high));
            ranges.extend(named);
        }
        let confidence = &self.confidence;
        ranges.extend([
            ("confidence.oversampling".to_owned(), confidence.oversampling as f32, 1.0, 1e3),
            ("confidence.level".to_owned(), confidence.level.into(), 0.0, 2.0),
            ("confidence.radius".to_owned(), confidence.radius, 0.01, 0.5),
            ("confidence.patch_components".to_owned(), confidence.patch_components as f32, 1.0, 128.0),
            ("confidence.neighbours".to_owned(), confidence.neighbours as f32, 1.0, 68.0),
            ("confidence.penalty".to_owned(), confidence.penalty, 1e-6, 1e6),
        ]);
        let outside = ranges.into_iter().find(|(_, value, low, high)| !(low..=high).contains(&value));
        if let Some((name, value, low, high)) = outside {
            return Err(format!("{name} is {value}, outside {low} to {high}"));
        }
        if crop.coarse % 2 == 1 {
            return Err(format!("crop.coarse is {}, which is odd", crop.coarse));
        }
        let linear = self.stages.iter().position(|stage| matches!(stage, StageParams::Linear(_)));
        match (self.look, linear) {
            (Look::Photograph, Some(stage)) => {
                Err(format!("stage {} is linear, where only trees can look at the photograph", stage + 1))
            }
            _ => Ok(ValidLandmarkParams(self)),
        }
    }
}

/// A number's name, the number, and its smallest and largest value.
type Range = (&'static str, f32, f32, f32);

impl TreeParams {
    /// The radius of a stage's feature points around the landmarks, as a share of the box's side.
    pub fn radius(&self, stage: usize) -> f32 {
        let share = stage as f32 / (self.stages.max(2) - 1) as f32;
        self.first_radius * (self.last_radius / self.first_radius).powf(share)
    }

    fn ranges(&self) -> Vec<Range> {
        vec![
            ("stages", self.stages as f32, 1.0, 100.0),
            ("trees", self.trees as f32, 1.0, 1e4),
            ("depth", self.depth.into(), 1.0, 8.0),
            ("components", self.components as f32, 1.0, 136.0),
            ("shrinkage", self.shrinkage, 1e-3, 1.0),
            ("oversampling", self.oversampling as f32, 1.0, 1e3),
            ("points", self.points as f32, 2.0, POINTS as f32),
            ("candidates", self.candidates as f32, 1.0, 1e4),
            ("judges", self.judges as f32, 1.0, 1e9),
            ("judged_components", self.judged_components as f32, 1.0, 136.0),
            ("prior", self.prior, 1e-3, 1e3),
            ("first_radius", self.first_radius, 1e-3, 2.0),
            ("last_radius", self.last_radius, 1e-3, 2.0),
        ]
    }
}

impl LinearParams {
    /// How far around a shape the gradients are taken: the corners of the largest patches, and half a cell more.
    pub fn reach(&self) -> f32 {
        1.6 * self.steps.iter().map(|step| step.radius).fold(0.01, f32::max)
    }

    fn ranges(&self) -> Vec<Range> {
        let mut ranges = vec![
            ("oversampling", self.oversampling as f32, 1.0, 1e3),
            ("level", self.level.into(), 0.0, 2.0),
            ("the number of steps", self.steps.len() as f32, 1.0, 100.0),
        ];
        for step in &self.steps {
            ranges.extend([
                ("radius", step.radius, 0.01, 0.5),
                ("patch_components", step.patch_components as f32, 1.0, 128.0),
                ("penalty", step.penalty, 1e-6, 1e6),
            ]);
            match step.regression {
                RegressionParams::Global { patches, rank } => {
                    ranges.extend([("patches", patches as f32, 1.0, 68.0), ("rank", rank as f32, 1.0, 136.0)]);
                }
                RegressionParams::Local { neighbours } => ranges.push(("neighbours", neighbours as f32, 1.0, 68.0)),
            }
        }
        ranges
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
    fn the_file_beside_the_program_says_the_defaults() {
        let file: LandmarkParams = toml::from_str(include_str!("../../landmarks.toml")).unwrap();
        assert_eq!(file, LandmarkParams::default());
    }

    #[test]
    fn a_number_out_of_range_is_named() {
        let params: LandmarkParams = toml::from_str("[[stages]]\nkind = \"trees\"\nshrinkage = 2.0").unwrap();
        assert_eq!(params.check().unwrap_err(), "shrinkage of stage 1 is 2, outside 0.001 to 1");
        assert!(toml::from_str::<LandmarkParams>("[[stages]]\nkind = \"trees\"\nshrinkages = 2.0").is_err());
        assert!(toml::from_str::<LandmarkParams>("[[stages]]\nkind = \"forest\"").is_err());
    }
}
