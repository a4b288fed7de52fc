//! The `lineament` program: reads arguments, calls the library, writes results. No algorithm lives here.
//!
//! Standard output holds results alone; progress and complaints go to standard error. Exit status: 0 when all went
//! well, 1 when some picture failed (the others are done), 2 for wrong usage or an unreadable model, 130 when
//! interrupted.

mod args;
mod commands;
mod error;
mod explain;
mod finder;
mod formats;
mod inputs;
mod interrupt;
mod models;
mod ordered;
mod outputs;
mod plan;
mod progress;
mod result;
mod run;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{align, convert, detect, explain as explain_command, info};

/// Face detection and 68-point facial landmarks from the classical toolbox.
#[derive(Debug, Parser)]
#[command(name = "lineament", version, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 all went well; 1 some picture failed, the others are done; 2 wrong usage or an \
                        unreadable model; 130 interrupted."
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
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("lineament: {error}");
            error.status().into()
        }
    }
}
