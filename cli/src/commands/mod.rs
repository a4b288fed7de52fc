//! The subcommands.

pub mod align;
pub mod convert;
pub mod detect;
pub mod explain;
pub mod info;
