//! Finished steps on disk, so that an interrupted fit loses at most the step in progress.
//!
//! A step depends on the data, the configuration and the seed only. Read back from disk, it gives
//! the same model byte for byte. The fingerprint names this combination, and the folder belongs to
//! one fingerprint: another run is refused instead of replacing the files.

use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use bincode::{Decode, Encode, config};
use lineament::raw::confidence::ConfidenceModel;
use lineament::raw::files::write_atomically;
use lineament::raw::files::{reason, reason_unwritten};
use lineament::raw::model::Part;
use lineament::raw::tree_stage::TreeStage;
use lineament::raw::{BoostedTrees, BoxRegression, Component};
use siphasher::sip::SipHasher13;

/// File ending of a finished step.
const ENDING: &str = "step";

/// A step that cannot be stored, or a folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The folder cannot be created or listed.
    #[error("{}: the folder for finished steps cannot be used: {reason}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why, as a clause.
        reason: String,
    },
    /// The folder has steps of a run with other data, landmarks, configuration, seed or program version.
    #[error(
        "{}: the folder belongs to a fit with other data, landmarks, configuration, seed or program version; \
         name another folder, or remove its .step files",
        folder.display()
    )]
    OtherRun {
        /// The folder.
        folder: PathBuf,
    },
    /// A finished step cannot be written.
    #[error("{}: the finished step cannot be written: {reason}", path.display())]
    Step {
        /// The step's file.
        path: PathBuf,
        /// Why, as a clause.
        reason: String,
    },
}

/// A folder of finished steps, or none.
#[derive(Clone, Debug, Default)]
pub struct Checkpoints {
    folder: Option<PathBuf>,
    fingerprint: u64,
    counts: Arc<Counts>,
}

/// Steps so far. Shared by all clones.
#[derive(Debug, Default)]
struct Counts {
    read: AtomicUsize,
    computed: AtomicUsize,
    /// 1 if the last step was read.
    last_was_read: AtomicUsize,
}

impl Checkpoints {
    /// Keeps the steps of the run with this fingerprint in `folder`. Without a folder, keeps
    /// nothing.
    ///
    /// # Errors
    /// If the folder cannot be created, or has steps of another run.
    pub fn new(folder: Option<&Path>, fingerprint: u64) -> Result<Self, CheckpointError> {
        let checkpoints = Self { folder: folder.map(Path::to_path_buf), fingerprint, counts: Arc::default() };
        if let Some(folder) = folder {
            let failed =
                |error: std::io::Error| CheckpointError::Folder { folder: folder.into(), reason: reason(&error) };
            std::fs::create_dir_all(folder).map_err(failed)?;
            for entry in std::fs::read_dir(folder).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.extension().is_some_and(|ending| ending == ENDING) && checkpoints.is_of_another_run(&path) {
                    return Err(CheckpointError::OtherRun { folder: folder.into() });
                }
            }
        }
        Ok(checkpoints)
    }

    /// Returns the step `name` from the folder if it is there, or else does it and stores the
    /// result.
    ///
    /// # Errors
    /// Those of `work`, or if the step cannot be written.
    pub fn step<T, E>(&self, name: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        T: StepResult,
        E: From<CheckpointError>,
    {
        let Some(folder) = &self.folder else { return work() };
        let path = folder.join(format!("{name}.{ENDING}"));
        if let Some(done) = std::fs::read(&path).ok().and_then(|bytes| self.open(&bytes)) {
            self.count(true);
            return Ok(done);
        }
        let done = work()?;
        self.count(false);
        let mut bytes = self.fingerprint.to_le_bytes().to_vec();
        done.store(&mut bytes);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        write_atomically(&path, &bytes)
            .map_err(|error| CheckpointError::Step { reason: reason_unwritten(&path, &error), path })?;
        Ok(done)
    }

    fn count(&self, read: bool) {
        if read { &self.counts.read } else { &self.counts.computed }.fetch_add(1, Relaxed);
        self.counts.last_was_read.store(read.into(), Relaxed);
    }

    /// Whether the last step was read from the folder.
    pub fn last_was_read(&self) -> bool {
        self.counts.last_was_read.load(Relaxed) == 1
    }

    /// A sentence about the steps that were read, if any: "11 of 17 steps taken from my-fit".
    pub fn summary(&self) -> Option<String> {
        let (read, computed) = (self.counts.read.load(Relaxed), self.counts.computed.load(Relaxed));
        let folder = self.folder.as_ref().filter(|_| read > 0)?;
        Some(format!("{read} of {} steps taken from {}", read + computed, folder.display()))
    }

    /// Whether a file is an undamaged step of another run. A damaged one is done again.
    fn is_of_another_run(&self, path: &Path) -> bool {
        std::fs::read(path).is_ok_and(|bytes| {
            content(&bytes).is_some_and(|(fingerprint, _)| fingerprint != self.fingerprint.to_le_bytes())
        })
    }

    fn open<T: StepResult>(&self, bytes: &[u8]) -> Option<T> {
        let (fingerprint, payload) = content(bytes)?;
        if fingerprint != self.fingerprint.to_le_bytes() {
            return None;
        }
        T::load(payload)
    }
}

/// The fingerprint and the payload of a step's file, if its checksum is right.
fn content(bytes: &[u8]) -> Option<([u8; 8], &[u8])> {
    let (content, checksum) = bytes.split_last_chunk::<4>()?;
    let (fingerprint, payload) = content.split_first_chunk::<8>()?;
    (*checksum == crc32fast::hash(content).to_le_bytes()).then_some((*fingerprint, payload))
}

/// The result of a step, as bytes: parts of models in the layout of model files, all else in bincode's.
pub trait StepResult: Sized {
    /// Appends the bytes.
    fn store(&self, bytes: &mut Vec<u8>);

    /// Reads the bytes.
    fn load(bytes: &[u8]) -> Option<Self>;
}

/// Implements [`StepResult`] for parts of models.
macro_rules! parts {
    ($($part:ty),+) => {
        $(
            impl StepResult for $part {
                fn store(&self, bytes: &mut Vec<u8>) {
                    Part::store(self, bytes);
                }

                fn load(bytes: &[u8]) -> Option<Self> {
                    Part::load(bytes).map(|(part, _)| part)
                }
            }
        )+
    };
}
parts!(BoostedTrees, BoxRegression, ConfidenceModel, TreeStage, Vec<Component>);

/// Implements [`StepResult`] for types of bincode's.
macro_rules! plain {
    ($type:ty) => {
        impl StepResult for $type {
            fn store(&self, bytes: &mut Vec<u8>) {
                store(self, bytes);
            }

            fn load(bytes: &[u8]) -> Option<Self> {
                load(bytes)
            }
        }
    };
}
plain!((Vec<f32>, f32));

/// Appends bincode's bytes of a value.
pub(crate) fn store(value: &impl Encode, bytes: &mut Vec<u8>) {
    bincode::encode_into_std_write(value, bytes, config::standard()).expect("a vector takes all that is written");
}

/// Reads bincode's bytes of a value.
pub(crate) fn load<T: Decode<()>>(bytes: &[u8]) -> Option<T> {
    bincode::decode_from_slice(bytes, config::standard()).ok().map(|(value, _)| value)
}

/// Computes the number that names a run. SipHash-1-3, as for random streams, on every version of
/// Rust.
pub struct Fingerprint(SipHasher13);

impl Fingerprint {
    /// Starts with the program's version and the seed.
    pub fn new(seed: u64) -> Self {
        let mut fingerprint = Self(SipHasher13::new());
        fingerprint.add(env!("CARGO_PKG_VERSION").as_bytes());
        fingerprint.add(&seed.to_le_bytes());
        fingerprint
    }

    /// Adds bytes and their number.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
        self.0.write(&(bytes.len() as u64).to_le_bytes());
    }

    /// Adds coordinates bit by bit.
    pub fn add_points(&mut self, points: &[lineament::geometry::Point]) {
        for p in points {
            self.0.write(&p.x.to_bits().to_le_bytes());
            self.0.write(&p.y.to_bits().to_le_bytes());
        }
        self.0.write(&(points.len() as u64).to_le_bytes());
    }

    /// The number.
    pub fn finish(self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    plain!(u32);

    fn step(checkpoints: &Checkpoints, value: u32) -> u32 {
        checkpoints.step("a", || Ok::<u32, CheckpointError>(value)).unwrap()
    }

    #[test]
    fn a_finished_step_is_not_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = Checkpoints::new(Some(folder.path()), 7).unwrap();
        assert_eq!(step(&checkpoints, 5), 5);
        assert!(!checkpoints.last_was_read() && checkpoints.summary().is_none());
        assert_eq!(step(&checkpoints, 6), 5);
        assert!(checkpoints.last_was_read());
        let summary = checkpoints.summary().unwrap();
        assert_eq!(summary, format!("1 of 2 steps taken from {}", folder.path().display()));
        std::fs::write(folder.path().join("a.step"), b"damaged").unwrap();
        assert_eq!(step(&Checkpoints::new(Some(folder.path()), 7).unwrap(), 9), 9);
    }

    #[test]
    fn the_folder_of_another_run_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(step(&Checkpoints::new(Some(folder.path()), 7).unwrap(), 5), 5);
        let error = Checkpoints::new(Some(folder.path()), 8).unwrap_err();
        assert!(matches!(error, CheckpointError::OtherRun { .. }), "{error}");
    }
}
