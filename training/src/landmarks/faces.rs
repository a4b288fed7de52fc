//! Training faces: crops with their true shapes, and their mirror images.

use std::path::PathBuf;

use image::GrayImage;
use lineament::geometry::{Point, Rect};
use lineament::image::{ReadError, ReadOptions, read_grey};
use lineament::landmarks::crop::{Crop, CropSpec};
use lineament::landmarks::{Shape, scheme};
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
    pub crop: GrayImage,
    /// The true landmarks, in crop pixels.
    pub truth: Shape,
    /// Equal for all faces of a photograph: they stay on one side of every split.
    pub photograph: usize,
}

impl TrainingFace {
    /// Cuts a face from its photograph.
    pub fn new(image: &GrayImage, bounds: &Rect, shape: &Shape, photograph: usize, spec: &CropSpec) -> Self {
        let crop = Crop::new(image, bounds, spec);
        let truth = shape.map(|p| crop.to_crop(p));
        Self { crop: crop.pixels, truth, photograph }
    }

    /// Cuts every face of a data set from its picture, in order; pictures are not kept.
    ///
    /// # Errors
    /// If a picture cannot be read.
    pub fn read_all(dataset: &Dataset, spec: &CropSpec) -> Result<Vec<Self>, UnreadablePicture> {
        let read = |picture: &crate::dataset::Picture| {
            let image = read_grey(&picture.path, &ReadOptions::dataset())
                .map_err(|source| UnreadablePicture { path: picture.path.clone(), source })?;
            let cut = |face: &crate::dataset::AnnotatedFace| {
                Self::new(&image, &face.bounds, &face.shape, picture.photograph, spec)
            };
            Ok(picture.faces.iter().map(cut).collect())
        };
        let faces: Result<Vec<Vec<Self>>, UnreadablePicture> = dataset.pictures.par_iter().map(read).collect();
        Ok(faces?.into_iter().flatten().collect())
    }

    /// The face with some of its landmarks only.
    pub fn select(self, landmarks: &[u16]) -> Self {
        let indices: Vec<usize> = landmarks.iter().map(|&i| usize::from(i)).collect();
        Self { truth: self.truth.select(&indices), ..self }
    }

    /// The mirror image. The shape must be one of 68 points.
    pub fn mirrored(&self) -> Self {
        let last = (self.crop.width() - 1) as f32;
        Self {
            crop: image::imageops::flip_horizontal(&self.crop),
            truth: self.truth.select(&scheme::MIRROR).map(|p| Point::new(last - p.x, p.y)),
            photograph: self.photograph,
        }
    }
}

/// The mean of the faces' shapes, in crop pixels.
pub fn mean_shape(faces: &[TrainingFace]) -> Shape {
    let mut mean = Shape::new(vec![Point::default(); faces.first().map_or(0, |face| face.truth.len())]);
    for face in faces {
        for (sum, &p) in mean.points.iter_mut().zip(&face.truth.points) {
            *sum = *sum + p * (1.0 / faces.len() as f32);
        }
    }
    mean
}
