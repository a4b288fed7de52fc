//! Tests of the program, in one binary: linking a binary per file would take longer than the tests.

mod common;

mod align;
mod bad_input;
mod confidence;
mod detect;
mod dlib;
mod explain;
mod golden;
mod images;
mod info;
mod inputs;
mod long_run;
mod memory;
#[cfg(feature = "embedded-models")]
mod orientation;
mod outputs;
