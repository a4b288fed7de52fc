//! What a cascade consists of, for people.

use super::{Cascade, Stage};

impl Cascade {
    /// Names and values in a fixed order: landmarks, crop, and each stage's sizes.
    pub fn facts(&self) -> Vec<(String, String)> {
        let mut facts = vec![
            ("landmarks".to_owned(), self.mean.len().to_string()),
            ("crop".to_owned(), format!("{} pixels a face, {} around it", self.crop.face, self.crop.margin)),
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
                    let ranks: Vec<String> = stage.steps.iter().map(|s| s.basis.components.to_string()).collect();
                    format!("linear maps of gradient histograms, rank {}", ranks.join(", "))
                }
            };
            facts.push((format!("stage {}", number + 1), description));
        }
        facts
    }
}
