//! Killed and resumed runs. A fit that is killed at random moments and resumed with `--resume` ends
//! with the same file, byte for byte, as an undisturbed run, on any number of threads. At every
//! moment the output is the old file or a complete new one.
//!
//! Set the variable `KILLS` to the number of kills of each subcommand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lineament_train::history::History;
use lineament_train::synthetic::{write_backgrounds, write_faces};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

/// Number of kills of each subcommand without the variable.
const KILLS: usize = 3;

const LANDMARKS: &str = "
parts = 2
folds = 2
[crop]
face = 48
margin = 20
coarse = 24
[[stages]]
kind = 'linear'
oversampling = 3
level = 1
steps = [{ radius = 0.25, patch_components = 12, regression = { global = { patches = 20, rank = 16 } } }]
[[stages]]
kind = 'trees'
repeats = 3
trees = 40
depth = 3
oversampling = 6
points = 100
candidates = 10
components = 16
split_components = 8
[[stages]]
kind = 'linear'
oversampling = 3
steps = [{ radius = 0.08, patch_components = 12, regression = { local = { neighbours = 4 } } }]
";

const DETECTOR: &str = "
mining_face = 48.0
[faces]
copies = 2
[prefilter]
trees = 8
features = 40
random = 20
rounds = 2
[filters]
epochs = 20
random = 20
rounds = 1
hard = 10
[boosted_trees]
trees = [12, 24]
features = 60
hard = 20
";

#[test]
fn landmarks_survive_being_killed() {
    let bench = Bench::new(LANDMARKS);
    let job = Job { bench: &bench, subcommand: &["landmarks", "--data", "train"], output: "a.model" };
    let versions = vec![job.undisturbed(&["--threads", "2"])];
    let old = job.undisturbed(&["--threads", "2", "--seed", "2"]);
    job.harass(&old, &versions);
}

#[test]
fn a_detector_survives_being_killed() {
    let bench = Bench::new(DETECTOR);
    let subcommand = ["detector", "--data", "train", "--negatives", "clutter"];
    let job = Job { bench: &bench, subcommand: &subcommand, output: "a.model" };
    let versions = vec![job.undisturbed(&["--threads", "2"])];
    let old = job.undisturbed(&["--threads", "2", "--seed", "2"]);
    job.harass(&old, &versions);
}

#[test]
fn a_search_survives_being_killed() {
    const TRIALS: usize = 3;
    let bench = Bench::new(LANDMARKS);
    let trials = TRIALS.to_string();
    let subcommand = ["tune", "--data", "train", "--folds", "2", "--budget", "10000", "--trials"];
    // The output after each trial.
    let after = |trials: usize| {
        let trials = trials.to_string();
        let subcommand = [&subcommand[..], &[&trials]].concat();
        Job { bench: &bench, subcommand: &subcommand, output: "a.toml" }.undisturbed(&["--threads", "2"])
    };
    let versions: Vec<Vec<u8>> = (1..=TRIALS).map(after).collect();
    let subcommand = [&subcommand[..], &[&trials]].concat();
    Job { bench: &bench, subcommand: &subcommand, output: "a.toml" }.harass(b"# the best of last week\n", &versions);
}

/// A folder with synthetic faces, images without faces, and a configuration.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["train", "clutter"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        write_faces(&folder.path().join("train"), 24, 1).unwrap();
        write_backgrounds(&folder.path().join("clutter"), 12, 3).unwrap();
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A run of the trainer that writes a file.
struct Job<'a> {
    bench: &'a Bench,
    subcommand: &'a [&'a str],
    output: &'a str,
}

impl Job<'_> {
    fn start(&self, output: &str, extra: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lineament-train"));
        command.current_dir(self.bench.folder.path()).args(self.subcommand);
        command.args(["--config", "config.toml", "--output", output]).args(extra);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs the job undisturbed and returns its output.
    fn undisturbed(&self, extra: &[&str]) -> Vec<u8> {
        assert!(self.start("undisturbed", extra).wait().unwrap().success());
        std::fs::read(self.bench.path("undisturbed")).unwrap()
    }

    /// Runs the job repeatedly, kills it at random moments and resumes it, until it was killed often
    /// enough. `old` is the output before; `versions` are those that an undisturbed run writes, in
    /// their order.
    fn harass(&self, old: &[u8], versions: &[Vec<u8>]) {
        let wanted = std::env::var("KILLS").map_or(KILLS, |kills| kills.parse().expect("KILLS is a number"));
        let begin = Instant::now();
        assert!(self.start("undisturbed", &["--resume", "timed", "--threads", "1"]).wait().unwrap().success());
        let time = begin.elapsed();
        let all_steps = steps(&self.bench.path("timed"));
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let (mut killed_at, mut killed, mut runs) = (Vec::new(), Vec::new(), 0);
        while killed_at.len() < wanted {
            let resume = format!("steps-{runs}");
            let threads = ["1", "2", "4"][runs % 3];
            let output = self.bench.path(self.output);
            // Every other run starts without an output.
            let before = (runs % 2 == 0).then_some(old);
            match before {
                Some(old) => std::fs::write(&output, old).unwrap(),
                None => std::fs::remove_file(&output).unwrap(),
            }
            let mut watch = Watch { output: &output, before, versions, seen: 0 };
            loop {
                let moment = time.mul_f32(rng.random_range(0.0..1.0));
                let mut child = self.start(self.output, &["--resume", &resume, "--threads", threads]);
                let patience = if killed_at.len() < wanted { moment } else { Duration::MAX };
                match watch.wait(&mut child, patience) {
                    End::Killed => {
                        killed_at.push(steps(&self.bench.path(&resume)));
                        killed.push(child.id());
                    }
                    End::Done => break,
                }
                self.check_history();
            }
            let done = std::fs::read(&output).unwrap();
            assert!(Some(&done) == versions.last(), "run {runs}, {threads} threads: another file than undisturbed");
            runs += 1;
            assert!(runs < 20 + 3 * wanted, "it is never hit");
        }
        let mut places = BTreeMap::new();
        killed_at.iter().for_each(|&steps| *places.entry(steps).or_insert(0) += 1);
        let strays = strays(self.bench.folder.path());
        println!(
            "{}: {} kills in {runs} runs of {time:.1?} undisturbed; kills by finished steps, {all_steps} at the end: \
             {places:?}; left over: {strays:?}",
            self.subcommand[0],
            killed_at.len(),
        );
        // Only a run that is killed while it writes may leave a temporary file.
        for stray in &strays {
            let of = |process: &u32| stray.to_string_lossy().contains(&format!("-{process}-"));
            assert!(killed.iter().any(of), "{} was left over by a run that was not killed", stray.display());
        }
    }

    /// The history beside a model is complete at every moment.
    fn check_history(&self) {
        if let Ok(text) = std::fs::read_to_string(self.bench.path(&format!("{}.history.json", self.output))) {
            History::parse(&text).unwrap();
        }
    }
}

/// The end of a run.
enum End {
    Done,
    Killed,
}

/// Watches the output of a run.
struct Watch<'a> {
    output: &'a Path,
    before: Option<&'a [u8]>,
    versions: &'a [Vec<u8>],
    /// Number of the version in the output: 0 before the first.
    seen: usize,
}

impl Watch<'_> {
    /// Watches the output until the run ends; kills the run after a time limit.
    fn wait(&mut self, child: &mut Child, patience: Duration) -> End {
        let begin = Instant::now();
        loop {
            self.look();
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success());
                return End::Done;
            }
            if begin.elapsed() >= patience {
                child.kill().unwrap();
                let status = child.wait().unwrap();
                self.look();
                // The run may have ended just before.
                return if status.code().is_none() { End::Killed } else { End::Done };
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Asserts that the output is the old file or one of the versions, and never an earlier one than before.
    fn look(&mut self) {
        let now = std::fs::read(self.output).ok();
        let later = self.versions[self.seen.saturating_sub(1)..].iter().position(|v| now.as_ref() == Some(v));
        match later {
            Some(place) => self.seen = self.seen.max(self.seen.saturating_sub(1) + place + 1),
            None => assert!(self.seen == 0 && now.as_deref() == self.before, "the output is neither old nor new"),
        }
    }
}

/// Returns the finished steps in a folder and its subfolders.
fn steps(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let folders = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    names(folder, "step").len() + folders.map(|folder| steps(&folder)).sum::<usize>()
}

/// Returns the temporary files in a folder and its subfolders.
fn strays(folder: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let own = ["tmp", "probe"].into_iter().flat_map(|ending| names(folder, ending));
    own.chain(folders.flat_map(|folder| strays(&folder))).collect()
}

/// Returns the files of a folder with this ending.
fn names(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|e| e.path()).filter(|path| path.extension().is_some_and(|e| e == ending)).collect()
}
