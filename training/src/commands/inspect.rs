//! `inspect`: what is in a data set, and what is wrong with it.

use lineament_train::dataset::DatasetOptions;

use super::common::{CommandError, DataArguments, Outcome, ThreadArguments};

/// Count and check the faces of a data set
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
