//! `lineament align` and `lineament info`.

mod common;

use common::Bench;
use serde_json::Value;

#[test]
fn chips_are_cut_and_listed() {
    let bench = Bench::new();
    bench.picture("in/a.png", 100, 100);
    bench.picture("in/b.jpg", 100, 100);
    bench.boxes(&[
        ("in/a.png", [10.0, 20.0, 64.0, 64.0]),
        ("in/a.png", [20.0, 20.0, 32.0, 32.0]),
        ("in/b.jpg", [10.0, 10.0, 40.0, 40.0]),
    ]);
    let fixed = ["align", "--landmarks", "landmarks.model", "--boxes", "boxes.csv", "in", "--output", "chips"];
    let run = bench.run(&[&fixed[..], &["--size", "64", "--padding", "0.25"]].concat());
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    for name in ["a_1.png", "a_2.png", "b_1.png"] {
        let chip = image::open(bench.path("chips").join(name)).unwrap();
        assert_eq!((chip.width(), chip.height()), (64, 64));
    }
    let list = std::fs::read_to_string(bench.path("chips/chips.jsonl")).unwrap();
    let lines: Vec<Value> = list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = lines.iter().map(|line| line["chip"].as_str().unwrap()).collect();
    assert_eq!(names, ["chips/a_1.png", "chips/a_2.png", "chips/b_1.png"]);
    // Half the box's side: twice the scale.
    let scale = |i: usize| lines[i]["scale"].as_f64().unwrap();
    assert!((scale(1) / scale(0) - 2.0).abs() < 1e-3, "{list}");
    assert_eq!(lines[0]["matrix"][0][0], lines[0]["matrix"][1][1]);
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
    // What a score means stands in it.
    let default = format!("from score {}", lineament::detector::DetectOptions::default().threshold);
    assert!(detector["facts"][&default].as_str().unwrap().contains("false alarms a megapixel"), "{detector}");
    assert!(
        run.stdout.starts_with("{\"model\":\"detector, in the program\",\"kind\":\"detector\",\"format_version\":2,")
    );
}
