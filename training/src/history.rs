//! History of a fit: error, time and memory, step by step.
//!
//! It is a JSON file beside the model, rewritten after every few steps, so that a run can be
//! watched, and an interrupted run leaves a record. A resumed run appends to the entries of earlier
//! starts. Times and memory differ from run to run: this is the only output that the seed does not
//! determine.
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

use lineament::raw::files::write_atomically;
use serde::{Deserialize, Serialize};

/// Version of the file format.
const FORMAT: u32 = 1;

/// Minimum time between two writes.
const PAUSE: Duration = Duration::from_secs(2);

/// History of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Version of the file format.
    pub format: u32,
    /// Program and version.
    pub program: String,
    /// Kind of the model: `landmarks` or `detector`.
    pub kind: String,
    /// Fingerprint of data, configuration and seed, in hexadecimal digits.
    pub run: String,
    /// Meaning of the errors.
    pub measure: String,
    /// Steps, in the order in which they were finished.
    pub steps: Vec<Entry>,
}

/// A finished step, as reported; the recorder adds time and memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepRecord {
    /// Name of the step, unique within the run.
    pub step: String,
    /// Stage that it completes, if any.
    pub ends: Option<String>,
    /// Training error.
    pub training: Option<f32>,
    /// Error on held-out faces.
    pub held_out: Option<f32>,
    /// Other numbers, such as the number of hard windows.
    pub numbers: BTreeMap<String, f64>,
}

/// A finished step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Name of the step.
    pub step: String,
    /// Stage that it completes, if any.
    pub ends: Option<String>,
    /// Training error.
    pub training: Option<f32>,
    /// Error on held-out faces.
    pub held_out: Option<f32>,
    /// Other numbers.
    pub numbers: BTreeMap<String, f64>,
    /// Seconds of work until it was finished, earlier starts included.
    pub seconds: f64,
    /// Peak memory of the program since its start, in megabytes, if the system reports it.
    pub memory_mb: Option<f64>,
    /// Number of the program start, from 1; a resumed run has several.
    #[serde(default)]
    pub start: u32,
}

impl History {
    /// Starts a history; `fingerprint` is that of data, configuration and seed.
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

    /// File of a model's history: the name of the model followed by `.history.json`.
    pub fn beside(model: &Path) -> PathBuf {
        let mut name = OsString::from(model);
        name.push(".history.json");
        name.into()
    }

    /// Reads a history.
    ///
    /// # Errors
    /// If the text is not a history, or has another format.
    pub fn parse(text: &str) -> Result<Self, HistoryError> {
        let history: Self = serde_json::from_str(text)?;
        if history.format != FORMAT {
            return Err(HistoryError::Format(history.format));
        }
        Ok(history)
    }

    /// Steps of the model itself, which have a held-out error.
    pub fn curve(&self) -> impl Iterator<Item = &Entry> {
        self.steps.iter().filter(|step| step.held_out.is_some())
    }
}

/// A file that is not a history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The text is not a history.
    #[error("the file is not a training history ({0})")]
    NotAHistory(#[from] serde_json::Error),
    /// The history has another format.
    #[error("the history has format {0}, but this program reads format {FORMAT}")]
    Format(u32),
}

/// Writes a history during the run.
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
    /// Records into a file. If the run is resumed, entries of the same run in the file stay.
    pub fn new(path: &Path, mut history: History, resumed: bool) -> Self {
        let earlier = std::fs::read_to_string(path).ok().and_then(|text| History::parse(&text).ok());
        if let Some(earlier) = earlier.filter(|earlier| resumed && earlier.run == history.run) {
            history.steps = earlier.steps;
        }
        let before = history.steps.last().map_or(0.0, |step| step.seconds);
        let start = 1 + history.steps.iter().map(|step| step.start).max().unwrap_or(0);
        Self { path: path.into(), history, begun: Instant::now(), before, start, written: None, failure: None }
    }

    /// Adds a finished step, unless an earlier start added it.
    pub fn record(&mut self, record: StepRecord) {
        if self.history.steps.iter().any(|entry| entry.step == record.step) {
            return;
        }
        let StepRecord { step, ends, training, held_out, numbers } = record;
        let seconds = self.before + self.begun.elapsed().as_secs_f64();
        let seconds = (seconds * 1e3).round() / 1e3;
        let (memory_mb, start) = (peak_memory(), self.start);
        self.history.steps.push(Entry { step, ends, training, held_out, numbers, seconds, memory_mb, start });
        if self.written.is_none_or(|written| written.elapsed() >= PAUSE) {
            self.write();
        }
    }

    /// Writes the final history.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.write();
        self.failure.map_or(Ok(()), Err)
    }

    /// A failure does not end the run; it is reported at the end.
    fn write(&mut self) {
        self.written = Some(Instant::now());
        let text = serde_json::to_vec_pretty(&self.history).map_err(std::io::Error::other);
        self.failure = text.and_then(|text| write_atomically(&self.path, &text)).err();
    }
}

/// Peak memory of the process, in megabytes; none without `/proc`.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((kibibytes * 1024.0 / 1e5).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(step: &str, held_out: f32) -> StepRecord {
        StepRecord { step: step.into(), held_out: Some(held_out), ..StepRecord::default() }
    }

    fn read(path: &Path) -> History {
        History::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn a_resumed_run_keeps_its_entries() {
        let folder = tempfile::tempdir().unwrap();
        let path = History::beside(&folder.path().join("a.model"));
        assert!(path.ends_with("a.model.history.json"));
        let head = || History::new("landmarks", 7, "error in percent");
        let mut first = Recorder::new(&path, head(), true);
        first.record(record("one", 5.0));
        first.before = 100.0;
        first.record(record("two", 4.0));
        first.finish().unwrap();

        let mut second = Recorder::new(&path, head(), true);
        second.record(record("one", 9.0));
        second.record(record("three", 3.0));
        second.finish().unwrap();
        let history = read(&path);
        let steps: Vec<(&str, u32, Option<f32>)> =
            history.steps.iter().map(|s| (s.step.as_str(), s.start, s.held_out)).collect();
        assert_eq!(steps, [("one", 1, Some(5.0)), ("two", 1, Some(4.0)), ("three", 2, Some(3.0))]);
        assert!(history.steps[2].seconds >= 100.0 && history.curve().count() == 3);

        // Another run, or one without resuming, starts a new history.
        for (fingerprint, resumed) in [(8, true), (7, false)] {
            let mut other = Recorder::new(&path, History::new("landmarks", fingerprint, ""), resumed);
            other.record(record("one", 1.0));
            other.finish().unwrap();
            assert_eq!((read(&path).steps.len(), read(&path).steps[0].start), (1, 1));
        }
    }

    #[test]
    fn other_files_are_refused() {
        assert!(History::parse("[1]").unwrap_err().to_string().starts_with("the file is not a training history ("));
        let other = serde_json::to_string(&History { format: 9, ..History::new("detector", 1, "") }).unwrap();
        assert_eq!(
            History::parse(&other).unwrap_err().to_string(),
            "the history has format 9, but this program reads format 1"
        );
    }

    #[test]
    fn a_file_that_cannot_be_written_is_reported_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut recorder = Recorder::new(&folder.path().join("no/a.json"), History::new("detector", 1, ""), false);
        recorder.record(record("one", 1.0));
        assert!(recorder.finish().is_err());
    }
}
