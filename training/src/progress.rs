//! Progress of long work on stderr.
//!
//! On a terminal, a bar shows the current step and the time left. In a log file or a pipe, work of
//! less than a minute prints nothing, and longer work prints a plain line once per minute.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Time between two plain lines.
const PAUSE: Duration = Duration::from_secs(60);

/// Progress of one piece of work. Can be shared between threads.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    what: String,
    /// Expected end, if it is known better than from the number of steps.
    end: Arc<Mutex<Option<Instant>>>,
    /// Time of the last plain line.
    last_line: Mutex<Instant>,
}

impl Progress {
    /// Starts work of `steps` steps; `what` is its name on the screen.
    pub fn new(what: &str, steps: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        let end: Arc<Mutex<Option<Instant>>> = Arc::default();
        let known = Arc::clone(&end);
        let course = move |state: &ProgressState, text: &mut dyn fmt::Write| {
            let (gone, done, steps) = (state.elapsed(), state.pos(), state.len().unwrap_or(0));
            let _ = text.write_str(&course(gone, done, steps, until(&known)));
        };
        let style = ProgressStyle::with_template("{prefix} {bar:24} {course}  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).with_key("course", course));
        bar.set_prefix(what.to_string());
        bar.enable_steady_tick(Duration::from_millis(500));
        Self { bar, what: what.into(), end, last_line: Mutex::new(Instant::now()) }
    }

    /// Counts finished steps.
    pub fn advance(&self, steps: usize) {
        self.bar.inc(steps as u64);
        self.perhaps_line();
    }

    /// Sets the numbers of finished steps and of all steps.
    pub fn set(&self, done: usize, steps: usize) {
        self.bar.set_length(steps as u64);
        self.bar.set_position(done as u64);
        self.perhaps_line();
    }

    /// Sets the expected time left, in place of an estimate from the steps.
    pub fn expect(&self, left: Option<Duration>) {
        if let Ok(mut end) = self.end.lock() {
            *end = left.and_then(|left| Instant::now().checked_add(left));
        }
    }

    /// Shows a message beside the bar.
    pub fn message(&self, text: impl Into<String>) {
        self.bar.set_message(text.into());
        self.perhaps_line();
    }

    /// Prints a permanent line, on terminals and elsewhere.
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
            let course = course(self.bar.elapsed(), done, steps, until(&self.end));
            eprintln!("{}: {course}  {}", self.what, self.bar.message());
        }
    }
}

fn until(end: &Mutex<Option<Instant>>) -> Option<Duration> {
    let end = *end.lock().ok()?;
    end.map(|end| end.saturating_duration_since(Instant::now()))
}

/// Pace of work whose steps have known, different shares of the whole.
#[derive(Debug)]
pub struct Pace {
    /// When the work of this run began.
    begin: Instant,
    /// Share that was finished then.
    before: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { begin: Instant::now(), before: 0.0 }
    }
}

impl Pace {
    /// Estimates the time left when a share of the work is finished, from 0 to 1; `read` if the
    /// last step is from an earlier run. None as long as nothing is known.
    pub fn left(&mut self, share: f64, read: bool) -> Option<Duration> {
        self.left_at(Instant::now(), share, read)
    }

    fn left_at(&mut self, now: Instant, share: f64, read: bool) -> Option<Duration> {
        if read {
            *self = Self { begin: now, before: share };
        }
        let own = share - self.before;
        let ratio = (1.0 - share).max(0.0) / own;
        let gone = now.saturating_duration_since(self.begin).as_secs_f64();
        (own > 0.0).then(|| Duration::try_from_secs_f64(gone * ratio).ok())?
    }
}

/// Progress in words, without what is not known.
fn course(gone: Duration, done: u64, steps: u64, left: Option<Duration>) -> String {
    let count = if steps > 0 { format!("{done} of {steps}, ") } else { String::new() };
    let left = left.or_else(|| time_left(gone, done, steps)).map_or(String::new(), |left| {
        let left = HumanDuration(left);
        format!(", {left} left")
    });
    format!("{count}{} gone{left}", HumanDuration(gone))
}

/// Time left if the remaining steps are like all finished ones; estimates from the last few would
/// jump. None if no step is finished.
fn time_left(gone: Duration, done: u64, steps: u64) -> Option<Duration> {
    (done > 0).then(|| gone.mul_f64(steps.saturating_sub(done) as f64 / done as f64))
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
        assert_eq!(time_left(10 * second, 5, 20), Some(30 * second));
        assert_eq!(time_left(10 * second, 20, 20), Some(Duration::ZERO));
        assert_eq!(time_left(second, 0, 3), None);
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let second = Duration::from_secs(1);
        assert_eq!(course(3 * second, 0, 0, None), "3 seconds gone");
        assert_eq!(course(3 * second, 0, 9, None), "0 of 9, 3 seconds gone");
        assert_eq!(course(3 * second, 3, 9, None), "3 of 9, 3 seconds gone, 6 seconds left");
        assert_eq!(course(3 * second, 3, 9, Some(40 * second)), "3 of 9, 3 seconds gone, 40 seconds left");
    }

    #[test]
    fn what_an_earlier_run_did_says_nothing_of_the_pace() {
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        let mut pace = Pace { begin, before: 0.0 };
        assert_eq!(pace.left_at(after(10), 0.25, false), Some(Duration::from_secs(30)));
        assert_eq!(pace.left_at(after(14), 0.5, true), None);
        assert_eq!(pace.left_at(after(20), 0.75, false), Some(Duration::from_secs(6)));
        assert_eq!(Pace::default().left(0.0, false), None);
    }
}
