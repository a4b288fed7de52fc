//! Running landmark models over a data set.

use lineament::DetectorModel;
use lineament::Image;
use lineament::decode;
use lineament::decode::ReadOptions;
use lineament::geometry::Rect;
use lineament::raw::DetectOptions;
use lineament::raw::GreyImage;
use lineament::raw::{Fit, FitOptions};
use lineament::{LandmarkModel, Shape};
use rayon::prelude::*;

use super::matching::finds;
use crate::dataset::boxes::box_from_shape;
use crate::dataset::{Dataset, Fault, Picture};
use crate::inspect::light::Light;
use crate::progress::Progress;

/// Where a face's box comes from.
#[derive(Clone, Copy, Debug)]
pub enum BoxSource<'a> {
    /// From the data set, or from the landmarks where it gives none.
    Dataset,
    /// From the annotated landmarks ([`box_from_shape`]).
    GroundTruth,
    /// From a detector: its best-scored detection that finds the face. A face that it does not find is missed.
    Detector(&'a DetectorModel, DetectOptions),
}

/// Landmark models and the boxes that they start from.
#[derive(Clone, Copy, Debug)]
pub struct Predictor<'a> {
    /// The boxes.
    pub boxes: BoxSource<'a>,
    /// The models.
    pub models: &'a [LandmarkModel],
    /// How much of them to run.
    pub options: FitOptions,
}

impl Predictor<'_> {
    /// Fits every model to every face. Works in parallel; the result does not depend on the number of threads.
    ///
    /// Gives the data set without the pictures that cannot be read, with the light on its faces, for each model the fits of its faces in the order of
    /// [`Dataset::faces`] (none for a missed face), and what was wrong with the pictures left out.
    pub fn run(&self, dataset: &Dataset) -> (Dataset, Vec<Vec<Option<Fit>>>, Vec<Fault>) {
        let progress = Progress::new("evaluating", dataset.pictures.len());
        let done = dataset.pictures.par_iter().map(|picture| {
            let fits = decode::read_grey(&picture.path, &ReadOptions::dataset())
                .map(|image| (lit(picture, &image), self.faces(&image, picture)))
                .map_err(|error| Fault::new(&picture.path, error));
            progress.advance(1);
            fits
        });
        let done: Vec<_> = done.collect();
        let (mut read, mut faults) = (Dataset::default(), Vec::new());
        let mut fits = vec![Vec::new(); self.models.len()];
        for done in done {
            match done {
                Ok((lit, faces)) => {
                    read.pictures.push(lit);
                    for face in faces {
                        fits.iter_mut().zip(face).for_each(|(fits, fit)| fits.push(fit));
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
        (read, fits, faults)
    }

    /// For each face of a picture, each model's fit.
    fn faces(&self, image: &GreyImage, picture: &Picture) -> Vec<Vec<Option<Fit>>> {
        let image = &Image::from(image.view());
        let boxes: Vec<Option<Rect>> = match self.boxes {
            BoxSource::Dataset => picture.faces.iter().map(|face| Some(face.bounds)).collect(),
            BoxSource::GroundTruth => picture.faces.iter().map(|face| Some(box_from_shape(&face.shape))).collect(),
            BoxSource::Detector(detector, options) => {
                let found = detector.detect(image, &options);
                let best = |shape: &Shape| {
                    let hits = found.iter().filter(|detection| finds(&detection.bounds, shape));
                    hits.max_by(|a, b| a.score.total_cmp(&b.score)).map(|detection| detection.bounds)
                };
                picture.faces.iter().map(|face| best(&face.shape)).collect()
            }
        };
        let fit = |model: &LandmarkModel, bounds: &Option<Rect>| {
            bounds.map(|bounds| model.fit(image, &bounds, &self.options))
        };
        boxes.iter().map(|bounds| self.models.iter().map(|model| fit(model, bounds)).collect()).collect()
    }
}

/// A picture with the light on its faces.
fn lit(picture: &Picture, image: &GreyImage) -> Picture {
    let mut picture = picture.clone();
    picture.faces.iter_mut().for_each(|face| face.light = Light::of(image, &face.shape));
    picture
}
