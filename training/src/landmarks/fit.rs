//! Fitting the whole cascade.
//!
//! ```text
//!   all faces but fold 1 ──► trees ──► move fold 1 ─┐
//!   all faces but fold 2 ──► trees ──► move fold 2 ─┤──► linear stage, step after step (see `linear`)
//!   …                                               ┘
//!   all faces ──► trees ──► the model's own
//! ```
//!
//! The trees are fitted once for each fold without it, and once to all faces. The first ones only serve to bring every
//! face to where trees bring a face that they have not seen: there the linear stage has to learn, and there the errors that
//! are reported are honest ones.

use std::hash::{DefaultHasher, Hash, Hasher};

use lineament::landmarks::crop::CropSpec;
use lineament::landmarks::linear::LinearStage;
use lineament::landmarks::scheme::inter_ocular;
use lineament::landmarks::trees::TreeStage;
use lineament::landmarks::{Cascade, Shape, Stage};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::boosting;
use super::checkpoint::Checkpoints;
use super::error::FitError;
use super::faces::{TrainingFace, mean_shape};
use super::hyperparams::ValidLandmarkParams;
use super::linear::{self, LinearFit, Traveller};
use super::samples::{Sample, initial_samples};

/// What a fit tells while it works.
#[derive(Clone, Debug, PartialEq)]
pub struct StageReport {
    /// The step that was finished, such as `trees 3 of 10, without fold 2`.
    pub step: String,
    /// Steps finished so far and in all.
    pub progress: (usize, usize),
    /// The mean inter-ocular error in percent, of the samples that start from the mean shape; on faces that the step's
    /// model has not seen where that is possible, else on its training faces.
    pub error: f32,
    /// Whether the error is one on unseen faces.
    pub held_out: bool,
}

/// A cascade and how it does on faces that it has not seen.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The cascade, fitted to all faces.
    pub cascade: Cascade,
    /// For each fold its faces where stages that have not seen them brought them; the first sample of each face started
    /// from the mean shape.
    pub held_out: Vec<Vec<Sample>>,
}

/// Fits a cascade to faces with crops as the parameters say. `report` hears of every finished step.
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
    let folds = divide(faces, params.folds, seed)?;
    let mut run = Run { faces, params, mean: mean_shape(faces), seed, checkpoints, report, done: 0 };
    let everyone: Vec<usize> = (0..faces.len()).collect();
    let mut moved = Vec::new();
    for (number, fold) in folds.iter().enumerate() {
        let others: Vec<usize> = everyone.iter().copied().filter(|face| !fold.contains(face)).collect();
        let trees = run.fit_trees(&others, number + 1)?;
        moved.push(run.move_strangers(fold, &trees, number));
    }
    run.tell("trees, every face by those that have not seen it".into(), run.error(moved.iter().flatten()), true, 0);
    let mut stages: Vec<Stage> = run.fit_trees(&everyone, 0)?.into_iter().map(Stage::Trees).collect();
    if !params.linear.steps.is_empty() {
        stages.push(Stage::Linear(run.fit_linear(&mut moved)?));
    }
    let crop = CropSpec { face: params.crop.face, margin: params.crop.margin };
    let cascade = Cascade { crop, mean: run.mean, landmarks: landmarks.to_vec(), stages };
    Ok(Fitted { cascade, held_out: moved })
}

/// A number that names a run: data, parameters and seed.
pub fn fingerprint(faces: &[TrainingFace], params: &ValidLandmarkParams, seed: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, format!("{params:?}")).hash(&mut hasher);
    for face in faces {
        face.crop.as_raw().hash(&mut hasher);
        face.truth.points.iter().for_each(|p| (p.x.to_bits(), p.y.to_bits()).hash(&mut hasher));
    }
    hasher.finish()
}

/// The faces of each fold; a photograph's faces stay together.
fn divide(faces: &[TrainingFace], folds: usize, seed: u64) -> Result<Vec<Vec<usize>>, FitError> {
    let mut photographs: Vec<usize> = faces.iter().map(|face| face.photograph).collect();
    photographs.sort_unstable();
    photographs.dedup();
    if photographs.len() < 2 * folds {
        return Err(FitError::TooFewPhotographs { found: photographs.len(), needed: 2 * folds });
    }
    let sorted = photographs.clone();
    photographs.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut fold_of = vec![0; photographs.len()];
    for (i, photograph) in photographs.iter().enumerate() {
        fold_of[sorted.binary_search(photograph).unwrap_or(0)] = i % folds;
    }
    let mut divided = vec![Vec::new(); folds];
    for (i, face) in faces.iter().enumerate() {
        divided[fold_of[sorted.binary_search(&face.photograph).unwrap_or(0)]].push(i);
    }
    Ok(divided)
}

/// What all steps of a fit share.
struct Run<'a> {
    faces: &'a [TrainingFace],
    params: &'a ValidLandmarkParams,
    mean: Shape,
    seed: u64,
    checkpoints: &'a Checkpoints,
    report: &'a mut dyn FnMut(StageReport),
    done: usize,
}

impl Run<'_> {
    /// The random numbers of one step: they depend on nothing that was drawn before, so that a run can be resumed.
    fn rng(&self, step: &str) -> ChaCha8Rng {
        let mut hasher = DefaultHasher::new();
        (self.seed, step).hash(&mut hasher);
        ChaCha8Rng::seed_from_u64(hasher.finish())
    }

    fn box_side(&self) -> f32 {
        self.params.crop.face.into()
    }

    /// The tree stages for these faces. `track` is 0 for the model's own, else the number of the fold left out.
    fn fit_trees(&mut self, members: &[usize], track: usize) -> Result<Vec<TreeStage>, FitError> {
        let (params, faces) = (&self.params.trees, self.faces);
        let mut rng = self.rng(&format!("starts {track}"));
        let start = &self.params.start;
        let mut samples =
            initial_samples(faces, members, &self.mean, self.box_side(), start, params.oversampling, &mut rng);
        let mut stages = Vec::new();
        for number in 0..params.stages {
            let share = number as f32 / (params.stages.max(2) - 1) as f32;
            let radius = params.first_radius * (params.last_radius / params.first_radius).powf(share) * self.box_side();
            let name = format!("trees-{track}-{number}");
            let mut rng = self.rng(&name);
            let mut fitted_now = false;
            let stage: TreeStage = self.checkpoints.step(&name, || {
                fitted_now = true;
                let side = self.box_side();
                Ok::<_, FitError>(boosting::fit_stage(faces, &self.mean, &mut samples, params, radius, side, &mut rng))
            })?;
            if !fitted_now {
                samples
                    .par_iter_mut()
                    .for_each(|s| stage.step(&faces[s.face].crop, &self.mean.points, &mut s.shape.points));
            }
            stages.push(stage);
            let without =
                if track > 0 { format!(", without fold {track} of {}", self.params.folds) } else { String::new() };
            let error = self.error(samples.iter().step_by(params.oversampling));
            self.tell(format!("trees {} of {}{without}", number + 1, params.stages), error, false, 1);
        }
        Ok(stages)
    }

    /// The faces of a fold, moved from the mean shape and from other starts by trees that have not seen them.
    fn move_strangers(&self, fold: &[usize], trees: &[TreeStage], number: usize) -> Vec<Sample> {
        let mut rng = self.rng(&format!("strangers {number}"));
        let (start, count) = (&self.params.linear.start, self.params.strangers);
        let mut samples = initial_samples(self.faces, fold, &self.mean, self.box_side(), start, count, &mut rng);
        let (faces, mean) = (self.faces, &self.mean.points);
        samples.par_iter_mut().for_each(|s| {
            for stage in trees {
                stage.step(&faces[s.face].crop, mean, &mut s.shape.points);
            }
        });
        samples
    }

    /// The linear stage; moves the samples by what has not seen them.
    fn fit_linear(&mut self, moved: &mut Vec<Vec<Sample>>) -> Result<LinearStage, FitError> {
        let (params, faces, side) = (&self.params.linear, self.faces, self.box_side());
        let chip = params.chip.spec(side);
        let enter = |s: Sample| Traveller::new(s, &self.mean);
        let mut folds: Vec<Vec<Traveller>> =
            std::mem::take(moved).into_iter().map(|fold| fold.into_iter().map(enter).collect()).collect();
        let mut steps = Vec::new();
        for number in 0..params.steps.len() {
            let name = format!("linear-{number}");
            let mut rng = self.rng(&name);
            let fit: LinearFit = self.checkpoints.step(&name, || {
                linear::fit_step(faces, &self.mean, &folds, params, number, side, &mut rng).ok_or(FitError::Degenerate)
            })?;
            fit.advance(faces, &self.mean, chip, &mut folds);
            let name = format!("linear {} of {}, penalty {}", number + 1, params.steps.len(), fit.penalty);
            self.tell(name, self.error(folds.iter().flatten().map(|t| &t.sample)), true, 1);
            steps.push(fit.step);
        }
        *moved = folds.into_iter().map(|fold| fold.into_iter().map(|t| t.sample).collect()).collect();
        Ok(LinearStage { chip, steps })
    }

    /// The mean inter-ocular error in percent of the samples that started from the mean shape.
    fn error<'s>(&self, samples: impl Iterator<Item = &'s Sample>) -> f32 {
        let mut last = usize::MAX;
        // The first sample of a face is the one that started from the mean shape.
        let firsts = samples.filter(|s| std::mem::replace(&mut last, s.face) != s.face);
        let errors: Vec<f32> = firsts.map(|s| relative_error(&self.faces[s.face].truth, &s.shape)).collect();
        100.0 * errors.iter().sum::<f32>() / errors.len().max(1) as f32
    }

    fn tell(&mut self, step: String, error: f32, held_out: bool, steps: usize) {
        let all = (self.params.folds + 1) * self.params.trees.stages + self.params.linear.steps.len();
        self.done += steps;
        (self.report)(StageReport { step, progress: (self.done, all), error, held_out });
    }
}

/// The mean distance of the points as a share of the inter-ocular distance, or of the shape's size where the shape is
/// not one of 68 points.
fn relative_error(truth: &Shape, shape: &Shape) -> f32 {
    let distances = truth.points.iter().zip(&shape.points).map(|(a, b)| a.distance(*b));
    let mean = distances.sum::<f32>() / truth.len() as f32;
    let unit = if truth.len() == lineament::landmarks::scheme::POINTS {
        inter_ocular(truth)
    } else {
        let bounds = truth.bounds();
        bounds.width.hypot(bounds.height)
    };
    mean / unit.max(f32::MIN_POSITIVE)
}
