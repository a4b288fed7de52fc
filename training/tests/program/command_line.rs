//! Bad input on the command line gives one clear sentence with the name of the file, and the
//! documented exit status.

use std::path::Path;

use crate::common::{Folder, fails, refuses, run};
use lineament_train::synthetic::portrait;

#[test]
fn usage_is_checked() {
    let folder = Folder::with_faces(1);
    let model = folder.model("a.model");
    let model = model.to_str().unwrap();
    for wrong in [
        &[][..],
        &["fly"],
        &["inspect"],
        &["evaluate", "--landmarks", model],
        &["landmarks", "--data", "data"],
        &["landmarks", "--output", "o.model"],
        &["evaluate", "--data", "data", "--landmarks", model, "--boxes", "none"],
        &["evaluate", "--data", "data", "--landmarks", model, "--points", "ears"],
        &["evaluate", "--data", "data", "--landmarks", model, "--threads", "0"],
    ] {
        let (status, out, err) = run(&folder, wrong);
        assert_eq!((status, out.as_str()), (2, ""), "{wrong:?}");
        assert!(err.contains("Usage: lineament-train") || err.contains("--help"), "{wrong:?}: {err}");
    }
    let boxes = ["evaluate", "--data", "data", "--landmarks", model, "--detector", "a.model"];
    refuses(&folder, &boxes, "--detector has an effect only with --boxes detector");
}

#[test]
fn numbers_are_asked_for_in_plain_words() {
    let folder = Folder::with_faces(1);
    for (arguments, what) in [
        (&["inspect", "--data", "data", "--threads", "20000"][..], "a whole number from 1 to"),
        (&["inspect", "--data", "data", "--outliers", "many"], "a whole number from 0 is needed"),
        (&["tune", "--data", "data", "--output", "o.toml", "--folds", "1"], "a whole number from 2 to 50 is needed"),
        (&["landmarks", "--data", "data", "--output", "o", "--seed", "-1"], "a whole number from 0 is needed"),
        (&["evaluate", "--data", "data", "--threshold", "x"], "a number is needed"),
    ] {
        let (status, _, err) = run(&folder, arguments);
        assert!(status == 2 && (err.contains(what) || err.contains("unexpected argument '-1'")), "{err}");
    }
}

#[test]
fn no_output_replaces_an_input() {
    let folder = Folder::with_faces(2);
    folder.write("faces.xml", "<dataset><images></images></dataset>");
    folder.write("my.toml", "");
    let model = folder.model("a.model").to_str().unwrap().to_owned();
    let given = |output: &str, input: &str| format!("{output}: it would overwrite {input}, which is an input");
    refuses(
        &folder,
        &["inspect", "--data", "faces.xml", "--imglab", "./faces.xml"],
        &given("./faces.xml", "faces.xml"),
    );
    let within = "data/face_000.pts: it would overwrite a file of data, which is an input";
    refuses(&folder, &["inspect", "--data", "data", "--json", "data/face_000.pts"], within);
    let tune = ["tune", "--data", "data", "--config", "my.toml", "--output", "my.toml"];
    refuses(&folder, &tune, &given("my.toml", "my.toml"));
    let landmarks =
        ["landmarks", "--data", "data", "--config", "my.toml", "--output", "o.model", "--history", "my.toml"];
    refuses(&folder, &landmarks, &given("my.toml", "my.toml"));
    let evaluate = ["evaluate", "--data", "data", "--landmarks", &model];
    refuses(&folder, &[&evaluate[..], &["--csv", "a.model"]].concat(), &given("a.model", "DIR/a.model"));
    let before = std::fs::read(folder.path("data/face_000.pts")).unwrap();
    // The predictions would be in a folder of the model's name and one of the data's, which is the data itself.
    let name = folder.0.path().file_name().unwrap().to_str().unwrap();
    let (status, _, err) = run(&folder, &[&evaluate[..], &["--predictions", "..", "--name", name]].concat());
    assert_eq!(status, 1);
    assert!(err.contains("its folder is that of the data set's images"), "{err}");
    assert_eq!(std::fs::read(folder.path("data/face_000.pts")).unwrap(), before);
}

#[test]
fn data_that_is_not_there_is_named() {
    let folder = Folder::new();
    for command in ["inspect", "evaluate", "landmarks"] {
        let extra: &[&str] = match command {
            "evaluate" => &["--stored", "none.json"],
            "landmarks" => &["--output", "o.model"],
            _ => &[],
        };
        let arguments = [&[command, "--data", "nowhere"], extra].concat();
        refuses(&folder, &arguments, "nowhere: cannot be read: there is no such file or folder");
    }
}

#[test]
fn a_folder_without_a_usable_face_is_refused() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("data")).unwrap();
    refuses(&folder, &["inspect", "--data", "data"], "data: no usable face");
    folder.write("data/a.pts", "1 2 3\n");
    let wrong = "data/a.pts: line 1: `1 2 3` is not two coordinates";
    refuses(&folder, &["inspect", "--data", "data"], &format!("data: no usable face ({wrong})"));
    let fit = ["landmarks", "--data", "data", "--output", "o.model"];
    refuses(&folder, &fit, &format!("data: no usable face ({wrong})"));
    assert!(!folder.path("o.model").exists());
}

#[test]
fn broken_annotations_are_named_and_the_rest_goes_on() {
    let folder = Folder::with_faces(2);
    let lines =
        |count: usize, last: &str| format!("version: 1\nn_points: 68\n{{\n{}{last}}}\n", "10.5 20.5\n".repeat(count));
    folder.write("data/count.pts", &lines(67, ""));
    folder.write("data/text.pts", &lines(67, "left eye\n"));
    folder.write("data/nan.pts", &lines(67, "NaN 3\n"));
    folder.write("data/alone.pts", &lines(68, ""));
    folder.write("data/broken.pts", &lines(68, ""));
    folder.write("data/broken.png", "not an image");
    let faults = [
        "data/alone.pts: there is no image of the same name",
        "data/count.pts: the header announces 68 points, and the file contains 67",
        "data/nan.pts: line 71: `NaN` is not a coordinate",
        "data/text.pts: line 71: `left` is not a coordinate",
        "data/broken.png: not an image, or an image of an unknown format",
    ];
    let model = folder.model("a.model");
    let (status, out, err) = run(&folder, &["evaluate", "--data", "data", "--landmarks", model.to_str().unwrap()]);
    assert_eq!(status, 1);
    assert_eq!(err, faults.map(|fault| format!("lineament-train: {fault}\n")).concat());
    assert!(out.starts_with("2 faces of 2 photographs, boxes: dataset\n"), "{out}");

    let (status, out, err) = run(&folder, &["inspect", "--data", "data"]);
    assert_eq!((status, err.as_str()), (1, ""));
    assert!(out.contains("faults: parts that cannot be used: 5\n"), "{out}");
    faults.iter().for_each(|fault| assert!(out.contains(&format!("  {fault}\n")), "{fault}\n{out}"));
}

#[test]
fn xml_with_gaps_is_named_and_the_rest_goes_on() {
    let folder = Folder::with_faces(1);
    let part = |i: usize| format!("<part name='{i}' x='{}' y='{}'/>", 40 + i, 50 + i * i % 60);
    let boxed = |parts: String| format!("<box top='30' left='30' width='90' height='90'>\n{parts}</box>");
    let all = || (0..68).map(part).collect::<String>();
    let image = |file: &str, content: String| format!("<image file='{file}'>\n{content}</image>\n");
    let xml = [
        image("data/face_000.png", boxed(all())),
        image("data/gone.png", boxed(all())),
        image("data/face_000.png", boxed((1..40).chain(41..68).map(part).collect())),
        image("data/face_000.png", boxed((0..67).map(part).collect())),
    ];
    folder.write("labels.xml", &format!("<dataset><images>\n{}</images></dataset>", xml.concat()));
    let (status, out, err) = run(&folder, &["inspect", "--data", "labels.xml"]);
    assert_eq!((status, err.as_str()), (1, ""));
    for fault in [
        "labels.xml: the box in line 9: part 40 is missing",
        "labels.xml: its image data/gone.png is missing",
        "labels.xml: a face of data/face_000.png has 67 points; only iBUG's 68 points are supported, as parts 0 to 67 \
         or 1 to 68",
    ] {
        assert!(out.contains(&format!("  {fault}\n")), "{fault}\n{out}");
    }
    folder.write("cut.xml", "<dataset><images><image file='data/face_000.png'>");
    let (status, _, err) = run(&folder, &["inspect", "--data", "cut.xml"]);
    assert_eq!(status, 2);
    assert!(err.starts_with("lineament-train: cut.xml: ") && err.lines().count() == 1, "{err}");
}

#[test]
fn models_that_cannot_be_read_are_named() {
    let folder = Folder::with_faces(1);
    let sound = std::fs::read(folder.model("a.model")).unwrap();
    std::fs::write(folder.path("cut.model"), &sound[..sound.len() - 9]).unwrap();
    let mut flipped = sound.clone();
    flipped[100] ^= 4;
    std::fs::write(folder.path("flipped.model"), &flipped).unwrap();
    folder.write("text.model", "hello");
    for (model, what) in [
        ("none.model", "cannot be read: there is no such file or folder"),
        ("cut.model", "the model file is truncated"),
        ("flipped.model", "the model file is damaged: its checksum does not match"),
        ("text.model", "not a lineament model file"),
    ] {
        let arguments = ["evaluate", "--data", "data", "--landmarks", model];
        refuses(&folder, &arguments, &format!("{model}: {what}"));
    }
    let detector = ["evaluate", "--data", "data", "--stored", "x.json", "--boxes", "detector", "--detector", "a.model"];
    refuses(&folder, &detector, "a.model: a landmark model, where a detector model was expected");
}

#[test]
fn stored_results_that_do_not_fit_are_named() {
    let folder = Folder::with_faces(1);
    folder.write("few.json", r#"{"face_000": [[1, 2]]}"#);
    let few = ["evaluate", "--data", "data", "--stored", "few.json"];
    refuses(&folder, &few, "few.json: `face_000`: a face has 1 points, not 68");
    folder.write("other.json", r#"{"face_007": null}"#);
    let other = ["evaluate", "--data", "data", "--stored", "other.json"];
    refuses(&folder, &other, "other.json: none of the keys is an image of the data");
}

#[test]
fn outputs_that_cannot_be_written_fail_before_the_work() {
    let folder = Folder::with_faces(1);
    let nowhere = "cannot be written: its folder does not exist";
    fails(&folder, &["inspect", "--data", "data", "--json", "no/a.json"], 1, &format!("no/a.json: {nowhere}"));
    fails(
        &folder,
        &["evaluate", "--data", "data", "--stored", "x.json", "--csv", "no/a.csv"],
        1,
        &format!("no/a.csv: {nowhere}"),
    );
    fails(&folder, &["landmarks", "--data", "data", "--output", "no/o.model"], 1, &format!("no/o.model: {nowhere}"));
    let onto = ["landmarks", "--data", "data", "--output", "data"];
    fails(&folder, &onto, 1, "data: cannot be written: a folder stands where a file is needed");
}

#[test]
fn configurations_are_checked() {
    let folder = Folder::with_faces(1);
    let fit = |config: &str| run(&folder, &["landmarks", "--data", "data", "--output", "o.model", "--config", config]);
    folder.write("unknown.toml", "[crop]\nheight = 3\n");
    let (status, _, err) = fit("unknown.toml");
    let unknown =
        "lineament-train: unknown.toml: line 2: unknown field `height`, expected one of `face`, `margin`, `coarse`\n";
    assert_eq!((status, err.as_str()), (2, unknown));
    folder.write("range.toml", "[[stages]]\nkind = 'trees'\ndepth = 30\n");
    let (status, _, err) = fit("range.toml");
    assert_eq!((status, err.as_str()), (2, "lineament-train: range.toml: depth of stage 1 is 30, outside 1 to 8\n"));
    folder.write("look.toml", "look = 'photograph'\n[[stages]]\nkind = 'trees'\n[[stages]]\nkind = 'linear'\n");
    let (status, _, err) = fit("look.toml");
    let linear =
        "lineament-train: look.toml: stage 2 is linear, but only trees can be used with look = \"photograph\"\n";
    assert_eq!((status, err.as_str()), (2, linear));
    folder.write("tune.toml", "look = 'photograph'\n[[stages]]\nkind = 'trees'\n");
    let tune = ["tune", "--data", "data", "--output", "o.toml", "--config", "tune.toml"];
    refuses(&folder, &tune, "tune can search only for cascades with look = \"crop\"");
    let (status, _, err) = fit("none.toml");
    assert_eq!(
        (status, err.as_str()),
        (2, "lineament-train: none.toml: cannot be read: there is no such file or folder\n")
    );
}

#[test]
fn too_few_faces_are_said() {
    let folder = Folder::with_faces(1);
    let (status, _, err) = run(&folder, &["landmarks", "--data", "data", "--output", "o.model"]);
    assert_eq!(status, 2);
    let few = "too few photographs: 1, but the configuration divides them into 12 parts of at least 2: at least 4 \
               photographs are needed\n";
    assert!(err.ends_with(few) && err.lines().count() == 2, "{err}");
    assert!(!folder.path("o.model").exists());

    let folder = Folder::with_faces(10);
    let fit = |config: &str| {
        folder.write("parts.toml", config);
        run(&folder, &["landmarks", "--data", "data", "--output", "o.model", "--config", "parts.toml"])
    };
    let (status, _, err) = fit("");
    assert_eq!(status, 2);
    assert!(err.ends_with(": set parts to 5 or less, and folds to no more than parts\n"), "{err}");
    let (status, _, err) = fit("parts = 3");
    let folds = "parts.toml: parts is 3, fewer than folds, which is 4: set folds to 2 to 3, or raise parts";
    assert_eq!((status, err), (2, format!("lineament-train: {folds}\n")));
    let tune = ["tune", "--data", "data", "--output", "o.toml", "--folds", "6"];
    let (status, _, err) = run(&folder, &tune);
    assert_eq!(status, 2);
    assert!(err.ends_with("too few photographs: 10, but 6 folds need 12: use fewer folds\n"), "{err}");
}

#[test]
fn results_are_written_where_they_are_asked_for() {
    let folder = Folder::with_faces(3);
    let model = folder.model("mean.model");
    let shape = portrait(1, 1).shapes[0].points.iter().map(|p| format!("[{},{}]", p.x + 1.0, p.y)).collect::<Vec<_>>();
    folder.write("stored.json", &format!(r#"{{"face_001": [{}]}}"#, shape.join(",")));
    let (status, out, err) = run(
        &folder,
        &[
            "evaluate",
            "--data",
            "data",
            "--landmarks",
            model.to_str().unwrap(),
            "--stored",
            "stored.json",
            "--json",
            "e.json",
            "--csv",
            "e.csv",
            "--detail",
            "--predictions",
            "points",
            "--name",
            "mean 1",
            "other",
        ],
    );
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("\nmean 1 (68 landmarks)\n") && out.contains("\nother (68 landmarks)\n"), "{out}");
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path("e.json")).unwrap()).unwrap();
    let stored = &json["systems"][1]["groups"][0];
    let wanted = 100.0 / lineament::scheme::inter_ocular(&portrait(1, 1).shapes[0]);
    assert!((stored["inter_ocular"]["mean"].as_f64().unwrap() - f64::from(wanted)).abs() < 1e-3);
    assert_eq!((stored["faces"].as_u64(), stored["missed"].as_u64()), (Some(3), Some(2)));
    assert_eq!(json["comparisons"][0]["result"]["faces"], 1);
    let csv = std::fs::read_to_string(folder.path("e.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + 2 * 3);
    assert!(csv.lines().any(|line| line.starts_with("other,data/face_000.png,0,data,0,,")), "{csv}");
    let predicted = |name: &str| lineament::raw::annotations::pts::read(folder.path("points").join(name));
    let shape = predicted("other/data/face_001.pts").unwrap();
    assert!((shape.points[9].x - portrait(1, 1).shapes[0].points[9].x - 1.0).abs() < 1e-3);
    assert!(predicted("mean 1/data/face_000.pts").is_ok() && predicted("other/data/face_000.pts").is_err());
    assert!(no_traces(folder.0.path()));

    // Without --detail there is one row per system.
    let short = ["evaluate", "--data", "data", "--stored", "stored.json"];
    let (_, out, _) = run(&folder, &short);
    assert_eq!(out.lines().filter(|line| line.starts_with("stored")).count(), 1, "{out}");
    assert!(!out.contains("mouth") && out.contains("--detail"), "{out}");
    let names = [&short[..], &["--name", "a", "b"]].concat();
    refuses(&folder, &names, "--name needs a name for each of the 1 systems, not 2");
}

#[test]
fn a_data_set_goes_to_imglab_and_comes_back() {
    let folder = Folder::with_faces(3);
    let (status, _, err) =
        run(&folder, &["inspect", "--data", "data", "--imglab", "data/faces.xml", "--outliers", "1"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let xml = std::fs::read_to_string(folder.path("data/faces.xml")).unwrap();
    assert_eq!(xml.matches("<image file='face_00").count(), 3, "{xml}");
    assert_eq!((xml.matches("<box ").count(), xml.matches("<part ").count()), (3, 3 * 68));
    let (status, out, err) = run(&folder, &["inspect", "--data", "data/faces.xml"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
}

/// Returns whether no temporary file is left.
fn no_traces(folder: &Path) -> bool {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.into_iter().all(|name| !name.ends_with(".tmp") && !name.ends_with(".probe"))
}

#[test]
fn a_reader_that_is_gone_is_no_error() {
    let folder = Folder::with_faces(2);
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("lineament-train"));
    command.args(["inspect", "--data", "data"]).current_dir(&folder.0).stderr(std::process::Stdio::piped());
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
