//! How far the work is, on standard error: a line that is drawn over, if that is a terminal; else nothing.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The progress over a number of pictures, known or not.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Starts the display.
    pub fn new(total: Option<usize>) -> Self {
        // A single picture is done before anybody could read it.
        if !std::io::stderr().is_terminal() || total == Some(1) {
            return Self(ProgressBar::hidden());
        }
        let (bar, template) = match total {
            Some(total) => (ProgressBar::new(total as u64), "{bar:30} {pos}/{len} pictures, {per_sec}, {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {pos} pictures, {per_sec}"),
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("per_sec", |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.1} a second", state.per_sec());
        }));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Counts one more picture.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// Runs something that writes to the terminal, with the line out of its way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
