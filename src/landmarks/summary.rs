//! What a cascade consists of, as text.

use super::confidence::ConfidenceModel;
use super::linear_stage::LinearStep;
use super::regression::Regression;
use super::{Cascade, Stage};

impl Cascade {
    /// Names and values in a fixed order: landmarks, crop, and each stage's sizes.
    pub fn summary(&self) -> Vec<(String, String)> {
        let mut entries = vec![
            ("landmarks".to_owned(), self.mean.len().to_string()),
            (
                "crop".to_owned(),
                format!(
                    "{} pixels per face and a margin of {}; coarse crop {}",
                    self.crop.face, self.crop.margin, self.crop.coarse
                ),
            ),
        ];
        for (number, stage) in self.stages.iter().enumerate() {
            let description = match stage {
                Stage::Trees(stage) => format!(
                    "{} trees of depth {} on {} points, {} components",
                    stage.trees(),
                    stage.depth,
                    stage.points.len(),
                    stage.basis.components
                ),
                Stage::Linear(stage) => {
                    let steps: Vec<String> = stage.steps.iter().map(describe).collect();
                    format!("linear maps of gradient histograms: {}", steps.join("; "))
                }
            };
            entries.push((format!("stage {}", number + 1), description));
        }
        entries.extend(self.confidence.as_ref().map(|model| ("confidence".to_owned(), describe_confidence(model))));
        entries
    }
}

fn describe_confidence(model: &ConfidenceModel) -> String {
    let landmarks = model.regression.rows.count();
    let patches = model.regression.neighbours.len() / landmarks.max(1);
    format!("from {patches} patches within {:.1} pixels of each landmark", model.radius)
}

fn describe(step: &LinearStep) -> String {
    let radius = step.radius;
    match &step.regression {
        Regression::Global(map) => {
            let patches = step.patches.len();
            format!("{patches} patches within {radius:.1} pixels move {} shape components", map.basis.components)
        }
        Regression::Local(map) => {
            let landmarks = map.rows.count() / 2;
            format!("{} patches within {radius:.1} pixels move each landmark", map.neighbours.len() / landmarks.max(1))
        }
    }
}
