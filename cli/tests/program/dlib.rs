//! `lineament convert`: dlib's models in and out, and used.

use std::path::{Path, PathBuf};

use crate::common::{Bench, Run, kept};

fn data(name: &str) -> PathBuf {
    kept(&format!("tests/data/{name}")).into()
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(data(name)).unwrap()
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
        "3 trees of depth 2 on 20 pixels of the image",
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
fn what_cannot_be_converted_is_reported() {
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
fn the_shipped_models_say_what_dlibs_format_cannot_represent() {
    let bench = Bench::new();
    for (name, what) in
        [("landmarks", "stage 1, linear maps of gradient histograms"), ("detector", "cannot represent boosted trees")]
    {
        let model = kept(&format!("models/{name}.lineament"));
        refused(&bench.run(&["convert", "--to-dlib", &model, "--output", "out"]), &model, what);
    }
}
