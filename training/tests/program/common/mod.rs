//! A folder of test data, and the program run in it.

#![allow(dead_code, reason = "each test uses a part")]

use std::path::PathBuf;

use assert_cmd::Command;
use lineament::raw::Cascade;
use lineament::raw::ShapeExt;
use lineament::raw::crop::CropSpec;
use lineament::raw::model;
use lineament::raw::model::Provenance;
use lineament_train::synthetic::{portrait, write_faces};
use tempfile::TempDir;

/// A folder of test data.
pub struct Folder(pub TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with the drawn faces `data/face_000` and so on.
    pub fn with_faces(count: usize) -> Self {
        let folder = Self::new();
        std::fs::create_dir(folder.path("data")).unwrap();
        write_faces(&folder.path("data"), count, 1).unwrap();
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        std::fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    /// A landmark model that leaves the mean shape in the box.
    pub fn model(&self, name: &str) -> PathBuf {
        let mean = portrait(1, 0).shapes[0].map(|p| p * 0.5);
        let crop = CropSpec { face: 96, margin: 40, coarse: 48 };
        let cascade = Cascade { crop, mean, landmarks: (0..68).collect(), stages: Vec::new(), confidence: None };
        model::write(self.path(name), &cascade, &Provenance::default()).unwrap();
        self.path(name)
    }
}

/// Exit status, standard output and standard error, with the folder's path as `DIR`.
pub fn run(folder: &Folder, arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::cargo_bin("lineament-train").unwrap().current_dir(&folder.0).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.replace(folder.0.path().to_str().unwrap(), "DIR")
    };
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// The command fails with status 2 and exactly this sentence.
#[track_caller]
pub fn refuses(folder: &Folder, arguments: &[&str], sentence: &str) {
    fails(folder, arguments, 2, sentence);
}

/// The command fails with this status and exactly this sentence.
#[track_caller]
pub fn fails(folder: &Folder, arguments: &[&str], status: i32, sentence: &str) {
    let (found, out, err) = run(folder, arguments);
    assert_eq!(err, format!("lineament-train: {sentence}\n"));
    assert_eq!((found, out.as_str()), (status, ""));
}
