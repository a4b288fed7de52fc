//! The layouts of model files: a file that is read and written again has the same bytes.

use std::path::{Path, PathBuf};

use lineament::raw::model::{self, Model, ModelKind};
use lineament::raw::{Cascade, Detector};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What becomes of a file when it is read and written.
fn again(file: &[u8]) -> Vec<u8> {
    fn of<M: Model>(file: &[u8]) -> Vec<u8> {
        let (model, provenance) = model::from_bytes::<M>(file).unwrap();
        model::to_bytes(&model, &provenance).unwrap()
    }
    match ModelKind::of(file).unwrap() {
        ModelKind::Detector => of::<Detector>(file),
        ModelKind::Landmarks => of::<Cascade>(file),
        #[cfg(feature = "dlib")]
        ModelKind::DlibDetector => of::<lineament::raw::dlib::HogDetector>(file),
        #[cfg(feature = "dlib")]
        ModelKind::DlibLandmarks => of::<lineament::raw::dlib::ShapePredictor>(file),
        #[cfg(not(feature = "dlib"))]
        _ => file.to_vec(),
    }
}

#[test]
fn files_of_the_newest_versions_come_back_byte_for_byte() {
    for name in [
        "tests/data/models/detector-3.lineament",
        "tests/data/models/landmarks-3.lineament",
        "tests/data/models/fhog-detector-1.lineament",
        "tests/data/models/pixel-landmarks-1.lineament",
    ] {
        let file = std::fs::read(root(name)).unwrap();
        assert!(again(&file) == file, "{name}");
    }
}

#[cfg(feature = "embedded-models")]
#[test]
fn the_shipped_models_come_back_byte_for_byte() {
    for file in [lineament_models::DETECTOR, lineament_models::LANDMARKS] {
        assert!(again(file) == file);
    }
}

/// Old files become files of the newest version, which come back byte for byte.
#[test]
fn files_of_older_versions_become_the_newest() {
    for (name, newest) in [
        ("detector-1.lineament", ModelKind::Detector.version()),
        ("detector-2.lineament", ModelKind::Detector.version()),
        ("landmarks-2.lineament", ModelKind::Landmarks.version()),
    ] {
        let file = again(&std::fs::read(root("tests/data/models").join(name)).unwrap());
        assert_eq!(model::describe(&file).unwrap().0.version, newest, "{name}");
        assert!(again(&file) == file, "{name}");
    }
}

/// `landmarks-3` is `landmarks-2`, written in the newer version.
#[test]
fn the_second_version_of_landmarks_reads_as_the_third() {
    let read = |name: &str| std::fs::read(root("tests/data/models").join(name)).unwrap();
    assert!(again(&read("landmarks-2.lineament")) == read("landmarks-3.lineament"));
}
