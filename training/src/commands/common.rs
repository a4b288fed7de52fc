//! Arguments, errors, input and output that the subcommands share.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use lineament::ModelError;
use lineament::raw::annotations::Pixels;
use lineament::raw::files::write_atomically;
use lineament::raw::files::{MOST_BYTES, read_at_most};
use lineament_train::config;
use lineament_train::dataset::{Dataset, DatasetOptions, Fault};
use lineament_train::history::{History, Recorder};
use serde::de::DeserializeOwned;

pub use super::error::CommandError;
use super::numbers::{threads, whole};
use super::outputs::check_outputs;

/// The annotated faces.
#[derive(Debug, Args)]
pub struct DataArguments {
    /// Folders with pairs of `name.jpg` (or `.png`) and `name.pts`, or imglab XML files
    ///
    /// If an image has several faces, `name_1.pts`, `name_2.pts` and so on belong to it. Relative
    /// names in XML files count from the folder of the XML or, if there is no such file, from the
    /// working folder.
    #[arg(long, value_name = "DIR or XML", num_args = 1.., required = true)]
    pub data: Vec<PathBuf>,
    /// Pixels that coordinates refer to if an image's EXIF data says that it must be turned
    #[arg(long, value_enum, default_value_t)]
    orientation: Orientation,
}

/// Treatment of EXIF orientations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Orientation {
    /// As the annotations say, or as they fit the faces if they do not
    #[default]
    Auto,
    /// The image as viewers show it
    Upright,
    /// The pixels as the file stores them
    Stored,
}

/// The annotated faces to learn from or to measure on.
#[derive(Debug, Args)]
pub struct FaceArguments {
    #[command(flatten)]
    pub data: DataArguments,
    /// Keep faces whose landmarks are invalid: at 0 0 or -1 -1, which stand for missing points, or
    /// ten of them, or the eyes, on one spot
    #[arg(long)]
    keep_invalid: bool,
}

/// A data set that was read.
pub struct Data {
    /// The usable faces.
    pub dataset: Dataset,
    /// Whether all of the data could be used.
    pub outcome: Outcome,
    /// Number of faults.
    faults: usize,
}

impl FaceArguments {
    /// Reads the data, and reports faults on stderr.
    pub fn read(&self, options: DatasetOptions) -> Result<Data, CommandError> {
        let pixels = match self.data.orientation {
            Orientation::Auto => None,
            Orientation::Upright => Some(Pixels::Upright),
            Orientation::Stored => Some(Pixels::Stored),
        };
        let options = DatasetOptions { keep_invalid: self.keep_invalid, pixels, ..options };
        let (dataset, faults) = Dataset::read(&self.data.data, &options)?;
        let invalid = faults.iter().filter(|fault| fault.invalid_landmarks).count();
        let outcome = report_faults(&faults);
        if invalid > 0 {
            let faces = if invalid == 1 { "1 face" } else { &format!("{invalid} faces") };
            note(format_args!("{faces} with invalid landmarks left out; --keep-invalid keeps them"));
        }
        Ok(Data { dataset, outcome, faults: faults.len() })
    }
}

impl Data {
    /// A sentence on what a fit learns from, such as "80 faces in 78 images, 2 faults left out".
    pub fn inventory(&self) -> String {
        let (faces, images) = (self.dataset.face_count(), self.dataset.images.len());
        let faults = match self.faults {
            0 => String::new(),
            1 => ", 1 fault left out (see above)".into(),
            many => format!(", {many} faults left out (see above)"),
        };
        format!("{faces} faces in {images} images{faults}")
    }
}

/// The number of threads.
#[derive(Debug, Args)]
pub struct ThreadArguments {
    /// Number of threads [default: number of cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<u16>,
}

impl ThreadArguments {
    /// Limits all parallel work from here on.
    pub fn apply(&self) -> Result<(), CommandError> {
        let threads = self.threads.map_or(0, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        pool.map_err(|error| CommandError::usage(format!("the threads cannot be started: {error}")))
    }
}

/// Arguments of a fit, besides its data.
#[derive(Debug, Args)]
pub struct FitArguments {
    /// Model file to write
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Hyper-parameters; those that the file does not name keep their defaults
    #[arg(long, value_name = "TOML")]
    pub config: Option<PathBuf>,
    /// Seed of all random numbers; the same seed and data give the same file for any number of
    /// threads
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>)]
    pub seed: u64,
    /// Folder for finished steps; start an interrupted fit again with the same folder to resume it
    #[arg(long, value_name = "DIR")]
    pub resume: Option<PathBuf>,
    #[command(flatten)]
    pub threads: ThreadArguments,
}

/// Reads a configuration file, or returns the defaults if none is given.
pub fn read_config<T: DeserializeOwned + Default>(path: Option<&Path>) -> Result<T, CommandError> {
    let Some(path) = path else { return Ok(T::default()) };
    let text = read_text(path)?;
    config::parse(&text).map_err(|error| CommandError::input(path, error))
}

/// An error of hyper-parameters, with the name of the file that they come from.
pub fn wrong_config(path: Option<&Path>, error: impl fmt::Display) -> CommandError {
    match path {
        Some(file) => CommandError::input(file, error),
        None => CommandError::usage(error.to_string()),
    }
}

/// Arguments for the history of a fit.
#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// File for the history of the fit: error, time and memory of each step [default:
    /// OUTPUT.history.json]
    #[arg(long, value_name = "JSON")]
    history: Option<PathBuf>,
}

impl HistoryArguments {
    /// Fails now, not after hours, if the model or the history cannot be written, or would replace one
    /// of the inputs.
    pub fn check_outputs<'a>(
        &'a self,
        fit: &'a FitArguments,
        inputs: impl Iterator<Item = &'a PathBuf> + Clone,
    ) -> Result<(), CommandError> {
        check_outputs([&fit.output].into_iter().chain(&self.history), inputs.chain(&fit.config))
    }

    /// Starts recording; a resumed run continues its own history.
    pub fn recorder(&self, fit: &FitArguments, history: History) -> Recorder {
        Recorder::new(&self.file(fit), history, fit.resume.is_some())
    }

    /// Ends recording.
    pub fn finish(&self, fit: &FitArguments, recorder: Recorder) -> Result<(), CommandError> {
        recorder.finish().map_err(|error| CommandError::unwritten(&self.file(fit), &error))
    }

    fn file(&self, fit: &FitArguments) -> PathBuf {
        self.history.clone().unwrap_or_else(|| History::beside(&fit.output))
    }
}

/// Result of a command that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All data were used.
    Complete,
    /// Some of the data could not be used.
    WithFaults,
}

impl Outcome {
    /// Combines the outcomes of two parts of a command.
    pub fn and(self, other: Self) -> Self {
        if self == Self::Complete { other } else { self }
    }
}

/// Reports faults on stderr.
pub fn report_faults(faults: &[Fault]) -> Outcome {
    faults.iter().for_each(|fault| eprintln!("lineament-train: {fault}"));
    if faults.is_empty() { Outcome::Complete } else { Outcome::WithFaults }
}

/// Decodes the bytes of a model file.
pub type Decode<M> = fn(&[u8]) -> Result<M, ModelError>;

/// Reads a model file.
pub fn read_model<M>(path: &Path, decode: Decode<M>) -> Result<M, CommandError> {
    let bytes = read_at_most(path, MOST_BYTES).map_err(|error| CommandError::unread(path, &error))?;
    decode(&bytes).map_err(|error| CommandError::input(path, error))
}

/// Reads a text file.
pub fn read_text(path: &Path) -> Result<String, CommandError> {
    let bytes = read_at_most(path, MOST_BYTES).map_err(|error| CommandError::unread(path, &error))?;
    String::from_utf8(bytes).map_err(|_| CommandError::input(path, "the file is not UTF-8 text"))
}

/// Writes a file of results.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    write_atomically(path, bytes).map_err(|error| CommandError::unwritten(path, &error))
}

/// Writes results to stdout. A closed pipe is not an error: the reader has seen enough.
pub fn print(text: &str) -> Result<(), CommandError> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CommandError::unwritten(Path::new("stdout"), &error))
        }
        _ => Ok(()),
    }
}

/// Writes a note to stderr.
pub fn note(text: impl fmt::Display) {
    eprintln!("{text}");
}

/// An argument as it must be typed in a shell.
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+=,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
