//! The `lineament` program: applies models to photographs. What each subcommand does is in [`cli`].

mod cli;
mod explain;

fn main() -> std::process::ExitCode {
    cli::main()
}
