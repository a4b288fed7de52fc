//! Observes the run of the pipeline for the page.

use std::sync::{Mutex, PoisonError};

use lineament::Face;
use lineament::geometry::Rect;
use lineament::raw::{self, Cascade, Detection, Observer};

use super::fit::Fit;
use crate::explain::models::Models;
use crate::explain::record::{CascadeRecord, DetectorRecord, Search};

/// A detection with its landmarks.
#[derive(Debug)]
pub struct Placed {
    /// The detection.
    pub detection: Detection,
    /// The face that it would become.
    pub face: Face,
    /// The steps of the cascade.
    pub fit: Option<Fit>,
}

/// Records the parts of a run that the page shows.
#[derive(Debug)]
pub struct Watch<'a> {
    detector: DetectorRecord,
    cascade: &'a Cascade,
    detections: Mutex<Vec<Detection>>,
    placed: Mutex<Vec<(Rect, Face, Option<Fit>)>>,
}

impl<'a> Watch<'a> {
    /// Creates an observer for a run of these models.
    pub fn new(models: &Models<'a>) -> Self {
        Self {
            detector: DetectorRecord::new(models.detector.window, models.detector.components.len()),
            cascade: models.landmarks,
            detections: Mutex::default(),
            placed: Mutex::default(),
        }
    }

    /// The detector's work, and the detections with landmarks in the detector's order.
    pub fn into_parts(self) -> (Search, Vec<Placed>) {
        let mut placed = self.placed.into_inner().unwrap_or_else(PoisonError::into_inner);
        let detections = self.detections.into_inner().unwrap_or_else(PoisonError::into_inner);
        let place = |detection: Detection| {
            let index = placed.iter().position(|(bounds, ..)| *bounds == detection.bounds)?;
            let (_, face, fit) = placed.swap_remove(index);
            Some(Placed { detection, face, fit })
        };
        let placed = detections.into_iter().filter_map(place).collect();
        (self.detector.into_search(), placed)
    }
}

impl Observer for Watch<'_> {
    type Detector = DetectorRecord;
    type Cascade = CascadeRecord;

    fn detect(&self) -> &DetectorRecord {
        &self.detector
    }

    fn detected(&self, candidates: &[Detection]) {
        *self.detections.lock().unwrap_or_else(PoisonError::into_inner) = candidates.to_vec();
    }

    fn fit(&self, _: &Rect) -> CascadeRecord {
        CascadeRecord::default()
    }

    fn fitted(&self, bounds: &Rect, face: &Face, record: CascadeRecord) {
        let result = raw::Fit { shape: face.shape.clone(), confidence: face.confidence.clone() };
        let fit = Fit::new(&record, self.cascade, &result);
        self.placed.lock().unwrap_or_else(PoisonError::into_inner).push((*bounds, face.clone(), fit));
    }
}
