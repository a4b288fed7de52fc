//! Shared by the tests of the program: a small landmark model, images, and runs of the program.
#![allow(dead_code, missing_docs)]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use lineament::Shape;
use lineament::geometry::Point;
use lineament::raw::crop::CropSpec;
use lineament::raw::model::Provenance;
use lineament::raw::{Cascade, Detector, model};
use tempfile::TempDir;

/// A temporary folder with a landmark model that puts 68 points on a grid in the box.
pub struct Bench {
    pub folder: TempDir,
}

/// Exit status and output of a run.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The name of a file in the repository.
pub fn kept(name: &str) -> String {
    root().join(name).to_str().unwrap().to_owned()
}

impl Bench {
    pub fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        let mut provenance = Provenance::default();
        provenance.push("seed", 7);
        model::write(bench.path("landmarks.model"), &cascade(), &provenance).unwrap();
        bench
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A grey image with a gradient.
    pub fn image(&self, name: impl AsRef<Path>, width: u32, height: u32) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        image::GrayImage::from_fn(width, height, |x, y| image::Luma([(x + y) as u8])).save(&path).unwrap();
        path
    }

    pub fn file(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A box file of these rows.
    pub fn boxes(&self, rows: &[(&str, [f32; 4])]) -> PathBuf {
        let row = |(name, [x, y, w, h]): &(&str, [f32; 4])| format!("{name},{x},{y},{w},{h}\n");
        self.file("boxes.csv", "image,x,y,width,height\n".to_owned() + &rows.iter().map(row).collect::<String>())
    }

    /// The program, started in the folder.
    pub fn command(&self) -> Command {
        let mut command = Command::cargo_bin("lineament").unwrap();
        command.current_dir(self.folder.path());
        command
    }

    /// Runs the program in the folder.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Run {
        run(self.command().args(arguments))
    }

    /// Runs `detect --landmarks landmarks.model --boxes boxes.csv`.
    pub fn fit<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Run {
        let fixed = ["detect", "--landmarks", "landmarks.model", "--boxes", "boxes.csv"];
        run(self.command().args(fixed).args(arguments))
    }
}

/// The shipped models.
#[cfg(feature = "embedded-models")]
pub fn shipped() -> (Detector, Cascade) {
    let pipeline = lineament::Pipeline::default();
    let detector = pipeline.detector().and_then(|model| model.parts().boosted()).expect("a detector of our own kind");
    let cascade = pipeline.landmarks().parts().cascade().expect("a cascade");
    (detector.clone(), cascade.clone())
}

/// A cascade without stages: its landmarks are on a grid in the box.
pub fn cascade() -> Cascade {
    let crop = CropSpec { face: 64, margin: 16, coarse: 32 };
    let point = |i: u16| Point::new(f32::from(16 + 4 * (i % 16)), f32::from(20 + 10 * (i / 16)));
    Cascade {
        crop,
        mean: Shape::new((0..68).map(point).collect()),
        landmarks: (0..68).collect(),
        stages: vec![],
        confidence: None,
    }
}

pub fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        status: output.status.code().expect("an exit status"),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Run {
    /// The records of `--format jsonl`.
    pub fn records(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
