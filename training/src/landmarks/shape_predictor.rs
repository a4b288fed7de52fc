//! Fits shape predictors in the style of dlib: cascades of trees that look at the pixels of the
//! photograph.
//!
//! Boosting is the same as for all trees (see [`super::boosting`]). Input and output differ:
//!
//! ```text
//!   photograph, box = unit square ──► grey values, residuals ──► boosting ──► trees whose leaves are coefficients
//!                                     (nothing rotates)                            │ times their basis
//!                                                                                  ▼
//!                                                      trees whose leaves are shapes, left and right exchanged
//! ```

use lineament::geometry::{Point, Rect};
use lineament::raw::decode::{ReadOptions, read_grey};
use lineament::raw::dlib::ShapePredictor;
use lineament::raw::dlib::{PredictorSplit, PredictorStage, UnitSquare, look};
use lineament::raw::tree_stage::{Split, TreeStage};
use lineament::raw::{GreyImage, ShapeExt};
use lineament::{Shape, scheme};
use rayon::prelude::*;

use super::boosting::{self, Scene};
use super::cost_model::CostModel;
use super::error::FitError;
use super::faces::{UnreadableImage, mean_shape};
use super::fit::{errors, first_samples, percent};
use super::hyperparams::{StageParams, ValidLandmarkParams};
use super::report::{StageErrors, StageReport};
use super::samples::{Sample, initial_samples};
use crate::checkpoint::Checkpoints;
use crate::dataset::{AnnotatedFace, AnnotatedImage, Dataset};
use crate::rng::rng_of_step;

/// Margin around the box on each side, as a share of the box's side. In training, feature points
/// farther away see black.
const MARGIN: f32 = 0.4;

/// A training face.
#[derive(Clone, Debug)]
pub struct PredictorFace {
    /// A part of the photograph; black beyond the edge of the photograph.
    pub image: GreyImage<'static>,
    /// Face box in this image.
    pub bounds: Rect,
    /// True landmarks; the box is the unit square.
    pub truth: Shape,
}

impl PredictorFace {
    /// Cuts a face from its photograph, pixel by pixel.
    pub fn new(photograph: &GreyImage, bounds: &Rect, shape: &Shape) -> Self {
        let margin = MARGIN * bounds.width.max(bounds.height);
        let first = [bounds.x - margin, bounds.y - margin].map(|v| v.floor() as i64);
        let size = [bounds.width, bounds.height].map(|side| (side + 2.0 * margin).ceil().clamp(1.0, 1e4) as u32 + 1);
        let mut image = image::GrayImage::new(size[0], size[1]);
        let photograph = image::GrayImage::from(photograph.view());
        image::imageops::replace(&mut image, &photograph, -first[0], -first[1]);
        let image = GreyImage::from(&image).into_owned();
        let unit = UnitSquare::new(bounds);
        let moved = Rect { x: bounds.x - first[0] as f32, y: bounds.y - first[1] as f32, ..*bounds };
        Self { image, bounds: moved, truth: shape.map(|p| unit.from_image(p)) }
    }

    /// Cuts out every face of a data set, in order. The images themselves are not kept.
    ///
    /// # Errors
    /// If an image cannot be read.
    pub fn read_all(dataset: &Dataset) -> Result<Vec<Self>, UnreadableImage> {
        let read = |image: &AnnotatedImage| {
            let photograph = read_grey(&image.path, &ReadOptions::dataset())
                .map_err(|source| UnreadableImage { path: image.path.clone(), source })?;
            let cut = |face: &AnnotatedFace| Self::new(&photograph, &face.bounds, &face.shape);
            Ok(image.faces.iter().map(cut).collect())
        };
        let faces: Result<Vec<Vec<Self>>, UnreadableImage> = dataset.images.par_iter().map(read).collect();
        Ok(faces?.into_iter().flatten().collect())
    }

    /// Data that identify the face in a fingerprint.
    pub fn key(&self) -> (&GreyImage<'static>, &Shape) {
        (&self.image, &self.truth)
    }

    /// Keeps only some of the landmarks.
    pub fn select(self, landmarks: &[u16]) -> Self {
        let indices: Vec<usize> = landmarks.iter().map(|&i| usize::from(i)).collect();
        Self { truth: self.truth.select(&indices), ..self }
    }

    /// Mirrors the face. The shape must have 68 points.
    pub fn mirrored(&self) -> Self {
        let Rect { x, width, .. } = self.bounds;
        Self {
            image: self.image.mirrored(),
            bounds: Rect { x: self.image.width() as f32 - (x + width), ..self.bounds },
            truth: self.truth.select(&scheme::MIRROR).map(|p| Point::new(1.0 - p.x, p.y)),
        }
    }

    fn unit(&self) -> UnitSquare {
        UnitSquare::new(&self.bounds)
    }
}

/// Faces by their own pixels: increments do not turn.
struct PredictorScene<'a> {
    faces: &'a [PredictorFace],
    mean: &'a Shape,
}

impl Scene for PredictorScene<'_> {
    fn mean(&self) -> &Shape {
        self.mean
    }

    fn box_side(&self) -> f32 {
        1.0
    }

    fn look(&self, stage: &TreeStage, sample: &Sample, grey: &mut Vec<u8>) {
        let face = &self.faces[sample.face];
        let seen = look(&stage.points, &face.image, face.unit(), &self.mean.points, &sample.shape.points);
        grey.extend(seen.into_iter().map(|v| v as u8));
    }

    fn residual(&self, sample: &Sample) -> Vec<f32> {
        let pairs = self.faces[sample.face].truth.points.iter().zip(&sample.shape.points);
        pairs.flat_map(|(&truth, &p)| [truth.x - p.x, truth.y - p.y]).collect()
    }
}

/// Fits a shape predictor. Calls `report` after every finished stage, with the error on the
/// training faces.
///
/// # Errors
/// If there is no face, or a checkpoint cannot be written.
pub fn fit_shape_predictor(
    faces: &[PredictorFace],
    landmarks: &[u16],
    params: &ValidLandmarkParams,
    seed: u64,
    checkpoints: &Checkpoints,
    report: &mut dyn FnMut(StageReport),
) -> Result<ShapePredictor, FitError> {
    if faces.is_empty() {
        return Err(FitError::NoPhotograph);
    }
    let truths: Vec<&Shape> = faces.iter().map(|face| &face.truth).collect();
    let mean = mean_shape(&truths);
    let scene = PredictorScene { faces, mean: &mean };
    let most = params.stages.iter().map(StageParams::oversampling).max().unwrap_or(1);
    let mut samples = initial_samples(&truths, &mean, 1.0, &params.start, most, &mut rng_of_step(seed, "starts"));
    let cost = CostModel::of_shape_predictor(params, faces.len());
    let mut stages = Vec::new();
    for (stage, trees) in params.stages.iter().enumerate() {
        // The parameters were checked: all stages are trees.
        let StageParams::Trees(trees) = trees else { continue };
        let mut learned = first_samples(&samples, trees.oversampling);
        for number in 0..trees.repeats {
            let name = format!("{}-pixels-{number}", stage + 1);
            let mut rng = rng_of_step(seed, &name);
            let fitted: TreeStage = checkpoints.step(&name, || {
                Ok::<_, FitError>(boosting::fit_stage(&scene, &learned, trees, trees.radius(number), &mut rng))
            })?;
            let fitted = plain(&fitted, mean.len());
            for samples in [&mut samples, &mut learned] {
                samples.par_iter_mut().for_each(|s| {
                    let face = &faces[s.face];
                    fitted.step(&face.image, face.unit(), &mean.points, &mut s.shape.points);
                });
            }
            stages.push(fitted);
            let step = format!("stage {}, trees {} of {}", stage + 1, number + 1, trees.repeats);
            let training = Some(percent(&errors(samples.iter(), |face| &faces[face].truth)));
            let errors = StageErrors { training, held_out: None };
            let progress = cost.progress(stages.len(), checkpoints);
            report(StageReport { step, ends: None, progress, errors });
        }
    }
    Ok(ShapePredictor { mean: mean.clone(), landmarks: landmarks.to_vec(), stages })
}

/// Converts trees to whole shapes in their leaves, with left and right exchanged.
fn plain(stage: &TreeStage, landmarks: usize) -> PredictorStage {
    let (inner, leaves) = (stage.splits_per_tree(), stage.splits_per_tree() + 1);
    let components = usize::from(stage.basis.components);
    let mut plain = PredictorStage { points: stage.points.clone(), depth: stage.depth, ..PredictorStage::default() };
    for tree in stage.splits.chunks_exact(inner) {
        plain.splits.extend((0..inner).map(|node| {
            let Split { first, second, threshold } = tree[mirrored(node)];
            PredictorSplit { first: first.into(), second: second.into(), threshold: threshold.into() }
        }));
    }
    for tree in stage.leaves.chunks_exact(leaves * components) {
        for leaf in tree.chunks_exact(components).rev() {
            let mut shape = vec![0.0; 2 * landmarks];
            for (&weight, row) in leaf.iter().zip(stage.basis.rows.chunks_exact(2 * landmarks)) {
                shape.iter_mut().zip(row).for_each(|(sum, v)| *sum += f32::from(weight) * v);
            }
            plain.leaves.extend(shape);
        }
    }
    plain
}

/// Node of a complete binary tree that takes this place when left and right are exchanged.
fn mirrored(node: usize) -> usize {
    let first = (node + 1).next_power_of_two();
    let first = if first > node + 1 { first / 2 } else { first } - 1;
    // A level has one node more than all levels before it.
    first + (first - (node - first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_mirrored() {
        assert_eq!((0..15).map(mirrored).collect::<Vec<_>>(), [0, 2, 1, 6, 5, 4, 3, 14, 13, 12, 11, 10, 9, 8, 7]);
    }

    #[test]
    fn a_face_keeps_its_pixels_and_its_place() {
        let photograph = GreyImage::from_fn(90, 80, |x, y| (2 * x + y) as u8);
        let shape = Shape::new(vec![Point::new(30.0, 31.0), Point::new(49.0, 45.0)]);
        let face = PredictorFace::new(&photograph, &Rect::new(20.0, 25.0, 40.0, 30.0), &shape);
        for (truth, p) in face.truth.points.iter().zip(&shape.points) {
            let there = face.unit().to_image(*truth);
            let pixel = face.image.pixel(there.x.round() as u32, there.y.round() as u32);
            assert_eq!(pixel, photograph.pixel(p.x as u32, p.y as u32));
        }
        let corner = PredictorFace::new(&photograph, &Rect::new(-10.0, 0.0, 20.0, 20.0), &shape);
        assert_eq!(corner.image.pixel(2, 15), 0);
    }
}
