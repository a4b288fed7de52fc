//! Untrusted files, by the ten thousands: none makes the program panic, takes more than a second of processor time, or
//! allocates more memory than the bound of its kind.
//!
//! The files are those of `tests/data/hostile`, and changed copies of them, the same in every run. Files that once made
//! the program fail are among them. `fuzz/` runs the same functions on files that libFuzzer generates.

mod mutation;
mod seeds;
mod targets;
mod trainer_targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use targets::Target;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Maximum processor time for a file.
const LONGEST: Duration = Duration::from_secs(1);

const MIB: usize = 1 << 20;

/// A kind of file, and its limits.
struct Kind {
    /// Their folder in `tests/data/hostile`.
    name: &'static str,
    run: Target,
    /// Number of changed files to try.
    count: usize,
    /// Maximum memory in bytes: this much …
    memory: usize,
    /// … plus this many times the file's size.
    memory_per_byte: usize,
}

const MODEL: Kind = Kind { name: "model", run: targets::model, count: 18_000, memory: 24 * MIB, memory_per_byte: 40 };
const DLIB: Kind = Kind { name: "dlib", run: targets::dlib, count: 14_000, memory: 8 * MIB, memory_per_byte: 40 };
const PTS: Kind = Kind { name: "pts", run: targets::pts, count: 14_000, memory: 64 << 10, memory_per_byte: 40 };
const IMGLAB: Kind =
    Kind { name: "imglab", run: targets::imglab, count: 18_000, memory: 64 << 10, memory_per_byte: 40 };
const BOXES: Kind = Kind { name: "boxes", run: targets::boxes, count: 12_000, memory: 64 << 10, memory_per_byte: 100 };
const CONFIG: Kind =
    Kind { name: "config", run: trainer_targets::config, count: 12_000, memory: 256 << 10, memory_per_byte: 200 };
const PICTURE: Kind =
    Kind { name: "picture", run: targets::picture, count: 12_000, memory: 64 * MIB, memory_per_byte: 40 };

/// Number of rounds, each with other files: the variable `ROUNDS`, or 1.
fn rounds() -> u64 {
    std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// Memory is counted for the whole process, so kinds are tested one at a time.
static ALONE: Mutex<()> = Mutex::new(());

impl Kind {
    fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/hostile").join(self.name)
    }

    /// Returns the saved files of this kind, in the order of their names.
    fn files(&self) -> Vec<Vec<u8>> {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(self.folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
    }

    /// Runs the saved files as they are, and then changed ones.
    fn hold(&self) {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // Parallel loops stay on this thread, as they do in the program when it processes many images.
        let _pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        let files = self.files();
        (self.run)(&files[0]);
        let mut worst = Cost::default();
        for file in &files {
            worst = worst.max(self.try_out(file));
        }
        for round in 0..rounds() {
            let mut rng = ChaCha8Rng::seed_from_u64(round);
            for _ in 0..self.count {
                let file = files.choose(&mut rng).expect("a seed");
                worst = worst.max(self.try_out(&mutation::mutate(file, &files, &mut rng)));
            }
        }
        let (Cost { time, memory }, count) = (worst, files.len() as u64 + rounds() * self.count as u64);
        println!("{}: {count} files, at most {time:.1?} and {} KiB", self.name, memory >> 10);
    }

    /// Runs one file; fails if it panics or exceeds a limit, and saves the file.
    fn try_out(&self, file: &[u8]) -> Cost {
        let cost = self.measure(file);
        let most = self.memory + self.memory_per_byte * file.len();
        // The clock also counts other work of a busy machine, so processor time decides if it is exceeded.
        let time = (cost.time > LONGEST).then(|| self.processor_time(file)).flatten();
        if time.is_some_and(|time| time > LONGEST) || cost.memory > most {
            let time = time.unwrap_or(cost.time);
            self.fail(file, &format!("it took {time:?} and {} bytes, of which {most} are allowed", cost.memory));
        }
        cost
    }

    fn measure(&self, file: &[u8]) -> Cost {
        MEMORY.reset_peak_usage();
        let (before, start) = (MEMORY.current_usage(), Instant::now());
        if catch_unwind(AssertUnwindSafe(|| (self.run)(file))).is_err() {
            self.fail(file, "it makes the program panic");
        }
        Cost { time: start.elapsed(), memory: MEMORY.peak_usage().saturating_sub(before) }
    }

    /// Returns the processor time of this thread, to a hundredth of a second; none without `/proc`.
    fn processor_time(&self, file: &[u8]) -> Option<Duration> {
        let now = || {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").ok()?;
            // After the name, which may contain anything, `utime` and `stime` are fields 12 and 13.
            let ticks = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2);
            let ticks: u64 = ticks.map(|ticks| ticks.parse::<u64>().ok()).sum::<Option<u64>>()?;
            Some(Duration::from_millis(10 * ticks))
        };
        let before = now()?;
        (self.run)(file);
        Some(now()? - before)
    }

    fn fail(&self, file: &[u8], what: &str) -> ! {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{:08x}", self.name, crc32fast::hash(file)));
        std::fs::write(&kept, file).unwrap();
        panic!("{}: {what}", kept.display());
    }
}

/// The cost of a file.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    time: Duration,
    memory: usize,
}

impl Cost {
    fn max(self, other: Self) -> Self {
        Self { time: self.time.max(other.time), memory: self.memory.max(other.memory) }
    }
}

#[test]
fn a_hundred_thousand_files_are_tried() {
    let kinds = [MODEL, DLIB, PTS, IMGLAB, BOXES, CONFIG, PICTURE];
    assert_eq!(kinds.iter().map(|kind| kind.count).sum::<usize>(), 100_000);
}

#[test]
fn model_files() {
    MODEL.hold();
}

#[test]
fn files_of_dlib() {
    DLIB.hold();
}

#[test]
fn pts_files() {
    PTS.hold();
}

#[test]
fn imglab_xml() {
    IMGLAB.hold();
}

#[test]
fn box_lists() {
    BOXES.hold();
}

#[test]
fn configurations() {
    CONFIG.hold();
}

#[test]
fn pictures() {
    PICTURE.hold();
}
