//! The hyper-parameters of the detector.

use lineament::raw::Window;
use serde::{Deserialize, Serialize};

/// What can be chosen about a detector. Call [`DetectorParams::check`] before use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DetectorParams {
    /// The sliding window.
    pub window: WindowParams,
    /// Windows around the training faces.
    pub faces: FaceParams,
    /// The sieve that stands before the filters.
    pub sieve: SieveParams,
    /// The linear filters.
    pub filters: FilterParams,
    /// The boosted trees.
    pub forest: ForestParams,
    /// What counts beside forest and best window.
    pub evidence: EvidenceParams,
    /// Ridge penalty of the box regression, as a share of the features' total variance.
    pub box_penalty: f32,
    /// The share of the pictures without faces that calibrates the score; the others are learned from. Range 0.05 to 0.5.
    pub calibration_share: f32,
    /// The smallest face that is looked for in the pictures without faces, in pixels. Range 20 to 1000.
    pub mining_face: f32,
}

/// The sliding window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WindowParams {
    /// Side of a HOG cell in pixels: 4, 6 or 8.
    pub cell: u8,
    /// Cells along a side. Range 4 to 20.
    pub cells: u8,
    /// Side of the face's box in the window, in pixels.
    pub face: f32,
}

/// Windows around the training faces. Ranges of chance are uniform, standard deviations normal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaceParams {
    /// Windows a face; as many again are mirrored. Range 1 to 100.
    pub copies: usize,
    /// The largest shift in each direction, in box sides.
    pub shift: f32,
    /// The largest change of the logarithm (base 2) of the scale.
    pub scale: f32,
    /// How much further down the scale may go, as the logarithm (base 2): the pyramid ends with its smallest face, and a
    /// window that knows smaller ones finds them there.
    pub smaller: f32,
    /// Standard deviation of the rotation in radians.
    pub rotation: f32,
    /// The share of windows that are made worse: blurred, noisy, flat or with another gamma.
    pub degraded: f32,
}

/// The linear filters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilterParams {
    /// The cost of an error, C of the support vector machine.
    pub cost: f32,
    /// Passes over the samples at most.
    pub epochs: usize,
    /// Random windows a picture without faces, to begin with.
    pub random: usize,
    /// Rounds of hard-negative mining.
    pub rounds: usize,
    /// New hard negatives a picture and round at most.
    pub hard: usize,
    /// The share of the training windows that each filter as a whole may lose.
    pub loss: f32,
}

/// The sieve: few boosted trees that every window is shown to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SieveParams {
    /// Its trees; 0 for a detector without a sieve. Range 0 to 1000.
    pub trees: usize,
    /// Shrinkage of boosting.
    pub shrinkage: f32,
    /// Features that are tried for a tree.
    pub features: usize,
    /// Added to the sum of second derivatives in a leaf.
    pub damping: f32,
    /// Random windows a picture without faces and round.
    pub random: usize,
    /// Rounds: from the second on, windows that the sieve of the round before lets through are added.
    pub rounds: usize,
    /// The share of the training windows around faces that it may lose.
    pub loss: f32,
}

/// The boosted trees that judge what the filters leave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForestParams {
    /// Trees in each round; before each but the first, false alarms of the round before are added.
    pub trees: Vec<usize>,
    /// Shrinkage of boosting.
    pub shrinkage: f32,
    /// Features that are tried for a tree.
    pub features: usize,
    /// Added to the sum of second derivatives in a leaf.
    pub damping: f32,
    /// Windows a picture and round at most.
    pub hard: usize,
    /// How far below its training faces a window may fall on its way through the forest.
    pub slack: f32,
}

/// What filters and forest, and the windows on a face, say together, in units of the calibrated score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvidenceParams {
    /// What a filter's score of 1 adds. Range 0 to 10.
    pub linear: f32,
    /// By what power of e a window counts less that scores 1 less than the best one; 0 for the best one alone. Range 0 to 100.
    pub sharpness: f32,
}

impl Default for DetectorParams {
    fn default() -> Self {
        Self {
            window: WindowParams::default(),
            faces: FaceParams::default(),
            sieve: SieveParams::default(),
            filters: FilterParams::default(),
            forest: ForestParams::default(),
            evidence: EvidenceParams::default(),
            box_penalty: 0.01,
            calibration_share: 0.2,
            mining_face: 40.0,
        }
    }
}

impl Default for WindowParams {
    fn default() -> Self {
        Self { cell: 4, cells: 12, face: 40.0 }
    }
}

impl Default for FaceParams {
    fn default() -> Self {
        Self { copies: 4, shift: 0.06, scale: 0.16, smaller: 0.0, rotation: 0.12, degraded: 0.4 }
    }
}

impl Default for FilterParams {
    fn default() -> Self {
        Self { cost: 0.003, epochs: 60, random: 30, rounds: 2, hard: 30, loss: 0.002 }
    }
}

impl Default for SieveParams {
    fn default() -> Self {
        Self { trees: 32, shrinkage: 0.5, features: 600, damping: 1.0, random: 40, rounds: 2, loss: 0.006 }
    }
}

impl Default for ForestParams {
    fn default() -> Self {
        Self { trees: vec![64, 256, 1024], shrinkage: 0.1, features: 300, hard: 60, damping: 1.0, slack: 2.0 }
    }
}

impl Default for EvidenceParams {
    fn default() -> Self {
        Self { linear: 0.3, sharpness: 3.0 }
    }
}

/// Hyper-parameters that were checked.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidDetectorParams(DetectorParams);

impl std::ops::Deref for ValidDetectorParams {
    type Target = DetectorParams;
    fn deref(&self) -> &DetectorParams {
        &self.0
    }
}

impl ValidDetectorParams {
    /// The window of the model.
    pub fn window(&self) -> Window {
        Window { cell: self.0.window.cell, cells: self.0.window.cells, face: self.0.window.face }
    }
}

impl DetectorParams {
    /// Checks every number.
    ///
    /// # Errors
    /// One clause that names the first number outside its range.
    pub fn check(self) -> Result<ValidDetectorParams, String> {
        let within = |name: &str, value: f32, low: f32, high: f32| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(format!("{name} is {value}, outside {low} to {high}"))
            }
        };
        let count =
            |name: &str, value: usize, low: usize, high: usize| within(name, value as f32, low as f32, high as f32);
        if ![4, 6, 8].contains(&self.window.cell) {
            return Err(format!("window.cell is {}, not 4, 6 or 8", self.window.cell));
        }
        count("window.cells", self.window.cells.into(), 4, 20)?;
        let side = f32::from(self.window.cell) * f32::from(self.window.cells);
        within("window.face", self.window.face, side / 3.0, side)?;
        count("faces.copies", self.faces.copies, 1, 100)?;
        within("faces.shift", self.faces.shift, 0.0, 0.3)?;
        within("faces.scale", self.faces.scale, 0.0, 1.0)?;
        within("faces.smaller", self.faces.smaller, 0.0, 1.0)?;
        within("faces.rotation", self.faces.rotation, 0.0, 1.0)?;
        within("faces.degraded", self.faces.degraded, 0.0, 1.0)?;
        count("sieve.trees", self.sieve.trees, 0, 1000)?;
        within("sieve.shrinkage", self.sieve.shrinkage, 0.001, 1.0)?;
        count("sieve.features", self.sieve.features, 1, 100_000)?;
        within("sieve.damping", self.sieve.damping, 0.0, 1e6)?;
        count("sieve.random", self.sieve.random, 1, 10_000)?;
        count("sieve.rounds", self.sieve.rounds, 1, 20)?;
        within("sieve.loss", self.sieve.loss, 0.0, 0.5)?;
        within("filters.cost", self.filters.cost, 1e-6, 1e3)?;
        count("filters.epochs", self.filters.epochs, 1, 10_000)?;
        count("filters.random", self.filters.random, 1, 10_000)?;
        count("filters.rounds", self.filters.rounds, 0, 20)?;
        count("filters.hard", self.filters.hard, 1, 10_000)?;
        within("filters.loss", self.filters.loss, 0.0, 0.5)?;
        count("the number of forest.trees", self.forest.trees.len(), 1, 20)?;
        for &trees in &self.forest.trees {
            count("forest.trees", trees, 1, 20_000)?;
        }
        within("forest.shrinkage", self.forest.shrinkage, 0.001, 1.0)?;
        count("forest.features", self.forest.features, 1, 100_000)?;
        count("forest.hard", self.forest.hard, 1, 10_000)?;
        within("forest.damping", self.forest.damping, 0.0, 1e6)?;
        within("forest.slack", self.forest.slack, 0.0, 1e6)?;
        within("evidence.linear", self.evidence.linear, 0.0, 10.0)?;
        within("evidence.sharpness", self.evidence.sharpness, 0.0, 100.0)?;
        within("box_penalty", self.box_penalty, 1e-6, 1e3)?;
        within("calibration_share", self.calibration_share, 0.05, 0.5)?;
        within("mining_face", self.mining_face, 20.0, 1000.0)?;
        Ok(ValidDetectorParams(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_survive_toml() {
        let text = toml::to_string(&DetectorParams::default()).unwrap();
        let read: DetectorParams = toml::from_str(&text).unwrap();
        assert_eq!(*read.check().unwrap(), DetectorParams::default());
    }

    #[test]
    fn a_number_out_of_range_is_named() {
        let params: DetectorParams = toml::from_str("[forest]\ntrees = [10, 0]").unwrap();
        assert_eq!(params.check().unwrap_err(), "forest.trees is 0, outside 1 to 20000");
        assert!(toml::from_str::<DetectorParams>("[forest]\ntree = [10]").is_err());
    }
}
