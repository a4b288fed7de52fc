//! The reports of `evaluate` and `inspect`, made by the built program: the content of their folders,
//! and bad input.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use lineament::raw::Cascade;
use lineament::raw::ShapeExt;
use lineament::raw::annotations::pts;
use lineament::raw::crop::CropSpec;
use lineament::raw::model;
use lineament::raw::model::Provenance;
use lineament_train::history::{History, Recorder, StepRecord};
use lineament_train::synthetic::{portrait, write_faces};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with the synthetic faces `data/face_000` and so on, a model that leaves the mean shape
/// in the box, and results of another system that found the second face only.
fn folder(faces: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    write_faces(&data, faces, 1).unwrap();
    let mean = portrait(1, 0).shapes[0].map(|p| p * 0.5);
    let crop = CropSpec { face: 96, margin: 40, coarse: 48 };
    let cascade = Cascade { crop, mean, landmarks: (0..68).collect(), stages: Vec::new(), confidence: None };
    model::write(folder.path().join("a & b.model"), &cascade, &Provenance::default()).unwrap();
    let points = portrait(1, 1).shapes[0].points.iter().map(|p| format!("[{},{}]", p.x + 1.0, p.y)).collect::<Vec<_>>();
    let stored = format!(r#"{{"face_000": null, "face_001": [{}]}}"#, points.join(","));
    std::fs::write(folder.path().join("stored.json"), stored).unwrap();
    folder
}

/// Exit status and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::cargo_bin("lineament-train").unwrap().current_dir(folder).args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

const EVALUATE: [&str; 7] = ["evaluate", "--data", "data", "--landmarks", "a & b.model", "--stored", "stored.json"];

/// All files below a folder, with their content.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![root.into()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    page.split(&begin).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The page needs nothing outside of its folder, every image has a text, and every link works.
#[track_caller]
fn check_page(root: &Path) -> String {
    let page = std::fs::read_to_string(root.join("index.html")).unwrap().replace("&#x2f;", "/");
    let hosts = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!hosts.contains("http:") && !hosts.contains("https:") && !page.contains("<script"), "it asks others");
    for target in attributes(&page, "src").into_iter().chain(attributes(&page, "href")) {
        match target.strip_prefix('#') {
            Some(id) => assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{target}"),
            None => assert!(target.starts_with("data:") || root.join(target).is_file(), "{target} is missing"),
        }
    }
    assert_eq!(page.matches("<img").count(), attributes(&page, "alt").len());
    assert!(attributes(&page, "alt").iter().chain(&attributes(&page, "aria-label")).all(|text| !text.is_empty()));
    assert_eq!(page.matches("role=\"img\"").count(), page.matches("<svg").count());
    page
}

#[test]
fn an_evaluation_is_reported_with_all_its_numbers() {
    let folder = folder(6);
    let root = folder.path().join("report");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("notes.txt"), "mine").unwrap();
    std::fs::write(root.join("index.html"), "of an earlier run").unwrap();
    let report = [&EVALUATE[..], &["--report", "report", "--json", "e.json"]].concat();
    assert_eq!(run(folder.path(), &report), (0, String::new()));
    let page = check_page(&root);
    assert!(page.contains("Landmark errors: a &amp; b, stored"));
    let first = files(&root);
    for name in ["error_curves", "landmarks_1", "landmarks_2", "regions", "poses", "sizes", "eyes", "mouths"] {
        let (svg, png) = (&first[&format!("figures/{name}.svg")], &first[&format!("figures/{name}.png")]);
        assert!(svg.starts_with(b"<svg ") && png.starts_with(b"\x89PNG"), "{name}");
        assert!(page.contains(std::str::from_utf8(svg).unwrap().trim()), "{name} is not in the page");
    }
    // Two of six faces each; the stored results have one face, and five that were not found.
    for kind in ["1_worst_2", "1_median_2", "1_best_2", "2_worst_1", "2_best_1", "2_missed_5"] {
        assert!(first[&format!("faces/{kind}.jpg")].starts_with(b"\xff\xd8"), "{kind}");
    }
    assert_eq!(first["notes.txt"], b"mine");

    // The numbers are those of the run, and the parts agree with each other.
    let (numbers, plain) = (json(&root.join("numbers.json")), json(&folder.path().join("e.json")));
    assert_eq!(numbers["systems"], plain["systems"]);
    let all = &numbers["systems"][0]["groups"][0]["inter_ocular"];
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    let by_landmark = numbers["details"][0]["landmarks"].as_array().unwrap();
    let by_landmark: Vec<f64> = by_landmark.iter().map(|error| error["mean"].as_f64().unwrap()).collect();
    assert_eq!(by_landmark.len(), 68);
    assert!((mean(by_landmark) - all["mean"].as_f64().unwrap()).abs() < 1e-9);
    let whole = &numbers["details"][0]["means"][0];
    assert!((whole["mean"].as_f64().unwrap() - all["mean"].as_f64().unwrap()).abs() < 1e-9);
    assert!(whole["interval"]["low"].as_f64() <= whole["mean"].as_f64());
    let curve = numbers["details"][1]["curve"].as_array().unwrap();
    assert!(curve.len() == 801 && (curve[800].as_f64().unwrap() - 1.0 / 6.0).abs() < 1e-9);
    let csv = |name: &str| String::from_utf8(first[name].clone()).unwrap();
    assert!(csv("curves.csv").starts_with("error,a & b,stored\n0.00,0.00000,0.00000\n"));
    assert_eq!((csv("landmarks.csv").lines().count(), csv("faces.csv").lines().count()), (1 + 2 * 68, 1 + 2 * 6));
    assert!(csv("table.tex").contains("a \\& b & ") && csv("table.md").contains("| a & b | "));

    // The same run gives the same files.
    assert_eq!(run(folder.path(), &report).0, 0);
    let second = files(&root);
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    first.iter().for_each(|(name, bytes)| assert!(second[name] == *bytes, "{name} differs"));
}

#[test]
fn without_a_report_nothing_is_written() {
    let folder = folder(2);
    let before = files(folder.path());
    assert_eq!(run(folder.path(), &EVALUATE).0, 0);
    assert_eq!(run(folder.path(), &["inspect", "--data", "data"]).0, 0);
    assert!(before == files(folder.path()));
}

#[test]
fn a_system_that_found_nothing_is_reported() {
    let folder = folder(3);
    std::fs::write(folder.path().join("none.json"), r#"{"face_000": null}"#).unwrap();
    let arguments = ["evaluate", "--data", "data", "--stored", "none.json", "--report", "report"];
    assert_eq!(run(folder.path(), &arguments), (0, String::new()));
    let page = check_page(&folder.path().join("report"));
    assert!(page.contains("none: not found") && !page.contains("none: worst"));
    assert!(json(&folder.path().join("report/numbers.json"))["details"][0]["means"][0]["mean"].is_null());
}

#[test]
fn histories_come_into_the_report() {
    let folder = folder(2);
    let beside = History::beside(&folder.path().join("a & b.model"));
    let write = |path: &Path| {
        let mut recorder = Recorder::new(path, History::new("landmarks", 1, "error in percent"), false);
        for (step, error) in [("mean shape", 9.0), ("stage 1", 5.0)] {
            let (training, held_out) = (Some(error - 0.5), Some(error));
            recorder.record(StepRecord { step: step.into(), training, held_out, ..StepRecord::default() });
        }
        recorder.finish().unwrap();
    };
    write(&beside);
    let report = [&EVALUATE[..], &["--report", "report"]].concat();
    assert_eq!(run(folder.path(), &report), (0, String::new()));
    let page = check_page(&folder.path().join("report"));
    assert!(page.contains("a &amp; b, held out") && page.contains("<th scope=\"row\">stage 1</th><td>5.000</td>"));
    assert_eq!(json(&folder.path().join("report/numbers.json"))["histories"][0][1]["steps"][1]["held_out"], 5.0);

    write(&folder.path().join("other.history.json"));
    let named = [&report[..], &["--history", "other.history.json"]].concat();
    assert_eq!(run(folder.path(), &named).0, 0);
    assert!(check_page(&folder.path().join("report")).contains("other, held out"));

    std::fs::write(&beside, "{}").unwrap();
    let (status, error) = run(folder.path(), &report);
    assert_eq!(status, 2);
    let what = "lineament-train: a & b.model.history.json: the file is not a training history (";
    assert!(error.starts_with(what) && error.lines().count() == 1, "{error}");
    // Without a report, the program ignores it.
    assert_eq!(run(folder.path(), &EVALUATE).0, 0);
    let alone = [&EVALUATE[..], &["--history", "other.history.json"]].concat();
    assert!(run(folder.path(), &alone).1.contains("--report"));
}

#[test]
fn an_inspection_shows_the_likely_mistakes_and_the_duplicates() {
    let folder = folder(40);
    let data = folder.path().join("data");
    let change = |name: &str, change: &dyn Fn(&mut lineament::Shape)| {
        let path = data.join(name);
        let mut shape = pts::read(&path).unwrap();
        change(&mut shape);
        pts::write(&path, &shape).unwrap();
    };
    change("face_007.pts", &|shape| shape.points[57].y += 30.0);
    change("face_011.pts", &|shape| shape.points.swap(36, 39));
    // The same image, a little brighter.
    let copy = image::open(data.join("face_003.png")).unwrap().to_luma8();
    image::GrayImage::from_fn(copy.width(), copy.height(), |x, y| [copy.get_pixel(x, y)[0].saturating_add(2)].into())
        .save(data.join("copy.png"))
        .unwrap();
    std::fs::copy(data.join("face_003.pts"), data.join("copy.pts")).unwrap();

    let inspect = ["inspect", "--data", "data", "--report", "report", "--json", "i.json"];
    assert_eq!(run(folder.path(), &inspect), (0, String::new()));
    let root = folder.path().join("report");
    let page = check_page(&root);
    assert!(page.contains("1. face_011.png, face 1: eye corner") && page.contains("2. face_007.png, face 1: "));
    assert!(page.contains("Component 1") && page.contains("copy.png and face_003.png: "));
    let written = files(&root);
    for name in ["figures/turn_and_nod.png", "figures/component_1.svg", "figures/box_width.png", "mistakes/001.jpg"] {
        assert!(written.contains_key(name), "{name}");
    }
    assert!(written.contains_key("duplicates/001a.jpg") && written.contains_key("duplicates/001b.jpg"));
    assert_eq!(json(&root.join("numbers.json")), json(&folder.path().join("i.json")));
    let ranked = String::from_utf8(written["mistakes.csv"].clone()).unwrap();
    assert!(
        ranked.lines().nth(2).is_some_and(|line| line.contains("face_007.png,0,") && line.contains(",58,")),
        "{ranked}"
    );
    assert_eq!(String::from_utf8(written["faces.csv"].clone()).unwrap().lines().count(), 1 + 41);
}

#[test]
fn few_faces_are_reported_without_a_shape_model() {
    let folder = folder(3);
    assert_eq!(run(folder.path(), &["inspect", "--data", "data", "--report", "report"]).0, 0);
    let page = check_page(&folder.path().join("report"));
    assert!(page.contains("too few faces for a shape model") && page.contains("No annotation looks wrong."));
}

#[test]
fn broken_annotations_are_left_out_and_told() {
    let folder = folder(3);
    let lines = format!("version: 1\nn_points: 68\n{{\n{}NaN 3\n}}\n", "10.5 20.5\n".repeat(67));
    std::fs::write(folder.path().join("data/face_002.pts"), lines).unwrap();
    // A landmark outside of its image is no fault, but looks wrong.
    let outside = folder.path().join("data/face_001.pts");
    let mut shape = pts::read(&outside).unwrap();
    shape.points[4].x = -60.0;
    pts::write(&outside, &shape).unwrap();
    let fault = "data/face_002.pts: line 71: `NaN` is not a coordinate";
    let evaluate = [&EVALUATE[..], &["--report", "report"]].concat();
    assert_eq!(run(folder.path(), &evaluate), (1, format!("lineament-train: {fault}\n")));
    assert!(check_page(&folder.path().join("report")).contains("2 faces of 2 photographs"));
    assert_eq!(run(folder.path(), &["inspect", "--data", "data", "--report", "other"]), (1, String::new()));
    let page = check_page(&folder.path().join("other"));
    assert!(page.contains("line 71: `NaN` is not a coordinate"));
    assert!(page.contains("1. face_001.png, face 1: 1 landmark outside of the image"), "{page}");
    // Only such a file.
    std::fs::create_dir(folder.path().join("broken")).unwrap();
    ["pts", "png"].iter().for_each(|ending| {
        let name = format!("face_002.{ending}");
        std::fs::copy(folder.path().join("data").join(&name), folder.path().join("broken").join(&name)).unwrap();
    });
    let what = "broken: no usable face (broken/face_002.pts: line 71: `NaN` is not a coordinate)";
    let none = run(folder.path(), &["inspect", "--data", "broken", "--report", "none"]);
    assert_eq!(none, (2, format!("lineament-train: {what}\n")));
    assert!(!folder.path().join("none").exists());
}

#[test]
fn reports_that_cannot_be_written_fail_before_the_work_and_leave_nothing() {
    let folder = folder(1);
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    for command in [&EVALUATE[..], &["inspect", "--data", "data"]] {
        for report in ["stored.json", "stored.json/below"] {
            let what = "the report cannot be written to this folder: it is a file, or a part of its path is";
            let wanted = (1, format!("lineament-train: {report}: {what}\n"));
            assert_eq!(run(folder.path(), &[command, &["--report", report]].concat()), wanted);
        }
    }
    // There is a folder in place of a file of the report, or a file in place of a folder.
    std::fs::create_dir_all(folder.path().join("taken/index.html")).unwrap();
    std::fs::create_dir(folder.path().join("other")).unwrap();
    std::fs::write(folder.path().join("other/figures"), "").unwrap();
    for command in [&EVALUATE[..], &["inspect", "--data", "data"]] {
        for (report, file, what) in [
            ("taken", "taken/index.html", "a folder stands where a file is needed"),
            ("other", "other/figures/", "a file stands where a folder is needed"),
        ] {
            let (status, error) = run(folder.path(), &[command, &["--report", report]].concat());
            assert!(error.starts_with(&format!("lineament-train: {file}")), "{error}");
            assert!(error.ends_with(&format!(": cannot be written: {what}\n")), "{error}");
            assert_eq!((status, error.lines().count()), (1, 1));
        }
        if cfg!(target_os = "linux") {
            let what = "the report cannot be written to this folder: the folder cannot be created";
            let wanted = (1, format!("lineament-train: /proc/report: {what}\n"));
            assert_eq!(run(folder.path(), &[command, &["--report", "/proc/report"]].concat()), wanted);
        }
    }
    // A data set without a face leaves no empty folder behind.
    let empty = run(folder.path(), &["inspect", "--data", "empty", "--report", "made/for/nothing"]);
    assert_eq!(empty, (2, "lineament-train: empty: no usable face\n".into()));
    let empty = ["evaluate", "--data", "empty", "--landmarks", "a & b.model", "--report", "made/for/nothing"];
    assert_eq!(run(folder.path(), &empty), (2, "lineament-train: empty: no usable face\n".into()));
    assert!(!folder.path().join("made/for/nothing").exists());
}
