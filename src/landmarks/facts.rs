//! What a cascade consists of, for people.

use super::confidence::Judge;
use super::linear::LinearStep;
use super::regression::Regression;
use super::{Cascade, Stage};

impl Cascade {
    /// Names and values in a fixed order: landmarks, crop, and each stage's sizes.
    pub fn facts(&self) -> Vec<(String, String)> {
        let mut facts = vec![
            ("landmarks".to_owned(), self.mean.len().to_string()),
            (
                "crop".to_owned(),
                format!(
                    "{} pixels a face, {} around it; coarse {}",
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
            facts.push((format!("stage {}", number + 1), description));
        }
        facts.extend(self.judge.as_ref().map(|judge| ("confidence".to_owned(), describe_judge(judge))));
        facts
    }
}

fn describe_judge(judge: &Judge) -> String {
    let landmarks = judge.regression.rows.count();
    let patches = judge.regression.neighbours.len() / landmarks.max(1);
    format!("from {patches} patches within {:.1} pixels of each landmark", judge.radius)
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
