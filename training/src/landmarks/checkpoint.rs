//! Finished steps on disk, so that an interrupted training loses at most the step in work.
//!
//! Every step of training depends on the data, the configuration and the seed alone, so a step that was finished before
//! gives, read back, the same model byte for byte.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use bincode::{Decode, Encode, config};
use lineament::files::write_atomically;

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
        T: Encode + Decode<()>,
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
        bytes.extend(bincode::encode_to_vec(&done, config::standard()).map_err(std::io::Error::other)?);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        write_atomically(&path, &bytes)?;
        Ok(done)
    }

    /// Whether the last step had been finished before.
    pub fn last_was_read(&self) -> bool {
        self.last_was_read.load(Relaxed)
    }

    fn open<T: Decode<()>>(&self, bytes: &[u8]) -> Option<T> {
        let (content, checksum) = bytes.split_last_chunk::<4>()?;
        let (fingerprint, payload) = content.split_first_chunk::<8>()?;
        let ours =
            *fingerprint == self.fingerprint.to_le_bytes() && *checksum == crc32fast::hash(content).to_le_bytes();
        if !ours {
            return None;
        }
        bincode::decode_from_slice(payload, config::standard()).ok().map(|(step, _)| step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_step_is_not_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = Checkpoints::new(Some(folder.path()), 7).unwrap();
        let step =
            |checkpoints: &Checkpoints, value: u32| checkpoints.step("a", || Ok::<u32, std::io::Error>(value)).unwrap();
        assert_eq!(step(&checkpoints, 5), 5);
        assert!(!checkpoints.last_was_read());
        assert_eq!(step(&checkpoints, 6), 5);
        assert!(checkpoints.last_was_read());
        let other = Checkpoints::new(Some(folder.path()), 8).unwrap();
        assert_eq!(step(&other, 6), 6);
        std::fs::write(folder.path().join("a.step"), b"damaged").unwrap();
        assert_eq!(step(&other, 9), 9);
    }
}
