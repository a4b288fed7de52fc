//! The `lineament` program: reads arguments, calls the library, writes results. All algorithms are in the library.
//!
//! ```text
//!   arguments ──► plan: inputs, names ──► run: an image per worker ──► formats ──► results, in input order
//!   (args)        of their outputs        (finder, ordered, memory) └─► outputs ──► files
//! ```
//!
//! Results go to stdout or to a file. Stdout contains nothing else; progress and errors go to stderr.

mod args;
mod boxes;
mod chip_list;
mod commands;
mod error;
mod explain;
mod finder;
mod formats;
mod inputs;
mod interrupt;
mod memory;
mod models;
mod numbers;
mod ordered;
mod outputs;
mod plan;
mod progress;
mod result;
mod results;
mod run;
mod totals;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{align, convert, detect, explain as explain_command, info};
use error::Error;

/// Face detection and 68-point facial landmarks, without neural networks.
#[derive(Debug, Parser)]
#[command(name = "lineament", version, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 success; 1 some input failed or some output could not be written; 2 wrong usage, or an \
                        unreadable model or box file; 130 interrupted."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Detect(detect::Detect),
    Align(align::Align),
    Explain(explain_command::Explain),
    Info(info::Info),
    Convert(convert::Convert),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Detect(detect) => detect.run(),
        Command::Align(align) => align.run(),
        Command::Explain(explain) => explain.run(),
        Command::Info(info) => info.run(),
        Command::Convert(convert) => convert.run(),
    };
    let status = result.unwrap_or_else(|error| {
        if !matches!(error, Error::ClosedPipe) {
            eprintln!("lineament: {error}");
        }
        error.status()
    });
    status.into()
}
