//! `tune`: searches the hyper-parameters of the landmark cascade.

use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

use lineament_train::dataset::DatasetOptions;
use lineament_train::evaluate::table::Table;
use lineament_train::landmarks::{LandmarkParams, Look, PointSet, StageReport};
use lineament_train::progress::Progress;
use lineament_train::tune::space::{Change, paths};
use lineament_train::tune::{Trial, TuneOptions, tune};

use super::common::{CommandError, DataArguments, FitArguments, Outcome, say, write};
use super::landmarks::training_faces;

/// Search the hyper-parameters of the landmark cascade by cross-validation
///
/// Changes a few numbers of the best configuration so far, fits on all folds of the photographs but one, and measures
/// the faces of that one; goes on to the next fold while the change does no harm, and keeps what is better over all folds.
/// Writes the best configuration so far after every trial. A search that is taken up again writes nothing before it has come
/// as far as it was, so that the output is never worse than it had been.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    fit: FitArguments,
    /// The minutes to search for, those of earlier runs with the same folder of finished steps among them
    #[arg(long, value_name = "MINUTES", default_value_t = 60.0, value_parser = minutes)]
    budget: f32,
    /// The most trials, the given configuration among them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    trials: Option<u32>,
    /// Parts of the photographs for cross-validation
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(2..=50))]
    folds: u16,
    /// The numbers to change, by their path in the configuration or its end: start.shift, stages.2.trees, radius, …; by
    /// default those that cost nothing at prediction
    #[arg(long, value_name = "NAME", num_args = 1..)]
    vary: Vec<String>,
    /// The landmarks to place: all, inner51, jaw, brows, nose, eyes, mouth, or a list such as 30,36-47
    #[arg(long, value_name = "SET", default_value_t)]
    points: PointSet,
}

fn minutes(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v: &f32| (0.0..1e6).contains(v)).ok_or_else(|| "a number of minutes is needed".into())
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let Arguments { data, fit: options, points, .. } = arguments;
    options.threads.apply()?;
    options.check_output()?;
    let config: LandmarkParams = options.read_config()?;
    let paths = paths(&config, &arguments.vary).map_err(CommandError::new)?;
    let params = config.check().map_err(CommandError::new)?;
    if params.look == Look::Photograph {
        return Err(CommandError::new("tune searches for cascades that look at crops, not at photographs"));
    }
    let (dataset, outcome) = data.read(&DatasetOptions::default())?;
    let spec = params.crop.spec();
    let faces = training_faces(&dataset, &spec, points)?;
    let search = TuneOptions {
        paths,
        folds: arguments.folds.into(),
        budget: Duration::from_secs_f32(60.0 * arguments.budget),
        trials: arguments.trials.map_or(usize::MAX, |trials| trials as usize),
        seed: options.seed,
        folder: options.resume.clone(),
    };

    let progress = Progress::new("tuning", 0);
    let output = Output { path: &options.output, pending: Cell::default(), unwritten: Cell::default() };
    let mut rows = Vec::new();
    // What finished trials took, and when the one in work began.
    let spent = Cell::new((Duration::ZERO, Instant::now()));
    let mut finished = |trial: &Trial, best: &LandmarkParams| {
        spent.set((spent.get().0 + Duration::try_from_secs_f32(trial.seconds).unwrap_or_default(), Instant::now()));
        rows.push(row(trial));
        progress.line(rows.last().map_or(String::new(), |row| row.join("  ")));
        output.pending.set(toml::to_string(best).ok());
    };
    let mut report = |trial: usize, stage: StageReport| {
        output.write();
        progress.set(stage.progress.done, stage.progress.steps);
        let (before, begin) = spent.get();
        progress.expect(Some(search.budget.saturating_sub(before + begin.elapsed())));
        progress.say(format!("trial {trial}, {}: {}", stage.step, stage.errors));
    };
    let tuned = tune(&faces, points.indices(), &params, &search, &mut finished, &mut report)
        .map_err(|error| CommandError::new(error.to_string()))?;
    drop(progress);
    output.write();
    if let Some(error) = output.unwritten.into_inner() {
        return Err(error);
    }
    let mut table = Table::new(&["trial", "changed", "folds", "error %", "against the best %", "seconds"]);
    table.rows = tuned.trials.iter().map(row).collect();
    say(&table.text())?;
    say(&format!("{}: the best configuration\n", options.output.display()))?;
    Ok(outcome)
}

/// Where the best configuration goes. It is written when new work begins or all is done, so that of the trials that are
/// read back only what the last of them gave.
struct Output<'a> {
    path: &'a Path,
    pending: Cell<Option<String>>,
    unwritten: Cell<Option<CommandError>>,
}

impl Output<'_> {
    /// Writes what is pending; a failure does not end the search.
    fn write(&self) {
        if let Some(text) = self.pending.take() {
            self.unwritten.set(write(self.path, text.as_bytes()).err());
        }
    }
}

/// A trial's row; better ones have a star.
fn row(trial: &Trial) -> Vec<String> {
    // Numbers of the configuration are of single precision; more digits mean nothing.
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
