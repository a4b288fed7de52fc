//! Hyper-parameters of the detector.
//!
//! The tables of ranges below are the only ones; a test compares the documentation with them.

use lineament::raw::Window;
use serde::{Deserialize, Serialize};

use super::error::DetectorParamsError;
use crate::ranges::{self, Range, range};

/// Hyper-parameters of a detector. Call [`DetectorParams::check`] before use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DetectorParams {
    /// The sliding window.
    pub window: WindowParams,
    /// Windows around the training faces.
    pub faces: FaceParams,
    /// The prefilter, which comes before the filters.
    #[serde(alias = "sieve")]
    pub prefilter: PrefilterParams,
    /// The linear filters.
    pub filters: FilterParams,
    /// The boosted trees.
    #[serde(alias = "forest")]
    pub boosted_trees: BoostedTreesParams,
    /// The fusion of the scores of filters, trees and neighbouring windows.
    #[serde(alias = "evidence")]
    pub score_fusion: ScoreFusionParams,
    /// Ridge penalty of the box regression, as a share of the total variance of the features.
    /// Range 0.000001 to 1000.
    pub box_penalty: f32,
    /// Share of the images without faces that calibrates the score; the rest trains.
    /// Range 0.05 to 0.5.
    pub calibration_share: f32,
    /// Side of the smallest face that is searched for in images without faces, in pixels.
    /// Range 20 to 1000.
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
    /// Side of the face box in the window, in pixels: from a third of the window's side to the
    /// whole.
    pub face: f32,
}

/// Windows around the training faces. "Largest" values bound a uniform distribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaceParams {
    /// Windows per face; each also gives its mirror image. Range 1 to 100.
    pub copies: usize,
    /// Largest shift in each direction, in sides of the box. Range 0 to 0.3.
    pub shift: f32,
    /// Largest change of the scale, as a logarithm to base 2. Range 0 to 1.
    pub scale: f32,
    /// Further change of the scale towards smaller faces, as a logarithm to base 2. The pyramid
    /// ends at its smallest face, so a window that knows smaller faces finds them there. Range 0 to
    /// 1.
    pub smaller: f32,
    /// Standard deviation of the rotation in radians. Range 0 to 1.
    pub rotation: f32,
    /// Share of the windows that are degraded by blur, noise, low contrast or gamma. Range 0 to 1.
    pub degraded: f32,
}

/// The linear filters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilterParams {
    /// Cost of an error, C of the support vector machine. Range 0.000001 to 1000.
    pub cost: f32,
    /// Maximum number of passes over the samples. Range 1 to 10000.
    pub epochs: usize,
    /// Random windows per image without faces, to begin with. Range 1 to 10000.
    pub random: usize,
    /// Rounds of hard-negative mining. Range 0 to 20.
    pub rounds: usize,
    /// Maximum number of new hard negatives per image and round. Range 1 to 10000.
    pub hard: usize,
    /// Share of the training windows that each filter may reject. Range 0 to 0.5.
    pub loss: f32,
}

/// The prefilter: few boosted trees, evaluated on every window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrefilterParams {
    /// Number of trees; 0 for a detector without a prefilter. Range 0 to 1000.
    pub trees: usize,
    /// Shrinkage (learning rate) of boosting. Range 0.001 to 1.
    pub shrinkage: f32,
    /// Features tried per tree. Range 1 to 100000.
    pub features: usize,
    /// Damping: number added to the sum of second derivatives in a leaf. Range 0 to 1000000.
    pub damping: f32,
    /// Random windows per image without faces and round. Range 1 to 10000.
    pub random: usize,
    /// Rounds. From the second on, windows that the previous prefilter accepts are added.
    /// Range 1 to 20.
    pub rounds: usize,
    /// Share of the training windows around faces that it may reject. Range 0 to 0.5.
    pub loss: f32,
}

/// The boosted trees, evaluated on the windows that the filters accept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BoostedTreesParams {
    /// Number of trees in each round, up to 20 rounds. Before each round but the first, false
    /// positives of the previous one are added. Range 1 to 20000.
    pub trees: Vec<usize>,
    /// Shrinkage (learning rate) of boosting. Range 0.001 to 1.
    pub shrinkage: f32,
    /// Features tried per tree. Range 1 to 100000.
    pub features: usize,
    /// Damping: number added to the sum of second derivatives in a leaf. Range 0 to 1000000.
    pub damping: f32,
    /// Maximum number of windows per image and round. Range 1 to 10000.
    pub hard: usize,
    /// Distance by which a window's running score may fall below those of the training faces. Range 0 to
    /// 1000000.
    pub slack: f32,
}

/// Score fusion: how filters, boosted trees and the windows on a face combine, in units of the
/// calibrated score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScoreFusionParams {
    /// Weight of the filter's score. Range 0 to 10.
    pub linear: f32,
    /// Decay of a window's weight with its distance from the best score: a window that scores 1
    /// less counts exp(−sharpness) times as much; 0 uses the best window only. Range 0 to 100.
    pub sharpness: f32,
}

impl Default for DetectorParams {
    fn default() -> Self {
        Self {
            window: WindowParams::default(),
            faces: FaceParams::default(),
            prefilter: PrefilterParams::default(),
            filters: FilterParams::default(),
            boosted_trees: BoostedTreesParams::default(),
            score_fusion: ScoreFusionParams::default(),
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

impl Default for PrefilterParams {
    fn default() -> Self {
        Self { trees: 32, shrinkage: 0.5, features: 600, damping: 1.0, random: 40, rounds: 2, loss: 0.006 }
    }
}

impl Default for BoostedTreesParams {
    fn default() -> Self {
        Self { trees: vec![64, 256, 1024], shrinkage: 0.1, features: 300, hard: 60, damping: 1.0, slack: 2.0 }
    }
}

impl Default for ScoreFusionParams {
    fn default() -> Self {
        Self { linear: 0.3, sharpness: 3.0 }
    }
}

/// Hyper-parameters within their ranges.
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
    /// Checks every number against its range.
    ///
    /// # Errors
    /// The first number that cannot be used.
    pub fn check(self) -> Result<ValidDetectorParams, DetectorParamsError> {
        if ![4, 6, 8].contains(&self.window.cell) {
            return Err(DetectorParamsError::Cell(self.window.cell));
        }
        let tables = [
            ("window.", self.window.ranges()),
            ("faces.", self.faces.ranges()),
            ("prefilter.", self.prefilter.ranges()),
            ("filters.", self.filters.ranges()),
            ("boosted_trees.", self.boosted_trees.ranges()),
            ("score_fusion.", self.score_fusion.ranges()),
            ("", self.ranges()),
        ];
        for (table, ranges) in tables {
            ranges::check(&ranges, |name| format!("{table}{name}"))?;
        }
        let rounds = [range("trees", self.boosted_trees.trees.len() as f32, 1.0, 20.0)];
        ranges::check(&rounds, |name| format!("the number of boosted_trees.{name}"))?;
        Ok(ValidDetectorParams(self))
    }

    fn ranges(&self) -> Vec<Range> {
        vec![
            range("box_penalty", self.box_penalty, 1e-6, 1e3),
            range("calibration_share", self.calibration_share, 0.05, 0.5),
            range("mining_face", self.mining_face, 20.0, 1000.0),
        ]
    }
}

impl WindowParams {
    fn ranges(&self) -> Vec<Range> {
        let side = f32::from(self.cell) * f32::from(self.cells);
        vec![range("cells", self.cells.into(), 4.0, 20.0), range("face", self.face, side / 3.0, side)]
    }
}

impl FaceParams {
    fn ranges(&self) -> Vec<Range> {
        vec![
            range("copies", self.copies as f32, 1.0, 100.0),
            range("shift", self.shift, 0.0, 0.3),
            range("scale", self.scale, 0.0, 1.0),
            range("smaller", self.smaller, 0.0, 1.0),
            range("rotation", self.rotation, 0.0, 1.0),
            range("degraded", self.degraded, 0.0, 1.0),
        ]
    }
}

impl FilterParams {
    fn ranges(&self) -> Vec<Range> {
        vec![
            range("cost", self.cost, 1e-6, 1e3),
            range("epochs", self.epochs as f32, 1.0, 1e4),
            range("random", self.random as f32, 1.0, 1e4),
            range("rounds", self.rounds as f32, 0.0, 20.0),
            range("hard", self.hard as f32, 1.0, 1e4),
            range("loss", self.loss, 0.0, 0.5),
        ]
    }
}

impl PrefilterParams {
    fn ranges(&self) -> Vec<Range> {
        vec![
            range("trees", self.trees as f32, 0.0, 1e3),
            range("shrinkage", self.shrinkage, 1e-3, 1.0),
            range("features", self.features as f32, 1.0, 1e5),
            range("damping", self.damping, 0.0, 1e6),
            range("random", self.random as f32, 1.0, 1e4),
            range("rounds", self.rounds as f32, 1.0, 20.0),
            range("loss", self.loss, 0.0, 0.5),
        ]
    }
}

impl BoostedTreesParams {
    fn ranges(&self) -> Vec<Range> {
        let trees = self.trees.iter().map(|&trees| range("trees", trees as f32, 1.0, 2e4));
        let others = [
            range("shrinkage", self.shrinkage, 1e-3, 1.0),
            range("features", self.features as f32, 1.0, 1e5),
            range("damping", self.damping, 0.0, 1e6),
            range("hard", self.hard as f32, 1.0, 1e4),
            range("slack", self.slack, 0.0, 1e6),
        ];
        trees.chain(others).collect()
    }
}

impl ScoreFusionParams {
    fn ranges(&self) -> Vec<Range> {
        vec![range("linear", self.linear, 0.0, 10.0), range("sharpness", self.sharpness, 0.0, 100.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranges::tests::assert_documented;

    #[test]
    fn defaults_are_valid_and_survive_toml() {
        let text = toml::to_string(&DetectorParams::default()).unwrap();
        let read: DetectorParams = toml::from_str(&text).unwrap();
        assert_eq!(*read.check().unwrap(), DetectorParams::default());
    }

    #[test]
    fn a_number_out_of_range_is_named() {
        let params: DetectorParams = toml::from_str("[boosted_trees]\ntrees = [10, 0]").unwrap();
        assert_eq!(params.check().unwrap_err().to_string(), "boosted_trees.trees is 0, outside 1 to 20000");
        let params: DetectorParams = toml::from_str("[boosted_trees]\ntrees = []").unwrap();
        let message = "the number of boosted_trees.trees is 0, outside 1 to 20";
        assert_eq!(params.check().unwrap_err().to_string(), message);
        let params: DetectorParams = toml::from_str("[window]\ncell = 5").unwrap();
        assert_eq!(params.check().unwrap_err(), DetectorParamsError::Cell(5));
        assert!(toml::from_str::<DetectorParams>("[boosted_trees]\ntree = [10]").is_err());
    }

    #[test]
    fn ranges_are_documented() {
        let (source, params) = (include_str!("hyperparams.rs"), DetectorParams::default());
        for (item, ranges) in [
            ("struct DetectorParams", params.ranges()),
            ("struct WindowParams", params.window.ranges()[..1].to_vec()),
            ("struct FaceParams", params.faces.ranges()),
            ("struct FilterParams", params.filters.ranges()),
            ("struct PrefilterParams", params.prefilter.ranges()),
            ("struct BoostedTreesParams", params.boosted_trees.ranges()),
            ("struct ScoreFusionParams", params.score_fusion.ranges()),
        ] {
            assert_documented(source, item, &ranges);
        }
    }
}
