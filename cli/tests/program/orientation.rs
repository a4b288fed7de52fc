//! Coordinates mean the same everywhere: what `detect` writes about an image that must be turned, all commands read back.

#[path = "../../../tests/turned/mod.rs"]
mod turned;

use crate::common::{Bench, Run};
use serde_json::Value;

/// Turning a box rounds its edges, and trees that compare pixels pass that on.
const ROUNDING: f64 = 0.1;

/// A run that must succeed without a word.
fn quiet(bench: &Bench, arguments: &[&str]) -> Run {
    let run = bench.run(arguments);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{arguments:?}");
    run
}

/// All coordinates of the only face of a record.
fn coordinates(record: &Value) -> Vec<f64> {
    let face = &record["faces"][0];
    let bounds = ["x", "y", "width", "height"].map(|key| face["box"][key].as_f64().unwrap());
    let points = face["landmarks"].as_array().unwrap().iter().flat_map(|p| p.as_array().unwrap());
    bounds.into_iter().chain(points.map(|v| v.as_f64().unwrap())).collect()
}

fn assert_near(one: &Run, other: &Run, most: f64) {
    let (one, other) = (one.records(), other.records());
    assert_eq!(one.len(), other.len());
    for (a, b) in one.iter().zip(&other) {
        assert_eq!((&a["image"], &a["width"], &a["height"]), (&b["image"], &b["width"], &b["height"]));
        let pairs = coordinates(a).into_iter().zip(coordinates(b));
        let distance = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(distance <= most, "{}: {distance}", a["image"]);
    }
}

/// The CSV without the column that says what its coordinates refer to.
fn without_orientation(csv: &str) -> String {
    csv.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n").collect()
}

#[test]
fn boxes_are_read_back_without_a_pixels_difference() {
    let bench = Bench::new();
    std::fs::create_dir(bench.path("in")).unwrap();
    let files = turned::write(&bench.path("in"));
    let found = quiet(&bench, &["detect", "in", "--format", "jsonl"]);
    let records = found.records();
    assert_eq!(records.len(), files.len());
    for record in &records {
        assert_eq!((&record["width"], &record["height"]), (&300.into(), &240.into()));
        assert_eq!(record["faces"].as_array().unwrap().len(), 1, "{}", record["image"]);
        // The files are the same image, but for JPEG's losses.
        let pairs = coordinates(record).into_iter().zip(coordinates(&records[0]));
        assert!(pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) < 2.0, "{}", record["image"]);
    }

    let upright = quiet(&bench, &["detect", "in", "--format", "csv"]).stdout;
    let stored = quiet(&bench, &["detect", "in", "--format", "csv", "--orientation", "stored"]).stdout;
    assert!(upright.lines().skip(1).all(|line| line.ends_with(",upright")));
    assert!(stored.lines().skip(1).all(|line| line.ends_with(",stored")));
    let read = |csv: &str, more: &[&str]| {
        bench.file("boxes.csv", csv);
        quiet(&bench, &[&["detect", "--boxes", "boxes.csv", "--format", "jsonl"], more].concat())
    };
    // The file says it.
    let back = read(&upright, &[]);
    assert_near(&back, &found, 0.0);
    assert_near(&read(&stored, &[]), &back, ROUNDING);
    // The user says it.
    assert_near(&read(&without_orientation(&upright), &["--orientation", "upright"]), &back, 0.0);
    let as_stored = read(&without_orientation(&stored), &["--orientation", "stored"]);
    assert_eq!((&as_stored.records()[16]["width"], &as_stored.records()[16]["height"]), (&300.into(), &240.into()));
    let csv = quiet(&bench, &["detect", "--boxes", "boxes.csv", "--format", "csv", "--orientation", "stored"]).stdout;
    assert_near(&read(&csv, &[]), &back, ROUNDING);
    // The faces say it.
    assert_near(&read(&without_orientation(&upright), &[]), &back, 0.0);
    assert_near(&read(&without_orientation(&stored), &[]), &back, ROUNDING);

    quiet(&bench, &["align", "in", "--output", "chips"]);
    bench.file("boxes.csv", without_orientation(&stored));
    quiet(&bench, &["align", "--boxes", "boxes.csv", "--output", "again"]);
    quiet(&bench, &["align", "in", "--orientation", "stored", "--output", "stored"]);
    for file in &files {
        let name = file.0.file_stem().unwrap().to_str().unwrap().to_owned() + "_1.png";
        let chip = |folder: &str| image::open(bench.path(folder).join(&name)).unwrap().into_rgb8();
        let most = chip("chips").iter().zip(chip("again").iter()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(most <= Some(2), "{name}: {most:?}");
        assert_eq!(chip("chips"), chip("stored"));
    }
    the_matrix_maps_the_pixels_that_the_list_means(&bench, &records);
}

/// The eyes, in stored pixels, come to the same place in the chip as in upright ones.
fn the_matrix_maps_the_pixels_that_the_list_means(bench: &Bench, upright: &[Value]) {
    let stored = quiet(bench, &["detect", "in", "--format", "jsonl", "--orientation", "stored"]).records();
    let list = |folder: &str| {
        let text = std::fs::read_to_string(bench.path(folder).join("chips.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let place = |line: &Value, record: &Value| {
        let m = |row: usize, column: usize| line["matrix"][row][column].as_f64().unwrap();
        let p = |at: usize| record["faces"][0]["landmarks"][36][at].as_f64().unwrap();
        [0, 1].map(|row| m(row, 0) * p(0) + m(row, 1) * p(1) + m(row, 2))
    };
    for (i, (one, other)) in list("chips").iter().zip(list("stored")).enumerate() {
        let (a, b) = (place(one, &upright[i]), place(&other, &stored[i]));
        assert!((a[0] - b[0]).abs() < 1e-2 && (a[1] - b[1]).abs() < 1e-2, "{}: {a:?} {b:?}", one["image"]);
        assert_eq!(other["box"], stored[i]["faces"][0]["box"]);
    }
}

#[test]
fn imglab_and_pts_refer_to_upright_pixels() {
    let bench = Bench::new();
    std::fs::create_dir(bench.path("in")).unwrap();
    let files = turned::write(&bench.path("in"));
    let found = quiet(&bench, &["detect", "in", "--format", "jsonl"]);
    let xml = quiet(&bench, &["detect", "in", "--format", "imglab"]).stdout;
    assert_eq!(xml.matches(" width='300' height='240' orientation='upright'>").count(), files.len());
    let stored = quiet(&bench, &["detect", "in", "--format", "imglab", "--orientation", "stored"]).stdout;
    assert_eq!(stored.matches(" width='240' height='300' orientation='stored'>").count(), files.len() / 2);
    quiet(&bench, &["detect", "in", "--format", "pts", "--output", "points"]);
    for record in found.records() {
        let name = std::path::Path::new(record["image"].as_str().unwrap()).with_extension("pts");
        let shape =
            lineament::raw::annotations::pts::read(bench.path("points").join(name.file_name().unwrap())).unwrap();
        let points: Vec<f64> = shape.points.iter().flat_map(|p| [f64::from(p.x), f64::from(p.y)]).collect();
        let distance = points.iter().zip(&coordinates(&record)[4..]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(distance < 1e-3, "{}: {distance}", record["image"]);
    }
}

#[test]
fn boxes_that_fit_no_face_count_as_upright_with_a_word() {
    let bench = Bench::new();
    std::fs::create_dir(bench.path("in")).unwrap();
    turned::write(&bench.path("in"));
    bench.file("boxes.csv", "image,x,y,width,height\nin/jpg6.jpg,180,150,60,60\n");
    let run = bench.run(&["detect", "--boxes", "boxes.csv", "--format", "jsonl"]);
    assert_eq!(run.status, 0);
    let warning = run.records()[0]["warning"].as_str().unwrap().to_owned();
    assert!(warning.contains("may refer to the upright or to the stored pixels"), "{warning}");
    assert_eq!(run.stderr, format!("lineament: in/jpg6.jpg: {warning}\n"));
    assert_eq!(run.records()[0]["faces"][0]["box"]["x"], 180.0);
}
