//! Fitting a cascade of trees that look at the photograph's own pixels, as dlib's shape predictors do.
//!
//! Boosting is that of all trees (see [`super::boosting`]). What differs is what goes in and what comes out:
//!
//! ```text
//!   photograph, box = unit square ──► grey values, residuals ──► boosting ──► trees whose leaves are coefficients
//!                                     (nothing turns)                              │ times their basis
//!                                                                                  ▼
//!                                                         trees whose leaves are shapes, mirrored: left is above
//! ```

use lineament::decode::{ReadOptions, read_grey};
use lineament::dlib::ShapePredictor;
use lineament::dlib::{PredictorSplit, PredictorStage, UnitSquare, look};
use lineament::geometry::{Point, Rect};
use lineament::raw::GreyImage;
use lineament::raw::tree_stage::{Split, TreeStage};
use lineament::{Shape, scheme};
use rayon::prelude::*;

use super::boosting::{self, Scene};
use super::checkpoint::Checkpoints;
use super::error::FitError;
use super::faces::{UnreadablePicture, mean_shape};
use super::fit::{errors, first_samples, percent};
use super::hyperparams::{StageParams, ValidLandmarkParams};
use super::report::{StageErrors, StageReport};
use super::samples::{Sample, initial_samples};
use super::work::Work;
use crate::chance::rng_of_step;
use crate::dataset::{AnnotatedFace, Dataset, Picture};

/// What a face's picture shows around its box on each side, as a share of the box's side. Feature points further away
/// see black in training.
const MARGIN: f32 = 0.4;

/// A face to learn from.
#[derive(Clone, Debug)]
pub struct PixelFace {
    /// A piece of the photograph; beyond the photograph's edge it is black.
    pub picture: GreyImage<'static>,
    /// The face's box in it.
    pub bounds: Rect,
    /// The true landmarks; the box is the unit square.
    pub truth: Shape,
}

impl PixelFace {
    /// Cuts a face from its photograph, pixel by pixel.
    pub fn new(photograph: &GreyImage, bounds: &Rect, shape: &Shape) -> Self {
        let margin = MARGIN * bounds.width.max(bounds.height);
        let first = [bounds.x - margin, bounds.y - margin].map(|v| v.floor() as i64);
        let size = [bounds.width, bounds.height].map(|side| (side + 2.0 * margin).ceil().clamp(1.0, 1e4) as u32 + 1);
        let mut picture = image::GrayImage::new(size[0], size[1]);
        image::imageops::replace(&mut picture, &image::GrayImage::from(photograph.view()), -first[0], -first[1]);
        let unit = UnitSquare::new(bounds);
        let moved = Rect { x: bounds.x - first[0] as f32, y: bounds.y - first[1] as f32, ..*bounds };
        let picture = GreyImage::from(&picture).into_owned();
        Self { picture, bounds: moved, truth: shape.map(|p| unit.from_image(p)) }
    }

    /// Cuts every face of a data set from its picture, in order; pictures are not kept.
    ///
    /// # Errors
    /// If a picture cannot be read.
    pub fn read_all(dataset: &Dataset) -> Result<Vec<Self>, UnreadablePicture> {
        let read = |picture: &Picture| {
            let photograph = read_grey(&picture.path, &ReadOptions::dataset())
                .map_err(|source| UnreadablePicture { path: picture.path.clone(), source })?;
            let cut = |face: &AnnotatedFace| Self::new(&photograph, &face.bounds, &face.shape);
            Ok(picture.faces.iter().map(cut).collect())
        };
        let faces: Result<Vec<Vec<Self>>, UnreadablePicture> = dataset.pictures.par_iter().map(read).collect();
        Ok(faces?.into_iter().flatten().collect())
    }

    /// What tells the face from others.
    pub fn key(&self) -> (&GreyImage<'static>, &Shape) {
        (&self.picture, &self.truth)
    }

    /// The face with some of its landmarks only.
    pub fn select(self, landmarks: &[u16]) -> Self {
        let indices: Vec<usize> = landmarks.iter().map(|&i| usize::from(i)).collect();
        Self { truth: self.truth.select(&indices), ..self }
    }

    /// The mirror image. The shape must be one of 68 points.
    pub fn mirrored(&self) -> Self {
        let Rect { x, width, .. } = self.bounds;
        Self {
            picture: self.picture.mirrored(),
            bounds: Rect { x: self.picture.width() as f32 - (x + width), ..self.bounds },
            truth: self.truth.select(&scheme::MIRROR).map(|p| Point::new(1.0 - p.x, p.y)),
        }
    }

    fn unit(&self) -> UnitSquare {
        UnitSquare::new(&self.bounds)
    }
}

/// Faces by their own pixels: increments do not turn.
struct PixelScene<'a> {
    faces: &'a [PixelFace],
    mean: &'a Shape,
}

impl Scene for PixelScene<'_> {
    fn mean(&self) -> &Shape {
        self.mean
    }

    fn box_side(&self) -> f32 {
        1.0
    }

    fn look(&self, stage: &TreeStage, sample: &Sample, grey: &mut Vec<u8>) {
        let face = &self.faces[sample.face];
        let seen = look(&stage.points, &face.picture, face.unit(), &self.mean.points, &sample.shape.points);
        grey.extend(seen.into_iter().map(|v| v as u8));
    }

    fn residual(&self, sample: &Sample) -> Vec<f32> {
        let pairs = self.faces[sample.face].truth.points.iter().zip(&sample.shape.points);
        pairs.flat_map(|(&truth, &p)| [truth.x - p.x, truth.y - p.y]).collect()
    }
}

/// Fits a cascade to faces as the parameters say. `report` hears of every finished stage; its errors are those on the
/// faces that were learned from.
///
/// # Errors
/// If there is no face, or a checkpoint cannot be written.
pub fn fit_pixels(
    faces: &[PixelFace],
    landmarks: &[u16],
    params: &ValidLandmarkParams,
    seed: u64,
    checkpoints: &Checkpoints,
    report: &mut dyn FnMut(StageReport),
) -> Result<ShapePredictor, FitError> {
    if faces.is_empty() {
        return Err(FitError::TooFewPhotographs { found: 0, needed: 1 });
    }
    let truths: Vec<&Shape> = faces.iter().map(|face| &face.truth).collect();
    let mean = mean_shape(&truths);
    let scene = PixelScene { faces, mean: &mean };
    let most = params.stages.iter().map(StageParams::oversampling).max().unwrap_or(1);
    let mut samples = initial_samples(&truths, &mean, 1.0, &params.start, most, &mut rng_of_step(seed, "starts"));
    let work = Work::of_pixel_cascade(params, faces.len());
    let mut stages = Vec::new();
    for (stage, trees) in params.stages.iter().enumerate() {
        // The parameters were checked: photographs are looked at by trees alone.
        let StageParams::Trees(trees) = trees else { continue };
        let mut learned = first_samples(&samples, trees.oversampling);
        for number in 0..trees.stages {
            let name = format!("{}-pixels-{number}", stage + 1);
            let mut rng = rng_of_step(seed, &name);
            let fitted: TreeStage = checkpoints.step(&name, || {
                Ok::<_, FitError>(boosting::fit_stage(&scene, &learned, trees, trees.radius(number), &mut rng))
            })?;
            let fitted = plain(&fitted, mean.len());
            for samples in [&mut samples, &mut learned] {
                samples.par_iter_mut().for_each(|s| {
                    let face = &faces[s.face];
                    fitted.step(&face.picture, face.unit(), &mean.points, &mut s.shape.points);
                });
            }
            stages.push(fitted);
            let step = format!("stage {}, trees {} of {}", stage + 1, number + 1, trees.stages);
            let training = Some(percent(&errors(samples.iter(), |face| &faces[face].truth)));
            let errors = StageErrors { training, held_out: None };
            let progress = work.progress(stages.len(), checkpoints);
            report(StageReport { step, ends: None, progress, errors });
        }
    }
    Ok(ShapePredictor { mean: mean.clone(), landmarks: landmarks.to_vec(), stages })
}

/// The same trees with whole shapes in their leaves, and left where the others go right.
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

/// The node of a complete binary tree that stands in this one's place when left and right are exchanged.
fn mirrored(node: usize) -> usize {
    let first = (node + 1).next_power_of_two();
    let first = if first > node + 1 { first / 2 } else { first } - 1;
    // A level has as many nodes as stand before it, and one.
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
        let face = PixelFace::new(&photograph, &Rect::new(20.0, 25.0, 40.0, 30.0), &shape);
        for (truth, p) in face.truth.points.iter().zip(&shape.points) {
            let there = face.unit().to_image(*truth);
            let pixel = face.picture.pixel(there.x.round() as u32, there.y.round() as u32);
            assert_eq!(pixel, photograph.pixel(p.x as u32, p.y as u32));
        }
        let corner = PixelFace::new(&photograph, &Rect::new(-10.0, 0.0, 20.0, 20.0), &shape);
        assert_eq!(corner.picture.pixel(2, 15), 0);
    }
}
