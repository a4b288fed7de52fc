//! `lineament info`: the properties of a model, and errors in one sentence.

use std::path::PathBuf;

use crate::common::{Bench, root};
use lineament::raw::model::Provenance;
use lineament::raw::{Detector, model};

fn path(name: &str) -> PathBuf {
    root().join("tests/data/models").join(name)
}

#[test]
fn info_shows_where_a_model_comes_from() {
    let bench = Bench::new();
    for (name, version, wanted) in [
        ("detector-1.lineament", 1, &["program", "data", "seed", "configuration", "score"][..]),
        ("detector-2.lineament", 2, &["program", "data", "seed", "configuration", "scores"]),
        (
            "landmarks-2.lineament",
            2,
            &["program", "data", "seed", "configuration", "held-out inter-ocular error in percent"],
        ),
    ] {
        let run = bench.run(&["info".as_ref(), "--format".as_ref(), "json".as_ref(), path(name).as_os_str()]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{name}");
        let card = &run.records()[0];
        assert_eq!(card["format_version"], version);
        for entry in wanted {
            assert!(card["provenance"][entry].as_str().is_some_and(|text| !text.is_empty()), "{name}: {entry}");
        }
    }
    let mut newer = std::fs::read(path("detector-3.lineament")).unwrap();
    newer[8] = 4;
    bench.file("newer.model", &newer);
    let run = bench.run(&["info", "newer.model"]);
    let sentence =
        "lineament: newer.model: a detector model of format version 4, newer than what this program reads, 3\n";
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (2, "", sentence));
}

#[test]
fn info_shows_a_model_file() {
    let bench = Bench::new();
    let run = bench.run(&["info", "landmarks.model"]);
    assert_eq!(run.status, 0);
    for row in ["kind            landmarks\n", "landmarks       68\n", "seed            7\n", "format version  3\n"] {
        assert!(run.stdout.contains(row), "{}", run.stdout);
    }
    let json = &bench.run(&["info", "--format", "json", "landmarks.model"]).records()[0];
    assert_eq!((&json["kind"], &json["provenance"]["seed"]), (&"landmarks".into(), &"7".into()));
    assert_eq!(json["bytes"], std::fs::metadata(bench.path("landmarks.model")).unwrap().len());
}

#[cfg(feature = "embedded-models")]
#[test]
fn info_shows_the_models_in_the_program() {
    let bench = Bench::new();
    let run = bench.run(&["info", "--format", "json"]);
    let detector = &run.records()[0];
    assert_eq!((run.status, &detector["kind"]), (0, &"detector".into()));
    // It explains the scores.
    let default = format!("from score {}", lineament::raw::DetectOptions::default().threshold);
    assert!(detector["summary"][&default].as_str().unwrap().contains("false positives per megapixel"), "{detector}");
    assert!(run.stdout.starts_with("{\"model\":\"detector, built in\",\"kind\":\"detector\",\"format_version\":3,"));
}

#[test]
fn rates_that_were_not_measured_are_not_promised() {
    let bench = Bench::new();
    let (detector, mut provenance) = model::read::<Detector>(path("detector-3.lineament")).unwrap();
    let file = |provenance: &Provenance| model::to_bytes(&detector, provenance).unwrap();
    bench.file("measured.model", file(&provenance));
    assert!(bench.run(&["info", "measured.model"]).stdout.contains("\nfrom score -0.5 "));
    provenance.push(Detector::CALIBRATION, "calibrated up to score -1.00");
    bench.file("few.model", file(&provenance));
    let few = bench.run(&["info", "few.model"]);
    assert!(
        few.stdout.contains("calibrated up to score -1.00\n") && !few.stdout.contains("from score"),
        "{}",
        few.stdout
    );
}

#[cfg(feature = "embedded-models")]
#[test]
fn the_configuration_is_shown_on_request() {
    let bench = Bench::new();
    let brief = bench.run(&["info"]);
    assert!(brief.stdout.lines().count() < 60, "{}", brief.stdout);
    assert!(brief.stdout.contains("for research only") && !brief.stdout.contains("[[stages]]"), "{}", brief.stdout);
    let verbose = bench.run(&["info", "--verbose"]).stdout;
    assert!(verbose.contains("[[stages]]") && verbose.contains("for research only"), "{verbose}");
}
