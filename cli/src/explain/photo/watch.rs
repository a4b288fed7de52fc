//! The observer of a run for the page.

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
    /// What the detector found.
    pub detection: Detection,
    /// The face that it would be.
    pub face: Face,
    /// How its landmarks were placed.
    pub fit: Option<Fit>,
}

/// Keeps what the page shows of a run.
#[derive(Debug)]
pub struct Watch<'a> {
    detector: DetectorRecord,
    cascade: &'a Cascade,
    detections: Mutex<Vec<Detection>>,
    placed: Mutex<Vec<(Rect, Face, Option<Fit>)>>,
}

impl<'a> Watch<'a> {
    /// Watches a run of these models.
    pub fn new(models: &Models<'a>) -> Self {
        Self {
            detector: DetectorRecord::new(models.detector.window, models.detector.components.len()),
            cascade: models.landmarks,
            detections: Mutex::default(),
            placed: Mutex::default(),
        }
    }

    /// What the detector did, and what was placed in the order in which the detector found it.
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
