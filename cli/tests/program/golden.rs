//! Golden tests: the program's numbers today, from the shipped models and from dlib's, on the images of `data/`.
//!
//! `tests/golden/` contains what the program gave. Each test runs the program again and compares: the same faces in the same
//! order, scores and confidences within 1e-3, boxes and landmarks within 1e-3 pixels. Numbers above 1000 may differ by a
//! millionth of themselves.
//!
//! After a change that is meant to change numbers, such as a new model, record them again and check the difference:
//!
//! ```sh
//! UPDATE=1 cargo test -p lineament-cli --test program golden
//! git diff --stat cli/tests/golden
//! ```
//!
//! The files `explain-*.json` name what they pin of the page's data. Where a key of the data gets another name, change it
//! there.

#[path = "../golden/compare.rs"]
mod compare;
#[path = "../golden/page.rs"]
mod page;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// The images whose numbers are recorded.
const IMAGES: [&str; 5] =
    ["data/astronaut.png", "data/biden.jpg", "data/coffee.png", "data/obama.jpg", "data/rocket.jpg"];

/// A greyscale image with a disc, which dlib's test models were trained for.
const SCENE: &str = "tests/data/scene.pgm";

/// Largest difference of scores, confidences and pixel coordinates.
const TOLERANCE: f64 = 1e-3;

/// Largest difference of mean grey levels in a block of a chip.
const GREY_TOLERANCE: f64 = 1.0;

/// Blocks along each side of a chip.
const BLOCKS: u32 = 8;

/// Root of the repository, in which the program runs.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Runs the program in the repository's root and returns its stdout.
fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> String {
    let output = Command::cargo_bin("lineament").unwrap().args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The keys of an object that are recorded; others, such as timings, may come and go.
fn pinned(object: &Value, keys: &[&str]) -> Value {
    let own = object.as_object().expect("an object").iter();
    own.filter(|(key, _)| keys.contains(&key.as_str())).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The records of `detect` with these arguments.
fn detect(arguments: &[&str]) -> Value {
    let record = |record: Value| {
        let mut kept = pinned(&record, &["image", "width", "height"]);
        let face = |face| pinned(face, &["box", "score", "landmarks", "confidence", "landmark_confidence", "angle"]);
        kept["faces"] = record["faces"].as_array().expect("faces").iter().map(face).collect();
        kept
    };
    lines(&run(&[&["detect", "--format", "jsonl"], arguments].concat())).into_iter().map(record).collect()
}

/// The name of a case: its arguments.
fn name_of(case: &[&str]) -> String {
    if case.is_empty() { "default".into() } else { case.join(" ") }
}

/// The records of each case: its arguments beside the images.
fn detect_each(cases: &[&[&str]], images: &[&str]) -> Value {
    let records = |case: &&[&str]| (name_of(case), detect(&[*case, images].concat()));
    Value::Object(cases.iter().map(records).collect())
}

#[test]
fn faces_in_images() {
    let found = detect_each(
        &[
            &[],
            &["--fast"],
            &["--min-face", "24"],
            &["--threshold", "-1"],
            &["--threshold", "-1", "--min-face", "24"],
            &["--threshold", "-2"],
        ],
        &IMAGES,
    );
    compare::with_recorded("detect", found, TOLERANCE);
}

/// Left, top, width and height of the points in a `.pts` file, counted from 0.
fn bounds_of_points(name: &str) -> [f32; 4] {
    let text = std::fs::read_to_string(root().join(name)).unwrap();
    let points = text.split_once('{').unwrap().1.split_once('}').unwrap().0.lines();
    let points: Vec<[f32; 2]> = points
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let (x, y) = line.trim().split_once(' ').unwrap();
            [x, y].map(|v| v.parse::<f32>().unwrap() - 1.0)
        })
        .collect();
    assert_eq!(points.len(), 68);
    let side = |axis: usize| {
        let values = points.iter().map(|p| p[axis]);
        let (low, high) = values.fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (low, high - low)
    };
    let ((x, width), (y, height)) = (side(0), side(1));
    [x, y, width, height]
}

#[test]
fn landmarks_in_given_boxes() {
    let mut boxes = Vec::new();
    for name in ["data/astronaut.png", "data/biden.jpg", "data/obama.jpg"] {
        let [x, y, width, height] = bounds_of_points(Path::new(name).with_extension("pts").to_str().unwrap());
        boxes.push((name, [x, y, width, height]));
        // Off by a quarter: the cascade tries several initialisations.
        boxes.push((name, [x + 0.25 * width, y - 0.1 * height, width, height]));
    }
    // No face in it, and half of it outside.
    boxes.push(("data/astronaut.png", [10.0, 380.0, 90.0, 90.0]));
    boxes.push(("data/rocket.jpg", [-50.0, 300.0, 100.0, 90.5]));
    let mut csv = "image,x,y,width,height\n".to_owned();
    for (name, [x, y, width, height]) in boxes {
        writeln!(csv, "{name},{x},{y},{width},{height}").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("boxes.csv");
    std::fs::write(&path, csv).unwrap();
    let given = ["--boxes", path.to_str().unwrap()];
    let found: Map<String, Value> = [&[][..], &["--fast"]]
        .into_iter()
        .map(|case: &[&str]| (name_of(case), detect(&[&given, case].concat())))
        .collect();
    compare::with_recorded("boxes", found.into(), TOLERANCE);
}

/// Converts a model of dlib.
fn converted(folder: &TempDir, name: &str) -> String {
    let to = folder.path().join(name).with_extension("lineament").to_str().unwrap().to_owned();
    run(&["convert", "--from-dlib", &format!("tests/data/{name}"), "--output", &to]);
    to
}

#[test]
fn models_of_dlib() {
    let folder = tempfile::tempdir().unwrap();
    let (detector, landmarks) = (converted(&folder, "disc.svm"), converted(&folder, "five_points.dat"));
    let (detector, landmarks) = (["--detector", detector.as_str()], ["--landmarks", landmarks.as_str()]);
    let images = [&IMAGES[..], &[SCENE]].concat();
    let both = [detector, landmarks].concat();
    let lower = [&both[..], &["--threshold", "-0.4"]].concat();
    let cases: [(&str, &[&str]); 4] = [
        ("detector", &detector),
        ("landmarks", &landmarks),
        ("detector and landmarks", &both),
        ("detector and landmarks from -0.4", &lower),
    ];
    let found: Map<String, Value> =
        cases.into_iter().map(|(name, case)| (name.to_owned(), detect(&[case, &images].concat()))).collect();
    compare::with_recorded("dlib", found.into(), TOLERANCE);
}

/// The mean of each of `BLOCKS`×`BLOCKS` blocks of an image, row by row, for each channel.
fn blocks(path: &Path) -> Vec<Value> {
    let chip = image::open(path).unwrap().into_rgb8();
    let (width, height) = (chip.width() / BLOCKS, chip.height() / BLOCKS);
    let mean = |channel: usize, column: u32, row: u32| {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (column * width + x, row * height + y)));
        let sum: u64 = places.map(|(x, y)| u64::from(chip.get_pixel(x, y).0[channel])).sum();
        sum as f64 / f64::from(width * height)
    };
    let rows = |channel| (0..BLOCKS).flat_map(move |row| (0..BLOCKS).map(move |column| (channel, column, row)));
    (0..3)
        .map(|channel| rows(channel).map(|(channel, column, row)| json!(mean(channel, column, row))).collect())
        .collect()
}

#[test]
fn aligned_chips() {
    let (mut lists, mut means) = (Map::new(), Map::new());
    for case in [&[][..], &["--size", "64", "--padding", "0.25"], &["--fast", "--size", "200"]] {
        let folder = tempfile::tempdir().unwrap();
        run(&[&["align", "--output", folder.path().to_str().unwrap()], case, &IMAGES].concat());
        let mut list = lines(&std::fs::read_to_string(folder.path().join("chips.jsonl")).unwrap());
        for line in &mut list {
            *line = pinned(line, &["image", "face", "chip", "box", "score", "matrix", "scale", "angle_degrees"]);
            let chip = PathBuf::from(line["chip"].as_str().unwrap());
            let name = chip.file_name().unwrap().to_str().unwrap();
            line["chip"] = name.into();
            means.insert(format!("{}: {name}", name_of(case)), blocks(&chip).into());
        }
        lists.insert(name_of(case), list.into());
    }
    compare::with_recorded("align", lists.into(), TOLERANCE);
    compare::with_recorded("align-blocks", means.into(), GREY_TOLERANCE);
}

/// The data in the page that `explain` writes.
fn explained(arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    run(&[&["explain", "--output", path.to_str().unwrap()], arguments].concat());
    page::data(&std::fs::read_to_string(path).unwrap())
}

#[test]
fn the_page_of_an_image() {
    let found = page::pinned(&explained(&["data/astronaut.png"]), &compare::recorded("explain-photo"));
    compare::with_recorded("explain-photo", found, TOLERANCE);
}

#[test]
fn the_page_of_the_models() {
    let found = page::pinned(&explained(&["--model"]), &compare::recorded("explain-model"));
    compare::with_recorded("explain-model", found, TOLERANCE);
}
