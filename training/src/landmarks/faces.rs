//! Training faces: crops with their true shapes, and their mirror images.

use image::GrayImage;
use lineament::geometry::{Point, Rect};
use lineament::landmarks::crop::{Crop, CropSpec};
use lineament::landmarks::{Shape, scheme};

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
