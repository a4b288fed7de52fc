//! Counts of a run.

/// Counts over all images of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Images that were processed.
    pub images: usize,
    /// Those of them that failed.
    pub failures: usize,
    /// Faces in the others.
    pub faces: usize,
    /// Duration.
    pub seconds: f64,
}

impl Totals {
    /// A line for people.
    pub fn summary(&self) -> String {
        let failed = if self.failures > 0 { format!(", {} of them failed", self.failures) } else { String::new() };
        let (faces, images) = (count(self.faces, "face"), count(self.images, "image"));
        format!("{faces} in {images}{failed}, {:.2} s\n", self.seconds)
    }
}

/// A number with its noun.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
