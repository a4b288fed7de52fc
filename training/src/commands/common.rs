//! What the subcommands share: arguments that mean the same everywhere, errors, and how data and models are read.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use lineament::files::write_atomically;
use lineament::files::{MOST_BYTES, read_at_most, reason, reason_unwritten};
use lineament::{ModelError, Provenance};
use lineament_train::config;
use lineament_train::dataset::{Dataset, DatasetError, DatasetOptions, Fault};
use lineament_train::history::{History, Recorder};
use lineament_train::report::ReportError;
use serde::de::DeserializeOwned;

/// Where the annotated faces are.
#[derive(Debug, Args)]
pub struct DataArguments {
    /// Folders with pairs of `name.jpg` (or `.png`) and `name.pts`, or imglab XML files
    #[arg(long, value_name = "DIR or XML", num_args = 1.., required = true)]
    pub data: Vec<PathBuf>,
}

impl DataArguments {
    /// Reads the data; what cannot be used of it is told on standard error.
    pub fn read(&self, options: &DatasetOptions) -> Result<(Dataset, Outcome), CommandError> {
        let (dataset, faults) = Dataset::read(&self.data, options)?;
        Ok((dataset, tell(&faults)))
    }
}

/// The number of threads.
#[derive(Debug, Args)]
pub struct ThreadArguments {
    /// Threads to work with; one for each core by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

impl ThreadArguments {
    /// Limits all parallel work from here on.
    pub fn apply(&self) -> Result<(), CommandError> {
        let threads = self.threads.map_or(0, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        pool.map_err(|error| CommandError::new(format!("the threads cannot be started: {error}")))
    }
}

/// What a fit takes besides its data.
#[derive(Debug, Args)]
pub struct FitArguments {
    /// The model file to write
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Hyper-parameters; those that it does not name keep their defaults
    #[arg(long, value_name = "TOML")]
    pub config: Option<PathBuf>,
    /// The seed of all chance: the same seed and data give the same file, whatever the number of threads
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// A folder for the finished steps: an interrupted fit that is started again with it goes on where it stopped
    #[arg(long, value_name = "DIR")]
    pub resume: Option<PathBuf>,
    #[command(flatten)]
    pub threads: ThreadArguments,
}

impl FitArguments {
    /// The hyper-parameters of the configuration file, or the defaults where none is given.
    pub fn read_config<T: DeserializeOwned + Default>(&self) -> Result<T, CommandError> {
        let Some(path) = &self.config else { return Ok(T::default()) };
        let bytes = read_at_most(path, MOST_BYTES).map_err(|error| CommandError::file(path, cannot_read(&error)))?;
        let text = String::from_utf8(bytes).map_err(|_| CommandError::file(path, "it is not UTF-8"))?;
        config::parse(&text).map_err(|error| CommandError::file(path, error))
    }

    /// Fails now, not after hours, if the output could not be written.
    pub fn check_output(&self) -> Result<(), CommandError> {
        check_output(&self.output)
    }
}

/// The history of a fit.
#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// Where the run's history is written: error, time and memory step by step; OUTPUT.history.json by default
    #[arg(long, value_name = "JSON")]
    history: Option<PathBuf>,
}

impl HistoryArguments {
    /// Fails now, not after hours, if the history could not be written.
    pub fn check_output(&self) -> Result<(), CommandError> {
        self.history.as_deref().map_or(Ok(()), check_output)
    }

    /// Begins to record a history; a run that is taken up goes on with its own.
    pub fn recorder(&self, fit: &FitArguments, history: History) -> Recorder {
        Recorder::new(&self.file(fit), history, fit.resume.is_some())
    }

    /// Ends the recording.
    pub fn finish(&self, fit: &FitArguments, recorder: Recorder) -> Result<(), CommandError> {
        recorder.finish().map_err(|error| cannot_write(&self.file(fit), &error))
    }

    fn file(&self, fit: &FitArguments) -> PathBuf {
        self.history.clone().unwrap_or_else(|| History::beside(&fit.output))
    }
}

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was used.
    Complete,
    /// A part of the data could not be used.
    WithFaults,
}

impl Outcome {
    /// The outcome of two parts of a command.
    pub fn and(self, other: Self) -> Self {
        if self == Self::Complete { other } else { self }
    }
}

/// Why a command could not do its work: one sentence for standard error.
#[derive(Debug)]
pub struct CommandError(String);

impl CommandError {
    /// An error with this sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// An error of a file; `what` is a clause that follows its name.
    pub fn file(file: &Path, what: impl fmt::Display) -> Self {
        Self(format!("{}: {what}", file.display()))
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<DatasetError> for CommandError {
    fn from(error: DatasetError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<ReportError> for CommandError {
    fn from(error: ReportError) -> Self {
        Self::new(error.to_string())
    }
}

/// Tells faults on standard error.
pub fn tell(faults: &[Fault]) -> Outcome {
    faults.iter().for_each(|fault| eprintln!("lineament-train: {fault}"));
    if faults.is_empty() { Outcome::Complete } else { Outcome::WithFaults }
}

/// Takes a model out of the bytes of its file.
pub type Decode<M> = fn(&[u8]) -> Result<(M, Provenance), ModelError>;

/// Reads a model file.
pub fn read_model<M>(path: &Path, decode: Decode<M>) -> Result<M, CommandError> {
    let bytes = read_at_most(path, MOST_BYTES).map_err(|error| CommandError::file(path, cannot_read(&error)))?;
    Ok(decode(&bytes).map_err(|error| CommandError::file(path, error))?.0)
}

/// Writes a file of results.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    write_atomically(path, bytes).map_err(|error| cannot_write(path, &error))
}

/// Writes results to standard output. A reader who has seen enough (a closed pipe) is no error.
pub fn say(text: &str) -> Result<(), CommandError> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(cannot_write(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

/// Fails if a file could not be written at `path`. Nothing stays behind.
pub fn check_output(path: &Path) -> Result<(), CommandError> {
    match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => return Err(cannot_write(path, &std::io::ErrorKind::IsADirectory.into())),
        // A device or a pipe has no file beside it.
        Ok(there) if !there.is_file() => return Ok(()),
        _ => {}
    }
    let mut probe = path.as_os_str().to_owned();
    probe.push(format!(".{}.probe", std::process::id()));
    let written = std::fs::File::create(&probe).and_then(|_| std::fs::remove_file(&probe));
    written.map_err(|error| cannot_write(path, &error))
}

/// A clause for a file that cannot be read.
pub fn cannot_read(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        _ => format!("it cannot be read: {}", reason(error)),
    }
}

/// An error of a file that cannot be written.
pub fn cannot_write(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::file(path, format!("it cannot be written: {}", reason_unwritten(path, error)))
}
