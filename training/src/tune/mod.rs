//! The search for better hyper-parameters.
//!
//! From the best configuration so far a neighbour is drawn, which differs in a few numbers, and raced against it:
//!
//! ```text
//!   photographs ──► folds ──► fit without the fold ──► errors of its faces ──► worse than the best? out
//!      ▲                                                                  └──► not worse? next fold
//!   best ◄── better over all folds
//! ```
//!
//! Both are judged on the same faces, so that the difference of their errors says more than either: a neighbour is given
//! up as soon as its errors are larger by more than their standard error (racing: Maron & Moore, "Hoeffding Races", NIPS
//! 1993, with a paired test as Birattari et al. 2002).

pub mod space;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lineament::raw::FitOptions;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::landmarks::faces::error_unit;
use crate::landmarks::{
    Checkpoints, FitError, LandmarkParams, StageReport, TrainingFace, ValidLandmarkParams, fingerprint, fit, parts_of,
};
use space::Change;

/// What a search is given.
#[derive(Clone, Debug)]
pub struct TuneOptions {
    /// The paths of the numbers to change ([`space::paths`]).
    pub paths: Vec<String>,
    /// Parts of the photographs for cross-validation.
    pub folds: usize,
    /// The search begins no new trial when this has gone by, in this run and those that it goes on from.
    pub budget: Duration,
    /// The most trials, the start among them; a search that this ends is the same on any machine.
    pub trials: usize,
    /// The seed of all chance.
    pub seed: u64,
    /// Finished folds and, of the one in work, finished steps.
    pub folder: Option<PathBuf>,
}

/// A configuration that was tried.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its number; 0 is the configuration that the search started from.
    pub number: usize,
    /// How it differs from the best one before it.
    pub changes: Vec<Change>,
    /// The folds that it was judged on.
    pub folds: usize,
    /// The mean inter-ocular error in percent on them.
    pub error: f32,
    /// How much larger its error is than that of the best one on the same faces, and the standard error of that.
    pub difference: (f32, f32),
    /// Whether it is the best one now.
    pub better: bool,
    /// The seconds that it took.
    pub seconds: f32,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Tuned {
    /// The best configuration.
    pub best: LandmarkParams,
    /// All trials in their order.
    pub trials: Vec<Trial>,
}

/// One fold of a trial: the errors of its faces in percent, and the seconds that it took.
type Judged = (Vec<f32>, f32);

/// Searches from a configuration. `finished` hears of every trial and the best configuration after it, `report` of
/// every step of a fit; a trial that is read back has no steps.
///
/// # Errors
/// If a fit fails, a step cannot be written, or no number can be changed.
pub fn tune(
    faces: &[TrainingFace],
    landmarks: &[u16],
    start: &ValidLandmarkParams,
    options: &TuneOptions,
    finished: &mut dyn FnMut(&Trial, &LandmarkParams),
    report: &mut dyn FnMut(usize, StageReport),
) -> Result<Tuned, TuneError> {
    let part_of = parts_of(faces, options.folds, options.seed)?;
    let mut search = Search { faces, landmarks, options, part_of, report };
    let (mut best, mut trials) = (start.clone(), Vec::new());
    let mut best_folds: Vec<Judged> = Vec::new();
    let mut spent = 0.0;
    while trials.is_empty() || (trials.len() < options.trials && spent < options.budget.as_secs_f32()) {
        let number = trials.len();
        let (params, changes) = if number == 0 {
            (best.clone(), Vec::new())
        } else {
            let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
            rng.set_stream(number as u64);
            space::neighbour(&best, &options.paths, &mut rng).map_err(TuneError::Space)?
        };
        let mut folds: Vec<Judged> = Vec::new();
        let mut difference = (0.0, 0.0);
        while folds.len() < options.folds {
            folds.push(search.judge(number, folds.len(), &params)?);
            if number > 0 {
                difference = paired(&folds, &best_folds);
                if difference.0 > difference.1 {
                    break;
                }
            }
        }
        let better = number == 0 || (folds.len() == options.folds && difference.0 < 0.0);
        let seconds = folds.iter().map(|fold| fold.1).sum::<f32>();
        let errors = folds.iter().flat_map(|fold| &fold.0);
        let error = errors.clone().sum::<f32>() / errors.count().max(1) as f32;
        let trial = Trial { number, changes, folds: folds.len(), error, difference, better, seconds };
        if better {
            (best, best_folds) = (params, folds);
        }
        spent += seconds;
        finished(&trial, &best);
        trials.push(trial);
    }
    Ok(Tuned { best: (*best).clone(), trials })
}

/// Why a search cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum TuneError {
    /// A fit failed.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// A step cannot be written.
    #[error("a finished fold cannot be written: {0}")]
    Checkpoint(#[from] std::io::Error),
    /// The configuration cannot be changed.
    #[error("{0}")]
    Space(String),
}

/// The mean difference of the errors of the same faces, and its standard error.
fn paired(new: &[Judged], best: &[Judged]) -> (f32, f32) {
    let pairs = new.iter().zip(best).flat_map(|(new, best)| new.0.iter().zip(&best.0));
    let differences: Vec<f32> = pairs.map(|(new, best)| new - best).collect();
    let count = differences.len().max(2) as f32;
    let mean = differences.iter().sum::<f32>() / count;
    let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f32>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

/// What all trials share.
struct Search<'a> {
    faces: &'a [TrainingFace],
    landmarks: &'a [u16],
    options: &'a TuneOptions,
    part_of: Vec<usize>,
    report: &'a mut dyn FnMut(usize, StageReport),
}

impl Search<'_> {
    /// Fits without a fold and measures its faces.
    fn judge(&mut self, trial: usize, fold: usize, params: &ValidLandmarkParams) -> Result<Judged, TuneError> {
        let of = |inside: bool| {
            let members = self.faces.iter().zip(&self.part_of).filter(move |(_, part)| (**part == fold) == inside);
            members.map(|(face, _)| face.clone()).collect::<Vec<TrainingFace>>()
        };
        let (others, own) = (of(false), of(true));
        let seed = self.options.seed;
        let run = fingerprint(others.iter().map(TrainingFace::key), params, seed);
        let folder = self.options.folder.as_deref();
        let results = Checkpoints::new(folder, run)?;
        let name = format!("trial-{trial}-fold-{}", fold + 1);
        let steps = folder.map(|folder| folder.join(&name));
        let judged = results.step(&name, || -> Result<Judged, TuneError> {
            let begin = Instant::now();
            let checkpoints = Checkpoints::new(steps.as_deref(), run)?;
            let mut report = |stage: StageReport| (self.report)(trial, stage);
            let cascade = fit(&others, self.landmarks, params, seed, &checkpoints, &mut report)?.cascade;
            let error = |face: &TrainingFace| {
                let shape = cascade.fit_crop(&face.crop, &FitOptions::default());
                let distances = face.truth.points.iter().zip(&shape.points).map(|(a, b)| a.distance(*b));
                100.0 * distances.sum::<f32>() / face.truth.len() as f32 / error_unit(&face.truth)
            };
            Ok((own.par_iter().map(error).collect(), begin.elapsed().as_secs_f32()))
        })?;
        // The steps of a finished fold are of no more use.
        if let Some(steps) = steps.filter(|steps| steps.is_dir()) {
            remove(&steps)?;
        }
        Ok(judged)
    }
}

/// Removes a folder of finished steps, and nothing else.
fn remove(steps: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(steps)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "step") {
            std::fs::remove_file(path)?;
        }
    }
    match std::fs::remove_dir(steps) {
        Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paired_differences_see_what_the_spread_of_faces_hides() {
        let best: Vec<Judged> = vec![((0..100).map(|i| 3.0 + (i % 10) as f32).collect(), 1.0)];
        let new: Vec<Judged> =
            vec![(best[0].0.iter().enumerate().map(|(i, e)| e - 0.1 + 0.01 * (i % 3) as f32).collect(), 1.0)];
        let (mean, error) = paired(&new, &best);
        assert!((mean + 0.09).abs() < 0.001 && error < 0.001, "{mean} ± {error}");
    }
}
