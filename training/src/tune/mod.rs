//! Search for better hyper-parameters.
//!
//! A neighbour of the best configuration so far, which differs in a few numbers, is raced against
//! it:
//!
//! ```text
//!   photographs ──► folds ──► fit without the fold ──► errors of its faces ──► worse than the best? reject
//!      ▲                                                                  └──► otherwise: next fold
//!   best ◄── better over all folds
//! ```
//!
//! Both are measured on the same faces, so the difference of their errors is known more precisely
//! than either error. A neighbour is rejected as soon as its errors are larger by more than their
//! standard error (racing: Maron & Moore, "Hoeffding Races", NIPS 1993, with a paired test as in
//! Birattari et al. 2002).

pub mod space;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lineament::raw::FitOptions;
use lineament::raw::files::reason;
use rayon::prelude::*;

use crate::checkpoint::{CheckpointError, Checkpoints, Fingerprint};
use crate::landmarks::faces::error_unit;
use crate::landmarks::{
    FitError, LandmarkParams, StageReport, TrainingFace, ValidLandmarkParams, fingerprint as run_fingerprint, fit,
    parts_of,
};
use crate::rng::stream;
use space::{Change, SpaceError};

/// Settings of a search.
#[derive(Clone, Debug)]
pub struct TuneOptions {
    /// Paths of the numbers to change ([`space::paths`]).
    pub paths: Vec<String>,
    /// Folds of the cross-validation, divided by photograph.
    pub folds: usize,
    /// Time after which no new trial begins, earlier runs with the same folder included.
    pub budget: Duration,
    /// Maximum number of trials, the first configuration included. A search that ends by this limit
    /// is the same on any machine.
    pub trials: usize,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Folder for finished folds and for the steps of the fold in progress.
    pub folder: Option<PathBuf>,
}

impl TuneOptions {
    /// Returns the number that names a search. Its faces, first configuration and options decide
    /// which configurations it tries; the limits of its length only decide how many.
    fn fingerprint(&self, faces: &[TrainingFace], landmarks: &[u16], start: &ValidLandmarkParams) -> u64 {
        let mut fingerprint = Fingerprint::new(self.seed);
        let run = run_fingerprint(faces.iter().map(TrainingFace::key), start, self.seed);
        fingerprint.add(&run.to_le_bytes());
        fingerprint.add(format!("{:?} {} {landmarks:?}", self.paths, self.folds).as_bytes());
        fingerprint.finish()
    }
}

/// A configuration and its result.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Number of the trial; 0 is the configuration that the search starts from.
    pub number: usize,
    /// Differences from the best configuration before it.
    pub changes: Vec<Change>,
    /// Number of folds that were measured.
    pub folds: usize,
    /// Mean inter-ocular error on these folds, in percent.
    pub error: f32,
    /// Its error minus that of the best configuration on the same faces, and the standard error of
    /// the difference.
    pub difference: (f32, f32),
    /// Whether it is the best configuration so far.
    pub better: bool,
    /// Duration in seconds.
    pub seconds: f32,
}

/// The result of a search.
#[derive(Clone, Debug)]
pub struct Tuned {
    /// The best configuration.
    pub best: LandmarkParams,
    /// All trials in order.
    pub trials: Vec<Trial>,
}

/// A finished step of a fit within a search.
#[derive(Clone, Debug)]
pub struct TuneStep {
    /// Number of the trial.
    pub trial: usize,
    /// Number of the fold, counted from 0.
    pub fold: usize,
    /// The step.
    pub stage: StageReport,
}

/// One fold of a trial: the errors of its faces in percent, and its duration in seconds.
type FoldResult = (Vec<f32>, f32);

/// Searches from a configuration. Calls `finished` after every trial, with the best configuration
/// so far, and `report` after every step of a fit; a trial that is read from the folder has no
/// steps.
///
/// # Errors
/// If a fit fails, a step cannot be written, or no change gives a valid configuration.
pub fn tune(
    faces: &[TrainingFace],
    landmarks: &[u16],
    start: &ValidLandmarkParams,
    options: &TuneOptions,
    finished: &mut dyn FnMut(&Trial, &LandmarkParams),
    report: &mut dyn FnMut(TuneStep),
) -> Result<Tuned, TuneError> {
    let part_of = parts_of(faces, options.folds, options.seed).map_err(|error| match error {
        FitError::TooFewPhotographs { found, .. } => TuneError::TooFewPhotographs { found, folds: options.folds },
        error => error.into(),
    })?;
    let results = Checkpoints::new(options.folder.as_deref(), options.fingerprint(faces, landmarks, start))?;
    let mut search = Search { faces, landmarks, options, part_of, results, report };
    let (mut best, mut trials) = (start.clone(), Vec::new());
    let mut best_folds: Vec<FoldResult> = Vec::new();
    let mut spent = 0.0;
    while trials.is_empty() || (trials.len() < options.trials && spent < options.budget.as_secs_f32()) {
        let number = trials.len();
        let (params, changes) = if number == 0 {
            (best.clone(), Vec::new())
        } else {
            space::neighbour(&best, &options.paths, &mut stream(options.seed, number as u64))?
        };
        let mut folds: Vec<FoldResult> = Vec::new();
        let mut difference = (0.0, 0.0);
        while folds.len() < options.folds {
            folds.push(search.measure(number, folds.len(), &params)?);
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

/// A search that cannot continue.
#[derive(Debug, thiserror::Error)]
pub enum TuneError {
    /// A fit failed.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// Every fold needs two photographs.
    #[error("too few photographs: {found}, but {folds} folds need {}: use fewer folds", 2 * .folds)]
    TooFewPhotographs {
        /// Photographs in the data.
        found: usize,
        /// Folds of the search.
        folds: usize,
    },
    /// The folder has trials of another search.
    #[error(
        "{}: the folder belongs to a search with other data, configuration, seed, folds, landmarks or numbers to \
         vary, or by another version of the program; name another folder, or remove its .step files",
        folder.display()
    )]
    OtherSearch {
        /// The folder.
        folder: PathBuf,
    },
    /// A fold or a step cannot be stored.
    #[error(transparent)]
    Checkpoint(CheckpointError),
    /// No change gives a valid configuration.
    #[error(transparent)]
    Space(#[from] SpaceError),
}

impl From<CheckpointError> for TuneError {
    fn from(error: CheckpointError) -> Self {
        match error {
            CheckpointError::OtherRun { folder } => Self::OtherSearch { folder },
            error => Self::Checkpoint(error),
        }
    }
}

/// Mean difference of the errors on the same faces, and its standard error.
fn paired(new: &[FoldResult], best: &[FoldResult]) -> (f32, f32) {
    let pairs = new.iter().zip(best).flat_map(|(new, best)| new.0.iter().zip(&best.0));
    let differences: Vec<f32> = pairs.map(|(new, best)| new - best).collect();
    let count = differences.len().max(2) as f32;
    let mean = differences.iter().sum::<f32>() / count;
    let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f32>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}

/// State shared by all trials.
struct Search<'a> {
    faces: &'a [TrainingFace],
    landmarks: &'a [u16],
    options: &'a TuneOptions,
    part_of: Vec<usize>,
    /// Errors of finished folds. The search and the number of the trial tell its configuration.
    results: Checkpoints,
    report: &'a mut dyn FnMut(TuneStep),
}

impl Search<'_> {
    /// Fits without a fold, and measures the faces of the fold.
    fn measure(&mut self, trial: usize, fold: usize, params: &ValidLandmarkParams) -> Result<FoldResult, TuneError> {
        let of = |inside: bool| {
            let members = self.faces.iter().zip(&self.part_of).filter(move |(_, part)| (**part == fold) == inside);
            members.map(|(face, _)| face.clone()).collect::<Vec<TrainingFace>>()
        };
        let (others, own) = (of(false), of(true));
        let seed = self.options.seed;
        let name = format!("trial-{trial}-fold-{}", fold + 1);
        let steps = self.options.folder.as_deref().map(|folder| folder.join(&name));
        let measured = self.results.step(&name, || -> Result<FoldResult, TuneError> {
            let begin = Instant::now();
            let run = run_fingerprint(others.iter().map(TrainingFace::key), params, seed);
            let checkpoints = Checkpoints::new(steps.as_deref(), run)?;
            let mut report = |stage: StageReport| (self.report)(TuneStep { trial, fold, stage });
            let cascade = fit(&others, self.landmarks, params, seed, &checkpoints, &mut report)?.cascade;
            let error = |face: &TrainingFace| {
                let shape = cascade.fit_crop(&face.crop, &FitOptions::default());
                let distances = face.truth.points.iter().zip(&shape.points).map(|(a, b)| a.distance(*b));
                100.0 * distances.sum::<f32>() / face.truth.len() as f32 / error_unit(&face.truth)
            };
            Ok((own.par_iter().map(error).collect(), begin.elapsed().as_secs_f32()))
        })?;
        // The steps of a finished fold are no longer needed.
        if let Some(steps) = steps.filter(|steps| steps.is_dir()) {
            remove(&steps).map_err(|error| CheckpointError::Folder { reason: reason(&error), folder: steps })?;
        }
        Ok(measured)
    }
}

/// Removes a folder of finished steps, but no other files.
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
        let best: Vec<FoldResult> = vec![((0..100).map(|i| 3.0 + (i % 10) as f32).collect(), 1.0)];
        let new: Vec<FoldResult> =
            vec![(best[0].0.iter().enumerate().map(|(i, e)| e - 0.1 + 0.01 * (i % 3) as f32).collect(), 1.0)];
        let (mean, error) = paired(&new, &best);
        assert!((mean + 0.09).abs() < 0.001 && error < 0.001, "{mean} ± {error}");
    }
}
