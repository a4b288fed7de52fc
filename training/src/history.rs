//! The history of a training run: how the error fell, step by step, and what time and memory it took.
//!
//! It stands as JSON beside the model, and is written again after every few steps, so that a run can be looked at while it
//! works and an interrupted one leaves what it did. A run that is taken up again goes on with the entries of the
//! starts before it. Times and memory differ from run to run: this is the one output that the seed does not decide.
//!
//! ```json
//! {"format": 1, "program": "lineament-train 0.1.0", "kind": "landmarks", "run": "8c0f3a…", "measure": "…",
//!  "steps": [{"step": "stage 2, trees 1 of 10", "ends": null, "training": 5.81, "held_out": 5.97, "numbers": {},
//!             "seconds": 41.3, "memory_mb": 812.4, "start": 1}, …]}
//! ```

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lineament::files::write_atomically;
use serde::{Deserialize, Serialize};

/// The version of the file's form.
const FORMAT: u32 = 1;

/// The least time between two writings.
const PAUSE: Duration = Duration::from_secs(2);

/// A run's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The version of this form.
    pub format: u32,
    /// The program that trained.
    pub program: String,
    /// What was trained: `landmarks` or `detector`.
    pub kind: String,
    /// The fingerprint of data, configuration and seed, in hexadecimal digits.
    pub run: String,
    /// What the errors of the steps are.
    pub measure: String,
    /// The steps in the order in which they were finished.
    pub steps: Vec<Entry>,
}

/// What is told of a finished step; the recorder adds time and memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// The step's name, which no other step of the run has.
    pub step: String,
    /// The stage that it ends, if it ends one.
    pub ends: Option<String>,
    /// The error on what was learned from.
    pub training: Option<f32>,
    /// The error on faces that had not been seen.
    pub held_out: Option<f32>,
    /// Other numbers, such as that of the hard windows.
    pub numbers: BTreeMap<String, f64>,
}

/// A finished step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The step's name.
    pub step: String,
    /// The stage that it ends, if it ends one.
    pub ends: Option<String>,
    /// The error on what was learned from.
    pub training: Option<f32>,
    /// The error on faces that had not been seen.
    pub held_out: Option<f32>,
    /// Other numbers.
    pub numbers: BTreeMap<String, f64>,
    /// When it was finished: seconds of work since the run began, those of earlier starts among them.
    pub seconds: f64,
    /// The most memory that the program had taken since that start, in megabytes, where the system tells.
    pub memory_mb: Option<f64>,
    /// The start of the program that did it, from 1: a run that was interrupted and taken up again has several.
    #[serde(default)]
    pub start: u32,
}

impl History {
    /// A run that begins; `fingerprint` is that of its data, configuration and seed.
    pub fn new(kind: &str, fingerprint: u64, measure: &str) -> Self {
        Self {
            format: FORMAT,
            program: concat!("lineament-train ", env!("CARGO_PKG_VERSION")).into(),
            kind: kind.into(),
            run: format!("{fingerprint:016x}"),
            measure: measure.into(),
            steps: Vec::new(),
        }
    }

    /// Where the history of a model stands: the model's file name with `.history.json` after it.
    pub fn beside(model: &Path) -> PathBuf {
        let mut name = OsString::from(model);
        name.push(".history.json");
        name.into()
    }

    /// Reads a history.
    ///
    /// # Errors
    /// A clause that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let history: Self =
            serde_json::from_str(text).map_err(|error| format!("it is not a training history ({error})"))?;
        if history.format != FORMAT {
            return Err(format!("it is a history of format {}, and {FORMAT} is known", history.format));
        }
        Ok(history)
    }

    /// The steps of the model itself, which have an error on held-out faces.
    pub fn curve(&self) -> impl Iterator<Item = &Entry> {
        self.steps.iter().filter(|step| step.held_out.is_some())
    }
}

/// Writes a history while the run works.
#[derive(Debug)]
pub struct Recorder {
    path: PathBuf,
    history: History,
    begun: Instant,
    /// Seconds of work of the starts before this one.
    before: f64,
    start: u32,
    written: Option<Instant>,
    failure: Option<std::io::Error>,
}

impl Recorder {
    /// Records into a file. If the run is taken up again, the entries that the file has of the same run stay.
    pub fn new(path: &Path, mut history: History, taken_up: bool) -> Self {
        let earlier = std::fs::read_to_string(path).ok().and_then(|text| History::parse(&text).ok());
        if let Some(earlier) = earlier.filter(|earlier| taken_up && earlier.run == history.run) {
            history.steps = earlier.steps;
        }
        let before = history.steps.last().map_or(0.0, |step| step.seconds);
        let start = 1 + history.steps.iter().map(|step| step.start).max().unwrap_or(0);
        Self { path: path.into(), history, begun: Instant::now(), before, start, written: None, failure: None }
    }

    /// Enters a finished step, unless an earlier start did it already.
    pub fn record(&mut self, told: Told) {
        if self.history.steps.iter().any(|entry| entry.step == told.step) {
            return;
        }
        let Told { step, ends, training, held_out, numbers } = told;
        let seconds = self.before + self.begun.elapsed().as_secs_f64();
        let seconds = (seconds * 1e3).round() / 1e3;
        let (memory_mb, start) = (peak_memory(), self.start);
        self.history.steps.push(Entry { step, ends, training, held_out, numbers, seconds, memory_mb, start });
        if self.written.is_none_or(|written| written.elapsed() >= PAUSE) {
            self.write();
        }
    }

    /// Writes what is left to write.
    ///
    /// # Errors
    /// If the file could not be written, now or before.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.write();
        self.failure.map_or(Ok(()), Err)
    }

    /// A run does not end because of its history: the failure is told at the end.
    fn write(&mut self) {
        self.written = Some(Instant::now());
        let text = serde_json::to_vec_pretty(&self.history).map_err(std::io::Error::other);
        self.failure = text.and_then(|text| write_atomically(&self.path, &text)).err();
    }
}

/// The most memory that the process has taken so far, in megabytes; none where there is no `/proc`.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((kibibytes * 1024.0 / 1e5).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(step: &str, held_out: f32) -> Told {
        Told { step: step.into(), held_out: Some(held_out), ..Told::default() }
    }

    fn read(path: &Path) -> History {
        History::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn a_run_that_is_taken_up_keeps_its_entries() {
        let folder = tempfile::tempdir().unwrap();
        let path = History::beside(&folder.path().join("a.model"));
        assert!(path.ends_with("a.model.history.json"));
        let head = || History::new("landmarks", 7, "error in percent");
        let mut first = Recorder::new(&path, head(), true);
        first.record(told("one", 5.0));
        first.before = 100.0;
        first.record(told("two", 4.0));
        first.finish().unwrap();

        let mut second = Recorder::new(&path, head(), true);
        second.record(told("one", 9.0));
        second.record(told("three", 3.0));
        second.finish().unwrap();
        let history = read(&path);
        let steps: Vec<(&str, u32, Option<f32>)> =
            history.steps.iter().map(|s| (s.step.as_str(), s.start, s.held_out)).collect();
        assert_eq!(steps, [("one", 1, Some(5.0)), ("two", 1, Some(4.0)), ("three", 2, Some(3.0))]);
        assert!(history.steps[2].seconds >= 100.0 && history.curve().count() == 3);

        // Another run, or one that begins anew, begins anew.
        for (fingerprint, taken_up) in [(8, true), (7, false)] {
            let mut other = Recorder::new(&path, History::new("landmarks", fingerprint, ""), taken_up);
            other.record(told("one", 1.0));
            other.finish().unwrap();
            assert_eq!((read(&path).steps.len(), read(&path).steps[0].start), (1, 1));
        }
    }

    #[test]
    fn what_is_no_history_is_said() {
        assert!(History::parse("[1]").unwrap_err().starts_with("it is not a training history ("));
        let other = serde_json::to_string(&History { format: 9, ..History::new("detector", 1, "") }).unwrap();
        assert_eq!(History::parse(&other).unwrap_err(), "it is a history of format 9, and 1 is known");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_told_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut recorder = Recorder::new(&folder.path().join("no/a.json"), History::new("detector", 1, ""), false);
        recorder.record(told("one", 1.0));
        assert!(recorder.finish().is_err());
    }
}
