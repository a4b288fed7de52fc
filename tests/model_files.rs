//! Model files: one of each version that is read, with what it finds; and what is refused, and how.

mod common;

use std::path::{Path, PathBuf};

use common::Bench;
use lineament::DetectorModel;
use lineament::raw::DetectOptions;
use lineament::geometry::Rect;
use image::GrayImage;
use lineament::decode::{ReadOptions, read_grey};
use lineament::LandmarkModel;
use lineament::annotations::pts;
use lineament::raw::FitOptions;
use lineament::ModelError;
use lineament::raw::model;
use lineament::raw::model::ModelKind;

/// A file of every version that is read.
const FILES: [(&str, ModelKind, u16); 7] = [
    ("detector-1.lineament", ModelKind::Detector, 1),
    ("detector-2.lineament", ModelKind::Detector, 2),
    ("detector-3.lineament", ModelKind::Detector, 3),
    ("landmarks-2.lineament", ModelKind::Landmarks, 2),
    ("landmarks-3.lineament", ModelKind::Landmarks, 3),
    ("fhog-detector-1.lineament", ModelKind::DlibDetector, 1),
    ("pixel-landmarks-1.lineament", ModelKind::DlibLandmarks, 1),
];

/// Boxes and scores of what the detectors find.
const DETECTOR_1: (Rect, f32) = (Rect { x: 178.931, y: 89.680, width: 89.598, height: 89.598 }, 0.79);
const DETECTOR_2: (Rect, f32) = (Rect { x: 14.217, y: 88.247, width: 70.933, height: 70.933 }, 0.58);
const DETECTOR_3: (Rect, f32) = (Rect { x: 18.176, y: 91.953, width: 66.547, height: 66.547 }, 0.643);
const FHOG_1: (Rect, f32) = (Rect { x: 51.0, y: 37.0, width: 57.0, height: 57.0 }, 0.304);

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/models").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

fn picture(name: &str) -> GrayImage {
    read_grey(&path(name), &ReadOptions::default()).unwrap()
}

#[test]
fn there_is_a_file_of_every_version_that_is_read() {
    for (name, kind, version) in FILES {
        let (header, _) = model::describe(&bytes(name)).unwrap();
        assert_eq!((header.kind, header.version), (kind, version), "{name}");
    }
    for (_, kind, _) in FILES {
        for version in kind.versions() {
            assert!(FILES.iter().any(|file| (file.1, file.2) == (kind, version)), "{} {version}", kind.name());
        }
    }
}

#[test]
fn detectors_of_all_versions_find_what_they_found() {
    for (name, in_picture, min_face, found, score) in [
        ("detector-1.lineament", "../../../data/astronaut.png", 80.0, DETECTOR_1.0, DETECTOR_1.1),
        ("detector-2.lineament", "drawn.png", 60.0, DETECTOR_2.0, DETECTOR_2.1),
        ("detector-3.lineament", "drawn.png", 60.0, DETECTOR_3.0, DETECTOR_3.1),
        ("fhog-detector-1.lineament", "../scene.pgm", 0.0, FHOG_1.0, FHOG_1.1),
    ] {
        let (detector, _) = DetectorModel::from_bytes(&bytes(name)).unwrap();
        let usual = detector.default_options();
        let options =
            DetectOptions { threshold: 0.0, min_face: f32::max(min_face, usual.min_face), max_faces: Some(1) };
        let best = detector.detect(&picture(in_picture), &options)[0];
        let share = best.bounds.overlap(&found);
        assert!(share > 0.8 && (best.score - score).abs() < 0.3, "{name}: {best:?}, overlap {share}");
    }
}

#[test]
fn landmark_models_of_all_versions_place_what_they_placed() {
    for (name, in_picture, points) in [
        ("landmarks-2.lineament", "drawn.png", "landmarks-2.pts"),
        ("landmarks-3.lineament", "drawn.png", "landmarks-2.pts"),
        ("pixel-landmarks-1.lineament", "../scene.pgm", "pixel-landmarks-1.pts"),
    ] {
        let (landmarks, _) = LandmarkModel::from_bytes(&bytes(name)).unwrap();
        let bounds = if in_picture == "drawn.png" { DETECTOR_2.0 } else { FHOG_1.0 };
        let fit = landmarks.fit(&picture(in_picture), &bounds, &FitOptions::default());
        let before = pts::read(&path(points)).unwrap();
        let distances: Vec<f32> = fit.shape.points.iter().zip(&before.points).map(|(a, b)| a.distance(*b)).collect();
        assert_eq!(fit.shape.len(), before.len(), "{name}");
        let mean = distances.iter().sum::<f32>() / distances.len() as f32;
        assert!(mean < 0.005 * bounds.width, "{name}: {mean} pixels from where they were");
    }
}

/// Every file with one of its bits changed, and every file that ends too early, is refused, with the reason.
#[test]
fn every_flipped_bit_and_every_truncation_has_its_error() {
    for name in ["landmarks.model", "pixel-landmarks-1.lineament", "fhog-detector-1.lineament"] {
        let bench = Bench::new();
        let whole = if name == "landmarks.model" { std::fs::read(bench.path(name)).unwrap() } else { bytes(name) };
        let refuse = |bytes: &[u8]| match LandmarkModel::from_bytes(bytes) {
            // The other kinds are detectors.
            Err(ModelError::Kind { .. }) => DetectorModel::from_bytes(bytes).unwrap_err(),
            refused => refused.expect_err("a damaged file is refused"),
        };
        for length in 0..whole.len() {
            assert!(matches!(refuse(&whole[..length]), ModelError::Truncated), "{name}, {length} bytes");
        }
        let mut changed = whole.clone();
        for at in 0..whole.len() {
            for bit in 0..8 {
                changed[at] ^= 1 << bit;
                let error = refuse(&changed);
                let fits = match at {
                    0..8 => matches!(error, ModelError::NotAModel),
                    8..10 => {
                        matches!(error, ModelError::TooNew { .. } | ModelError::TooOld { .. } | ModelError::Checksum)
                    }
                    10..12 => !matches!(error, ModelError::NotAModel | ModelError::Read(_)),
                    12..20 => matches!(error, ModelError::Truncated | ModelError::Checksum),
                    _ => matches!(error, ModelError::Checksum),
                };
                assert!(fits, "{name}, byte {at}, bit {bit}: {error}");
                changed[at] = whole[at];
            }
        }
        changed.push(0);
        assert!(matches!(refuse(&changed), ModelError::Checksum), "{name} with a byte more");
    }
}

/// `info` shows all that is known of a model, and refuses what it does not read in one sentence.
#[test]
fn info_tells_where_a_model_comes_from() {
    let bench = Bench::new();
    for (name, wanted) in [
        ("detector-1.lineament", &["program", "data", "seed", "configuration", "score"][..]),
        ("detector-2.lineament", &["program", "data", "seed", "configuration", "scores"]),
        (
            "landmarks-2.lineament",
            &["program", "data", "seed", "configuration", "held-out inter-ocular error in percent"],
        ),
    ] {
        let run = bench.run(&["info".as_ref(), "--format".as_ref(), "json".as_ref(), path(name).as_os_str()]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{name}");
        let card = &run.records()[0];
        let version = FILES.iter().find(|file| file.0 == name).unwrap().2;
        assert_eq!(card["format_version"], version);
        for entry in wanted {
            assert!(card["provenance"][entry].as_str().is_some_and(|text| !text.is_empty()), "{name}: {entry}");
        }
    }
    let mut newer = bytes("detector-3.lineament");
    newer[8] = 4;
    bench.file("newer.model", &newer);
    let run = bench.run(&["info", "newer.model"]);
    let sentence =
        "lineament: newer.model: a detector model of format version 4, newer than what this program reads, 3\n";
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (2, "", sentence));
}

/// What an old file gives is what its model gives when it is written anew.
#[test]
fn a_model_of_an_old_version_is_written_in_the_newest() {
    let (detector, provenance) =
        model::from_bytes::<lineament::raw::Detector>(&bytes("detector-1.lineament")).unwrap();
    assert!(detector.prefilter.trees.is_empty() && !detector.boosted_trees.trees.is_empty());
    let anew = model::to_bytes(&detector, &provenance).unwrap();
    assert_eq!(model::describe(&anew).unwrap().0.version, ModelKind::Detector.version());
    assert!(model::from_bytes(&anew).unwrap() == (detector, provenance));
}
