//! The subjects that the page follows through the pipeline: faces, rejected detections, or the best window.

use lineament::geometry::Rect;
use serde::Serialize;

use super::super::models::Models;
use super::Square;
use super::fit::Fit;
use super::watch::Placed;
use super::window::Window;
use crate::explain::record::{Classified, Merged, Search};

/// A face, or something like one.
#[derive(Debug, Serialize)]
pub struct Subject {
    outcome: Outcome,
    /// The box that the detector reported, or that of the window.
    bounds: Square,
    /// The detector's score, if there is one.
    score: Option<f32>,
    /// The score with the landmarks' confidence.
    final_score: Option<f32>,
    /// The best of its windows, and their number.
    window: Option<Window>,
    windows: usize,
    fit: Option<Fit>,
    /// If no window reached the boosted trees: the stage that rejected the best one, and after how many trees or rows of
    /// cells.
    rejected_by: Option<(&'static str, u16)>,
}

/// Result for a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    /// It is reported as a face.
    Face,
    /// Its score with the landmarks' confidence is too low.
    Rejected,
    /// No window had a score high enough for landmarks; this was the best one.
    Nearest,
}

/// The subjects: all detections with landmarks, of which the first `faces` are reported. If there are none, the best
/// window; nothing if there is no window at all.
pub fn all(placed: Vec<Placed>, faces: usize, search: &Search, models: &Models) -> Vec<Subject> {
    let subject = |(place, Placed { detection, face, fit }): (usize, Placed)| {
        let merged = search.merged.iter().find(|merged| merged.detection == detection);
        Subject {
            outcome: if place < faces { Outcome::Face } else { Outcome::Rejected },
            bounds: detection.bounds.into(),
            score: Some(detection.score),
            final_score: Some(face.score),
            window: merged.and_then(|merged| best_window(merged, search, models)),
            windows: merged.map_or(0, |merged| merged.windows),
            fit,
            rejected_by: None,
        }
    };
    let subjects: Vec<Subject> = placed.into_iter().enumerate().map(subject).collect();
    if subjects.is_empty() { nearest(search, models).into_iter().collect() } else { subjects }
}

fn best_window(merged: &Merged, search: &Search, models: &Models) -> Option<Window> {
    let window = search.classified.iter().find(|window| window.accepted == Some(merged.best))?;
    Some(Window::new(window, &search.levels, models.detector))
}

/// The window that came nearest to being reported.
fn nearest(search: &Search, models: &Models) -> Option<Subject> {
    let subject = |bounds: Rect| Subject {
        outcome: Outcome::Nearest,
        bounds: bounds.into(),
        score: None,
        final_score: None,
        window: None,
        windows: 0,
        fit: None,
        rejected_by: None,
    };
    if let Some(merged) = search.merged.iter().max_by(|a, b| a.detection.score.total_cmp(&b.detection.score)) {
        let window = best_window(merged, search, models);
        let score = Some(merged.detection.score);
        return Some(Subject { score, window, windows: merged.windows, ..subject(merged.detection.bounds) });
    }
    let progress = |window: &Classified| (window.sums.len(), window.linear);
    let best = search.classified.iter().max_by(|a, b| {
        let (a, b) = (progress(a), progress(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    if let Some(best) = best {
        let window = Some(Window::new(best, &search.levels, models.detector));
        return Some(Subject { window, ..subject(best.bounds) });
    }
    // A window that the prefilter accepted came further than all others.
    let windows = search.levels.iter().flat_map(|level| {
        let reach = move |window: usize| {
            let trees = level.prefilter[window];
            let rows = level.rows.iter().map(|rows| rows[window]).max().unwrap_or_default();
            (trees == 0, if trees == 0 { rows.into() } else { trees })
        };
        (0..level.prefilter.len()).map(move |window| (reach(window), level, window))
    });
    let ((passed, steps), level, window) = windows.max_by_key(|(reach, ..)| *reach)?;
    let columns = level.windows[0];
    let bounds = models.detector.window.face_box(&level.level, window % columns, window / columns);
    let stage = if passed { "filters" } else { "prefilter" };
    Some(Subject { rejected_by: Some((stage, steps)), ..subject(bounds) })
}
