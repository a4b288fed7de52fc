//! Samples: pairs of a face and the current estimate of its shape (section 2.2 of Kazemi &
//! Sullivan).

use lineament::geometry::Point;
use lineament::raw::ShapeExt;
use lineament::{Shape, Similarity};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use super::hyperparams::StartParams;
use crate::rng::normal;

/// A training face and the current estimate of its shape, in crop pixels.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Index of the face.
    pub face: usize,
    /// The current estimate.
    pub shape: Shape,
}

/// Returns `oversampling` initial shapes per face. The first of each face is the mean shape, where
/// prediction starts; the others move towards other faces' true shapes.
pub fn initial_samples(
    truths: &[&Shape],
    mean: &Shape,
    box_side: f32,
    params: &StartParams,
    oversampling: usize,
    rng: &mut impl Rng,
) -> Vec<Sample> {
    let mut samples = Vec::with_capacity(truths.len() * oversampling);
    for face in 0..truths.len() {
        samples.push(Sample { face, shape: mean.clone() });
        for _ in 1..oversampling {
            let other = truths.choose(rng).map_or(mean, |other| *other);
            samples.push(Sample { face, shape: initial_shape(mean, other, box_side, params, rng) });
        }
    }
    samples
}

/// Moves the mean shape towards another face's shape, then shifts, scales and rotates it about its
/// centre.
fn initial_shape(mean: &Shape, other: &Shape, box_side: f32, params: &StartParams, rng: &mut impl Rng) -> Shape {
    let spread = params.spread * rng.random::<f32>().sqrt();
    let scale = (params.scale * normal(rng)).exp();
    let angle = params.rotation * normal(rng);
    let shift = Point::new(normal(rng), normal(rng)) * (params.shift * box_side);
    let centre = mean.centroid();
    let turn = Similarity { a: scale * angle.cos(), b: scale * angle.sin(), t: centre + shift };
    let points = mean.points.iter().zip(&other.points).map(|(&m, &o)| turn.apply(m + (o - m) * spread - centre));
    Shape::new(points.collect())
}

/// Returns the residual: true shape minus current shape, `x, y` of each landmark in turn, in the
/// frame of the mean shape.
pub fn residual(truth: &Shape, shape: &Shape, mean: &Shape) -> Vec<f32> {
    let back = Similarity::between(&mean.points, &shape.points).inverse();
    let pairs = truth.points.iter().zip(&shape.points);
    pairs
        .flat_map(|(&t, &s)| {
            let d = back.rotate(t - s);
            [d.x, d.y]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_residual_takes_the_shape_to_the_truth() {
        let mean = Shape::new(vec![Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(5.0, 8.0)]);
        let turn = Similarity { a: 0.9, b: 0.4, t: Point::new(3.0, 1.0) };
        let shape = mean.map(|p| turn.apply(p));
        let truth = shape.map(|p| p + Point::new(1.0, -2.0));
        let r = residual(&truth, &shape, &mean);
        let frame = Similarity::between(&mean.points, &shape.points);
        for (i, &p) in shape.points.iter().enumerate() {
            let back = p + frame.rotate(Point::new(r[2 * i], r[2 * i + 1]));
            assert!(back.distance(truth.points[i]) < 1e-4);
        }
    }
}
