//! What a detector consists of, as text.

use super::Detector;

impl Detector {
    /// Names and values in a fixed order: window, poses, stages, and what a score means.
    pub fn summary(&self) -> Vec<(String, String)> {
        let window = &self.window;
        let mut entries = vec![(
            "window".to_owned(),
            format!(
                "{0}×{0} cells of {1}×{1} pixels, a face of {2:.1} pixels in it",
                window.cells, window.cell, window.face
            ),
        )];
        for (number, component) in self.components.iter().enumerate() {
            let angle = component.angle.to_degrees();
            entries.push((format!("component {}", number + 1), format!("{}, tilted by {angle:.0}°", component.name)));
        }
        entries.push(("prefilter".to_owned(), format!("{} boosted trees", self.prefilter.trees.len())));
        entries.push(("boosted trees".to_owned(), self.boosted_trees.trees.len().to_string()));
        entries.extend(Self::promises());
        entries
    }
}
