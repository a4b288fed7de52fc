//! A progress bar on stderr, if that is a terminal.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Progress over a number of images, which may be unknown.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Starts the display.
    pub fn new(total: Option<usize>) -> Self {
        // A single image is done before anybody could read it.
        if !std::io::stderr().is_terminal() || total == Some(1) {
            return Self(ProgressBar::hidden());
        }
        let (bar, template) = match total {
            Some(total) => (ProgressBar::new(total as u64), "{bar:30} {pos}/{len} images, {per_sec}, {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {pos} images, {per_sec}"),
        };
        let style = ProgressStyle::with_template(template).expect("both templates are valid");
        bar.set_style(style.with_key("per_sec", |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
            // Writing to a string cannot fail.
            let _ = write!(out, "{:.1} per second", state.per_sec());
        }));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Counts one more image.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// Hides the bar while `write` writes to the terminal.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
