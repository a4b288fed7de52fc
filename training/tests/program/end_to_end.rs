//! The whole way with the built program: synthetic faces, a model, and its errors on other synthetic
//! faces.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lineament::geometry::Rect;
use lineament::raw::annotations::pts;
use lineament::raw::decode::{ReadOptions, read_grey};
use lineament::raw::dlib;
use lineament::raw::model::Provenance;
use lineament::raw::{Cascade, FitOptions};
use lineament::raw::{DetectOptions, Detector};
use lineament::{AnyModel, LandmarkModel};
use lineament_train::history::{Entry, History};
use lineament_train::synthetic::{write_backgrounds, write_faces};
use tempfile::TempDir;

const CONFIG: &str = "
parts = 4
folds = 2
[crop]
face = 48
margin = 20
coarse = 40
[[stages]]
kind = 'linear'
oversampling = 3
steps = [{ radius = 0.25, patch_components = 12, regression = { global = { patches = 20, rank = 16 } } }]
level = 1
[[stages]]
kind = 'trees'
repeats = 3
trees = 60
depth = 3
oversampling = 8
points = 150
candidates = 15
components = 16
split_components = 8
[[stages]]
kind = 'linear'
oversampling = 4
steps = [{ radius = 0.08, patch_components = 16, regression = { local = { neighbours = 4 } } }]
";

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lineament-train"))
}

/// A folder with `train`, `test` and the configuration.
fn data(training: usize, test: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, count, seed) in [("train", training, 1), ("test", test, 2)] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        write_faces(&folder.path().join(name), count, seed).unwrap();
    }
    std::fs::write(folder.path().join("config.toml"), CONFIG).unwrap();
    folder
}

fn landmarks(folder: &Path, output: &str, extra: &[&str]) -> Command {
    let mut command = program();
    command.current_dir(folder).args(["landmarks", "--data", "train", "--config", "config.toml", "--output", output]);
    command.args(extra).stdout(Stdio::null());
    command
}

/// The mean inter-ocular error in percent on the test faces.
fn error(folder: &Path, model: &str, extra: &[&str]) -> f64 {
    evaluation(folder, model, extra)["groups"][0]["inter_ocular"]["mean"].as_f64().unwrap()
}

/// All numbers of a model on the test faces.
fn evaluation(folder: &Path, model: &str, extra: &[&str]) -> serde_json::Value {
    let mut command = program();
    command.current_dir(folder).args(["evaluate", "--data", "test", "--landmarks", model, "--json", "errors.json"]);
    assert!(command.args(extra).stdout(Stdio::null()).status().unwrap().success());
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("errors.json")).unwrap()).unwrap();
    json["systems"][0].clone()
}

#[test]
fn a_cascade_learns_synthetic_faces() {
    let folder = data(120, 60);
    assert!(landmarks(folder.path(), "m.model", &[]).status().unwrap().success());
    let (whole, trees) = (error(folder.path(), "m.model", &[]), error(folder.path(), "m.model", &["--fast"]));
    println!("whole {whole:.2} %, trees alone {trees:.2} %");
    assert!(whole < 4.0, "{whole}");
    assert!(trees < 6.0, "{trees}");

    // The confidence is high on faces and low beside them.
    let trust = &evaluation(folder.path(), "m.model", &[])["confidence"];
    let number = |of: &str, what: &str| trust[of][what].as_f64().unwrap();
    println!("rank correlation of the landmarks {}", number("landmarks", "rank_correlation"));
    assert!(number("faces", "expected_right") > 0.8);
    assert!(number("landmarks", "rank_correlation") < -0.2 && number("landmarks", "roc_area") > 0.6);
    assert!(evaluation(folder.path(), "m.model", &["--fast"])["confidence"].is_null());
    let (cascade, _) = lineament::raw::model::read::<Cascade>(&folder.path().join("m.model")).unwrap();
    let doubtful = |image: &PathBuf| {
        let grey = read_grey(image, &ReadOptions::default()).unwrap();
        let bounds = pts::read(image.with_extension("pts")).unwrap().bounds();
        let corner = Rect::new(0.0, 0.0, 0.6 * bounds.width, 0.6 * bounds.width);
        let confidence =
            |bounds: &Rect| cascade.fit(&grey, bounds, &FitOptions::default(), &mut ()).confidence.unwrap().face;
        (corner.overlap(&bounds) == 0.0).then(|| confidence(&corner) < 0.5)
    };
    let strays: Vec<bool> = images(&folder.path().join("test")).iter().filter_map(doubtful).collect();
    let rejected = strays.iter().filter(|doubtful| **doubtful).count();
    println!("{rejected} of {} boxes without a face rejected", strays.len());
    assert!(strays.len() > 20 && rejected * 10 >= strays.len() * 9, "{rejected} of {}", strays.len());

    // Models of some landmarks are measured on those landmarks.
    assert!(landmarks(folder.path(), "eyes.model", &["--points", "eyes"]).status().unwrap().success());
    let eyes = error(folder.path(), "eyes.model", &[]);
    assert!(eyes < 4.0, "{eyes}");
}

#[test]
fn a_cascade_that_looks_at_photographs_learns_synthetic_faces_and_fits_dlibs_format() {
    let folder = data(120, 60);
    let config = "look = 'photograph'\n[[stages]]\nkind = 'trees'\nrepeats = 4\ntrees = 60\ndepth = 3\noversampling = 8\n\
                  points = 150\ncomponents = 20\nsplit_components = 8\nfirst_radius = 0.2\n";
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    assert!(landmarks(folder.path(), "p.model", &[]).status().unwrap().success());
    let error = error(folder.path(), "p.model", &[]);
    println!("{error:.2} %");
    assert!(error < 7.0, "{error}");

    let model = LandmarkModel::load(folder.path().join("p.model")).unwrap();
    let AnyModel::Landmarks(back) = dlib::from_bytes(&dlib::to_bytes(&model.clone().into()).unwrap()).unwrap() else {
        panic!("a shape predictor")
    };
    assert_eq!(back.parts().dlib().unwrap(), model.parts().dlib().unwrap());

    // Threads and interruptions change nothing.
    let same = ["--threads", "1", "--resume", "steps"];
    for name in ["again.model", "resumed.model"] {
        assert!(landmarks(folder.path(), name, &same).status().unwrap().success());
        let bytes = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        assert!(bytes(name) == bytes("p.model"), "{name} differs");
    }
}

/// The images in a folder.
fn images(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|ending| ending == "png")).collect()
}

#[test]
fn a_search_is_resumed_and_never_gets_worse() {
    let folder = data(40, 1);
    let path = folder.path();
    let tune = |output: &str, extra: &[&str]| {
        let mut command = program();
        command.current_dir(path).args(["tune", "--data", "train", "--config", "config.toml", "--output", output]);
        let done = command.args(["--folds", "2", "--resume", "search"]).args(extra).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    // Even without a budget, `tune` measures the given configuration.
    let one = tune("one.toml", &["--budget", "0"]);
    // Without the lines of headings and of the output file.
    let trials = |table: &str| -> Vec<Vec<String>> {
        let rows = table.lines().skip(1).filter(|line| !line.contains(".toml"));
        rows.map(|row| row.split_whitespace().map(String::from).collect()).collect()
    };
    assert_eq!(trials(&one).len(), 1, "{one}");
    let seconds: f32 = trials(&one)[0].last().unwrap().parse().unwrap();
    let more = tune("more.toml", &["--budget", &((seconds + 1.0) / 60.0).to_string()]);
    assert!(trials(&more).len() >= 2 && trials(&more)[0] == trials(&one)[0], "{one}{more}");
    // The output is a valid configuration.
    let mut fit = program();
    fit.current_dir(path).args(["landmarks", "--data", "train", "--config", "more.toml", "--output", "m.model"]);
    assert!(fit.stdout(Stdio::null()).status().unwrap().success());

    // The folder belongs to this search.
    for other in [&["--seed", "2"][..], &["--folds", "3"], &["--vary", "radius"], &["--points", "eyes"]] {
        let mut search = program();
        search.current_dir(path).args(["tune", "--data", "train", "--config", "config.toml", "--output", "x.toml"]);
        let folds = if other[0] == "--folds" { &[][..] } else { &["--folds", "2"] };
        let refused = search.args(["--resume", "search"]).args(folds).args(other).output().unwrap();
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        let sentence = "lineament-train: search: the folder belongs to a search with other data, configuration, seed, \
                        folds, landmarks or numbers to vary, or by another version of the program; ";
        assert!(said.lines().last().unwrap().starts_with(sentence), "{said}");
    }

    let mut wrong = program();
    wrong.current_dir(path).args(["tune", "--data", "train", "--output", "x.toml", "--vary", "tries"]);
    let wrong = wrong.output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&wrong.stderr), "lineament-train: the configuration has no number `tries`\n");
}

#[test]
fn the_model_is_the_same_for_any_number_of_threads_and_after_an_interruption() {
    let folder = data(40, 1);
    let path = folder.path();
    assert!(landmarks(path, "one.model", &["--threads", "1"]).status().unwrap().success());
    assert!(landmarks(path, "two.model", &["--threads", "2"]).status().unwrap().success());
    let one = std::fs::read(path.join("one.model")).unwrap();
    assert!(one == std::fs::read(path.join("two.model")).unwrap(), "the number of threads changes the model");

    let resume = ["--resume", "steps", "--threads", "1"];
    let mut interrupted = landmarks(path, "resumed.model", &resume).spawn().unwrap();
    let start = Instant::now();
    let steps = || std::fs::read_dir(path.join("steps")).map_or(0, |files| files.count());
    while steps() < 2 && start.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(2));
    }
    interrupted.kill().unwrap();
    interrupted.wait().unwrap();
    assert!(steps() >= 1 && !path.join("resumed.model").exists(), "it was not interrupted in the middle");
    let resumed = landmarks(path, "resumed.model", &resume).stdout(Stdio::piped()).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&resumed.stdout), String::from_utf8_lossy(&resumed.stderr));
    assert!(resumed.status.success() && out.contains(" bytes, held-out error "), "{out}");
    assert!(err.starts_with("40 faces in 40 images; 80 training faces with their mirror images\n"), "{err}");
    assert!(
        err.contains(" of 13 steps taken from steps\n") || err.contains(" of 12 steps taken from steps\n"),
        "{err}"
    );
    assert!(err.ends_with("lineament-train evaluate --data … --landmarks resumed.model\n"), "{err}");
    assert!(one == std::fs::read(path.join("resumed.model")).unwrap(), "the interruption changes the model");
    check_history(&path.join("resumed.model.history.json"), 2);
    check_history(&path.join("two.model.history.json"), 1);

    // The folder belongs to this run.
    let refused = landmarks(path, "other.model", &["--seed", "2", "--resume", "steps"]).output().unwrap();
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{message}");
    assert!(
        message.contains("steps: the folder belongs to a fit with other data, landmarks, configuration, seed"),
        "{message}"
    );

    assert!(landmarks(path, "other.model", &["--seed", "2"]).status().unwrap().success());
    assert!(one != std::fs::read(path.join("other.model")).unwrap(), "the seed changes nothing");
}

/// The history of a fit of [`CONFIG`] in so many starts: every step once, and errors that fall.
fn check_history(path: &Path, starts: u32) {
    let history = History::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let names: BTreeSet<&str> = history.steps.iter().map(|entry| entry.step.as_str()).collect();
    // The mean shape, a linear step, three stages of trees for two folds and the model, a linear
    // step, the confidence.
    assert_eq!((history.steps.len(), names.len()), (13, 13), "{names:?}");
    let curve: Vec<&Entry> = history.curve().collect();
    assert_eq!(curve.len(), 6);
    assert!(curve[5].held_out < curve[0].held_out && curve[5].training <= curve[5].held_out, "{curve:?}");
    assert!(history.steps.is_sorted_by_key(|entry| entry.seconds));
    let last = history.steps.last().unwrap();
    assert_eq!((last.step.as_str(), last.start), ("confidence", starts));
    assert!(!cfg!(target_os = "linux") || history.steps.iter().all(|entry| entry.memory_mb > Some(1.0)));
}

const DETECTOR: &str = "
mining_face = 40.0
[faces]
copies = 2
[filters]
epochs = 30
random = 20
rounds = 1
hard = 10
[boosted_trees]
trees = [16, 48]
features = 60
hard = 20
";

fn detector(folder: &Path, output: &str, extra: &[&str]) -> Command {
    let mut command = program();
    command.current_dir(folder).args(["detector", "--data", "train", "--negatives", "clutter"]);
    command.args(["--config", "detector.toml", "--output", output]);
    command.args(extra).stdout(Stdio::null());
    command
}

#[test]
fn a_detector_learns_synthetic_faces_alike_on_any_number_of_threads() {
    let folder = data(80, 40);
    let path = folder.path();
    std::fs::create_dir(path.join("clutter")).unwrap();
    write_backgrounds(&path.join("clutter"), 40, 3).unwrap();
    std::fs::create_dir(path.join("other_clutter")).unwrap();
    write_backgrounds(&path.join("other_clutter"), 20, 4).unwrap();
    std::fs::write(path.join("detector.toml"), DETECTOR).unwrap();
    assert!(detector(path, "one.model", &["--threads", "1"]).status().unwrap().success());
    assert!(detector(path, "two.model", &["--threads", "2", "--resume", "steps"]).status().unwrap().success());
    let one = std::fs::read(path.join("one.model")).unwrap();
    assert!(one == std::fs::read(path.join("two.model")).unwrap(), "the number of threads changes the model");
    // A finished run is read back.
    assert!(detector(path, "again.model", &["--resume", "steps"]).status().unwrap().success());
    assert!(one == std::fs::read(path.join("again.model")).unwrap(), "resuming changes the model");

    let history = std::fs::read_to_string(path.join("one.model.history.json")).unwrap();
    let history = History::parse(&history).unwrap();
    let steps: Vec<&str> = history.steps.iter().map(|entry| entry.step.as_str()).collect();
    assert_eq!(steps, ["filters 0", "boosted trees 0", "boosted trees 1", "calibration"]);
    assert!(history.steps[2].training.is_some_and(|wrong| wrong < 20.0), "{history:?}");

    let (model, provenance) = lineament::raw::model::read::<Detector>(&path.join("one.model")).unwrap();
    // Eight images of 240×180 pixels cannot show one false positive in 100 megapixels.
    let limits = provenance.get(Detector::CALIBRATION).unwrap();
    assert!(limits.contains("calibrated") && provenance.get("score").is_none(), "{limits}");
    let options = DetectOptions { min_face: 40.0, ..DetectOptions::default() };
    let find = |image: &Path| model.detect(&read_grey(image, &ReadOptions::default()).unwrap(), &options);
    let test = images(&path.join("test"));
    let found = test.iter().filter(|image| {
        let bounds = pts::read(image.with_extension("pts")).unwrap().bounds();
        find(image).iter().any(|d| d.bounds.centre().distance(bounds.centre()) < 0.3 * bounds.width)
    });
    let found = found.count();
    let alarms: usize = images(&path.join("other_clutter")).iter().map(|image| find(image).len()).sum();
    println!("{found} of {} faces found, {alarms} false positives in 20 images", test.len());
    assert!(found >= 36, "{found} of {} faces found", test.len());
    assert!(alarms <= 2, "{alarms} false positives in 20 images without faces");
    check_pipeline(path);
}

/// Measures the detector alone, and followed by the confidence of landmarks.
fn check_pipeline(folder: &Path) {
    assert!(landmarks(folder, "landmarks.model", &[]).status().unwrap().success());
    let mut command = program();
    command.current_dir(folder).args(["evaluate-detector", "--data", "test", "--negatives", "other_clutter"]);
    command.args(["--detector", "one.model", "--landmarks", "landmarks.model", "--json", "d.json"]);
    let done = command.args(["--min-face", "40", "--threshold", "-0.5"]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).unwrap();
    println!("{text}");
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("d.json")).unwrap()).unwrap();
    let number = |i: usize, what: &str| json[i]["curve"].as_array().unwrap().last().unwrap()[what].as_f64().unwrap();
    for (i, name) in ["one.model", "one.model with landmarks.model"].into_iter().enumerate() {
        assert_eq!(json[i]["detector"], name);
        assert!(
            text.contains(&format!("{name}: 20 images without faces")) && text.contains("recall all (40)"),
            "{text}"
        );
        assert!(number(i, "recall") >= 0.9, "{text}");
    }
    // The confidence moves the scores.
    assert_ne!(json[0]["faces"], json[1]["faces"]);

    let cascade =
        Cascade { confidence: None, ..lineament::raw::model::read(folder.join("landmarks.model")).unwrap().0 };
    lineament::raw::model::write(folder.join("blind.model"), &cascade, &Provenance::default()).unwrap();
    let mut command = program();
    command.current_dir(folder).args(["evaluate-detector", "--data", "test", "--negatives", "other_clutter"]);
    let refused = command.args(["--detector", "one.model", "--landmarks", "blind.model"]).output().unwrap();
    let sentence = "lineament-train: blind.model: this model has no confidence, so it cannot be part of a pipeline\n";
    assert_eq!((refused.status.code(), String::from_utf8_lossy(&refused.stderr).as_ref()), (Some(2), sentence));
}
