//! dlib's models: read, used and written back, with dlib's own results on the same picture; and files that are damaged.

mod common;

use std::path::{Path, PathBuf};

use common::{Bench, Run};
use image::GrayImage;
use lineament::AnyModel;
use lineament::decode::{ReadOptions, read_grey};
use lineament::dlib;
use lineament::dlib::DlibError;
use lineament::geometry::Rect;
use lineament::raw::DetectOptions;
use serde_json::Value;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(data(name)).unwrap()
}

fn scene() -> GrayImage {
    read_grey(&data("scene.pgm"), &ReadOptions::default()).unwrap()
}

/// dlib's own results.
fn expected() -> Value {
    serde_json::from_slice(&bytes("dlib.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect()
}

fn rect(value: &Value) -> Rect {
    let [x, y, width, height] = numbers(value)[..] else { panic!("a box of four numbers") };
    Rect::new(x, y, width, height)
}

/// Where dlib puts a coordinate.
fn pixel(v: f32) -> f32 {
    (v + 0.5).floor()
}

#[test]
fn a_shape_predictor_gives_dlibs_points_and_comes_back_byte_for_byte() {
    let file = bytes("five_points.dat");
    let model = dlib::from_bytes(&file).unwrap();
    assert_eq!(dlib::to_bytes(&model).unwrap(), file);
    let AnyModel::Landmarks(model) = model else { panic!("a shape predictor") };
    let cascade = model.as_dlib().unwrap();
    assert_eq!((cascade.mean.len(), cascade.stages.len()), (5, 2));
    assert_eq!((cascade.stages[0].trees(), cascade.stages[0].depth, cascade.stages[0].points.len()), (3, 2, 20));
    for face in expected()["points"].as_array().unwrap() {
        let fit = cascade.fit(&scene(), &rect(&face["box"]));
        for (p, wanted) in fit.shape.points.iter().zip(face["points"].as_array().unwrap()) {
            assert_eq!([pixel(p.x), pixel(p.y)], numbers(wanted)[..], "in {}", face["box"]);
        }
    }
}

#[test]
fn a_detector_gives_dlibs_boxes_and_scores_and_comes_back_byte_for_byte() {
    let file = bytes("disc.svm");
    let model = dlib::from_bytes(&file).unwrap();
    assert_eq!(dlib::to_bytes(&model).unwrap(), file);
    let AnyModel::Detector(model) = model else { panic!("a detector") };
    let detector = model.as_dlib().unwrap();
    for (doublings, wanted) in expected()["detections"].as_array().unwrap().iter().enumerate() {
        let usual = detector.default_options();
        let min_face = usual.min_face / f32::from(1u8 << doublings);
        let found = detector.detect(&scene(), &DetectOptions { threshold: -0.6, min_face, ..usual });
        let wanted = wanted.as_array().unwrap();
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(wanted) {
            assert_eq!(found.bounds, rect(&wanted["box"]));
            let score = wanted["score"].as_f64().unwrap() as f32;
            assert!((found.score - score).abs() < 1e-3, "{} not {score}", found.score);
        }
    }
}

/// Runs `convert` and expects it to go well.
fn converted(bench: &Bench, direction: &str, from: &Path, to: &str) {
    let run = bench.run(&["convert", direction, from.to_str().unwrap(), "--output", to]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
}

#[test]
fn converted_models_are_shown_used_and_converted_back() {
    let bench = Bench::new();
    converted(&bench, "--from-dlib", &data("five_points.dat"), "points.model");
    converted(&bench, "--from-dlib", &data("disc.svm"), "disc.model");
    let info = bench.run(&["info", "points.model", "disc.model"]).stdout;
    for fact in [
        "pixel landmarks",
        "3 trees of depth 2 on 20 pixels of the photograph",
        "FHOG detector",
        "36×36 pixels, 7×7 cells of 8 pixels",
        "five_points.dat",
    ] {
        assert!(info.contains(fact), "{fact} is missing from {info}");
    }
    std::fs::copy(data("scene.pgm"), bench.path("scene.pgm")).unwrap();
    let models = ["--detector", "disc.model", "--landmarks", "points.model"];
    let run = bench.run(&[&["detect", "--format", "jsonl", "scene.pgm"], &models[..]].concat());
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let faces = run.records()[0]["faces"].as_array().unwrap().clone();
    assert_eq!(faces.len(), 1);
    assert_eq!(faces[0]["landmarks"].as_array().unwrap().len(), 5);
    converted(&bench, "--to-dlib", &bench.path("points.model"), "points.dat");
    converted(&bench, "--to-dlib", &bench.path("disc.model"), "disc.svm");
    assert_eq!(std::fs::read(bench.path("points.dat")).unwrap(), bytes("five_points.dat"));
    assert_eq!(std::fs::read(bench.path("disc.svm")).unwrap(), bytes("disc.svm"));
}

fn refused(run: &Run, name: &str, what: &str) {
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(run.stderr.starts_with(&format!("lineament: {name}: ")) && run.stderr.contains(what), "{}", run.stderr);
}

#[test]
fn what_cannot_be_converted_is_said() {
    let bench = Bench::new();
    let convert = |direction: &str, name: &str| bench.run(&["convert", direction, name, "--output", "out"]);
    refused(&convert("--to-dlib", "landmarks.model"), "landmarks.model", "cannot represent trees that look at a crop");
    refused(&convert("--from-dlib", "landmarks.model"), "landmarks.model", "neither a shape predictor nor");
    refused(&convert("--from-dlib", "missing.dat"), "missing.dat", "there is no such file");
    let whole = bytes("five_points.dat");
    bench.file("cut.dat", &whole[..whole.len() - 1]);
    refused(&convert("--from-dlib", "cut.dat"), "cut.dat", "truncated");
    bench.file("long.dat", [&whole[..], b"more"].concat());
    refused(&convert("--from-dlib", "long.dat"), "long.dat", "4 bytes are left over");
    assert!(!bench.path("out").exists());
    assert_eq!(bench.run(&["convert", "--output", "out"]).status, 2);
    assert_eq!(bench.run(&["convert", "--from-dlib", "a", "--to-dlib", "b", "--output", "out"]).status, 2);
    assert_eq!(bench.run(&["convert", "--from-dlib", "cut.dat"]).status, 2);
}

#[cfg(feature = "embedded-models")]
#[test]
fn the_shipped_models_say_what_dlib_has_no_place_for() {
    let bench = Bench::new();
    for (name, what) in [("landmarks", "stage 1, linear maps of gradient histograms"), ("detector", "boosted trees")] {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("models/{name}.lineament"));
        let model = model.to_str().unwrap();
        refused(&bench.run(&["convert", "--to-dlib", model, "--output", "out"]), model, what);
    }
}

#[test]
fn every_truncation_is_called_one() {
    for name in ["five_points.dat", "disc.svm"] {
        let whole = bytes(name);
        for length in 0..whole.len() {
            match dlib::from_bytes(&whole[..length]) {
                Err(error) => assert!(error.to_string().contains("truncated"), "{name} cut at {length}: {error}"),
                // Without its last two values a simple object detector is an object detector.
                Ok(_) => assert_eq!((name, length), ("disc.svm", whole.len() - 4)),
            }
        }
    }
}

#[test]
fn a_forged_length_is_not_believed() {
    // The mean shape's rows, the number of stages, of trees, of splits: 2^56 − 1 of each.
    let whole = bytes("five_points.dat");
    let forged = [7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let mut refusals = 0;
    for at in 2..whole.len() - 2 {
        let mut changed = whole.clone();
        changed.splice(at..at + 2, forged);
        if let Err(DlibError::TooMany { at: place, count, .. }) = dlib::from_bytes(&changed) {
            refusals += usize::from(place == at && count == (1 << 56) - 1);
        }
    }
    assert!(refusals >= 20, "{refusals} forged lengths were seen");
}
