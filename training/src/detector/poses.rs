//! Poses: clusters of the shapes of the training faces.
//!
//! k-means on shapes normalised to their box, where the position of the nose depends on the turn of
//! the head and the line of the eyes on its tilt. Shapes and their mirror images are clustered
//! together, from initial centres that mirror each other. The clusters keep this symmetry, and a
//! mirrored pair shares its training.

use lineament::geometry::Point;
use lineament::raw::ShapeExt;
use lineament::{Shape, scheme};
use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::Array2;

use super::error::PosesError;
use crate::dataset::boxes::box_from_shape;

/// A pose.
#[derive(Clone, Debug, PartialEq)]
pub struct Pose {
    /// Its name.
    pub name: &'static str,
    /// Mean shape of the cluster, normalised to its box.
    pub mean: Shape,
    /// Index of its mirror image, which may be the pose itself.
    pub mirror: usize,
}

/// Names, and the index of the mirror image: frontal, turned and tilted to either side of the
/// image.
const NAMES: [(&str, usize); 5] =
    [("frontal", 0), ("turned left", 2), ("turned right", 1), ("tilted left", 4), ("tilted right", 3)];

/// Returns the angle of the line through the outer eye corners, in radians.
pub fn tilt(shape: &Shape) -> f32 {
    let (left, right) = (shape.points[scheme::OUTER_EYE_CORNERS.0], shape.points[scheme::OUTER_EYE_CORNERS.1]);
    let across = right - left;
    across.y.atan2(across.x)
}

/// Distance of the nose tip from the middle of the outer eye corners, along their line and as a
/// share of their distance.
fn turn(shape: &Shape) -> f32 {
    let (left, right) = (shape.points[scheme::OUTER_EYE_CORNERS.0], shape.points[scheme::OUTER_EYE_CORNERS.1]);
    let (across, nose) = (right - left, shape.points[30] - (left + right) * 0.5);
    (nose.x * across.x + nose.y * across.y) / (across.x * across.x + across.y * across.y).max(1e-6)
}

/// Normalises a shape to its box.
pub fn normalised(shape: &Shape) -> Shape {
    shape.to_unit(&box_from_shape(shape))
}

/// Mirrors a normalised shape.
pub fn mirrored(unit: &Shape) -> Shape {
    unit.select(&scheme::MIRROR).map(|p| Point::new(1.0 - p.x, p.y))
}

/// Divides 68-point shapes into poses.
///
/// # Errors
/// If k-means fails, for example on coordinates that are not finite.
pub fn cluster(shapes: &[Shape]) -> Result<Vec<Pose>, PosesError> {
    let both: Vec<Shape> = shapes.iter().map(normalised).flat_map(|s| [mirrored(&s), s]).collect();
    let mean_of = |chosen: &mut dyn Iterator<Item = &Shape>| {
        let (mut sum, mut count) = (vec![Point::default(); scheme::POINTS], 0usize);
        for shape in chosen {
            sum.iter_mut().zip(&shape.points).for_each(|(sum, &p)| *sum = *sum + p);
            count += 1;
        }
        Shape::new(sum).map(|p| p * (1.0 / count.max(1) as f32))
    };
    // Mean of the tenth of the shapes that lies furthest to one side.
    let extreme = |measure: fn(&Shape) -> f32| {
        let mut order: Vec<usize> = (0..both.len()).collect();
        order.sort_by(|&a, &b| measure(&both[a]).total_cmp(&measure(&both[b])).then(a.cmp(&b)));
        mean_of(&mut order[..both.len().div_ceil(10)].iter().map(|&i| &both[i]))
    };
    let (turned, tilted) = (extreme(turn), extreme(tilt));
    let starts = [mean_of(&mut both.iter()), turned.clone(), mirrored(&turned), tilted.clone(), mirrored(&tilted)];
    let row = |shapes: &[Shape]| {
        let numbers =
            shapes.iter().flat_map(|s| s.points.iter().flat_map(|p| [f64::from(p.x), f64::from(p.y)])).collect();
        Array2::from_shape_vec((shapes.len(), 2 * scheme::POINTS), numbers)
    };
    let init = KMeansInit::Precomputed(row(&starts)?);
    let model = KMeans::params(starts.len())
        .init_method(init)
        .n_runs(1)
        .max_n_iterations(100)
        .fit(&DatasetBase::from(row(&both)?))?;
    let shape_of = |centre: ndarray::ArrayView1<f64>| {
        Shape::new((0..scheme::POINTS).map(|i| Point::new(centre[2 * i] as f32, centre[2 * i + 1] as f32)).collect())
    };
    let means = model.centroids().rows().into_iter().map(shape_of);
    Ok(means.zip(NAMES).map(|(mean, (name, mirror))| Pose { name, mean, mirror }).collect())
}

/// Returns the pose nearest to a normalised shape.
pub fn nearest(poses: &[Pose], unit: &Shape) -> usize {
    let distance =
        |pose: &Pose| -> f32 { pose.mean.points.iter().zip(&unit.points).map(|(&a, &b)| a.distance(b).powi(2)).sum() };
    (0..poses.len()).min_by(|&a, &b| distance(&poses[a]).total_cmp(&distance(&poses[b]))).unwrap_or(0)
}
