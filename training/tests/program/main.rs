//! Tests of the program, in one binary: linking a binary per file would take longer than the tests.

mod command_line;
mod common;
mod dialects;
mod end_to_end;
mod orientation;
mod reports;
