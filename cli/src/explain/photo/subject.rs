//! What the page follows through the pipeline: faces, what was taken for one at first, or the window that came nearest.

use lineament::geometry::Rect;
use serde::Serialize;

use super::super::models::Models;
use super::Square;
use super::fit::Fit;
use super::watch::Placed;
use super::window::Window;
use crate::explain::record::{Judged, Search, United};

/// A face, or what came near to one.
#[derive(Debug, Serialize)]
pub struct Subject {
    outcome: Outcome,
    /// The box that the detector reported, or that of the window.
    bounds: Square,
    /// The detector's score, where the forest gave one.
    score: Option<f32>,
    /// With the evidence of the confidence.
    final_score: Option<f32>,
    /// The best of its windows, and how many they are.
    window: Option<Window>,
    windows: usize,
    fit: Option<Fit>,
    /// Where no window came to the forest: what gave up the nearest one, and after how many rows of cells or trees.
    given_up: Option<(&'static str, u16)>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    /// It is reported.
    Face,
    /// The landmarks' confidence spoke against it.
    Rejected,
    /// No window was good enough; this was the best one.
    Nearest,
}

/// What to follow: all that were placed, of which the first `faces` are reported; where there are none, the window that
/// came nearest; nothing where there is no window at all.
pub fn all(placed: Vec<Placed>, faces: usize, search: &Search, models: &Models) -> Vec<Subject> {
    let subject = |(place, Placed { detection, face, fit }): (usize, Placed)| {
        let united = search.united.iter().find(|united| united.detection == detection);
        Subject {
            outcome: if place < faces { Outcome::Face } else { Outcome::Rejected },
            bounds: detection.bounds.into(),
            score: Some(detection.score),
            final_score: Some(face.score),
            window: united.and_then(|united| best_window(united, search, models)),
            windows: united.map_or(0, |united| united.windows),
            fit,
            given_up: None,
        }
    };
    let subjects: Vec<Subject> = placed.into_iter().enumerate().map(subject).collect();
    if subjects.is_empty() { nearest(search, models).into_iter().collect() } else { subjects }
}

fn best_window(united: &United, search: &Search, models: &Models) -> Option<Window> {
    let judged = search.judged.iter().find(|judged| judged.left == Some(united.best))?;
    Some(Window::new(judged, &search.levels, models.detector))
}

/// What came nearest to being reported.
fn nearest(search: &Search, models: &Models) -> Option<Subject> {
    let subject = |bounds: Rect| Subject {
        outcome: Outcome::Nearest,
        bounds: bounds.into(),
        score: None,
        final_score: None,
        window: None,
        windows: 0,
        fit: None,
        given_up: None,
    };
    if let Some(united) = search.united.iter().max_by(|a, b| a.detection.score.total_cmp(&b.detection.score)) {
        let window = best_window(united, search, models);
        let score = Some(united.detection.score);
        return Some(Subject { score, window, windows: united.windows, ..subject(united.detection.bounds) });
    }
    let progress = |judged: &Judged| (judged.sums.len(), judged.linear);
    let best = search.judged.iter().max_by(|a, b| {
        let (a, b) = (progress(a), progress(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    if let Some(judged) = best {
        let window = Some(Window::new(judged, &search.levels, models.detector));
        return Some(Subject { window, ..subject(judged.bounds) });
    }
    // A window that the sieve did not give up came further than all others.
    let windows = search.levels.iter().flat_map(|level| {
        let reach = move |window: usize| {
            let trees = level.sieved[window];
            let rows = level.rows.iter().map(|rows| rows[window]).max().unwrap_or_default();
            (trees == 0, if trees == 0 { rows.into() } else { trees })
        };
        (0..level.sieved.len()).map(move |window| (reach(window), level, window))
    });
    let ((passed, steps), level, window) = windows.max_by_key(|(reach, ..)| *reach)?;
    let columns = level.windows[0];
    let bounds = models.detector.window.face_box(&level.level, window % columns, window / columns);
    Some(Subject { given_up: Some((if passed { "filters" } else { "sieve" }, steps)), ..subject(bounds) })
}
