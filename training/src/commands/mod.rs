//! The command line: one file per subcommand, with its `Arguments` and its `run`. Contains no
//! algorithm.
//!
//! Results go to stdout, progress and diagnostics to stderr. Exit status 0: done. 1: done, but some
//! of the data could not be used; or an output cannot be written. 2: wrong usage, an unreadable
//! model, or no usable data.

mod built_in;
mod common;
mod detector;
mod error;
mod evaluate;
mod evaluate_detector;
mod inspect;
mod landmarks;
mod numbers;
mod outputs;
mod tune;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use common::Outcome;

/// Fits, evaluates, tunes and inspects the models of lineament on 68-point data in iBUG's layout.
#[derive(Debug, Parser)]
#[command(name = "lineament-train", version, arg_required_else_help = true)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Detector(detector::Arguments),
    Evaluate(evaluate::Arguments),
    EvaluateDetector(evaluate_detector::Arguments),
    Inspect(inspect::Arguments),
    Landmarks(landmarks::Arguments),
    Tune(tune::Arguments),
}

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    // On wrong usage, clap itself ends the process with status 2.
    let command = Program::parse().command;
    // Every file is written atomically, so the work can end anywhere. Without a handler, the interrupt itself ends it.
    let _ = ctrlc::set_handler(|| {
        eprintln!("\nlineament-train: interrupted; a command that ran with --resume goes on when it is started again");
        std::process::exit(130);
    });
    let result = match command {
        Command::Detector(arguments) => detector::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::EvaluateDetector(arguments) => evaluate_detector::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Landmarks(arguments) => landmarks::run(&arguments),
        Command::Tune(arguments) => tune::run(&arguments),
    };
    match result {
        Ok(Outcome::Complete) => ExitCode::SUCCESS,
        Ok(Outcome::WithFaults) => ExitCode::from(1),
        Err(error) => {
            eprintln!("lineament-train: {error}");
            error.status()
        }
    }
}
