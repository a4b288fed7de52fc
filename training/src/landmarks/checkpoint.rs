//! Finished steps on disk, so that an interrupted training loses at most the step in work.
//!
//! Every step of training depends on the data, the configuration and the seed alone, so a step that was finished before
//! gives, read back, the same model byte for byte.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use bincode::{Decode, Encode, config};
use lineament::files::write_atomically;
use lineament::raw::confidence::ConfidenceModel;
use lineament::raw::model::Part;
use lineament::raw::tree_stage::TreeStage;
use lineament::raw::{BoostedTrees, BoxRegression, Component};

/// A folder of finished steps, or none.
#[derive(Clone, Debug, Default)]
pub struct Checkpoints {
    folder: Option<PathBuf>,
    /// Steps of another data set, configuration or seed are not used.
    fingerprint: u64,
    last_was_read: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Keeps the steps of the run with this fingerprint in `folder`; keeps nothing where there is no folder.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn new(folder: Option<&Path>, fingerprint: u64) -> std::io::Result<Self> {
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder)?;
        }
        Ok(Self { folder: folder.map(Path::to_path_buf), fingerprint, last_was_read: Arc::default() })
    }

    /// The step `name` as it was finished before, or else as `work` gives it now.
    ///
    /// # Errors
    /// As `work`, or if the step cannot be written.
    pub fn step<T, E>(&self, name: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        T: StepResult,
        E: From<std::io::Error>,
    {
        let Some(folder) = &self.folder else { return work() };
        let path = folder.join(format!("{name}.step"));
        if let Some(done) = std::fs::read(&path).ok().and_then(|bytes| self.open(&bytes)) {
            self.last_was_read.store(true, Relaxed);
            return Ok(done);
        }
        self.last_was_read.store(false, Relaxed);
        let done = work()?;
        let mut bytes = self.fingerprint.to_le_bytes().to_vec();
        done.store(&mut bytes);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        write_atomically(&path, &bytes)?;
        Ok(done)
    }

    /// Whether the last step had been finished before.
    pub fn last_was_read(&self) -> bool {
        self.last_was_read.load(Relaxed)
    }

    fn open<T: StepResult>(&self, bytes: &[u8]) -> Option<T> {
        let (content, checksum) = bytes.split_last_chunk::<4>()?;
        let (fingerprint, payload) = content.split_first_chunk::<8>()?;
        let ours =
            *fingerprint == self.fingerprint.to_le_bytes() && *checksum == crc32fast::hash(content).to_le_bytes();
        if !ours {
            return None;
        }
        T::load(payload)
    }
}

/// What a step gives, as bytes: parts of models in the layout of model files, all else in bincode's.
pub trait StepResult: Sized {
    /// Appends the bytes.
    fn store(&self, bytes: &mut Vec<u8>);

    /// Reads the bytes.
    fn load(bytes: &[u8]) -> Option<Self>;
}

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

/// The errors of the faces, and the time in seconds.
impl StepResult for (Vec<f32>, f32) {
    fn store(&self, bytes: &mut Vec<u8>) {
        store(self, bytes);
    }

    fn load(bytes: &[u8]) -> Option<Self> {
        load(bytes)
    }
}

/// Appends bincode's bytes of a value.
pub(super) fn store(value: &impl Encode, bytes: &mut Vec<u8>) {
    bincode::encode_into_std_write(value, bytes, config::standard()).expect("a vector takes all that is written");
}

/// Reads bincode's bytes of a value.
pub(super) fn load<T: Decode<()>>(bytes: &[u8]) -> Option<T> {
    bincode::decode_from_slice(bytes, config::standard()).ok().map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_step_is_not_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = Checkpoints::new(Some(folder.path()), 7).unwrap();
        let step = |checkpoints: &Checkpoints, value: f32| {
            checkpoints.step("a", || Ok::<_, std::io::Error>((Vec::new(), value))).unwrap().1
        };
        assert_eq!(step(&checkpoints, 5.0), 5.0);
        assert!(!checkpoints.last_was_read());
        assert_eq!(step(&checkpoints, 6.0), 5.0);
        assert!(checkpoints.last_was_read());
        let other = Checkpoints::new(Some(folder.path()), 8).unwrap();
        assert_eq!(step(&other, 6.0), 6.0);
        std::fs::write(folder.path().join("a.step"), b"damaged").unwrap();
        assert_eq!(step(&other, 9.0), 9.0);
    }
}
