//! The one run, from candidates to faces, watched by an observer.
//!
//! ```text
//!   image ──► detector ──► windows, merged ──► landmark cascade ──► verification ──► filters ──► faces
//!                          less sure ones too                       by confidence
//!   image, boxes ────────────────────────────► landmark cascade ───────────────────► filters ──► faces
//! ```
//!
//! Landmarks find their places on a face and nowhere else, so their confidence tells faces from what only looks like one to
//! the detector (like Chen et al., "Joint Cascade Face Detection and Alignment", ECCV 2014). It adds to the detector's score
//! as independent evidence does: the score counts tenfold steps of expected false positives by halves
//! ([`Detector::false_positives`]), and the confidence adds half the decimal logarithm of its odds. The scores of dlib's
//! detectors mean nothing of the kind and stay as they are.

#[cfg(doc)]
use crate::detector::Detector;
use crate::detector::nms::same_face;
use crate::detector::{DetectOptions, Detection, DetectorModel};
use crate::face::face;
use crate::geometry::Rect;
use crate::image::Image;
use crate::landmarks::FitOptions;
use crate::landmarks::confidence::MOST_RIGHT;
use crate::log_odds::odds;
use crate::observer::Observer;
use crate::rect_ext::RectExt;
use crate::rotation::{ROTATIONS, turned_box};
use crate::{Face, Options, Pipeline, PipelineError, parallel};

/// Like [`MOST_RIGHT`], at the other end.
const LEAST_RIGHT: f32 = 1e-4;

/// The most that the confidence adds to a score, `½·log₁₀(0.99 / 0.01)`.
const MOST_ADDED: f32 = 0.998;

/// Runs the pipeline: [`Pipeline::find_with`] without boxes, [`Pipeline::fit`] with them, reporting each step to `observer`.
///
/// # Errors
/// Like these.
pub fn run<O: Observer>(
    pipeline: &Pipeline,
    image: &Image,
    boxes: Option<&[Rect]>,
    options: &Options,
    observer: &O,
) -> Result<Vec<Face>, PipelineError> {
    if options.min_confidence.is_some_and(|least| least > 0.0)
        && (options.fast || !pipeline.landmarks().has_confidence())
    {
        return Err(PipelineError::NoConfidence);
    }
    if let Some(index) = boxes.and_then(|boxes| boxes.iter().position(|bounds| !bounds.is_valid())) {
        return Err(PipelineError::InvalidBox(index));
    }
    let least = options.min_confidence.unwrap_or(0.0);
    let mut faces = match boxes {
        Some(boxes) if options.turned => fit_turned(pipeline, image, boxes, options, observer)?,
        Some(boxes) => fit_boxes(pipeline, image, boxes, &fit_options(options, least), observer),
        None if options.turned => search_turned(pipeline, image, options, observer)?,
        None => search(pipeline, image, options, observer)?,
    };
    faces.retain(|face| face.confidence.as_ref().is_none_or(|confidence| confidence.face >= least));
    if faces.iter().all(Face::is_finite) { Ok(faces) } else { Err(PipelineError::NotFinite) }
}

/// The options of the detector that stand for these.
///
/// # Errors
/// If the pipeline has no detector.
pub fn detect_options(pipeline: &Pipeline, options: &Options) -> Result<DetectOptions, PipelineError> {
    let default = pipeline.detector().ok_or(PipelineError::NoDetector)?.parts().default_options();
    Ok(DetectOptions {
        threshold: options.threshold.unwrap_or(default.threshold),
        min_face: options.min_face.unwrap_or(default.min_face),
        max_faces: options.max_faces.or(default.max_faces),
    })
}

/// The score from which the detector's windows get landmarks: lower than the threshold where the confidence can still
/// lift them to it.
///
/// # Errors
/// If the pipeline has no detector.
pub fn candidate_threshold(pipeline: &Pipeline, options: &Options) -> Result<f32, PipelineError> {
    let threshold = detect_options(pipeline, options)?.threshold;
    let verified = is_calibrated(pipeline) && pipeline.landmarks().has_confidence() && !options.fast;
    Ok(threshold - if verified { MOST_ADDED } else { 0.0 })
}

/// Whether the detector's scores are of the kind that a confidence adds to.
fn is_calibrated(pipeline: &Pipeline) -> bool {
    pipeline.detector().map(DetectorModel::parts).is_some_and(|parts| parts.is_calibrated())
}

fn fit_boxes<O: Observer>(
    pipeline: &Pipeline,
    image: &Image,
    boxes: &[Rect],
    options: &FitOptions,
    observer: &O,
) -> Vec<Face> {
    let landmarks = pipeline.landmarks().parts();
    let grey = landmarks.grey(image);
    let faces = parallel::map(boxes, |bounds| {
        let mut cascade = observer.fit(bounds);
        let face = face(*bounds, 0.0, landmarks.fit_observed(&grey, bounds, options, &mut cascade));
        observer.fitted(bounds, &face, cascade);
        face
    });
    observer.finished();
    faces
}

fn search<O: Observer>(
    pipeline: &Pipeline,
    image: &Image,
    options: &Options,
    observer: &O,
) -> Result<Vec<Face>, PipelineError> {
    let detector = pipeline.detector().ok_or(PipelineError::NoDetector)?.parts();
    let landmarks = pipeline.landmarks().parts();
    let calibrated = detector.is_calibrated();
    let detect = detect_options(pipeline, options)?;
    let candidates = DetectOptions { threshold: candidate_threshold(pipeline, options)?, max_faces: None, ..detect };
    let found = detector.detect_observed(image, &candidates, observer.detect());
    observer.detected(&found);
    let grey = landmarks.grey(image);
    let mut faces = parallel::map(&found, |candidate| {
        let Detection { bounds, score, .. } = *candidate;
        let needed = if calibrated { confidence_for(detect.threshold - score) } else { 0.0 };
        // The lowest confidence that lifts a candidate to the threshold and passes the filter.
        let useful = options.min_confidence.unwrap_or(0.0).max(needed);
        let mut cascade = observer.fit(&bounds);
        let fit = landmarks.fit_observed(&grey, &bounds, &fit_options(options, useful), &mut cascade);
        let face = verified(candidate, face(bounds, score, fit), calibrated);
        observer.fitted(&bounds, &face, cascade);
        face
    });
    observer.finished();
    faces.retain(|face| face.score >= detect.threshold);
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    faces.truncate(detect.max_faces.unwrap_or(usize::MAX));
    Ok(faces)
}

/// Searches the image at all its turns; of overlapping faces, the best stays.
fn search_turned<O: Observer>(
    pipeline: &Pipeline,
    image: &Image,
    options: &Options,
    observer: &O,
) -> Result<Vec<Face>, PipelineError> {
    let every = Options { max_faces: None, ..*options };
    let mut faces = search(pipeline, image, &every, observer)?;
    let colours = needs_colours(pipeline);
    let size = [image.width(), image.height()];
    for rotation in ROTATIONS.into_iter().filter(|rotation| rotation.suits(size)) {
        let (turned, to_image) = rotation.apply(image, colours);
        let found = search(pipeline, &turned, &every, observer)?;
        let inside = |face: &Face| {
            let centre = face.bounds.centre();
            let [width, height] = size.map(|side| side as f32);
            (0.0..width).contains(&centre.x) && (0.0..height).contains(&centre.y)
        };
        faces.extend(found.into_iter().map(|face| rotation.turn_back(face, &to_image)).filter(inside));
    }
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut best: Vec<Face> = Vec::new();
    for face in faces {
        if !best.iter().any(|better| same_face(&better.bounds, &face.bounds)) {
            best.push(face);
        }
    }
    best.truncate(detect_options(pipeline, options)?.max_faces.unwrap_or(usize::MAX));
    Ok(best)
}

/// Fits the landmarks in each box at all rotations of the image, and keeps the most confident fit.
fn fit_turned<O: Observer>(
    pipeline: &Pipeline,
    image: &Image,
    boxes: &[Rect],
    options: &Options,
    observer: &O,
) -> Result<Vec<Face>, PipelineError> {
    if options.fast || !pipeline.landmarks().has_confidence() {
        return Err(PipelineError::NoConfidence);
    }
    let sure = |face: &Face| face.confidence.as_ref().map_or(0.0, |confidence| confidence.face);
    let mut best = fit_boxes(pipeline, image, boxes, &FitOptions::default(), observer);
    let colours = needs_colours(pipeline);
    for rotation in ROTATIONS.into_iter().filter(|rotation| rotation.suits([image.width(), image.height()])) {
        let (turned, to_image) = rotation.apply(image, colours);
        let back = to_image.inverse();
        let there: Vec<Rect> = boxes.iter().map(|bounds| turned_box(bounds, &back)).collect();
        let fits = fit_boxes(pipeline, &turned, &there, &FitOptions::default(), observer);
        for (best, (face, bounds)) in best.iter_mut().zip(fits.into_iter().zip(boxes)) {
            if sure(&face) > sure(best) {
                *best = Face { bounds: *bounds, ..rotation.turn_back(face, &to_image) };
            }
        }
    }
    Ok(best)
}

/// Whether a model looks at colours: those of dlib's kinds do.
fn needs_colours(pipeline: &Pipeline) -> bool {
    let detector = pipeline.detector().map(DetectorModel::parts);
    detector.is_some_and(|detector| detector.boosted().is_none()) || pipeline.landmarks().parts().cascade().is_none()
}

/// The face of a candidate; where the detector is `calibrated`, with what its confidence adds to its score.
fn verified(candidate: &Detection, face: Face, calibrated: bool) -> Face {
    let confidence = face.confidence.as_ref().filter(|_| calibrated);
    let score = face.score + confidence.map_or(0.0, |confidence| added(confidence.face));
    Face { angle: Some(candidate.angle), score, ..face }
}

fn fit_options(options: &Options, useful_confidence: f32) -> FitOptions {
    FitOptions { fast: options.fast, useful_confidence }
}

/// Returns what a confidence adds to a score.
fn added(confidence: f32) -> f32 {
    0.5 * odds(confidence, LEAST_RIGHT, MOST_RIGHT).log10()
}

/// A confidence below which less than this is added; nearly the greatest.
fn confidence_for(added: f32) -> f32 {
    let odds = 10f32.powf(2.0 * added - 1e-3);
    (1.0 + odds.recip()).recip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_adds_half_the_logarithm_of_its_odds() {
        assert_eq!(added(0.5), 0.0);
        assert!((added(10.0 / 11.0) - 0.5).abs() < 1e-4);
        assert!((added(1.0 / 11.0) + 0.5).abs() < 1e-4);
        assert!((added(1.0) - MOST_ADDED).abs() < 1e-3);
        assert!((added(0.0) + 2.0).abs() < 1e-3);
    }

    #[test]
    fn the_confidence_for_a_score_is_just_below_what_adds_it() {
        for confidence in [0.001, 0.02, 0.3, 0.5, 0.8, 0.97] {
            let found = confidence_for(added(confidence));
            assert!((0.99 * confidence..confidence).contains(&found), "{confidence}: {found}");
        }
        assert!(confidence_for(-40.0) >= 0.0 && confidence_for(40.0) <= 1.0);
    }
}
