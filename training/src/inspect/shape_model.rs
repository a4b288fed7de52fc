//! A linear model of face shapes (point distribution model, Cootes et al. 1995), and the distance
//! of faces from it.
//!
//! Shapes are aligned with their mean by similarity transforms (generalised Procrustes analysis).
//! The strongest principal components of the residuals span the space of face shapes; a misplaced
//! landmark leaves this space. The model is fitted twice, the second time without the shapes that
//! fit worst, so that gross mistakes do not become a component.

use lineament::geometry::Point;
use lineament::raw::ShapeExt;
use lineament::scheme::{MIRROR, OUTER_EYE_CORNERS, inter_ocular};
use lineament::{Shape, Similarity};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Share of the variance that the components explain.
const EXPLAINED: f64 = 0.95;
/// Share of the shapes that the second fit leaves out.
const TRIMMED: f32 = 0.05;
/// Minimum number of faces per component: with fewer, components would follow single faces.
const FACES_A_COMPONENT: usize = 10;
/// Rounds of alignment; the mean converges after two or three.
const ROUNDS: usize = 4;

/// A mean shape, and the directions in which shapes differ from it.
#[derive(Clone, Debug)]
pub struct ShapeModel {
    /// Mean shape; its inter-ocular distance is 100.
    pub mean: Shape,
    /// Unit directions in columns, `x, y` of each landmark in turn, strongest first.
    pub components: DMatrix<f64>,
    /// Standard deviation of faces along each direction, in percent of the inter-ocular distance.
    pub deviations: Vec<f32>,
    /// Variance of faces in all directions together.
    pub variance: f32,
}

/// Distance of a shape from a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Distance {
    /// Root mean square over the landmarks, in percent of the inter-ocular distance.
    pub overall: f32,
    /// Landmark with the largest distance from the model, counted from 0.
    pub landmark: usize,
    /// Distance of this landmark, in percent of the inter-ocular distance.
    pub there: f32,
}

impl ShapeModel {
    /// Fits the model to 68-point shapes and their mirror images; none if there are fewer than 20
    /// shapes. Shapes whose eye corners coincide have no size, and are left out.
    pub fn fit(shapes: &[&Shape]) -> Option<Self> {
        let shapes: Vec<&Shape> = shapes.iter().copied().filter(|shape| inter_ocular(shape) > 1e-3).collect();
        if shapes.len() < 2 * FACES_A_COMPONENT {
            return None;
        }
        let first = Self::fit_to(&shapes);
        let mut order: Vec<(usize, f32)> =
            shapes.iter().map(|shape| first.distance(shape).overall).enumerate().collect();
        order.sort_by(|a, b| a.1.total_cmp(&b.1));
        order.truncate(((1.0 - TRIMMED) * shapes.len() as f32).ceil() as usize);
        let kept: Vec<&Shape> = order.into_iter().map(|(i, _)| shapes[i]).collect();
        Some(Self::fit_to(&kept))
    }

    fn fit_to(shapes: &[&Shape]) -> Self {
        let shapes = with_mirrored(shapes);
        let mean = procrustes_mean(&shapes);
        let residuals: Vec<DVector<f64>> = shapes.iter().map(|shape| residual(&aligned(shape, &mean), &mean)).collect();
        let rows = DMatrix::from_columns(&residuals).transpose();
        let moment = rows.tr_mul(&rows) / shapes.len() as f64;
        let variance = moment.trace();
        let SymmetricEigen { eigenvectors, eigenvalues } = moment.symmetric_eigen();
        let mut order: Vec<usize> = (0..eigenvalues.len()).collect();
        order.sort_by(|&a, &b| eigenvalues[b].total_cmp(&eigenvalues[a]));
        order.truncate(shapes.len() / 2 / FACES_A_COMPONENT);
        let mut explained = 0.0;
        let wanted = order.iter().take_while(|&&k| {
            let more = explained < EXPLAINED * variance;
            explained += eigenvalues[k];
            more
        });
        order.truncate(wanted.count());
        let deviations = order.iter().map(|&k| eigenvalues[k].max(0.0).sqrt() as f32).collect();
        Self { mean, components: eigenvectors.select_columns(&order), deviations, variance: variance as f32 }
    }

    /// Returns the mean, moved along a component by some standard deviations.
    pub fn varied(&self, component: usize, deviations: f32) -> Shape {
        let length = f64::from(deviations * self.deviations[component]);
        moved(&self.mean, &(self.components.column(component) * length))
    }

    /// Share of the variance that each component explains.
    pub fn explained(&self) -> impl Iterator<Item = f32> {
        self.deviations.iter().map(|deviation| deviation * deviation / self.variance.max(f32::MIN_POSITIVE))
    }

    /// Returns the nearest shape of the model, in the place of the given one.
    pub fn nearest(&self, shape: &Shape) -> Shape {
        let onto = Similarity::between(&shape.points, &self.mean.points);
        let left = residual(&shape.map(|p| onto.apply(p)), &self.mean);
        let back = onto.inverse();
        moved(&self.mean, &self.projected(&left)).map(|p| back.apply(p))
    }

    /// Projection of a residual on the space of the components.
    fn projected(&self, residual: &DVector<f64>) -> DVector<f64> {
        &self.components * self.components.tr_mul(residual)
    }

    /// Returns the distance of a shape from the nearest shape of the model.
    pub fn distance(&self, shape: &Shape) -> Distance {
        let left = residual(&aligned(shape, &self.mean), &self.mean);
        let left = &left - self.projected(&left);
        let distances: Vec<f32> = left.as_slice().as_chunks::<2>().0.iter().map(|[x, y]| x.hypot(*y) as f32).collect();
        let square: f32 = distances.iter().map(|d| d * d).sum();
        let (landmark, &there) = distances.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap_or((0, &0.0));
        Distance { overall: (square / shape.len().max(1) as f32).sqrt(), landmark, there }
    }

    /// Whether left and right are exchanged: the shape fits the mean much better with the labels of
    /// its mirror image.
    pub fn is_mirrored(&self, shape: &Shape) -> bool {
        let misfit = |shape: &Shape| residual(&aligned(shape, &self.mean), &self.mean).norm_squared();
        misfit(&shape.select(&MIRROR)) < 0.5 * misfit(shape)
    }
}

/// Returns the mean face of 68-point shapes and their mirror images, with an inter-ocular distance
/// of 100.
///
/// # Panics
/// If there is no shape.
pub fn mean_face(shapes: &[&Shape]) -> Shape {
    procrustes_mean(&with_mirrored(shapes))
}

/// Returns every shape, each followed by its mirror image.
fn with_mirrored(shapes: &[&Shape]) -> Vec<Shape> {
    let mirrored = |shape: &Shape| shape.select(&MIRROR).map(|p| Point::new(-p.x, p.y));
    shapes.iter().flat_map(|&shape| [shape.clone(), mirrored(shape)]).collect()
}

/// Computes the mean of shapes aligned with it, by iteration.
fn procrustes_mean(shapes: &[Shape]) -> Shape {
    let mut mean = normalised(&shapes[0]);
    for _ in 0..ROUNDS {
        let mut sum = vec![Point::default(); mean.len()];
        for shape in shapes {
            aligned(shape, &mean).points.iter().zip(&mut sum).for_each(|(&p, sum)| *sum = *sum + p);
        }
        mean = normalised(&Shape::new(sum));
    }
    upright(&mean)
}

/// Rotates a shape so that the outer eye corners are level.
fn upright(shape: &Shape) -> Shape {
    let line = shape.points[OUTER_EYE_CORNERS.1] - shape.points[OUTER_EYE_CORNERS.0];
    let length = line.x.hypot(line.y).max(f32::MIN_POSITIVE);
    let back = Similarity { a: line.x / length, b: -line.y / length, t: Point::default() };
    shape.map(|p| back.apply(p))
}

/// Moves a shape by a vector, `x, y` of each landmark in turn.
fn moved(shape: &Shape, by: &DVector<f64>) -> Shape {
    let pairs = shape.points.iter().zip(by.as_slice().as_chunks::<2>().0);
    Shape::new(pairs.map(|(&p, &[x, y])| p + Point::new(x as f32, y as f32)).collect())
}

/// Moves the centroid to the origin, and scales the inter-ocular distance to 100.
fn normalised(shape: &Shape) -> Shape {
    let (centre, length) = (shape.centroid(), inter_ocular(shape).max(f32::MIN_POSITIVE));
    shape.map(|p| (p - centre) * (100.0 / length))
}

fn aligned(shape: &Shape, mean: &Shape) -> Shape {
    let onto = Similarity::between(&shape.points, &mean.points);
    shape.map(|p| onto.apply(p))
}

fn residual(aligned: &Shape, mean: &Shape) -> DVector<f64> {
    let pairs = aligned.points.iter().zip(&mean.points);
    let differences = pairs.flat_map(|(&p, &m)| [f64::from(p.x - m.x), f64::from(p.y - m.y)]);
    DVector::from_iterator(2 * mean.len(), differences)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::face_shapes;

    #[test]
    fn the_nearest_shape_has_the_same_place_and_corrects_mistakes() {
        let shapes = face_shapes(120, 4);
        let model = ShapeModel::fit(&shapes.iter().collect::<Vec<_>>()).unwrap();
        let mut broken = shapes[3].clone();
        broken.points[57].y += 45.0;
        let off = |shape: &Shape| shape.points[57].distance(shapes[3].points[57]);
        assert!(off(&model.nearest(&broken)) < 0.5 * off(&broken), "{}", off(&model.nearest(&broken)));
        let explained: Vec<f32> = model.explained().collect();
        assert!(explained.windows(2).all(|pair| pair[0] >= pair[1]));
        assert!((0.9..=1.0).contains(&explained.iter().sum::<f32>()), "{explained:?}");
    }

    #[test]
    fn a_shape_without_size_spoils_nothing() {
        let mut shapes = face_shapes(30, 4);
        shapes[0].points[36] = shapes[0].points[45];
        let model = ShapeModel::fit(&shapes.iter().collect::<Vec<_>>()).unwrap();
        assert!(model.mean.points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
        assert!(model.distance(&shapes[0]).overall.is_finite() && model.distance(&shapes[1]).overall < 20.0);
    }

    #[test]
    fn a_component_changes_the_mean_by_its_deviation() {
        let shapes = face_shapes(60, 4);
        let model = ShapeModel::fit(&shapes.iter().collect::<Vec<_>>()).unwrap();
        let distance = |a: &Shape, b: &Shape| {
            a.points.iter().zip(&b.points).map(|(a, b)| a.distance(*b).powi(2)).sum::<f32>().sqrt()
        };
        assert_eq!(model.varied(0, 0.0), model.mean);
        assert!((distance(&model.varied(0, 2.0), &model.mean) / model.deviations[0] - 2.0).abs() < 1e-3);
        // The mean face is upright and its own mirror image.
        let mirrored = model.mean.select(&MIRROR).map(|p| Point::new(-p.x, p.y));
        assert!(distance(&mirrored, &model.mean) < 0.1);
    }
}
