//! Model files: one of each version that is read, with what it finds; and what is refused, and how.

use std::path::{Path, PathBuf};

use lineament::geometry::{Point, Rect};
use lineament::raw::annotations::pts;
use lineament::raw::crop::CropSpec;
use lineament::raw::model::Provenance;
use lineament::raw::model::{self, ModelKind};
use lineament::raw::{Cascade, DetectOptions, Detector, FitOptions};
use lineament::{DetectorModel, Image, LandmarkModel, ModelError, Shape};

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

/// Largest difference from what was recorded: of scores, and in pixels of boxes and landmarks.
const TOLERANCE: f32 = 1e-3;

/// Boxes and scores of what the detectors find.
const DETECTOR_1: (Rect, f32) = (Rect { x: 177.1153, y: 83.6620, width: 91.8690, height: 91.8690 }, 0.6220);
const DETECTOR_2: (Rect, f32) = (Rect { x: 18.1762, y: 91.9533, width: 66.5473, height: 66.5473 }, 0.5755);
const DETECTOR_3: (Rect, f32) = (Rect { x: 18.1762, y: 91.9533, width: 66.5473, height: 66.5473 }, 0.6426);
const FHOG_1: (Rect, f32) = (Rect { x: 51.0, y: 37.0, width: 57.0, height: 57.0 }, 0.3038);

/// Boxes in which the landmarks are placed.
const EYES_IN: Rect = Rect { x: 14.217, y: 88.247, width: 70.933, height: 70.933 };
const FIVE_POINTS_IN: Rect = Rect { x: 51.0, y: 37.0, width: 57.0, height: 57.0 };

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/models").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

fn image(name: &str) -> Image<'static> {
    Image::open(path(name)).unwrap()
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
    for (name, in_image, min_face, found, score) in [
        ("detector-1.lineament", "../../../data/astronaut.png", 80.0, DETECTOR_1.0, DETECTOR_1.1),
        ("detector-2.lineament", "drawn.png", 60.0, DETECTOR_2.0, DETECTOR_2.1),
        ("detector-3.lineament", "drawn.png", 60.0, DETECTOR_3.0, DETECTOR_3.1),
        ("fhog-detector-1.lineament", "../scene.pgm", 0.0, FHOG_1.0, FHOG_1.1),
    ] {
        let detector = DetectorModel::from_bytes(&bytes(name)).unwrap();
        let default = detector.parts().default_options();
        let options =
            DetectOptions { threshold: 0.0, min_face: f32::max(min_face, default.min_face), max_faces: Some(1) };
        let best = detector.parts().detect(&image(in_image), &options)[0];
        let sides = |bounds: &Rect| [bounds.x, bounds.y, bounds.width, bounds.height];
        let mut differences = sides(&best.bounds).into_iter().zip(sides(&found)).map(|(a, b)| (a - b).abs());
        let near = differences.all(|difference| difference < TOLERANCE);
        assert!(near && (best.score - score).abs() < TOLERANCE, "{name}: {best:?}");
    }
}

#[test]
fn landmark_models_of_all_versions_place_what_they_placed() {
    for (name, in_image, points) in [
        ("landmarks-2.lineament", "drawn.png", "landmarks-2.pts"),
        ("landmarks-3.lineament", "drawn.png", "landmarks-3.pts"),
        ("pixel-landmarks-1.lineament", "../scene.pgm", "pixel-landmarks-1.pts"),
    ] {
        let landmarks = LandmarkModel::from_bytes(&bytes(name)).unwrap();
        let bounds = if in_image == "drawn.png" { EYES_IN } else { FIVE_POINTS_IN };
        let fit = landmarks.parts().fit(&image(in_image), &bounds, &FitOptions::default());
        let before = pts::read(path(points)).unwrap();
        assert_eq!(fit.shape.len(), before.len(), "{name}");
        for (number, (now, before)) in fit.shape.points.iter().zip(&before.points).enumerate() {
            let near = (now.x - before.x).abs() < TOLERANCE && (now.y - before.y).abs() < TOLERANCE;
            assert!(near, "{name}: point {number} is at {now:?} and was at {before:?}");
        }
    }
}

/// A cascade without stages: its landmarks stand on a grid in the box.
fn cascade() -> Cascade {
    let point = |i: u16| Point::new(f32::from(16 + 4 * (i % 16)), f32::from(20 + 10 * (i / 16)));
    Cascade {
        crop: CropSpec { face: 64, margin: 16, coarse: 32 },
        mean: Shape::new((0..68).map(point).collect()),
        landmarks: (0..68).collect(),
        stages: vec![],
        confidence: None,
    }
}

/// Every file with one of its bits changed, and every file that ends too early, is refused, with the reason.
#[test]
fn every_flipped_bit_and_every_truncation_has_its_error() {
    let small = ("a cascade without stages", model::to_bytes(&cascade(), &Provenance::default()).unwrap());
    let files = ["pixel-landmarks-1.lineament", "fhog-detector-1.lineament"].map(|name| (name, bytes(name)));
    for (name, whole) in std::iter::once(small).chain(files) {
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

/// What an old file gives is what its model gives when it is written anew.
#[test]
fn a_model_of_an_old_version_is_written_in_the_newest() {
    let (detector, provenance) = model::from_bytes::<Detector>(&bytes("detector-1.lineament")).unwrap();
    assert!(detector.prefilter.trees.is_empty() && !detector.boosted_trees.trees.is_empty());
    let anew = model::to_bytes(&detector, &provenance).unwrap();
    assert_eq!(model::describe(&anew).unwrap().0.version, ModelKind::Detector.version());
    assert!(model::from_bytes(&anew).unwrap() == (detector, provenance));
}
