//! The program `lineament-train`. Each subcommand is a file of [`commands`].

mod commands;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main()
}
