//! The pages of `lineament explain` as files: self-contained, of bounded size, and consistent with the code.

use crate::common::{Bench, cascade, root, shipped};
use lineament::Shape;
use lineament::raw::model::Provenance;
use lineament::raw::{LEVELS_PER_OCTAVE, Stage, model};
use serde_json::Value;

/// Maximum size of the page of a 2-megapixel image, in bytes.
const LARGEST: usize = 10_000_000;

fn page(bench: &Bench, arguments: &[&str]) -> String {
    let run = bench.run(&[&["explain", "--output", "page.html"], arguments].concat());
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    std::fs::read_to_string(bench.path("page.html")).unwrap()
}

fn photo(bench: &Bench, name: &str) -> String {
    page(bench, &[root().join("data").join(name).to_str().unwrap()])
}

fn data(page: &str) -> Value {
    let json = page.split("<script type=\"application/json\" id=\"data\">").nth(1).unwrap();
    serde_json::from_str(json.split("</script>").next().unwrap()).unwrap()
}

/// Nothing in a page points to anywhere else, and the places in the code that it names are there.
fn check(page: &str) {
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
    for sign in ["http://", "https://", "src=\"//", "@import", "url("] {
        assert!(!elsewhere.contains(sign), "the page contains {sign}");
    }
    for part in page.split("src/").skip(1) {
        let path: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || "_/.".contains(*c)).collect();
        if path.ends_with(".rs") {
            assert!(root().join("src").join(&path).is_file(), "src/{path} does not exist");
        }
    }
}

#[test]
fn the_page_of_an_image_is_complete_and_small() {
    let bench = Bench::new();
    let text = photo(&bench, "biden.jpg");
    check(&text);
    assert!(text.len() < LARGEST, "{} bytes for 2.1 megapixels", text.len());
    let data = data(&text);
    let (detector, _) = shipped();
    let around = u64::from(detector.window.cells) - 1;
    let levels = data["levels"].as_array().unwrap();
    let widths: Vec<u64> = levels.iter().map(|level| level["size"][0].as_u64().unwrap()).collect();
    assert!(widths.len() > 1 && widths.is_sorted_by(|a, b| a > b), "{widths:?}");
    for level in levels {
        let (columns, rows) = (level["windows"][0].as_u64().unwrap(), level["windows"][1].as_u64().unwrap());
        assert_eq!(level["cells"], serde_json::json!([columns + around, rows + around]));
        assert_eq!(level["maps"].as_array().unwrap().len(), detector.components.len());
    }
    let passed: u64 = data["counts"]["filters"].as_u64().unwrap();
    let [left, merged, kept] = ["boosted_trees", "merged", "kept"].map(|count| data["counts"][count].as_u64().unwrap());
    assert!(passed >= left && left > merged && merged >= kept && kept >= 1, "{passed}, {left}, {merged}, {kept}");
    assert_eq!(left as usize, data["before"].as_array().unwrap().len());
}

#[test]
fn the_page_shows_the_programs_own_results() {
    let bench = Bench::new();
    let photo = root().join("data/astronaut.png");
    let text = page(&bench, &[photo.to_str().unwrap()]);
    assert!(text.contains(&format!("{LEVELS_PER_OCTAVE} levels per octave")));
    let data = data(&text);
    let record = &bench.run(&["detect", "--format", "jsonl", photo.to_str().unwrap()]).records()[0]["faces"][0];
    let subject = &data["subjects"][0];
    assert_eq!((&subject["outcome"], &subject["final_score"]), (&"face".into(), &record["score"]));
    let steps = subject["fit"]["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["shape"], record["landmarks"]);
    // The record rounds confidences.
    let confidences = |value: &Value| serde_json::from_value::<Vec<f64>>(value.clone()).unwrap();
    let shown = confidences(&subject["fit"]["landmark_confidence"]);
    let reported = confidences(&record["landmark_confidence"]);
    assert_eq!(shown.len(), 68);
    assert!(shown.iter().zip(reported).all(|(a, b)| (a - b).abs() < 1e-4));
    assert_eq!(subject["bounds"][0], record["box"]["x"]);
    // Tree stages report their input.
    let trees = steps.iter().filter(|step| !step["leaves"].as_array().unwrap().is_empty());
    let sizes: Vec<(usize, usize)> = trees
        .map(|step| (step["leaves"].as_array().unwrap().len(), step["pixels"].as_array().unwrap().len()))
        .collect();
    let (detector, cascade) = shipped();
    let of_model = cascade.stages.iter().filter_map(|stage| match stage {
        Stage::Trees(stage) => Some((stage.trees(), stage.points.len())),
        Stage::Linear(_) => None,
    });
    assert_eq!(sizes, of_model.collect::<Vec<_>>());
    assert_eq!(subject["window"]["trees"], detector.boosted_trees.trees.len());
    let side = usize::from(detector.window.cell) * usize::from(detector.window.cells);
    assert_eq!(subject["window"]["pixels"]["grey"].as_array().unwrap().len(), side * side);
}

#[test]
fn a_crowd_is_counted_and_its_best_faces_are_followed() {
    let bench = Bench::new();
    let astronaut = image::open(root().join("data/astronaut.png")).unwrap().into_rgb8();
    let head = image::imageops::crop_imm(&astronaut, 140, 40, 170, 180).to_image();
    let mut crowd = image::RgbImage::new(5 * 170, 3 * 180);
    (0..15).for_each(|i| image::imageops::replace(&mut crowd, &head, 170 * (i % 5), 180 * (i / 5)));
    crowd.save(bench.path("crowd.png")).unwrap();
    let text = page(&bench, &["crowd.png"]);
    let data = data(&text);
    let faces = bench.run(&["detect", "--format", "jsonl", "crowd.png"]).records()[0]["faces"].clone();
    assert_eq!(data["counts"]["faces"], faces.as_array().unwrap().len());
    assert!(faces.as_array().unwrap().len() > 12);
    let reported = data["after"].as_array().unwrap().iter().filter(|window| window["face"] == true);
    for (shown, found) in reported.zip(faces.as_array().unwrap()) {
        assert_eq!((&shown["score"], &shown["bounds"][0]), (&found["score"], &found["box"]["x"]));
    }
    assert_eq!(data["subjects"].as_array().unwrap().len(), 12);
    assert!(text.contains("the first 12 can be followed") && text.len() < LARGEST);
}

#[test]
fn names_cannot_break_the_page() {
    let bench = Bench::new();
    std::fs::copy(root().join("data/coffee.png"), bench.path("a <b>&'.png")).unwrap();
    let text = page(&bench, &["a <b>&'.png", "--threshold", "1"]);
    assert!(text.contains("a &lt;b&gt;&amp;") && !text.contains("a <b>&"));
    assert!(data(&text)["subjects"][0]["fit"].is_null());
}

#[test]
fn the_same_image_gives_the_same_page() {
    let bench = Bench::new();
    assert!(photo(&bench, "rocket.jpg") == photo(&bench, "rocket.jpg"));
}

#[test]
fn the_models_page_is_complete() {
    let bench = Bench::new();
    let text = page(&bench, &["--model"]);
    check(&text);
    assert!(text.len() < LARGEST / 4);
    let data = data(&text);
    let (detector, cascade) = shipped();
    assert_eq!(data["filters"].as_array().unwrap().len(), detector.components.len());
    let cells = usize::from(detector.window.cells).pow(2);
    assert_eq!(data["filters"][0]["weights"].as_array().unwrap().len(), cells);
    assert_eq!(data["uses"].as_array().unwrap().len(), cascade.stages.len());
    for (stage, uses) in cascade.stages.iter().zip(data["uses"].as_array().unwrap()) {
        let sum: usize = uses.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).sum();
        let wanted = match stage {
            // Each tree counts 2 points for each of its leaves in each of the tests on the way, as many as it is deep.
            Stage::Trees(stage) => stage.trees() * usize::from(stage.depth) * (1 << stage.depth) * 2,
            Stage::Linear(_) => 0,
        };
        assert_eq!(sum, wanted);
    }
}

#[test]
fn wrong_files_end_with_a_sentence_and_the_documented_status() {
    let bench = Bench::new();
    bench.file("no.model", "nothing");
    bench.image("a.png", 100, 100);
    for (arguments, status, complaint) in [
        (&["--model", "--detector", "no.model"][..], 2, "no.model: not a lineament model file\n"),
        (&["--model", "--landmarks", "gone"], 2, "gone: the file cannot be read: there is no such file or folder\n"),
        (
            &["--model", "--detector", "landmarks.model"],
            2,
            "landmarks.model: a landmark model, where a detector model was expected\n",
        ),
        (&["a.png", "--landmarks", "no.model"], 2, "no.model: not a lineament model file\n"),
        (&["gone.png"], 1, "gone.png: there is no such file\n"),
        (&["no.model"], 1, "no.model: not an image, or an image of an unknown format\n"),
    ] {
        let run = bench.run(&[&["explain", "--output", "page.html"], arguments].concat());
        assert_eq!((run.status, run.stderr.as_str()), (status, format!("lineament: {complaint}").as_str()));
        assert!(!bench.path("page.html").exists());
    }
    let run = bench.run(&["explain", "a.png", "--output", "a.png"]);
    assert_eq!(
        (run.status, run.stderr.as_str()),
        (2, "lineament: a.png: it would overwrite a.png, which is an input\n")
    );
    for wrong in [&["explain", "--output", "page.html"][..], &["explain", "a.png"], &["explain", "a.png", "--model"]] {
        assert_eq!(bench.run(wrong).status, 2);
    }
}

#[test]
fn pages_that_cannot_be_written_give_an_error_and_leave_nothing() {
    let bench = Bench::new();
    bench.image("a.png", 100, 100);
    std::fs::create_dir(bench.path("folder")).unwrap();
    let mut places = vec![
        ("nowhere/page.html", "its folder does not exist"),
        ("folder", "a folder stands where a file is needed"),
        ("a.png/page.html", "a file stands where a folder is needed"),
    ];
    if cfg!(target_os = "linux") {
        places.push(("/proc/page.html", "files cannot be made in its folder"));
        places.push(("/dev/full", "no space left on device"));
    }
    let before = std::fs::read_dir(bench.folder.path()).unwrap().count();
    for (place, what) in places {
        for subject in ["a.png", "--model"] {
            let run = bench.run(&["explain", subject, "--output", place]);
            let wanted = format!("lineament: {place}: the results cannot be written: {what}\n");
            assert_eq!((run.status, run.stderr), (1, wanted));
        }
    }
    assert_eq!(std::fs::read_dir(bench.folder.path()).unwrap().count(), before);
}

#[test]
fn an_image_without_a_face_says_how_near_the_best_window_came() {
    let bench = Bench::new();
    // With a threshold that keeps the best window from the landmarks.
    let coffee = root().join("data/coffee.png").to_str().unwrap().to_owned();
    let photo = page(&bench, &[&coffee, "--threshold", "1"]);
    assert!(photo.contains("no face found"));
    let nearest = data(&photo)["subjects"][0].clone();
    assert_eq!((&nearest["outcome"], nearest["fit"].is_null()), (&"nearest".into(), true));
    let trees = nearest["window"]["trees"].as_u64().unwrap();
    let all = shipped().0.boosted_trees.trees.len() as u64;
    assert!(nearest["score"].as_f64().is_some_and(|score| score < 0.2) || (1..all).contains(&trees), "{nearest}");
    // By default its landmarks are looked for once and speak against it; from several places where they might still lift it to
    // the threshold.
    for (threshold, several) in [("-0.5", false), ("-1.3", true)] {
        let rejected = data(&page(&bench, &[&coffee, "--threshold", threshold]))["subjects"][0].clone();
        assert_eq!(rejected["outcome"], "rejected");
        let runs = rejected["fit"]["runs"].as_array().map_or(0, Vec::len);
        assert_eq!((runs > 1, runs > 0), (several, true), "{runs} runs from {threshold}");
        assert!(rejected["fit"]["steps"].as_array().is_some_and(|steps| !steps.is_empty()));
    }
    // One in which prefilter and filters reject every window, and one without a window.
    for (side, nearest) in [(200, true), (20, false)] {
        image::GrayImage::from_pixel(side, side, image::Luma([90])).save(bench.path("flat.png")).unwrap();
        let data = data(&page(&bench, &["flat.png"]));
        assert_eq!(data["subjects"][0]["rejected_by"].is_array(), nearest, "{}", data["subjects"]);
        assert_eq!(data["counts"]["faces"], 0);
    }
}

#[test]
fn models_that_lack_something_are_refused_or_shown() {
    let bench = Bench::new();
    let mut eyes = cascade();
    eyes.landmarks = (36..48).collect();
    eyes.mean = Shape::new(eyes.mean.points[36..48].to_vec());
    model::write(bench.path("eyes.landmarks"), &eyes, &Provenance::default()).unwrap();
    let kept = |name: &str| root().join("tests/data/models").join(name).to_str().unwrap().to_owned();
    let astronaut = root().join("data/astronaut.png").to_str().unwrap().to_owned();
    for subject in ["--model", &astronaut] {
        // Models from dlib.
        let (fhog, pixels) = (kept("fhog-detector-1.lineament"), kept("pixel-landmarks-1.lineament"));
        for (option, model, what) in [
            ("--detector", fhog.as_str(), "models from dlib cannot be explained"),
            ("--landmarks", pixels.as_str(), "models from dlib cannot be explained"),
        ] {
            let run = bench.run(&["explain", subject, option, model, "--output", "page.html"]);
            assert_eq!((run.status, run.stderr), (2, format!("lineament: {model}: {what}\n")));
        }
        // A detector without a prefilter, landmarks without stages and confidence, and a part of the landmarks.
        let first = kept("detector-1.lineament");
        check(&page(&bench, &[subject, "--detector", &first]));
        for (landmarks, points) in [("landmarks.model", 68), ("eyes.landmarks", 12)] {
            let text = page(&bench, &[subject, "--landmarks", landmarks]);
            check(&text);
            if subject != "--model" {
                let fit = &data(&text)["subjects"][0]["fit"];
                assert_eq!((&fit["steps"], &fit["confidence"]), (&serde_json::json!([]), &Value::Null));
                assert_eq!(fit["start"].as_array().unwrap().len(), points);
            }
        }
    }
}
