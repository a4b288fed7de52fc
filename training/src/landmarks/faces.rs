//! Training faces: crops with their true shapes, and their mirror images.

use std::path::PathBuf;

use lineament::decode::{ReadError, ReadOptions, read_grey};
use lineament::geometry::{Point, Rect};
use lineament::raw::GreyImage;
use lineament::raw::crop::{Crop, CropSpec};
use lineament::{Shape, scheme};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::dataset::Dataset;

/// A picture of a data set that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct UnreadablePicture {
    /// The picture's file.
    pub path: PathBuf,
    /// Why.
    pub source: ReadError,
}

/// A face to learn from.
#[derive(Clone, Debug)]
pub struct TrainingFace {
    /// The face's crop.
    pub crop: Crop<'static>,
    /// The true landmarks, in crop pixels.
    pub truth: Shape,
    /// Equal for all faces of a photograph: they stay on one side of every split.
    pub photograph: usize,
}

impl TrainingFace {
    /// Cuts a face from its photograph.
    pub fn new(image: &GreyImage, bounds: &Rect, shape: &Shape, photograph: usize, spec: &CropSpec) -> Self {
        let crop = Crop::new(image, bounds, spec);
        let truth = shape.map(|p| crop.to_crop(p));
        Self { crop: crop.cut(), truth, photograph }
    }

    /// Cuts every face of a data set from its picture, in order; pictures are not kept.
    ///
    /// # Errors
    /// If a picture cannot be read.
    pub fn read_all(dataset: &Dataset, spec: &CropSpec) -> Result<Vec<Self>, UnreadablePicture> {
        Self::cut_all(dataset, spec, |_| |bounds| *bounds)
    }

    /// As [`TrainingFace::read_all`], but each box misses its face, by chance.
    ///
    /// # Errors
    /// If a picture cannot be read.
    pub fn read_strays(dataset: &Dataset, spec: &CropSpec, seed: u64) -> Result<Vec<Self>, UnreadablePicture> {
        Self::cut_all(dataset, spec, |picture| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(picture as u64);
            move |bounds| stray_box(bounds, &mut rng)
        })
    }

    /// Cuts what is in each face's box after it was moved; `boxes_of` makes for a picture what moves its boxes.
    fn cut_all<M: FnMut(&Rect) -> Rect>(
        dataset: &Dataset,
        spec: &CropSpec,
        boxes_of: impl Fn(usize) -> M + Sync,
    ) -> Result<Vec<Self>, UnreadablePicture> {
        let read = |(number, picture): (usize, &crate::dataset::Picture)| {
            let image = read_grey(&picture.path, &ReadOptions::dataset())
                .map_err(|source| UnreadablePicture { path: picture.path.clone(), source })?;
            let mut moved = boxes_of(number);
            let faces = picture.faces.iter();
            Ok(faces
                .map(|face| Self::new(&image, &moved(&face.bounds), &face.shape, picture.photograph, spec))
                .collect())
        };
        let faces: Result<Vec<Vec<Self>>, UnreadablePicture> =
            dataset.pictures.par_iter().enumerate().map(read).collect();
        Ok(faces?.into_iter().flatten().collect())
    }

    /// What tells the face from others.
    pub fn key(&self) -> (&GreyImage<'static>, &Shape) {
        (self.crop.coarse(), &self.truth)
    }

    /// The face with some of its landmarks only.
    pub fn select(self, landmarks: &[u16]) -> Self {
        let indices: Vec<usize> = landmarks.iter().map(|&i| usize::from(i)).collect();
        Self { truth: self.truth.select(&indices), ..self }
    }

    /// The mirror image. The shape must be one of 68 points.
    pub fn mirrored(&self) -> Self {
        let last = (self.crop.level(0).side - 1) as f32;
        Self {
            crop: self.crop.mirrored(),
            truth: self.truth.select(&scheme::MIRROR).map(|p| Point::new(last - p.x, p.y)),
            photograph: self.photograph,
        }
    }
}

/// A box that misses a face, sometimes just so: a quarter to one and a half of its side away, and half to twice as large.
fn stray_box(bounds: &Rect, rng: &mut impl Rng) -> Rect {
    let (distance, angle) = (rng.random_range(0.25..1.5), std::f32::consts::TAU * rng.random::<f32>());
    let side = (bounds.width + bounds.height) / 2.0;
    let away = Point::new(angle.cos(), angle.sin()) * (distance * side);
    Rect::square(bounds.centre() + away, side * rng.random_range(-1.0f32..1.0).exp2())
}

/// What errors are shares of: the inter-ocular distance, or the diagonal of the shape's bounds where the shape is not one of
/// 68 points.
pub fn error_unit(truth: &Shape) -> f32 {
    let unit = if truth.len() == scheme::POINTS {
        scheme::inter_ocular(truth)
    } else {
        let bounds = truth.bounds();
        bounds.width.hypot(bounds.height)
    };
    unit.max(f32::MIN_POSITIVE)
}

/// The mean of the faces' shapes.
pub fn mean_shape(truths: &[&Shape]) -> Shape {
    let mut mean = Shape::new(vec![Point::default(); truths.first().map_or(0, |truth| truth.len())]);
    for truth in truths {
        for (sum, &p) in mean.points.iter_mut().zip(&truth.points) {
            *sum = *sum + p * (1.0 / truths.len() as f32);
        }
    }
    mean
}
