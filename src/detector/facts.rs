//! What a detector consists of, for people.

use super::{DetectOptions, Detector};

impl Detector {
    /// Names and values in a fixed order: window, poses, judge, and what a score means.
    pub fn facts(&self) -> Vec<(String, String)> {
        let window = &self.window;
        let mut facts = vec![(
            "window".to_owned(),
            format!(
                "{0}×{0} cells of {1}×{1} pixels, a face of {2:.1} pixels in it",
                window.cells, window.cell, window.face
            ),
        )];
        for (number, component) in self.components.iter().enumerate() {
            let angle = component.angle.to_degrees();
            facts.push((format!("component {}", number + 1), format!("{}, tilted by {angle:.0}°", component.name)));
        }
        facts.push(("sieve".to_owned(), format!("{} boosted trees", self.sieve.trees.len())));
        facts.push(("judge".to_owned(), format!("{} boosted trees", self.forest.trees.len())));
        let threshold = DetectOptions::default().threshold;
        for score in [threshold - 1.0, threshold, threshold + 0.5] {
            let alarms = Self::false_alarms(score);
            facts.push((
                format!("from score {score}"),
                format!("{alarms} false alarms a megapixel, faces from 80 pixels"),
            ));
        }
        facts
    }
}
