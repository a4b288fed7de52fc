//! Non-maximum suppression: of many windows on one face, the best stays. [`ScoreFusion`](super::ScoreFusion) merges the others into it.

use super::Detection;
use crate::geometry::Rect;
use crate::rect_ext::RectExt;

/// Two boxes are one face if they share this much of their union …
const UNION: f32 = 0.3;
/// … or of the smaller one.
const SMALLER: f32 = 0.6;

/// The most windows that are compared with each other, which takes the square of their number: the best ones. Only a model that
/// takes everything for a face has more.
pub(crate) const MOST_WINDOWS: usize = 20_000;

/// Best score first; equal scores by position, so that the order never depends on the threads.
pub fn sort(detections: &mut [Detection]) {
    let place = |d: &Detection| [d.bounds.y, d.bounds.x, d.bounds.width];
    detections.sort_by(|a, b| {
        let places = place(a).into_iter().zip(place(b)).map(|(a, b)| a.total_cmp(&b));
        places.fold(b.score.total_cmp(&a.score), |order, next| order.then(next))
    });
}

/// The detections of each place, best first: those that overlap a better one belong to it. The best of the places come
/// first.
pub fn group(mut detections: Vec<Detection>) -> Vec<Vec<Detection>> {
    sort(&mut detections);
    detections.truncate(MOST_WINDOWS);
    let mut groups: Vec<Vec<Detection>> = Vec::new();
    for detection in detections {
        match groups.iter_mut().find(|group| same_face(&group[0].bounds, &detection.bounds)) {
            Some(group) => group.push(detection),
            None => groups.push(vec![detection]),
        }
    }
    groups
}

/// The best detections of which no two overlap, best first.
pub fn suppress(detections: Vec<Detection>) -> Vec<Detection> {
    group(detections).into_iter().filter_map(|group| group.first().copied()).collect()
}

/// Whether two boxes are so much in the same place that they are one face.
pub(crate) fn same_face(a: &Rect, b: &Rect) -> bool {
    let shared = a.intersection(b);
    shared > 0.0 && (a.overlap(b) > UNION || shared > SMALLER * a.area().min(b.area()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detection(x: f32, side: f32, score: f32) -> Detection {
        Detection { bounds: Rect::new(x, 0.0, side, side), score, angle: 0.0, component: 0 }
    }

    #[test]
    fn the_best_of_overlapping_boxes_stays() {
        let found = suppress(vec![
            detection(2.0, 10.0, 1.0),
            detection(0.0, 10.0, 3.0),
            detection(3.0, 3.0, 2.0),
            detection(9.0, 10.0, 0.5),
        ]);
        assert_eq!(found, [detection(0.0, 10.0, 3.0), detection(9.0, 10.0, 0.5)]);
    }

    #[test]
    fn the_others_belong_to_the_best_that_they_overlap() {
        let [low, best, inside, aside] =
            [detection(2.0, 10.0, 1.0), detection(0.0, 10.0, 3.0), detection(3.0, 3.0, 2.0), detection(9.0, 10.0, 0.5)];
        assert_eq!(group(vec![low, best, inside, aside]), [vec![best, inside, low], vec![aside]]);
    }

    #[test]
    fn of_too_many_windows_the_best_are_compared() {
        // On one place, but for the worst, which would stay.
        let place = |i: usize| if i == 0 { 100.0 } else { 0.0 };
        let windows = |count: usize| (0..count).map(|i| detection(place(i), 10.0, i as f32)).collect();
        assert_eq!(suppress(windows(MOST_WINDOWS)).len(), 2);
        assert_eq!(suppress(windows(MOST_WINDOWS + 1)).len(), 1);
    }

    #[test]
    fn no_box_is_no_face() {
        assert!(suppress(Vec::new()).is_empty());
    }
}
