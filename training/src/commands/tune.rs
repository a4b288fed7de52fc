//! `tune`: searches the hyper-parameters of the landmark cascade.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::HumanDuration;
use lineament_train::dataset::DatasetOptions;
use lineament_train::landmarks::{FitError, LandmarkParams, Look, PointSet};
use lineament_train::progress::Progress;
use lineament_train::table::Table;
use lineament_train::tune::space::{Change, paths};
use lineament_train::tune::{Trial, TuneError, TuneOptions, TuneStep, tune};

use super::common::{
    CommandError, FaceArguments, Outcome, ThreadArguments, note, print, read_config, write, wrong_config,
};
use super::landmarks::training_faces;
use super::numbers::{count, folds, whole};
use super::outputs::check_outputs;

/// Share of the first fit after which the duration of a trial is estimated.
const ENOUGH: f64 = 0.1;

/// Search the hyper-parameters of the landmark cascade by cross-validation
///
/// Changes a few numbers of the best configuration so far, fits on all folds of the photographs but
/// one, and measures the faces of that fold. Continues with the next fold unless the change does
/// harm, and keeps it if it is better over all folds. After every trial the best configuration so
/// far is written. A resumed search writes nothing before it has caught up with the earlier run, so
/// the output never gets worse.
///
/// The first trial measures the given configuration; it takes as long as FOLDS fits. If the budget
/// holds fewer than two trials, nothing is compared: use fewer folds or less data first, for
/// example one subset of 300-W.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: FaceArguments,
    /// Configuration file to write: the best one so far; comments of the given configuration are
    /// not kept
    #[arg(long, value_name = "TOML")]
    output: PathBuf,
    /// Configuration to start from [default: that of the shipped model]
    #[arg(long, value_name = "TOML")]
    config: Option<PathBuf>,
    /// Seed of the folds, the fits and the changes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>)]
    seed: u64,
    /// Folder for finished folds; start an interrupted search again with the same folder to resume
    /// it
    #[arg(long, value_name = "DIR")]
    resume: Option<PathBuf>,
    #[command(flatten)]
    threads: ThreadArguments,
    /// Minutes after which no new trial begins, earlier runs with the same folder included
    #[arg(long, value_name = "MINUTES", default_value_t = 60.0, value_parser = minutes)]
    budget: f32,
    /// Maximum number of trials, the given configuration included
    #[arg(long, value_name = "N", value_parser = count)]
    trials: Option<u32>,
    /// Folds of the cross-validation
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = folds)]
    folds: u16,
    /// Numbers to change, by their path in the configuration or its end, such as start.shift,
    /// stages.2.trees or radius [default: those that do not slow down prediction]
    #[arg(long, value_name = "NAME", num_args = 1..)]
    vary: Vec<String>,
    /// Landmarks to place: all, inner51, jaw, brows, nose, eyes, mouth, or a list such as 30,36-47
    #[arg(long, value_name = "SET", default_value_t)]
    points: PointSet,
}

/// A budget that is not a number of minutes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("not a number of minutes from 0 to 1000000")]
struct NotMinutes;

fn minutes(text: &str) -> Result<f32, NotMinutes> {
    text.parse().ok().filter(|v: &f32| (0.0..1e6).contains(v)).ok_or(NotMinutes)
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let Arguments { data, points, output, .. } = arguments;
    arguments.threads.apply()?;
    check_outputs([output], data.data.data.iter().chain(&arguments.config))?;
    let file = arguments.config.as_deref();
    let config: LandmarkParams = read_config(file)?;
    let paths = paths(&config, &arguments.vary).map_err(|error| CommandError::usage(error.to_string()))?;
    let params = config.check().map_err(|error| wrong_config(file, error))?;
    if params.look == Look::Photograph {
        return Err(CommandError::usage("tune can search only for cascades with look = \"crop\""));
    }
    let data = data.read(DatasetOptions::default())?;
    let faces = training_faces(&data.dataset, &params.crop.spec(), points)?;
    note(format_args!("{}; {} training faces with their mirror images", data.inventory(), faces.len()));
    let search = TuneOptions {
        paths,
        folds: arguments.folds.into(),
        budget: Duration::from_secs_f32(60.0 * arguments.budget),
        trials: arguments.trials.map_or(usize::MAX, |trials| trials as usize),
        seed: arguments.seed,
        folder: arguments.resume.clone(),
    };

    let progress = Progress::new("tuning", 0);
    let best_file = BestFile { path: output, pending: Cell::default(), unwritten: Cell::default() };
    let clock = Clock::new(&search);
    let mut rows = Vec::new();
    let mut finished = |trial: &Trial, best: &LandmarkParams| {
        clock.finish_trial(trial);
        rows.push(row(trial));
        progress.line(rows.last().map_or(String::new(), |row| row.join("  ")));
        best_file.pending.set(toml::to_string(best).ok());
    };
    let mut report = |step: TuneStep| {
        best_file.write();
        progress.set(step.stage.progress.done, step.stage.progress.steps);
        if let Some(estimate) = clock.advance(&step) {
            progress.line(estimate);
        }
        progress.expect(clock.left());
        let TuneStep { trial, fold, stage } = step;
        progress.message(format!("trial {trial}, fold {}, {}: {}", fold + 1, stage.step, stage.errors));
    };
    let tuned = tune(&faces, points.indices(), &params, &search, &mut finished, &mut report).map_err(failed)?;
    drop(progress);
    best_file.write();
    if let Some(error) = best_file.unwritten.into_inner() {
        return Err(error);
    }
    let mut table = Table::new(&["trial", "changed", "folds", "error %", "against the best %", "seconds"]);
    table.rows = tuned.trials.iter().map(row).collect();
    print(&table.text())?;
    print(&format!("{}: {}\n", output.display(), conclusion(&tuned.trials)))?;
    Ok(data.outcome)
}

fn failed(error: TuneError) -> CommandError {
    match error {
        TuneError::Checkpoint(error) | TuneError::Fit(FitError::Checkpoint(error)) => error.into(),
        error => CommandError::usage(error.to_string()),
    }
}

/// Describes the written configuration.
fn conclusion(trials: &[Trial]) -> String {
    match trials.iter().rfind(|trial| trial.better).map_or(0, |trial| trial.number) {
        0 if trials.len() < 2 => "the given configuration; the budget held no trial to compare it with".into(),
        0 => format!("the given configuration; none of {} changes was better", trials.len() - 1),
        best => format!("the best configuration, from trial {best} of {}", trials.len() - 1),
    }
}

/// Estimates the duration of a trial and the time left.
struct Clock<'a> {
    search: &'a TuneOptions,
    /// Duration of finished trials.
    spent: Cell<Duration>,
    /// When the current trial began.
    trial_began: Cell<Instant>,
    /// When the fit of the first fold began, and its finished share then.
    fit_began: Cell<(Instant, f64)>,
    /// Estimated duration of a whole trial.
    trial: Cell<Option<Duration>>,
}

impl<'a> Clock<'a> {
    fn new(search: &'a TuneOptions) -> Self {
        let now = Instant::now();
        let (spent, trial_began) = (Cell::new(Duration::ZERO), Cell::new(now));
        Self { search, spent, trial_began, fit_began: Cell::new((now, 0.0)), trial: Cell::new(None) }
    }

    fn finish_trial(&self, trial: &Trial) {
        let seconds = Duration::try_from_secs_f32(trial.seconds).unwrap_or_default();
        self.spent.set(self.spent.get() + seconds);
        self.trial_began.set(Instant::now());
        if trial.folds == self.search.folds {
            self.trial.set(Some(seconds));
        }
    }

    /// Takes note of a step. Returns a sentence when the duration of a trial is first known.
    fn advance(&self, step: &TuneStep) -> Option<String> {
        let progress = step.stage.progress;
        if self.trial.get().is_some() {
            return None;
        }
        if progress.read {
            // Steps read from the folder say nothing about the duration.
            self.fit_began.set((Instant::now(), progress.share));
            return None;
        }
        let (began, before) = self.fit_began.get();
        let share = progress.share - before;
        // Folds after the first began without a word to the clock.
        if step.fold > 0 || share < ENOUGH {
            return None;
        }
        let fit = began.elapsed().as_secs_f64() / share;
        let trial = Duration::try_from_secs_f64(fit * self.search.folds as f64).ok()?;
        self.trial.set(Some(trial));
        Some(estimate(trial, self.search))
    }

    /// Time until the last trial ends: at least the rest of the current one.
    fn left(&self) -> Option<Duration> {
        let gone = self.trial_began.get().elapsed();
        let trial = self.trial.get()?.saturating_sub(gone);
        Some(self.search.budget.saturating_sub(self.spent.get() + gone).max(trial))
    }
}

/// A sentence on how many trials fit into the budget.
fn estimate(trial: Duration, search: &TuneOptions) -> String {
    let budget = search.budget;
    let takes = format!("a trial takes up to {} ({} fits)", HumanDuration(trial), search.folds);
    if search.trials > 1 && budget <= trial {
        let minutes = (3.0 * trial.as_secs_f64() / 60.0).ceil();
        return format!(
            "warning: {takes}, and the budget is {}: no change will be compared with the given configuration; use \
             --budget {minutes} or more, fewer --folds, or less data",
            HumanDuration(budget)
        );
    }
    let trials = (budget.as_secs_f64() / trial.as_secs_f64().max(1e-3)).ceil() as usize;
    format!("{takes}: the budget of {} holds {} trials or more", HumanDuration(budget), trials.min(search.trials))
}

/// The file of the best configuration. It is written when new work begins or all is done: while
/// earlier trials are read from the folder, only the last of them is written.
struct BestFile<'a> {
    path: &'a Path,
    pending: Cell<Option<String>>,
    unwritten: Cell<Option<CommandError>>,
}

impl BestFile<'_> {
    /// Writes the pending configuration. A failure does not end the search.
    fn write(&self) {
        if let Some(text) = self.pending.take() {
            self.unwritten.set(write(self.path, text.as_bytes()).err());
        }
    }
}

/// The row of a trial; better ones have a star.
fn row(trial: &Trial) -> Vec<String> {
    // Configurations have single precision; more digits mean nothing.
    let change = |Change { path, from, to }: &Change| format!("{path} {} → {}", *from as f32, *to as f32);
    let changes: Vec<String> = trial.changes.iter().map(change).collect();
    vec![
        format!("{}{}", trial.number, if trial.better { " *" } else { "" }),
        if changes.is_empty() { "nothing".into() } else { changes.join(", ") },
        trial.folds.to_string(),
        format!("{:.3}", trial.error),
        format!("{:+.3} ± {:.3}", trial.difference.0, trial.difference.1),
        format!("{:.0}", trial.seconds),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(number: usize, better: bool) -> Trial {
        Trial { number, changes: Vec::new(), folds: 4, error: 5.0, difference: (0.0, 0.0), better, seconds: 60.0 }
    }

    #[test]
    fn the_conclusion_says_what_was_compared() {
        let given = "the given configuration; ";
        let conclusions = [
            (vec![trial(0, true)], format!("{given}the budget held no trial to compare it with")),
            (vec![trial(0, true), trial(1, false)], format!("{given}none of 1 changes was better")),
            (vec![trial(0, true), trial(1, true), trial(2, false)], "the best configuration, from trial 1 of 2".into()),
        ];
        for (trials, wanted) in conclusions {
            assert_eq!(conclusion(&trials), wanted);
        }
    }

    #[test]
    fn a_small_budget_is_warned_of() {
        let options = |minutes: u64, trials: usize| TuneOptions {
            paths: Vec::new(),
            folds: 4,
            budget: Duration::from_secs(60 * minutes),
            trials,
            seed: 1,
            folder: None,
        };
        let six = Duration::from_secs(350);
        let warning = estimate(six, &options(3, usize::MAX));
        assert!(warning.starts_with("warning: a trial takes up to 6 minutes (4 fits), and the budget is 3 minutes: "));
        assert!(warning.contains("--budget 18 or more"), "{warning}");
        let enough = "a trial takes up to 6 minutes (4 fits): the budget of 60 minutes holds 11 trials or more";
        assert_eq!(estimate(six, &options(60, usize::MAX)).replace("1 hour", "60 minutes"), enough);
        assert!(!estimate(six, &options(3, 1)).starts_with("warning"));
    }
}
