//! `evaluate`: errors of a landmark model on annotated faces, as tables.

use lineament_train::dataset::DatasetOptions;

use super::common::{CommandError, DataArguments, Outcome, ThreadArguments};

/// Measure a landmark model on annotated faces
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    threads: ThreadArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    arguments.threads.apply()?;
    let (dataset, outcome) = arguments.data.read(&DatasetOptions::default())?;
    println!("{} faces", dataset.face_count());
    Ok(outcome)
}
