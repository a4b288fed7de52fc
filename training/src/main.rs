//! The `lineament-train` program.
fn main() {}
