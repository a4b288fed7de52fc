//! Training faces: crops with their true shapes, and their mirror images.

use std::path::PathBuf;

use lineament::geometry::{Point, Rect};
use lineament::raw::crop::{Crop, CropSpec};
use lineament::raw::decode::{ReadError, ReadOptions, read_grey};
use lineament::raw::{GreyImage, RectExt, ShapeExt};
use lineament::{Shape, scheme};
use rand::{Rng, RngExt};
use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::rng::stream;

/// An image of a data set that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct UnreadableImage {
    /// The image's file.
    pub path: PathBuf,
    /// The reason.
    pub source: ReadError,
}

/// A training face.
#[derive(Clone, Debug)]
pub struct TrainingFace {
    /// The face's crop.
    pub crop: Crop<'static>,
    /// The true landmarks, in crop pixels.
    pub truth: Shape,
    /// Number of the photograph, whose faces stay on one side of every split.
    pub photograph: usize,
}

impl TrainingFace {
    /// Cuts a face from its photograph.
    pub fn new(image: &GreyImage, bounds: &Rect, shape: &Shape, photograph: usize, spec: &CropSpec) -> Self {
        let crop = Crop::new(image, bounds, spec);
        let truth = shape.map(|p| crop.to_crop(p));
        Self { crop: crop.cut(), truth, photograph }
    }

    /// Cuts out every face of a data set, in order. The images themselves are not kept.
    ///
    /// # Errors
    /// If an image cannot be read.
    pub fn read_all(dataset: &Dataset, spec: &CropSpec) -> Result<Vec<Self>, UnreadableImage> {
        Self::cut_all(dataset, spec, |_| |bounds| *bounds)
    }

    /// Like [`TrainingFace::read_all`], but with random boxes that miss the faces.
    ///
    /// # Errors
    /// If an image cannot be read.
    pub fn read_strays(dataset: &Dataset, spec: &CropSpec, seed: u64) -> Result<Vec<Self>, UnreadableImage> {
        Self::cut_all(dataset, spec, |image| {
            let mut rng = stream(seed, image as u64);
            move |bounds| stray_box(bounds, &mut rng)
        })
    }

    /// Cuts out every face's box after moving it. `boxes_of` returns, for an image, the function
    /// that moves boxes.
    fn cut_all<M: FnMut(&Rect) -> Rect>(
        dataset: &Dataset,
        spec: &CropSpec,
        boxes_of: impl Fn(usize) -> M + Sync,
    ) -> Result<Vec<Self>, UnreadableImage> {
        let read = |(number, image): (usize, &crate::dataset::AnnotatedImage)| {
            let grey = read_grey(&image.path, &ReadOptions::dataset())
                .map_err(|source| UnreadableImage { path: image.path.clone(), source })?;
            let mut moved = boxes_of(number);
            let faces = image.faces.iter();
            Ok(faces.map(|face| Self::new(&grey, &moved(&face.bounds), &face.shape, image.photograph, spec)).collect())
        };
        let faces: Result<Vec<Vec<Self>>, UnreadableImage> = dataset.images.par_iter().enumerate().map(read).collect();
        Ok(faces?.into_iter().flatten().collect())
    }

    /// Data that identify the face in a fingerprint.
    pub fn key(&self) -> (&GreyImage<'static>, &Shape) {
        (self.crop.coarse(), &self.truth)
    }

    /// Keeps only some of the landmarks.
    pub fn select(self, landmarks: &[u16]) -> Self {
        let indices: Vec<usize> = landmarks.iter().map(|&i| usize::from(i)).collect();
        Self { truth: self.truth.select(&indices), ..self }
    }

    /// Mirrors the face. The shape must have 68 points.
    pub fn mirrored(&self) -> Self {
        let last = (self.crop.level(0).side - 1) as f32;
        Self {
            crop: self.crop.mirrored(),
            truth: self.truth.select(&scheme::MIRROR).map(|p| Point::new(last - p.x, p.y)),
            photograph: self.photograph,
        }
    }
}

/// A box that misses a face, sometimes narrowly: 0.25 to 1.5 sides away, and 0.5 to 2 times as
/// large.
fn stray_box(bounds: &Rect, rng: &mut impl Rng) -> Rect {
    let (distance, angle) = (rng.random_range(0.25..1.5), std::f32::consts::TAU * rng.random::<f32>());
    let side = (bounds.width + bounds.height) / 2.0;
    let away = Point::new(angle.cos(), angle.sin()) * (distance * side);
    Rect::square(bounds.centre() + away, side * rng.random_range(-1.0f32..1.0).exp2())
}

/// Returns the unit of errors: the inter-ocular distance, or the diagonal of the bounds if the
/// shape does not have 68 points.
pub fn error_unit(truth: &Shape) -> f32 {
    let unit = if truth.len() == scheme::POINTS {
        scheme::inter_ocular(truth)
    } else {
        let bounds = truth.bounds();
        bounds.width.hypot(bounds.height)
    };
    unit.max(f32::MIN_POSITIVE)
}

/// Returns the mean of shapes.
pub fn mean_shape(truths: &[&Shape]) -> Shape {
    let mut mean = Shape::new(vec![Point::default(); truths.first().map_or(0, |truth| truth.len())]);
    for truth in truths {
        for (sum, &p) in mean.points.iter_mut().zip(&truth.points) {
            *sum = *sum + p * (1.0 / truths.len() as f32);
        }
    }
    mean
}
