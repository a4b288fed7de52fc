//! Runs landmark models on a data set.

use lineament::geometry::Rect;
use lineament::raw::DetectOptions;
use lineament::raw::GreyImage;
use lineament::raw::decode;
use lineament::raw::decode::ReadOptions;
use lineament::raw::{Fit, FitOptions};
use lineament::{DetectorModel, Image, LandmarkModel, Options, Pipeline, Shape};
use rayon::prelude::*;

use super::matching::finds;
use crate::dataset::boxes::box_from_shape;
use crate::dataset::light::Light;
use crate::dataset::{AnnotatedImage, Dataset, Fault};
use crate::progress::Progress;

/// Source of the face boxes.
#[derive(Clone, Copy, Debug)]
pub enum BoxSource<'a> {
    /// Boxes of the data set, or around the annotated landmarks if it has none.
    Dataset,
    /// Boxes around the annotated landmarks ([`box_from_shape`]).
    GroundTruth,
    /// For each face, the matching detection with the best score. A face without one is missed.
    Detector(&'a DetectorModel, DetectOptions),
}

/// The systems whose landmarks are measured.
#[derive(Clone, Copy, Debug)]
pub enum Predictor<'a> {
    /// Landmark models in the same boxes.
    Models {
        /// Source of the boxes.
        boxes: BoxSource<'a>,
        /// Models.
        models: &'a [LandmarkModel],
        /// Options of the models.
        options: FitOptions,
    },
    /// A detector and a landmark model that work together, as in `lineament detect`. For each face,
    /// the matching one with the best score among those that the pipeline finds.
    Pipeline(&'a Pipeline, Options),
}

impl Predictor<'_> {
    /// Number of models.
    fn count(&self) -> usize {
        match self {
            Self::Models { models, .. } => models.len(),
            Self::Pipeline(..) => 1,
        }
    }

    /// Fits every model to every face, in parallel. The result does not depend on the number of
    /// threads.
    ///
    /// Returns the data set without unreadable images, and with the light on its faces; for each
    /// model its fits in the order of [`Dataset::faces`], none for a missed face; and the faults of
    /// the unreadable images.
    pub fn run(&self, dataset: &Dataset) -> (Dataset, Vec<Vec<Option<Fit>>>, Vec<Fault>) {
        let progress = Progress::new("evaluating", dataset.images.len());
        let done = dataset.images.par_iter().map(|image| {
            let fits = decode::read_grey(&image.path, &ReadOptions::dataset())
                .map(|grey| (lit(image, &grey), self.faces(&grey, image)))
                .map_err(|error| Fault::unreadable_image(&image.path, &error));
            progress.advance(1);
            fits
        });
        let done: Vec<_> = done.collect();
        let (mut read, mut faults) = (Dataset::default(), Vec::new());
        let mut fits = vec![Vec::new(); self.count()];
        for done in done {
            match done {
                Ok((lit, faces)) => {
                    read.images.push(lit);
                    for face in faces {
                        fits.iter_mut().zip(face).for_each(|(fits, fit)| fits.push(fit));
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
        (read, fits, faults)
    }

    /// Fits of each model, for each face of an image.
    fn faces(&self, grey: &GreyImage, image: &AnnotatedImage) -> Vec<Vec<Option<Fit>>> {
        match self {
            Self::Models { boxes, models, options } => in_boxes(grey, image, *boxes, models, options),
            Self::Pipeline(pipeline, options) => found_by(pipeline, options, grey, image),
        }
    }
}

/// Fits of each model in the boxes of an image, for each of its faces.
fn in_boxes(
    grey: &GreyImage,
    image: &AnnotatedImage,
    boxes: BoxSource,
    models: &[LandmarkModel],
    options: &FitOptions,
) -> Vec<Vec<Option<Fit>>> {
    let boxes: Vec<Option<Rect>> = match boxes {
        BoxSource::Dataset => image.faces.iter().map(|face| Some(face.bounds)).collect(),
        BoxSource::GroundTruth => image.faces.iter().map(|face| Some(box_from_shape(&face.shape))).collect(),
        BoxSource::Detector(detector, options) => {
            let found = detector.parts().detect(&Image::from(grey.view()), &options);
            let found: Vec<(Rect, f32)> = found.iter().map(|found| (found.bounds, found.score)).collect();
            image.faces.iter().map(|face| best(&found, &face.shape).map(|place| found[place].0)).collect()
        }
    };
    let fit = |model: &LandmarkModel, bounds: &Option<Rect>| {
        bounds.map(|bounds| model.parts().fit(&Image::from(grey.view()), &bounds, options))
    };
    boxes.iter().map(|bounds| models.iter().map(|model| fit(model, bounds)).collect()).collect()
}

/// The fit of a pipeline, for each face of an image.
fn found_by(pipeline: &Pipeline, options: &Options, grey: &GreyImage, image: &AnnotatedImage) -> Vec<Vec<Option<Fit>>> {
    // Models whose numbers are not finite find nothing.
    let faces = pipeline.find_with(&Image::from(grey.view()), options).unwrap_or_default();
    let found: Vec<(Rect, f32)> = faces.iter().map(|face| (face.bounds, face.score)).collect();
    let fit = |place: usize| Fit { shape: faces[place].shape.clone(), confidence: faces[place].confidence.clone() };
    image.faces.iter().map(|face| vec![best(&found, &face.shape).map(fit)]).collect()
}

/// Index of the box with the best score that matches a face.
fn best(found: &[(Rect, f32)], shape: &Shape) -> Option<usize> {
    let hits = (0..found.len()).filter(|&i| finds(&found[i].0, shape));
    hits.max_by(|&a, &b| found[a].1.total_cmp(&found[b].1))
}

/// Adds the light on the faces of an image.
fn lit(image: &AnnotatedImage, grey: &GreyImage) -> AnnotatedImage {
    let mut image = image.clone();
    image.faces.iter_mut().for_each(|face| face.light = Light::of(grey, &face.shape));
    image
}
