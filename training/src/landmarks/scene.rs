//! The data that trees are fitted to: grey values at feature points, and residuals.

use lineament::raw::tree_stage::TreeStage;
use lineament::{Shape, Similarity};

use super::faces::TrainingFace;
use super::samples::{Sample, residual};

/// Grey values and residuals of samples.
pub trait Scene: Sync {
    /// Mean shape, where the cascade starts.
    fn mean(&self) -> &Shape;

    /// Side of the face box in the frame of the shapes.
    fn box_side(&self) -> f32;

    /// Appends the grey values of a sample at the feature points of a stage.
    fn look(&self, stage: &TreeStage, sample: &Sample, grey: &mut Vec<u8>);

    /// Returns the increment that a sample still needs: `x, y` of each landmark in turn.
    fn residual(&self, sample: &Sample) -> Vec<f32>;
}

/// Faces in crops; increments rotate with the shape.
#[derive(Clone, Copy, Debug)]
pub struct CropScene<'a> {
    /// The faces.
    pub faces: &'a [TrainingFace],
    /// Mean shape, in crop pixels.
    pub mean: &'a Shape,
    /// Side of the face box, in crop pixels.
    pub box_side: f32,
}

impl Scene for CropScene<'_> {
    fn mean(&self) -> &Shape {
        self.mean
    }

    fn box_side(&self) -> f32 {
        self.box_side
    }

    fn look(&self, stage: &TreeStage, sample: &Sample, grey: &mut Vec<u8>) {
        let frame = Similarity::between(&self.mean.points, &sample.shape.points);
        let seen = stage.look(&self.faces[sample.face].crop, &sample.shape.points, &frame);
        grey.extend_from_slice(&seen[..stage.points.len()]);
    }

    fn residual(&self, sample: &Sample) -> Vec<f32> {
        residual(&self.faces[sample.face].truth, &sample.shape, self.mean)
    }
}
