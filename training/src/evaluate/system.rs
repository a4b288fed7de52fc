//! Landmarks of a system on a data set, and their errors.

use lineament::raw::{Fit, ShapeExt};
use lineament::{Confidence, Shape};
use serde::Serialize;

use super::metrics::{FaceError, Normaliser, Summary};
use super::regions::Part;
use crate::dataset::Dataset;
use crate::dataset::groups::Group;

/// Results of a landmark model, or stored results of another system, on every face.
#[derive(Clone, Debug)]
pub struct System {
    /// Name in tables.
    pub name: String,
    /// Landmarks, as indices in the 68-point scheme.
    pub landmarks: Vec<usize>,
    /// Shape of every face, in the order of [`Dataset::faces`]; none for a missed face.
    pub shapes: Vec<Option<Shape>>,
    /// Confidence of every face, if the system has one.
    pub confidences: Vec<Option<Confidence>>,
    /// Errors of these shapes.
    pub errors: Vec<Option<FaceError>>,
}

/// Summary of errors under both normalisations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Number of faces.
    pub faces: usize,
    /// Number of missed faces.
    pub missed: usize,
    /// In percent of the inter-ocular distance.
    pub inter_ocular: Summary,
    /// In percent of the inter-pupil distance.
    pub inter_pupil: Summary,
}

impl System {
    /// Compares fits with the annotated shapes, on the landmarks in `wanted`. The annotations must
    /// have 68 points.
    pub fn new(name: &str, landmarks: &[usize], fits: Vec<Option<Fit>>, dataset: &Dataset, wanted: &[usize]) -> Self {
        let kept: Vec<usize> = (0..landmarks.len()).filter(|&i| wanted.contains(&landmarks[i])).collect();
        let landmarks: Vec<usize> = kept.iter().map(|&i| landmarks[i]).collect();
        let select = |fit: Fit| {
            let confidence = fit.confidence.map(|mut confidence| {
                confidence.landmarks = kept.iter().map(|&i| confidence.landmarks[i]).collect();
                confidence
            });
            (Some(fit.shape.select(&kept)), confidence)
        };
        let (shapes, confidences): (Vec<Option<Shape>>, Vec<Option<Confidence>>) =
            fits.into_iter().map(|fit| fit.map_or((None, None), select)).unzip();
        let error = |(shape, (_, face)): (&Option<Shape>, _)| {
            let face: &crate::dataset::AnnotatedFace = face;
            shape.as_ref().map(|shape| FaceError::new(shape, &landmarks, &face.shape))
        };
        let errors = shapes.iter().zip(dataset.faces()).map(error).collect();
        Self { name: name.into(), landmarks, shapes, confidences, errors }
    }

    /// Error of every face in percent; none for a missed face.
    pub fn nme(&self, normaliser: Normaliser) -> Vec<Option<f64>> {
        self.errors.iter().map(|error| error.as_ref().map(|error| error.nme(normaliser))).collect()
    }

    /// Summarises the errors of a group.
    pub fn group(&self, group: &Group) -> Row {
        self.row(&group.members, |_| true)
    }

    /// Summarises the errors in a part of the face, over all faces; none if the system has no
    /// landmark there.
    pub fn part(&self, part: &Part) -> Option<Row> {
        let inside = |landmark: usize| part.indices.contains(&landmark);
        let everyone: Vec<usize> = (0..self.errors.len()).collect();
        self.landmarks.iter().any(|&landmark| inside(landmark)).then(|| self.row(&everyone, inside))
    }

    fn row(&self, members: &[usize], belongs: impl Fn(usize) -> bool) -> Row {
        let errors = |normaliser| {
            let found = members.iter().filter_map(|&face| self.errors[face].as_ref());
            found.filter_map(|error| error.nme_of(normaliser, &belongs)).collect::<Vec<f64>>()
        };
        let (io, ip) = (errors(Normaliser::InterOcular), errors(Normaliser::InterPupil));
        Row {
            faces: members.len(),
            missed: members.len() - io.len(),
            inter_ocular: Summary::new(io, members.len()),
            inter_pupil: Summary::new(ip, members.len()),
        }
    }
}
