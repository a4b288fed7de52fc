//! `lineament align`.

use crate::common::{Bench, cascade, kept};
use lineament::Shape;
use lineament::raw::model;
use lineament::raw::model::Provenance;
use serde_json::Value;

#[test]
fn chips_are_cut_and_listed() {
    let bench = Bench::new();
    bench.image("in/a.png", 100, 100);
    bench.image("in/b.jpg", 100, 100);
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
fn what_cannot_be_aligned_is_reported() {
    let bench = Bench::new();
    let astronaut = kept("data/astronaut.png");
    let mut eyes = cascade();
    eyes.landmarks = (36..48).collect();
    eyes.mean = Shape::new(eyes.mean.points[36..48].to_vec());
    model::write(bench.path("eyes.landmarks"), &eyes, &Provenance::default()).unwrap();
    let eyes = bench.run(&["align", &astronaut, "--landmarks", "eyes.landmarks", "--output", "chips"]);
    let what = "eyes.landmarks: align needs a landmark model of all 68 points";
    assert_eq!((eyes.status, eyes.stderr), (2, format!("lineament: {what}\n")));
    // Folders that cannot be written.
    bench.file("file", "");
    let mut places = vec![("file", "a file stands where a folder is needed")];
    places.push(("file/below", "a file stands where a folder is needed"));
    if cfg!(target_os = "linux") {
        places.push(("/proc/chips", "there is no such file or folder"));
    }
    for (place, what) in places {
        let run = bench.run(&["align", &astronaut, "--output", place]);
        let wanted = format!("lineament: {place}: the output folder cannot be written: {what}\n");
        assert_eq!((run.status, run.stderr), (1, wanted));
    }
    // A folder where the list or a chip should be.
    std::fs::create_dir_all(bench.path("chips/chips.jsonl")).unwrap();
    bench.boxes(&[(astronaut.as_str(), [180.0, 90.0, 90.0, 90.0])]);
    let fit = ["align", "--landmarks", "landmarks.model", "--boxes", "boxes.csv", "--output"];
    let run = bench.run(&[&fit[..], &["chips"]].concat());
    let what = "lineament: chips/chips.jsonl: the results cannot be written: a folder stands where a file is needed\n";
    assert_eq!((run.status, run.stderr.as_str()), (1, what));
    std::fs::create_dir_all(bench.path("more/astronaut_1.png")).unwrap();
    let run = bench.run(&[&fit[..], &["more"]].concat());
    let what = "the output more/astronaut_1.png cannot be written: a folder stands where a file is needed";
    assert_eq!((run.status, run.stderr.lines().next()), (1, Some(&*format!("lineament: {astronaut}: {what}"))));
    assert_eq!(std::fs::read_to_string(bench.path("more/chips.jsonl")).unwrap(), "");
}

#[test]
fn images_without_a_face_give_an_empty_list() {
    let bench = Bench::new();
    bench.image("a.png", 100, 100);
    std::fs::create_dir(bench.path("empty")).unwrap();
    let run = bench.run(&["align", "a.png", "--output", "chips"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with("0 faces in 1 image, "), "{}", run.stdout);
    let run = bench.run(&["align", "empty", "--output", "none"]);
    assert_eq!((run.status, run.stderr.as_str()), (1, "lineament: empty: the folder contains no images\n"));
    for list in ["chips/chips.jsonl", "none/chips.jsonl"] {
        assert_eq!(std::fs::read_to_string(bench.path(list)).unwrap(), "");
    }
}

#[test]
fn sizes_and_paddings_out_of_range_are_wrong_usage() {
    let bench = Bench::new();
    bench.image("a.png", 100, 100);
    for [option, value] in
        [["--size", "7"], ["--size", "5000"], ["--padding", "-0.5"], ["--padding", "11"], ["--padding", "NaN"]]
    {
        let run = bench.run(&["align", "a.png", "--output", "chips", option, value]);
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains(option) && run.stderr.contains(value), "{}", run.stderr);
        assert!(!bench.path("chips").exists());
    }
}
