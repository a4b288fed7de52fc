//! Recall of a detector against its false positives.
//!
//! A face counts as found at the best score of the detections that match it ([`finds`]). False
//! positives are counted only in images without faces, because other images have more faces than
//! are annotated.

use std::path::PathBuf;

use lineament::geometry::Rect;
use lineament::raw::DetectOptions;
use lineament::raw::GreyImage;
use lineament::raw::decode;
use lineament::raw::decode::ReadOptions;
use lineament::scheme;
use lineament::{DetectorModel, Image, Options, Pipeline};
use rayon::prelude::*;
use serde::Serialize;

use super::matching::{face_square, finds};
use crate::dataset::groups::{ranges, traits_of};
use crate::dataset::light::Light;
use crate::dataset::{AnnotatedFace, Dataset};
use crate::progress::Progress;

/// Numbers of false positives at which recall is reported.
pub const ALLOWED: [usize; 6] = [0, 1, 3, 10, 30, 100];

/// A system that finds faces.
#[derive(Clone, Debug)]
pub enum Finder {
    /// A detector alone.
    Detector(DetectorModel),
    /// A detector followed by the confidence of the landmarks.
    Pipeline(Pipeline),
}

impl Finder {
    /// Finds faces in an image; returns boxes and scores.
    fn find(&self, image: &GreyImage, options: &DetectOptions) -> Vec<(Rect, f32)> {
        if image.is_empty() {
            return Vec::new();
        }
        let image = Image::from(image.view());
        match self {
            Self::Detector(detector) => {
                detector.parts().detect(&image, options).into_iter().map(|found| (found.bounds, found.score)).collect()
            }
            Self::Pipeline(pipeline) => {
                let options = Options::default().threshold(options.threshold).min_face(options.min_face);
                // Models whose numbers are not finite find nothing.
                let faces = pipeline.find_with(&image, &options).unwrap_or_default();
                faces.into_iter().map(|face| (face.bounds, face.score)).collect()
            }
        }
    }
}

/// An annotated face and the score at which it was found.
#[derive(Clone, Debug, Serialize)]
pub struct ScoredFace {
    /// Side of the square around its landmarks, in pixels.
    pub size: f32,
    /// Family and name of its groups ([`traits_of`]); none unless the annotation has 68 points.
    pub traits: Vec<(&'static str, &'static str)>,
    /// Best score of a matching detection.
    pub score: Option<f32>,
}

impl ScoredFace {
    fn new(face: &AnnotatedFace, image: &GreyImage, found: &[(Rect, f32)]) -> Self {
        let shape = &face.shape;
        let fitting = found.iter().filter(|(bounds, _)| finds(bounds, shape));
        let lit = AnnotatedFace { light: Light::of(image, shape), ..face.clone() };
        Self {
            size: face_square(shape).width,
            traits: if shape.len() == scheme::POINTS { traits_of(&lit) } else { Vec::new() },
            score: fitting.map(|(_, score)| *score).reduce(f32::max),
        }
    }
}

/// Results of a detector.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Findings {
    /// Every annotated face.
    pub faces: Vec<ScoredFace>,
    /// Scores of all false positives, highest first.
    pub alarms: Vec<f32>,
    /// Number of images without faces.
    #[serde(rename = "pictures")]
    pub images: usize,
    /// Size of these images in megapixels.
    pub megapixels: f64,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// False positives.
    pub alarms: usize,
    /// False positives per image.
    #[serde(rename = "per_picture")]
    pub per_image: f64,
    /// False positives per megapixel.
    pub per_megapixel: f64,
    /// Score that a detection must exceed; none if there are no more false positives than allowed.
    pub threshold: Option<f32>,
    /// Share of the faces that are found.
    pub recall: f64,
}

/// Searches annotated images and images without faces. Images that cannot be read count as empty.
pub fn evaluate(finder: &Finder, dataset: &Dataset, negatives: &[PathBuf], options: &DetectOptions) -> Findings {
    let progress = Progress::new("detecting", dataset.images.len() + negatives.len());
    let look = |path: &PathBuf| {
        let image = decode::read_grey(path, &ReadOptions::dataset()).unwrap_or_default();
        let found = finder.find(&image, options);
        progress.advance(1);
        (image, found)
    };
    let scored = dataset.images.par_iter().flat_map_iter(|image| {
        let (grey, found) = look(&image.path);
        image.faces.iter().map(|face| ScoredFace::new(face, &grey, &found)).collect::<Vec<_>>()
    });
    let faces = scored.collect();
    let count = |path: &PathBuf| {
        let (image, found) = look(path);
        (found, f64::from(image.width()) * f64::from(image.height()) / 1e6)
    };
    let empty: Vec<(Vec<(Rect, f32)>, f64)> = negatives.par_iter().map(count).collect();
    let mut alarms: Vec<f32> = empty.iter().flat_map(|(found, _)| found.iter().map(|(_, score)| *score)).collect();
    alarms.sort_by(|a, b| b.total_cmp(a));
    Findings { faces, alarms, images: empty.len(), megapixels: empty.iter().map(|(_, m)| m).sum() }
}

/// A group of faces: its name, and a test of membership.
pub type Group = (String, Box<dyn Fn(&ScoredFace) -> bool>);

impl Findings {
    /// Returns the recall of the faces that `chosen` accepts, at this number of false positives.
    pub fn at(&self, allowed: usize, chosen: impl Fn(&ScoredFace) -> bool) -> Point {
        let threshold = self.alarms.get(allowed).copied();
        let faces: Vec<&ScoredFace> = self.faces.iter().filter(|face| chosen(face)).collect();
        let above = |score: f32| threshold.is_none_or(|bar| score > bar);
        let found = faces.iter().filter(|face| face.score.is_some_and(above)).count();
        Point {
            alarms: allowed,
            per_image: allowed as f64 / self.images.max(1) as f64,
            per_megapixel: allowed as f64 / self.megapixels.max(1e-9),
            threshold,
            recall: found as f64 / faces.len().max(1) as f64,
        }
    }

    /// Returns the curve at every number of false positives, up to the number found.
    pub fn curve(&self) -> Vec<Point> {
        (0..=self.alarms.len()).map(|allowed| self.at(allowed, |_| true)).collect()
    }

    /// Returns the groups of faces that a report distinguishes: all, by size, by traits.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = vec![("all".into(), Box::new(|_| true))];
        let bounds = [0.0, 30.0, 40.0, 60.0, 80.0, 120.0, 180.0, f32::INFINITY];
        for pair in bounds.windows(2) {
            let (low, high) = (pair[0], pair[1]);
            let name = if high.is_finite() { format!("{low} to {high} px") } else { format!("from {low} px") };
            groups.push((name, Box::new(move |face| face.size >= low && face.size < high)));
        }
        for (family, name) in ranges() {
            let chosen = move |face: &ScoredFace| face.traits.contains(&(family, name));
            groups.push((format!("{family} {name}"), Box::new(chosen)));
        }
        groups.retain(|(_, chosen)| self.faces.iter().any(chosen));
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(size: f32, score: Option<f32>) -> ScoredFace {
        ScoredFace { size, traits: vec![("turn", "below 15°")], score }
    }

    #[test]
    fn recall_counts_scores_above_the_false_positives() {
        let faces = vec![face(50.0, Some(3.0)), face(90.0, Some(1.5)), face(90.0, None), face(90.0, Some(2.0))];
        let findings = Findings { faces, alarms: vec![2.0, 1.0], images: 4, megapixels: 2.0 };
        let recall: Vec<f64> = (0..3).map(|allowed| findings.at(allowed, |_| true).recall).collect();
        assert_eq!(recall, [0.25, 0.75, 0.75]);
        assert_eq!(findings.at(1, |f| f.size > 60.0).recall, 2.0 / 3.0);
        assert_eq!(findings.at(1, |_| true).per_megapixel, 0.5);
        assert_eq!(findings.curve().len(), 3);
        let names: Vec<String> = findings.groups().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["all", "40 to 60 px", "80 to 120 px", "turn below 15°"]);
    }
}
