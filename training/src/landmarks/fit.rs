//! Fitting the whole cascade, stage after stage.
//!
//! Every stage learns from where the stages before it bring faces that they have not seen. So the faces are divided into
//! parts, and each part is moved by what was fitted without it:
//!
//! ```text
//!             linear stage                        trees                            linear stage
//!   part 1 ──► moved by a regressor of the ──► moved by trees of the ──► moved by a regressor of the ──► …
//!   part 2       other parts                     other folds                other parts
//!   …            (see `linear`, `ridge`)         (a fold is several parts)
//!   all faces ──► the model's own step        ──► the model's own trees  ──► the model's own step
//! ```
//!
//! The held-out errors that are reported are those of the parts so moved, and from them the confidence is learned (see
//! `confidence`). The training errors beside them are those of the model itself on the same faces.

use std::hash::{DefaultHasher, Hash, Hasher};

use lineament::geometry::Point;
use lineament::{Shape, Similarity};
use lineament::raw::GreyImage;
use lineament::raw::linear_stage::LinearStage;
use lineament::raw::tree_stage::TreeStage;
use lineament::raw::{Cascade, Stage};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::boosting::{self, CropScene};
use super::checkpoint::Checkpoints;
use super::error::FitError;
use super::faces::{TrainingFace, error_unit, mean_shape};
use super::hyperparams::{LinearParams, StageParams, TreeParams, ValidLandmarkParams};
use super::linear::{self, LinearFit, Traveller, View};
use super::report::{StageErrors, StageReport};
use super::samples::{Sample, initial_samples};
use super::work::Work;
use crate::chance::rng_of_step;

/// A cascade and how it does on faces that it has not seen.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The cascade, fitted to all faces.
    pub cascade: Cascade,
    /// For each part its faces where stages that have not seen them brought them; the first sample of each face started
    /// from the mean shape.
    pub held_out: Vec<Vec<Sample>>,
}

/// Fits a cascade to faces with crops as the parameters say; its confidence is left to
/// [`fit_confidence`](super::fit_confidence). `report` hears of every finished step.
///
/// # Errors
/// If there are too few faces, the numbers are degenerate, or a checkpoint cannot be written.
pub fn fit(
    faces: &[TrainingFace],
    landmarks: &[u16],
    params: &ValidLandmarkParams,
    seed: u64,
    checkpoints: &Checkpoints,
    report: &mut dyn FnMut(StageReport),
) -> Result<Fitted, FitError> {
    let part_of = parts_of(faces, params.parts, seed)?;
    let mean = mean_shape(&truths(faces));
    let own = vec![mean.clone(); faces.len()];
    let work = Work::of_cascade(params, faces.len(), mean.len());
    let mut run = Run { faces, params, mean, own, seed, checkpoints, report, work, done: 0 };
    let mut parts = run.start(&part_of);
    let start = StageErrors { training: None, held_out: Some(run.error(parts.iter().flatten())) };
    run.tell("mean shape".into(), None, start, 0);
    let mut stages = Vec::new();
    for (number, stage) in params.stages.iter().enumerate() {
        // Later stages that need fewer samples of a face do with the first.
        let needed = params.stages[number..].iter().map(StageParams::oversampling).max().unwrap_or(1);
        parts.iter_mut().for_each(|part| *part = first_samples(part, needed));
        match stage {
            StageParams::Trees(trees) => {
                stages.extend(run.fit_trees(number, trees, &mut parts)?.into_iter().map(Stage::Trees));
            }
            StageParams::Linear(linear) => {
                stages.push(Stage::Linear(run.fit_linear(number, linear, &mut parts)?));
            }
        }
    }
    let crop = params.crop.spec();
    let cascade = Cascade { crop, mean: run.mean, landmarks: landmarks.to_vec(), stages, confidence: None };
    Ok(Fitted { cascade, held_out: parts })
}

/// Moves a shape (crop pixels) by a tree stage.
fn step(stage: &TreeStage, crop: &lineament::raw::crop::Crop, mean: &[Point], shape: &mut [Point]) {
    stage.step(crop, shape, &Similarity::between(mean, shape), &mut ());
}

/// The true shapes of the faces.
fn truths(faces: &[TrainingFace]) -> Vec<&Shape> {
    faces.iter().map(|face| &face.truth).collect()
}

/// A number that names a run: data (pictures of the faces and their true shapes), parameters, seed and the program's version.
pub fn fingerprint<'a>(
    faces: impl Iterator<Item = (&'a GreyImage<'static>, &'a Shape)>,
    params: &ValidLandmarkParams,
    seed: u64,
) -> u64 {
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), seed, format!("{params:?}")).hash(&mut hasher);
    for (picture, truth) in faces {
        picture.as_raw().hash(&mut hasher);
        truth.points.iter().for_each(|p| (p.x.to_bits(), p.y.to_bits()).hash(&mut hasher));
    }
    hasher.finish()
}

/// The part of each face, drawn at random; a photograph's faces stay together.
///
/// # Errors
/// If there are fewer than two photographs a part.
pub fn parts_of(faces: &[TrainingFace], parts: usize, seed: u64) -> Result<Vec<usize>, FitError> {
    let mut photographs: Vec<usize> = faces.iter().map(|face| face.photograph).collect();
    photographs.sort_unstable();
    photographs.dedup();
    if photographs.len() < 2 * parts {
        return Err(FitError::TooFewPhotographs { found: photographs.len(), needed: 2 * parts });
    }
    let sorted = photographs.clone();
    photographs.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let place = |photograph: &usize| sorted.binary_search(photograph).unwrap_or(0);
    let mut part_of = vec![0; photographs.len()];
    for (i, photograph) in photographs.iter().enumerate() {
        part_of[place(photograph)] = i % parts;
    }
    Ok(faces.iter().map(|face| part_of[place(&face.photograph)]).collect())
}

/// The first `count` samples of each face; a face's samples stand together.
pub(super) fn first_samples(samples: &[Sample], count: usize) -> Vec<Sample> {
    samples.chunk_by(|a, b| a.face == b.face).flat_map(|own| &own[..count.min(own.len())]).cloned().collect()
}

/// What all steps of a fit share.
struct Run<'a> {
    faces: &'a [TrainingFace],
    params: &'a ValidLandmarkParams,
    mean: Shape,
    /// Where the model itself has brought each face so far.
    own: Vec<Shape>,
    seed: u64,
    checkpoints: &'a Checkpoints,
    report: &'a mut dyn FnMut(StageReport),
    work: Work,
    done: usize,
}

impl Run<'_> {
    fn rng(&self, step: &str) -> ChaCha8Rng {
        rng_of_step(self.seed, step)
    }

    fn box_side(&self) -> f32 {
        self.params.crop.face.into()
    }

    /// The samples of each part, where the cascade starts.
    fn start(&self, part_of: &[usize]) -> Vec<Vec<Sample>> {
        let most = self.params.stages.iter().map(StageParams::oversampling).max().unwrap_or(1);
        let mut parts = vec![Vec::new(); self.params.parts];
        let rng = &mut self.rng("starts");
        for sample in initial_samples(&truths(self.faces), &self.mean, self.box_side(), &self.params.start, most, rng) {
            parts[part_of[sample.face]].push(sample);
        }
        parts
    }

    /// Several stages of trees, fitted to all samples; moves the samples of each fold by trees fitted to the other folds.
    fn fit_trees(
        &mut self,
        stage: usize,
        params: &TreeParams,
        parts: &mut [Vec<Sample>],
    ) -> Result<Vec<TreeStage>, FitError> {
        let folds = self.params.folds;
        let mut moved: Vec<Vec<Sample>> = parts.to_vec();
        // The held-out faces' errors after each of the tree stages, summed up over the folds.
        let mut held_out = vec![0.0; params.stages];
        for fold in 0..folds {
            let others = parts.iter().enumerate().filter(|(part, _)| part % folds != fold).flat_map(|(_, part)| part);
            let others: Vec<Sample> = others.cloned().collect();
            let trees = self.fit_track(stage, params, &others, Track::Without(fold))?;
            for part in moved.iter_mut().skip(fold).step_by(folds) {
                for (tree, sum) in trees.iter().zip(&mut held_out) {
                    self.advance(tree, part);
                    *sum += self.errors(part.iter()).iter().sum::<f32>();
                }
            }
        }
        let held_out: Vec<f32> = held_out.iter().map(|sum| 100.0 * sum / self.faces.len() as f32).collect();
        let everyone: Vec<Sample> = parts.iter().flatten().cloned().collect();
        let trees = self.fit_track(stage, params, &everyone, Track::Model(&held_out))?;
        parts.clone_from_slice(&moved);
        Ok(trees)
    }

    /// Moves samples by a stage of trees.
    fn advance(&self, tree: &TreeStage, samples: &mut [Sample]) {
        let (faces, mean) = (self.faces, &self.mean.points);
        samples.par_iter_mut().for_each(|s| step(tree, &faces[s.face].crop, mean, &mut s.shape.points));
    }

    /// The stages of trees fitted to some samples.
    fn fit_track(
        &mut self,
        stage: usize,
        params: &TreeParams,
        samples: &[Sample],
        track: Track,
    ) -> Result<Vec<TreeStage>, FitError> {
        let (faces, side) = (self.faces, self.box_side());
        let mut samples = first_samples(samples, params.oversampling);
        let mut trees = Vec::new();
        for number in 0..params.stages {
            let radius = params.radius(number) * side;
            let name = format!("{}-trees-{}-{number}", stage + 1, track.name());
            let mut rng = self.rng(&name);
            let scene = CropScene { faces, mean: &self.mean, box_side: side };
            let fitted: TreeStage = self
                .checkpoints
                .step(&name, || Ok::<_, FitError>(boosting::fit_stage(&scene, &samples, params, radius, &mut rng)))?;
            self.advance(&fitted, &mut samples);
            let place = TreePlace { stage, number, count: params.stages };
            self.tell_trees(place, track, &fitted, &samples);
            trees.push(fitted);
        }
        Ok(trees)
    }

    /// Reports trees, and the samples that they were fitted to.
    fn tell_trees(&mut self, place: TreePlace, track: Track, trees: &TreeStage, samples: &[Sample]) {
        let TreePlace { stage, number, count } = place;
        let name = format!("stage {}, trees {} of {count}", stage + 1, number + 1);
        match track {
            Track::Without(fold) => {
                let errors = StageErrors { training: Some(self.error(samples.iter())), held_out: None };
                self.tell(format!("{name}, without fold {}", fold + 1), None, errors, 1);
            }
            Track::Model(held_out) => {
                let (faces, mean) = (self.faces, &self.mean.points);
                let own = self.own.par_iter_mut().zip(faces);
                own.for_each(|(shape, face)| step(trees, &face.crop, mean, &mut shape.points));
                let errors = StageErrors { training: Some(self.own_error()), held_out: Some(held_out[number]) };
                let ends = (number + 1 == count).then(|| format!("stage {}, trees", stage + 1));
                self.tell(name, ends, errors, 1);
            }
        }
    }

    /// A linear stage; moves the samples of each part by regressors fitted to the other parts.
    fn fit_linear(
        &mut self,
        stage: usize,
        params: &LinearParams,
        parts: &mut [Vec<Sample>],
    ) -> Result<LinearStage, FitError> {
        let (faces, mean) = (self.faces, self.mean.clone());
        let (level, side) = (params.level, self.box_side());
        let reach = params.reach() * side;
        let enter = |part: &mut Vec<Sample>| part.drain(..).map(|s| Traveller::new(s, &mean)).collect();
        let mut travellers: Vec<Vec<Traveller>> = parts.iter_mut().map(enter).collect();
        let mut linear_stage = LinearStage { level, reach, steps: Vec::new() };
        let entered = self.own.clone();
        for (number, step) in params.steps.iter().enumerate() {
            let patches = linear::patches(step.regression, &mean);
            let view = View { faces, mean: &mean, level, reach, radius: step.radius * side, patches: &patches };
            let fit: LinearFit = self.checkpoints.step(&format!("{}-linear-{number}", stage + 1), || {
                linear::fit_step(&view, &travellers, params.oversampling, step).ok_or(FitError::Degenerate)
            })?;
            fit.advance(&view, &mut travellers);
            linear_stage.steps.push(fit.step);
            // The stage takes its gradients once, where it begins, so that it starts over with each new step.
            self.own.clone_from(&entered);
            let own = self.own.par_iter_mut().zip(faces);
            own.for_each(|(shape, face)| {
                let frame = Similarity::between(&mean.points, &shape.points);
                linear_stage.step(&face.crop, &mean.points, &mut shape.points, &frame, &mut ());
            });
            let held_out = self.error(travellers.iter().flatten().map(|t| &t.sample));
            let errors = StageErrors { training: Some(self.own_error()), held_out: Some(held_out) };
            let name = format!("stage {}, linear {} of {}", stage + 1, number + 1, params.steps.len());
            self.tell(name.clone(), Some(name), errors, 1);
        }
        for (part, travellers) in parts.iter_mut().zip(travellers) {
            *part = travellers.into_iter().map(|t| t.sample).collect();
        }
        Ok(linear_stage)
    }

    fn error<'s>(&self, samples: impl Iterator<Item = &'s Sample>) -> f32 {
        percent(&self.errors(samples))
    }

    /// The errors, as shares of the unit, of the samples that started from the mean shape.
    fn errors<'s>(&self, samples: impl Iterator<Item = &'s Sample>) -> Vec<f32> {
        errors(samples, |face| &self.faces[face].truth)
    }

    /// The mean error in percent of the model so far on the faces that it was fitted to.
    fn own_error(&self) -> f32 {
        let pairs = self.faces.iter().zip(&self.own);
        percent(&pairs.map(|(face, shape)| relative_error(&face.truth, shape)).collect::<Vec<f32>>())
    }

    fn tell(&mut self, step: String, ends: Option<String>, errors: StageErrors, steps: usize) {
        self.done += steps;
        let progress = self.work.progress(self.done, self.checkpoints);
        (self.report)(StageReport { step, ends, progress, errors });
    }
}

/// Where trees stand: the stage of the configuration, and of its stages of trees the how manieth of how many.
struct TreePlace {
    stage: usize,
    number: usize,
    count: usize,
}

/// Which trees are fitted.
#[derive(Clone, Copy)]
enum Track<'a> {
    /// Those that move the faces of this fold, which they do not learn from.
    Without(usize),
    /// The model's own, after the others; for each stage the held-out error that these came to.
    Model(&'a [f32]),
}

impl Track<'_> {
    /// The name in checkpoints.
    fn name(self) -> String {
        match self {
            Self::Without(fold) => (fold + 1).to_string(),
            Self::Model(_) => "all".into(),
        }
    }
}

/// The errors, as shares of the unit, of the samples that started from the mean shape: the first of each face.
pub(super) fn errors<'s, 't>(
    samples: impl Iterator<Item = &'s Sample>,
    truth: impl Fn(usize) -> &'t Shape,
) -> Vec<f32> {
    let mut last = usize::MAX;
    let firsts = samples.filter(|s| std::mem::replace(&mut last, s.face) != s.face);
    firsts.map(|s| relative_error(truth(s.face), &s.shape)).collect()
}

/// The mean of shares, in percent.
pub(super) fn percent(errors: &[f32]) -> f32 {
    100.0 * errors.iter().sum::<f32>() / errors.len().max(1) as f32
}

/// The mean distance of the points as a share of the unit of errors.
fn relative_error(truth: &Shape, shape: &Shape) -> f32 {
    let distances = truth.points.iter().zip(&shape.points).map(|(a, b)| a.distance(*b));
    distances.sum::<f32>() / truth.len() as f32 / error_unit(truth)
}
