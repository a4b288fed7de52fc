//! Fits the whole cascade, stage after stage.
//!
//! Every stage must learn from shapes that the stages before it leave on unseen faces. For this
//! reason the faces are divided into parts, and each part is moved by models that were fitted
//! without it:
//!
//! ```text
//!             linear stage                        trees                            linear stage
//!   part 1 ──► moved by a regressor of the ──► moved by trees of the ──► moved by a regressor of the ──► …
//!   part 2       other parts                     other folds                other parts
//!   …            (see `linear`, `ridge`)         (a fold is several parts)
//!   all faces ──► the model's own step        ──► the model's own trees  ──► the model's own step
//! ```
//!
//! Held-out errors are measured on the parts moved in this way; the confidence model also learns
//! from them (see `confidence`). Training errors are those of the model itself on the same faces.

use lineament::geometry::Point;
use lineament::raw::GreyImage;
use lineament::raw::crop::Crop;
use lineament::raw::linear_stage::LinearStage;
use lineament::raw::tree_stage::TreeStage;
use lineament::raw::{Cascade, Stage};
use lineament::{Shape, Similarity};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::boosting::{self, CropScene};
use super::cost_model::CostModel;
use super::error::FitError;
use super::faces::{TrainingFace, error_unit, mean_shape};
use super::hyperparams::{LinearParams, StageParams, TreeParams, ValidLandmarkParams};
use super::linear::{self, LinearFit, Traveller, View};
use super::report::{StageErrors, StageReport};
use super::samples::{Sample, initial_samples};
use crate::checkpoint::{Checkpoints, Fingerprint};
use crate::rng::{rng_of_step, seeded};

/// A cascade, and its results on held-out faces.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The cascade, fitted to all faces.
    pub cascade: Cascade,
    /// Final shapes of each part, moved by stages that did not see the part. The first sample of
    /// each face started from the mean shape.
    pub held_out: Vec<Vec<Sample>>,
}

/// Fits a cascade to cropped faces. [`fit_confidence`](super::fit_confidence) adds its confidence
/// model. Calls `report` after every finished step.
///
/// # Errors
/// If there are too few photographs, a regression has no solution, or a checkpoint cannot be
/// written.
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
    let cost = CostModel::of_cascade(params, faces.len(), mean.len());
    let mut run = Run { faces, params, mean, own, seed, checkpoints, report, cost, done: 0 };
    let mut parts = run.start(&part_of);
    let start = StageErrors { training: None, held_out: Some(run.error(parts.iter().flatten())) };
    run.report_step("mean shape".into(), None, start, 0);
    let mut stages = Vec::new();
    for (number, stage) in params.stages.iter().enumerate() {
        // Later stages may need fewer samples per face: they use the first ones.
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
fn step(stage: &TreeStage, crop: &Crop, mean: &[Point], shape: &mut [Point]) {
    stage.step(crop, shape, &Similarity::between(mean, shape), &mut ());
}

/// The true shapes of the faces.
fn truths(faces: &[TrainingFace]) -> Vec<&Shape> {
    faces.iter().map(|face| &face.truth).collect()
}

/// Returns the number that names a run: a hash of the data (crops and true shapes), the parameters,
/// the seed and the program version.
pub fn fingerprint<'a>(
    faces: impl Iterator<Item = (&'a GreyImage<'static>, &'a Shape)>,
    params: &ValidLandmarkParams,
    seed: u64,
) -> u64 {
    let mut fingerprint = Fingerprint::new(seed);
    fingerprint.add(format!("{params:?}").as_bytes());
    for (image, truth) in faces {
        fingerprint.add(image.as_raw());
        fingerprint.add_points(&truth.points);
    }
    fingerprint.finish()
}

/// Draws the part of each face at random. The faces of a photograph stay together.
///
/// # Errors
/// If there are fewer than two photographs per part.
pub fn parts_of(faces: &[TrainingFace], parts: usize, seed: u64) -> Result<Vec<usize>, FitError> {
    let mut photographs: Vec<usize> = faces.iter().map(|face| face.photograph).collect();
    photographs.sort_unstable();
    photographs.dedup();
    if photographs.len() < 2 * parts {
        return Err(FitError::TooFewPhotographs { found: photographs.len(), parts });
    }
    let sorted = photographs.clone();
    photographs.shuffle(&mut seeded(seed));
    let place = |photograph: &usize| sorted.binary_search(photograph).unwrap_or(0);
    let mut part_of = vec![0; photographs.len()];
    for (i, photograph) in photographs.iter().enumerate() {
        part_of[place(photograph)] = i % parts;
    }
    Ok(faces.iter().map(|face| part_of[place(&face.photograph)]).collect())
}

/// The first `count` samples of each face. Samples of one face are consecutive.
pub(super) fn first_samples(samples: &[Sample], count: usize) -> Vec<Sample> {
    samples.chunk_by(|a, b| a.face == b.face).flat_map(|own| &own[..count.min(own.len())]).cloned().collect()
}

/// State shared by all steps of a fit.
struct Run<'a> {
    faces: &'a [TrainingFace],
    params: &'a ValidLandmarkParams,
    mean: Shape,
    /// The model's own shape of each face so far.
    own: Vec<Shape>,
    seed: u64,
    checkpoints: &'a Checkpoints,
    report: &'a mut dyn FnMut(StageReport),
    cost: CostModel,
    done: usize,
}

impl Run<'_> {
    fn rng(&self, step: &str) -> ChaCha8Rng {
        rng_of_step(self.seed, step)
    }

    fn box_side(&self) -> f32 {
        self.params.crop.face.into()
    }

    /// Initial samples of each part.
    fn start(&self, part_of: &[usize]) -> Vec<Vec<Sample>> {
        let most = self.params.stages.iter().map(StageParams::oversampling).max().unwrap_or(1);
        let mut parts = vec![Vec::new(); self.params.parts];
        let rng = &mut self.rng("starts");
        for sample in initial_samples(&truths(self.faces), &self.mean, self.box_side(), &self.params.start, most, rng) {
            parts[part_of[sample.face]].push(sample);
        }
        parts
    }

    /// Fits consecutive tree stages to all samples. Moves the samples of each fold by trees fitted
    /// to the other folds.
    fn fit_trees(
        &mut self,
        stage: usize,
        params: &TreeParams,
        parts: &mut [Vec<Sample>],
    ) -> Result<Vec<TreeStage>, FitError> {
        let folds = self.params.folds;
        let mut moved: Vec<Vec<Sample>> = parts.to_vec();
        // Errors of the held-out faces after each tree stage, summed over the folds.
        let mut held_out = vec![0.0; params.repeats];
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

    /// Moves samples by a tree stage.
    fn advance(&self, tree: &TreeStage, samples: &mut [Sample]) {
        let (faces, mean) = (self.faces, &self.mean.points);
        samples.par_iter_mut().for_each(|s| step(tree, &faces[s.face].crop, mean, &mut s.shape.points));
    }

    /// Fits consecutive tree stages to some samples.
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
        for number in 0..params.repeats {
            let radius = params.radius(number) * side;
            let name = format!("{}-trees-{}-{number}", stage + 1, track.name());
            let mut rng = self.rng(&name);
            let scene = CropScene { faces, mean: &self.mean, box_side: side };
            let fitted: TreeStage = self
                .checkpoints
                .step(&name, || Ok::<_, FitError>(boosting::fit_stage(&scene, &samples, params, radius, &mut rng)))?;
            self.advance(&fitted, &mut samples);
            let place = TreePlace { stage, number, count: params.repeats };
            self.report_trees(place, track, &fitted, &samples);
            trees.push(fitted);
        }
        Ok(trees)
    }

    /// Reports a tree stage and the errors of its samples.
    fn report_trees(&mut self, place: TreePlace, track: Track, trees: &TreeStage, samples: &[Sample]) {
        let TreePlace { stage, number, count } = place;
        let name = format!("stage {}, trees {} of {count}", stage + 1, number + 1);
        match track {
            Track::Without(fold) => {
                let errors = StageErrors { training: Some(self.error(samples.iter())), held_out: None };
                self.report_step(format!("{name}, without fold {}", fold + 1), None, errors, 1);
            }
            Track::Model(held_out) => {
                let (faces, mean) = (self.faces, &self.mean.points);
                let own = self.own.par_iter_mut().zip(faces);
                own.for_each(|(shape, face)| step(trees, &face.crop, mean, &mut shape.points));
                let errors = StageErrors { training: Some(self.own_error()), held_out: Some(held_out[number]) };
                let ends = (number + 1 == count).then(|| format!("stage {}, trees", stage + 1));
                self.report_step(name, ends, errors, 1);
            }
        }
    }

    /// Fits a linear stage. Moves the samples of each part by regressors fitted to the other parts.
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
            // The stage takes its gradients once, at its beginning, so each new step runs it from
            // there.
            self.own.clone_from(&entered);
            let own = self.own.par_iter_mut().zip(faces);
            own.for_each(|(shape, face)| {
                let frame = Similarity::between(&mean.points, &shape.points);
                linear_stage.step(&face.crop, &mean.points, &mut shape.points, &frame, &mut ());
            });
            let held_out = self.error(travellers.iter().flatten().map(|t| &t.sample));
            let errors = StageErrors { training: Some(self.own_error()), held_out: Some(held_out) };
            let name = format!("stage {}, linear {} of {}", stage + 1, number + 1, params.steps.len());
            self.report_step(name.clone(), Some(name), errors, 1);
        }
        for (part, travellers) in parts.iter_mut().zip(travellers) {
            *part = travellers.into_iter().map(|t| t.sample).collect();
        }
        Ok(linear_stage)
    }

    fn error<'s>(&self, samples: impl Iterator<Item = &'s Sample>) -> f32 {
        percent(&self.errors(samples))
    }

    /// Errors, as shares of the unit, of the samples that started from the mean shape.
    fn errors<'s>(&self, samples: impl Iterator<Item = &'s Sample>) -> Vec<f32> {
        errors(samples, |face| &self.faces[face].truth)
    }

    /// Mean training error of the model so far, in percent.
    fn own_error(&self) -> f32 {
        let pairs = self.faces.iter().zip(&self.own);
        percent(&pairs.map(|(face, shape)| relative_error(&face.truth, shape)).collect::<Vec<f32>>())
    }

    fn report_step(&mut self, step: String, ends: Option<String>, errors: StageErrors, steps: usize) {
        self.done += steps;
        let progress = self.cost.progress(self.done, self.checkpoints);
        (self.report)(StageReport { step, ends, progress, errors });
    }
}

/// Position of a tree stage: its entry in the configuration, its index within it, and how many
/// there are.
struct TreePlace {
    stage: usize,
    number: usize,
    count: usize,
}

/// Faces that trees are fitted to.
#[derive(Clone, Copy)]
enum Track<'a> {
    /// All but one fold; the trees move the faces of that fold.
    Without(usize),
    /// All faces, for the model. Has the held-out error of each stage.
    Model(&'a [f32]),
}

impl Track<'_> {
    /// Name in checkpoints and random streams.
    fn name(self) -> String {
        match self {
            Self::Without(fold) => (fold + 1).to_string(),
            Self::Model(_) => "all".into(),
        }
    }
}

/// Errors, as shares of the unit, of the samples that started from the mean shape: the first of
/// each face.
pub(super) fn errors<'s, 't>(
    samples: impl Iterator<Item = &'s Sample>,
    truth: impl Fn(usize) -> &'t Shape,
) -> Vec<f32> {
    let mut last = usize::MAX;
    let firsts = samples.filter(|s| std::mem::replace(&mut last, s.face) != s.face);
    firsts.map(|s| relative_error(truth(s.face), &s.shape)).collect()
}

/// Mean of shares, in percent.
pub(super) fn percent(errors: &[f32]) -> f32 {
    100.0 * errors.iter().sum::<f32>() / errors.len().max(1) as f32
}

/// Mean distance of the points, as a share of the unit of errors.
fn relative_error(truth: &Shape, shape: &Shape) -> f32 {
    let distances = truth.points.iter().zip(&shape.points).map(|(a, b)| a.distance(*b));
    distances.sum::<f32>() / truth.len() as f32 / error_unit(truth)
}
