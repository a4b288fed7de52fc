//! Runs landmark models on a data set.

use lineament::DetectorModel;
use lineament::Image;
use lineament::geometry::Rect;
use lineament::raw::DetectOptions;
use lineament::raw::GreyImage;
use lineament::raw::decode;
use lineament::raw::decode::ReadOptions;
use lineament::raw::{Fit, FitOptions};
use lineament::{LandmarkModel, Shape};
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

/// Landmark models and their boxes.
#[derive(Clone, Copy, Debug)]
pub struct Predictor<'a> {
    /// Source of the boxes.
    pub boxes: BoxSource<'a>,
    /// Models.
    pub models: &'a [LandmarkModel],
    /// Options of the models.
    pub options: FitOptions,
}

impl Predictor<'_> {
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
        let mut fits = vec![Vec::new(); self.models.len()];
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
        let boxes: Vec<Option<Rect>> = match self.boxes {
            BoxSource::Dataset => image.faces.iter().map(|face| Some(face.bounds)).collect(),
            BoxSource::GroundTruth => image.faces.iter().map(|face| Some(box_from_shape(&face.shape))).collect(),
            BoxSource::Detector(detector, options) => {
                let found = detector.parts().detect(&Image::from(grey.view()), &options);
                let best = |shape: &Shape| {
                    let hits = found.iter().filter(|detection| finds(&detection.bounds, shape));
                    hits.max_by(|a, b| a.score.total_cmp(&b.score)).map(|detection| detection.bounds)
                };
                image.faces.iter().map(|face| best(&face.shape)).collect()
            }
        };
        let fit = |model: &LandmarkModel, bounds: &Option<Rect>| {
            bounds.map(|bounds| model.parts().fit(&Image::from(grey.view()), &bounds, &self.options))
        };
        boxes.iter().map(|bounds| self.models.iter().map(|model| fit(model, bounds)).collect()).collect()
    }
}

/// Adds the light on the faces of an image.
fn lit(image: &AnnotatedImage, grey: &GreyImage) -> AnnotatedImage {
    let mut image = image.clone();
    image.faces.iter_mut().for_each(|face| face.light = Light::of(grey, &face.shape));
    image
}
