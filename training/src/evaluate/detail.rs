//! Numbers of a report beyond the tables: errors by landmark, intervals of groups, calibration, and
//! the worst faces.

use serde::Serialize;

use lineament::raw::confidence::RIGHT;

use super::metrics::{Normaliser, median};
use super::output::SEED;
use super::regions::parts;
use super::significance::{Interval, bootstrap_mean};
use super::system::System;
use crate::dataset::Dataset;
use crate::dataset::groups::groups;

/// Bins of the calibration.
const BINS: usize = 10;

/// Error of a landmark, in percent of the inter-ocular distance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LandmarkError {
    /// Index of the landmark in the 68-point scheme, from 0.
    pub landmark: usize,
    /// Mean over the faces that were found.
    pub mean: f64,
    /// Median over the faces that were found.
    pub median: f64,
}

/// Returns the error of each landmark of a system.
pub fn landmark_errors(system: &System) -> Vec<LandmarkError> {
    let of = |(i, &landmark): (usize, &usize)| {
        let found = system.errors.iter().flatten();
        let mut errors: Vec<f64> = found.map(|error| 100.0 * error.distances[i] / error.inter_ocular).collect();
        errors.sort_by(f64::total_cmp);
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        LandmarkError { landmark, mean, median: median(&errors) }
    };
    system.landmarks.iter().enumerate().map(of).collect()
}

/// Mean inter-ocular error of a group of faces or of a part of the face, with its 95 % interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupMean {
    /// Criterion, such as `eyes`.
    pub family: String,
    /// Name within the family, such as `closed`.
    pub name: String,
    /// Faces in the group, including missed ones.
    pub faces: usize,
    /// Mean over the faces that were found, in percent; NaN if there is none.
    pub mean: f64,
    /// Interval of the mean.
    pub interval: Interval,
}

/// Returns the means of a system by group of faces, then by part of the face.
pub fn group_means(dataset: &Dataset, system: &System) -> Vec<GroupMean> {
    let photographs: Vec<usize> = dataset.faces().map(|(image, _)| image.photograph).collect();
    let mean = |family: &str, name: &str, members: &[usize], errors: &[Option<f64>]| {
        let found = members.iter().filter_map(|&face| Some((errors[face]?, photographs[face])));
        let (found, photographs): (Vec<f64>, Vec<usize>) = found.unzip();
        GroupMean {
            family: family.into(),
            name: name.into(),
            faces: members.len(),
            mean: found.iter().sum::<f64>() / found.len() as f64,
            interval: bootstrap_mean(&found, &photographs, SEED),
        }
    };
    let errors = system.nme(Normaliser::InterOcular);
    let mut means: Vec<GroupMean> =
        groups(dataset).iter().map(|group| mean(group.family, &group.name, &group.members, &errors)).collect();
    let everyone: Vec<usize> = (0..errors.len()).collect();
    for part in parts().iter().filter(|part| system.landmarks.iter().any(|i| part.indices.contains(i))) {
        let of = |error: &Option<super::FaceError>| {
            error.as_ref()?.nme_of(Normaliser::InterOcular, |landmark| part.indices.contains(&landmark))
        };
        let errors: Vec<Option<f64>> = system.errors.iter().map(of).collect();
        means.push(mean("part", part.name, &everyone, &errors));
    }
    means
}

/// Landmarks whose confidence lies in one bin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Number of landmarks.
    pub count: usize,
    /// Mean confidence: the predicted share of correct ones.
    pub predicted: f64,
    /// Share of correct ones: error of at most 8 %.
    pub correct: f64,
}

/// Calibration of the confidence of landmarks in ten bins of equal width, without empty bins. Empty
/// for a system without a confidence.
pub fn calibration(system: &System) -> Vec<CalibrationBin> {
    let mut bins = [(0usize, 0.0f64, 0usize); BINS];
    for (confidence, error) in system.confidences.iter().zip(&system.errors) {
        let (Some(confidence), Some(error)) = (confidence, error) else { continue };
        for (&p, distance) in confidence.landmarks.iter().zip(&error.distances) {
            let bin = &mut bins[((f64::from(p) * BINS as f64) as usize).min(BINS - 1)];
            bin.0 += 1;
            bin.1 += f64::from(p);
            bin.2 += usize::from(distance / error.inter_ocular <= f64::from(RIGHT));
        }
    }
    let bin = |&(count, predicted, correct): &(usize, f64, usize)| CalibrationBin {
        count,
        predicted: predicted / count as f64,
        correct: correct as f64 / count as f64,
    };
    bins.iter().filter(|bin| bin.0 > 0).map(bin).collect()
}

/// Selected faces of a system, by index in [`Dataset::faces`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Extremes {
    /// Faces with the largest errors, largest first.
    pub worst: Vec<usize>,
    /// Faces with errors around the median, in increasing order.
    pub median: Vec<usize>,
    /// Faces with the smallest errors, smallest first.
    pub best: Vec<usize>,
    /// Missed faces, in the order of the data.
    pub missed: Vec<usize>,
}

/// Selects the worst, median, best and missed faces, up to `most` of each; of few faces fewer, so
/// that the first three do not overlap.
pub fn extremes(system: &System, most: usize) -> Extremes {
    let errors = system.nme(Normaliser::InterOcular);
    let mut order: Vec<usize> = (0..errors.len()).filter(|&face| errors[face].is_some()).collect();
    order.sort_by(|&a, &b| errors[a].unwrap_or(0.0).total_cmp(&errors[b].unwrap_or(0.0)));
    let each = most.min((order.len() / 3).max(1)).min(order.len());
    let middle = (order.len() - each) / 2;
    Extremes {
        worst: order.iter().rev().take(each).copied().collect(),
        median: order[middle..middle + each].to_vec(),
        best: order[..each].to_vec(),
        missed: (0..errors.len()).filter(|&face| errors[face].is_none()).take(most).collect(),
    }
}

#[cfg(test)]
mod tests {
    use lineament::Shape;
    use lineament::raw::confidence;

    use super::*;
    use crate::evaluate::FaceError;

    /// A system of one landmark with these errors in percent, and its confidences.
    fn system(errors: &[Option<f64>], confidences: &[f32]) -> System {
        let error = |error: f64| FaceError {
            landmarks: vec![30],
            distances: vec![error],
            inter_ocular: 100.0,
            inter_pupil: 60.0,
        };
        System {
            name: "a".into(),
            landmarks: vec![30],
            shapes: vec![Some(Shape::default()); errors.len()],
            confidences: confidences.iter().map(|&p| Some(confidence::of(p, vec![p]))).collect(),
            errors: errors.iter().map(|e| e.map(error)).collect(),
        }
    }

    #[test]
    fn the_extremes_do_not_overlap_and_missed_faces_are_apart() {
        let system = system(&[Some(5.0), Some(1.0), None, Some(9.0), Some(3.0)], &[]);
        let found = extremes(&system, 8);
        let wanted = Extremes { worst: vec![3], median: vec![4], best: vec![1], missed: vec![2] };
        assert_eq!(found, wanted);
        assert_eq!(extremes(&self::system(&[None], &[]), 3).worst, Vec::<usize>::new());
        assert_eq!(landmark_errors(&system), [LandmarkError { landmark: 30, mean: 4.5, median: 4.0 }]);
    }

    #[test]
    fn calibration_counts_correct_landmarks() {
        let system = system(&[Some(1.0), Some(20.0), Some(2.0), None], &[0.91, 0.93, 0.25, 0.5]);
        let bins = calibration(&system);
        assert_eq!(bins.iter().map(|bin| (bin.count, bin.correct)).collect::<Vec<_>>(), [(1, 1.0), (2, 0.5)]);
        assert!((bins[1].predicted - 0.92).abs() < 1e-6);
    }
}
