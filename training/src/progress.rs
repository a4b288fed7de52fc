//! Progress of long work on standard error.
//!
//! On a terminal a bar shows what is going on and the time left. Elsewhere (a log file, a pipe) nothing moves: work of
//! less than a minute says nothing, longer work a plain line once a minute.

use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// The time between two plain lines.
const PAUSE: Duration = Duration::from_secs(60);

/// The progress of one piece of work. May be shared between threads.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    what: String,
    /// When the last plain line was written.
    last_line: Mutex<Instant>,
}

impl Progress {
    /// Work of `steps` steps; `what` is its name on the screen.
    pub fn new(what: &str, steps: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        let template = "{prefix} {bar:24} {pos}/{len}, {elapsed} gone, {left} left  {msg}";
        let left = |state: &ProgressState, text: &mut dyn fmt::Write| {
            let _ =
                write!(text, "{}", HumanDuration(time_left(state.elapsed(), state.pos(), state.len().unwrap_or(0))));
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("left", left));
        bar.set_prefix(what.to_string());
        bar.enable_steady_tick(Duration::from_millis(500));
        Self { bar, what: what.into(), last_line: Mutex::new(Instant::now()) }
    }

    /// Counts finished steps.
    pub fn advance(&self, steps: usize) {
        self.bar.inc(steps as u64);
        self.perhaps_line();
    }

    /// Sets the number of finished steps and that of all steps.
    pub fn set(&self, done: usize, steps: usize) {
        self.bar.set_length(steps as u64);
        self.bar.set_position(done as u64);
        self.perhaps_line();
    }

    /// Says beside the bar what is going on.
    pub fn say(&self, text: impl Into<String>) {
        self.bar.set_message(text.into());
        self.perhaps_line();
    }

    /// Writes a line that stays, on terminals and elsewhere.
    pub fn line(&self, text: impl AsRef<str>) {
        self.bar.suspend(|| eprintln!("{}", text.as_ref()));
    }

    fn perhaps_line(&self) {
        if !self.bar.is_hidden() {
            return;
        }
        let Ok(mut last) = self.last_line.lock() else { return };
        if last.elapsed() >= PAUSE {
            *last = Instant::now();
            let (done, steps) = (self.bar.position(), self.bar.length().unwrap_or(0));
            let gone = self.bar.elapsed();
            let (gone, left) = (HumanDuration(gone), HumanDuration(time_left(gone, done, steps)));
            eprintln!("{}: {done} of {steps}, {gone} gone, {left} left  {}", self.what, self.bar.message());
        }
    }
}

/// The time that the steps left take if they are like those done, from the start on: steps of minutes make estimates from
/// the last few of them jump.
fn time_left(gone: Duration, done: u64, steps: u64) -> Duration {
    gone.mul_f64(steps.saturating_sub(done) as f64 / done.max(1) as f64)
}

impl Drop for Progress {
    /// Clears the bar.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_that_of_steps_like_those_done() {
        let second = Duration::from_secs(1);
        assert_eq!(time_left(10 * second, 5, 20), 30 * second);
        assert_eq!(time_left(10 * second, 20, 20), Duration::ZERO);
        assert_eq!(time_left(second, 0, 3), 3 * second);
    }
}
