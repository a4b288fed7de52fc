//! A linear model of face shapes (point distribution model, Cootes et al. 1995), and how far each face is from it.
//!
//! Shapes are laid on their mean by a similarity transform (generalised Procrustes analysis); the strongest principal
//! components of what is left span the shapes that faces can take. A landmark that was set in the wrong place leaves that
//! space. The model is fitted twice, the second time without the shapes that fit worst, so that gross mistakes do not
//! become a component of it.

use lineament::geometry::Point;
use lineament::landmarks::scheme::{MIRROR, OUTER_EYE_CORNERS, inter_ocular};
use lineament::landmarks::{Shape, Similarity};

use crate::math::pca::{Components, principal_components};

/// Share of the variance that the components explain.
const EXPLAINED: f32 = 0.95;
/// Share of the shapes that the second fit leaves out.
const TRIMMED: f32 = 0.05;
/// Fewest faces for each component: with fewer, components would follow single faces.
const FACES_A_COMPONENT: usize = 10;
/// Rounds of alignment; the mean does not move after two or three.
const ROUNDS: usize = 4;

/// A mean and the directions in which shapes differ from it.
#[derive(Clone, Debug)]
pub struct ShapeModel {
    /// The mean shape; its inter-ocular distance is 100.
    pub mean: Shape,
    /// Unit directions, `x, y` of each landmark in turn, strongest first.
    pub components: Components,
    /// The standard deviation of faces along each, in percent of the inter-ocular distance.
    pub deviations: Vec<f32>,
    /// The variance of faces in all directions together; the components' share of it is what they explain.
    pub variance: f32,
}

/// How far a shape is from a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Distance {
    /// Root mean square over the landmarks, in percent of the inter-ocular distance.
    pub overall: f32,
    /// The landmark that is farthest from where the model puts it, counted from 0.
    pub landmark: usize,
    /// How far that is, in percent of the inter-ocular distance.
    pub there: f32,
}

impl ShapeModel {
    /// Fits the model to 68-point shapes and their mirror images; none if there are fewer than 20 shapes. Shapes whose eye
    /// corners stand on one spot have no size, and are left out.
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
        let residuals: Vec<Vec<f32>> = shapes.iter().map(|shape| residual(&aligned(shape, &mean), &mean)).collect();
        let most = (shapes.len() / 2 / FACES_A_COMPONENT).min(2 * mean.len());
        let (mut components, mut deviations) = principal_components(&residuals, most);
        let all: f32 = residuals.iter().flatten().map(|v| v * v).sum::<f32>() / residuals.len() as f32;
        let mut explained = 0.0;
        let wanted = deviations.iter().take_while(|&&deviation| {
            let more = explained < EXPLAINED * all;
            explained += deviation * deviation;
            more
        });
        let wanted = wanted.count();
        components = components.first(wanted);
        deviations.truncate(wanted);
        Self { mean, components, deviations, variance: all }
    }

    /// The mean, changed along a component by some standard deviations.
    pub fn varied(&self, component: usize, deviations: f32) -> Shape {
        let length = deviations * self.deviations[component];
        let along: Vec<f32> = self.components.rows().map(|row| length * row[component]).collect();
        moved(&self.mean, &along)
    }

    /// The share of the variance that each component explains.
    pub fn explained(&self) -> impl Iterator<Item = f32> {
        self.deviations.iter().map(|deviation| deviation * deviation / self.variance.max(f32::MIN_POSITIVE))
    }

    /// The nearest shape that the model can make, where the given one is.
    pub fn nearest(&self, shape: &Shape) -> Shape {
        let onto = Similarity::between(&shape.points, &self.mean.points);
        let left = residual(&shape.map(|p| onto.apply(p)), &self.mean);
        let back = onto.inverse();
        moved(&self.mean, &self.made(&left)).map(|p| back.apply(p))
    }

    /// The part of a residual that the components make.
    fn made(&self, residual: &[f32]) -> Vec<f32> {
        let coefficients = self.components.coefficients(residual);
        let made = |row: &[f32]| row.iter().zip(&coefficients).map(|(v, c)| v * c).sum::<f32>();
        let made: Vec<f32> = self.components.rows().map(made).collect();
        // Of no component there are no rows.
        if made.is_empty() { vec![0.0; residual.len()] } else { made }
    }

    /// How far a shape is from the nearest one that the model can make.
    pub fn distance(&self, shape: &Shape) -> Distance {
        let left = residual(&aligned(shape, &self.mean), &self.mean);
        let unmade: Vec<f32> = left.iter().zip(self.made(&left)).map(|(v, made)| v - made).collect();
        let distances: Vec<f32> = unmade.as_chunks::<2>().0.iter().map(|[x, y]| x.hypot(*y)).collect();
        let square: f32 = distances.iter().map(|d| d * d).sum();
        let (landmark, &there) = distances.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap_or((0, &0.0));
        Distance { overall: (square / shape.len().max(1) as f32).sqrt(), landmark, there }
    }

    /// Whether left and right look exchanged: the shape with the labels of its mirror image fits the mean clearly better.
    pub fn is_mirrored(&self, shape: &Shape) -> bool {
        let misfit = |shape: &Shape| {
            let left = residual(&aligned(shape, &self.mean), &self.mean);
            left.iter().map(|v| v * v).sum::<f32>()
        };
        misfit(&shape.select(&MIRROR)) < 0.5 * misfit(shape)
    }
}

/// The mean face of 68-point shapes and their mirror images, with an inter-ocular distance of 100.
///
/// # Panics
/// If there is no shape.
pub fn mean_face(shapes: &[&Shape]) -> Shape {
    procrustes_mean(&with_mirrored(shapes))
}

/// Every shape, each followed by its mirror image.
fn with_mirrored(shapes: &[&Shape]) -> Vec<Shape> {
    let mirrored = |shape: &Shape| shape.select(&MIRROR).map(|p| Point::new(-p.x, p.y));
    shapes.iter().flat_map(|&shape| [shape.clone(), mirrored(shape)]).collect()
}

/// The mean of shapes that are laid on it, by turns.
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

/// The shape turned so that the outer eye corners are level.
fn upright(shape: &Shape) -> Shape {
    let line = shape.points[OUTER_EYE_CORNERS.1] - shape.points[OUTER_EYE_CORNERS.0];
    let length = line.x.hypot(line.y).max(f32::MIN_POSITIVE);
    let back = Similarity { a: line.x / length, b: -line.y / length, t: Point::default() };
    shape.map(|p| back.apply(p))
}

/// A shape whose coordinates are changed by these numbers, `x, y` of each landmark in turn.
fn moved(shape: &Shape, by: &[f32]) -> Shape {
    let pairs = shape.points.iter().zip(by.as_chunks::<2>().0);
    Shape::new(pairs.map(|(&p, &[x, y])| p + Point::new(x, y)).collect())
}

/// The shape with its centroid in the origin and an inter-ocular distance of 100.
fn normalised(shape: &Shape) -> Shape {
    let (centre, length) = (shape.centroid(), inter_ocular(shape).max(f32::MIN_POSITIVE));
    shape.map(|p| (p - centre) * (100.0 / length))
}

fn aligned(shape: &Shape, mean: &Shape) -> Shape {
    let onto = Similarity::between(&shape.points, &mean.points);
    shape.map(|p| onto.apply(p))
}

fn residual(aligned: &Shape, mean: &Shape) -> Vec<f32> {
    aligned.points.iter().zip(&mean.points).flat_map(|(&p, &m)| [p.x - m.x, p.y - m.y]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::face_shapes;

    #[test]
    fn the_nearest_shape_is_where_the_shape_is_and_mends_what_is_wrong() {
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
