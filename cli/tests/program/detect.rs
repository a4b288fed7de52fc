//! The contract of `lineament detect`: formats, order, outputs, lists, boxes, interrupts.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::common::Bench;
use serde_json::Value;

#[test]
fn jsonl_has_the_contracts_keys_in_order_and_finite_numbers() {
    let bench = Bench::new();
    bench.image("a b.png", 120, 90);
    bench.boxes(&[("a b.png", [10.0, 20.0, 50.0, 50.0]), ("a b.png", [30.5, 5.0, 40.0, 42.0])]);
    let run = bench.fit(&["--format", "jsonl", "--threads", "1", "--threshold", "-1", "a b.png"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let mut at = 0;
    for key in [
        "\"image\":",
        "\"width\":",
        "\"height\":",
        "\"faces\":",
        "\"box\":",
        "\"x\":",
        "\"y\":",
        "\"width\":",
        "\"height\":",
        "\"score\":",
        "\"landmarks\":",
        "\"timing_ms\":",
        "\"decode\":",
        "\"detect\":",
        "\"landmarks\":",
    ] {
        at += run.stdout[at..].find(key).unwrap_or_else(|| panic!("{key} after byte {at} of {}", run.stdout));
    }
    let record = &run.records()[0];
    assert_eq!((&record["image"], &record["width"], &record["height"]), (&"a b.png".into(), &120.into(), &90.into()));
    assert_eq!(record["faces"].as_array().unwrap().len(), 2);
    assert_eq!(record["faces"][1]["box"]["x"], 30.5);
    for face in record["faces"].as_array().unwrap() {
        let landmarks = face["landmarks"].as_array().unwrap();
        assert_eq!(landmarks.len(), 68);
        assert!(landmarks.iter().flat_map(|p| p.as_array().unwrap()).all(Value::is_number));
        // The model's grid begins at the box's left edge and a sixteenth of its height below the top.
        let (bounds, first) = (&face["box"], &landmarks[0]);
        assert!((first[0].as_f64().unwrap() - bounds["x"].as_f64().unwrap()).abs() < 0.6, "{face}");
    }
    assert!(record["timing_ms"]["landmarks"].as_f64().unwrap() > 0.0);
}

#[test]
fn records_come_in_input_order_whatever_the_threads() {
    let bench = Bench::new();
    // Large ones first: they take longer.
    let names: Vec<String> = (0..60).map(|i| format!("{i:02}.png")).collect();
    for (i, name) in names.iter().enumerate() {
        let side = if i % 10 == 0 { 900 } else { 40 };
        bench.image(name, side, side);
    }
    let all = |threads: &str| {
        let run = bench.run(&["detect", "--format", "jsonl", "--threads", threads, ".", "missing.png", "05.png"]);
        assert_eq!(run.status, 1);
        run.records().iter().map(|r| r["image"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut wanted: Vec<String> = names.iter().map(|name| format!("./{name}")).collect();
    wanted.extend(["missing.png".to_owned(), "05.png".to_owned()]);
    assert_eq!(all("1"), wanted);
    assert_eq!(all("4"), wanted);
}

#[test]
fn text_has_a_line_a_face_and_a_summary() {
    let bench = Bench::new();
    bench.image("a.png", 100, 100);
    bench.image("b.png", 100, 100);
    bench.boxes(&[("a.png", [10.0, 20.0, 50.0, 50.0])]);
    let run = bench.fit(&["a.png", "b.png"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[..2], ["a.png: face 1 of 1: 50×50 at 10,20", "b.png: no face"]);
    assert!(lines[2].starts_with("1 face in 2 images, "), "{}", lines[2]);
    let note = "lineament: b.png: boxes.csv names no box of this image\n";
    assert_eq!((run.status, lines.len(), run.stderr.as_str()), (0, 3, note));
}

#[test]
fn csv_can_be_read_back_as_boxes() {
    let bench = Bench::new();
    bench.image("a,\"b\".png", 100, 100);
    bench.file("boxes.csv", "image,x,y,width,height\n\"a,\"\"b\"\".png\",10,20.5,50,50\n");
    let first = bench.fit(&["--format", "csv", "a,\"b\".png"]);
    assert!(first.stdout.starts_with("image,x,y,width,height,score,x0,y0,x1,y1,"), "{}", first.stdout);
    assert_eq!(first.stdout.lines().next().unwrap().split(',').count(), 6 + 2 * 68 + 2);
    bench.file("boxes.csv", &first.stdout);
    // Without images, those of the box file.
    let second = bench.fit(&["--format", "csv"]);
    assert_eq!((second.status, second.stdout), (0, first.stdout));
}

#[test]
fn pts_counts_from_one() {
    let bench = Bench::new();
    bench.image("a.png", 100, 100);
    bench.image("sub/b.png", 100, 100);
    let (one, two) = ([10.0, 20.0, 64.0, 64.0], [20.0, 20.0, 32.0, 32.0]);
    bench.boxes(&[("a.png", one), ("sub/b.png", one), ("sub/b.png", two)]);
    let run = bench.fit(&["--format", "pts", "a.png"]);
    let shape = lineament::raw::annotations::pts::parse(&run.stdout).unwrap();
    let json = bench.fit(&["--format", "jsonl", "a.png"]).records()[0]["faces"][0]["landmarks"][5].clone();
    assert!((f64::from(shape.points[5].x) - json[0].as_f64().unwrap()).abs() < 2e-3);
    assert!(run.stdout.starts_with("version: 1\nn_points: 68\n{\n"));

    let run = bench.fit(&["--format", "pts", "--output", "points", "."]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    for name in ["points/a.pts", "points/sub/b_1.pts", "points/sub/b_2.pts"] {
        assert_eq!(lineament::raw::annotations::pts::read(bench.path(name)).unwrap().len(), 68, "{name}");
    }
    assert_eq!(bench.fit(&["--format", "pts", "--output", "one.pts", "a.png"]).status, 0);
    assert!(bench.path("one.pts").is_file());
}

#[test]
fn imglab_is_whole_xml_in_whole_pixels() {
    let bench = Bench::new();
    bench.image("a&'b.png", 100, 100);
    bench.image("c.png", 100, 100);
    bench.boxes(&[("a&'b.png", [10.4, 20.6, 64.0, 64.0])]);
    let run = bench.fit(&["--format", "imglab", "a&'b.png", "c.png", "missing.png"]);
    assert_eq!(run.status, 1);
    let lines: Vec<&str> = run.stdout.lines().map(str::trim).collect();
    assert_eq!(lines[3], "<image file='a&amp;&apos;b.png' width='100' height='100' orientation='upright'>");
    assert_eq!(lines[4], "<box top='21' left='10' width='64' height='64'>");
    assert!(lines[5].starts_with("<part name='00' x='") && lines[72].starts_with("<part name='67' x='"));
    let last = "<image file='c.png' width='100' height='100' orientation='upright'>";
    assert_eq!(lines[75..], [last, "</image>", "</images>", "</dataset>"]);
}

#[test]
fn annotated_images_go_to_a_file_or_a_folder() {
    let bench = Bench::new();
    for name in ["a.png", "in/b.jpg", "in/deep/c.bmp"] {
        bench.image(name, 100, 80);
    }
    let box_ = [10.0, 20.0, 50.0, 50.0];
    bench.boxes(&[("a.png", box_), ("in/b.jpg", box_), ("in/deep/c.bmp", box_)]);
    assert_eq!(bench.fit(&["a.png", "--output", "drawn.jpg"]).status, 0);
    let drawn = image::open(bench.path("drawn.jpg")).unwrap();
    assert_eq!((drawn.width(), drawn.height()), (100, 80));

    let run = bench.fit(&["a.png", "in", "--output", "out/of"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    for name in ["a.png", "b.jpg", "deep/c.bmp.png"] {
        let drawn = image::open(bench.path("out/of").join(name)).unwrap().into_rgb8();
        // The box's upper edge is drawn, in a colour.
        let [r, _, b] = drawn.get_pixel(35, 20).0;
        assert!(r.abs_diff(b) > 60, "{name}: {r} {b}");
    }
}

#[test]
fn a_list_on_stdin_names_the_images() {
    let bench = Bench::new();
    bench.image("a.png", 30, 30);
    bench.image("-dash and space é.png", 30, 30);
    let list = |separator: &str, extra: &[&str]| {
        let names = ["a.png", "-dash and space é.png", "nowhere.png"].map(|n| n.to_owned() + separator).concat();
        let run = crate::common::run(
            bench.command().args(["detect", "--format", "jsonl"]).args(extra).arg("-").write_stdin(names),
        );
        assert_eq!(run.status, 1);
        let field = |r: &Value| (r["image"].as_str().unwrap().to_owned(), r.get("error").is_some());
        run.records().iter().map(field).collect::<Vec<_>>()
    };
    let wanted = [("a.png", false), ("-dash and space é.png", false), ("nowhere.png", true)];
    let wanted: Vec<(String, bool)> = wanted.map(|(name, error)| (name.to_owned(), error)).into();
    assert_eq!(list("\n", &[]), wanted);
    assert_eq!(list("\r\n", &[]), wanted);
    assert_eq!(list("\0", &["--null"]), wanted);
    let run = bench.run(&["detect", "--format", "jsonl", "--", "-dash and space é.png"]);
    assert_eq!((run.status, run.records().len()), (0, 1));
}

#[cfg(target_os = "linux")]
#[test]
fn file_names_that_are_not_utf_8_work() {
    use std::os::unix::ffi::OsStrExt;
    let bench = Bench::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9 \xff.png");
    std::fs::rename(bench.image("a.png", 100, 100), bench.path(name)).unwrap();
    let mut boxes = b"image,x,y,width,height\n".to_vec();
    boxes.extend(name.as_bytes());
    boxes.extend(b",10,10,40,40\n");
    bench.file("boxes.csv", boxes);
    let run = bench.fit(&["--format", "jsonl", "--output", "out", "."]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(run.records()[0]["faces"].as_array().unwrap().len(), 1);
    assert!(bench.path("out").join(name).is_file());
}

#[test]
fn boxes_of_other_programs_are_read() {
    let bench = Bench::new();
    bench.image("sub/a.png", 100, 100);
    let found = |csv: &[u8]| {
        bench.file("sub/boxes.csv", csv);
        let run = bench.run(&["detect", "sub", "--landmarks", "landmarks.model", "--boxes", "sub/boxes.csv"]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        run.stdout.lines().next().unwrap().to_owned()
    };
    let plain = "image,x,y,width,height\na.png,10,20,64,64\n";
    let wanted = found(plain.as_bytes());
    assert!(wanted.ends_with("64×64 at 10,20"), "{wanted}");
    let utf_16: Vec<u8> = format!("\u{feff}{plain}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for csv in [
        &utf_16[..],
        format!("\u{feff}{plain}").as_bytes(),
        plain.replace(',', ";").as_bytes(),
        plain.replace(',', "\t").to_uppercase().replace("A.PNG", "a.png").as_bytes(),
        plain.replace("a.png", ".\\a.png").as_bytes(),
        plain.replace("sub/", "").replace("a.png,10", "\"a.png\", \"10\"").as_bytes(),
    ] {
        assert_eq!(found(csv), wanted, "{}", String::from_utf8_lossy(csv));
    }
}

#[test]
fn rows_without_an_image_and_images_without_a_row_are_said() {
    let bench = Bench::new();
    for name in ["photos/a.png", "photos/b.png", "c.png"] {
        bench.image(name, 100, 100);
    }
    let box_ = [10.0, 20.0, 50.0, 50.0];
    bench.boxes(&[("a.png", box_), ("photos/b.png", box_), ("c.png", box_), ("a.png", box_)]);
    let run = bench.fit(&["photos", "--format", "jsonl"]);
    assert_eq!((run.status, run.records()[1]["faces"].as_array().unwrap().len()), (1, 1));
    assert_eq!(run.records()[0]["warning"], "boxes.csv names no box of this image");
    let missing = "there is no image a.png (names count from the working folder or from the folder of the box file)";
    let lines = [
        "photos/a.png: boxes.csv names no box of this image".to_owned(),
        format!("boxes.csv: line 2: {missing}"),
        format!("boxes.csv: line 5: {missing}"),
        "boxes.csv: a row is of images that are not among those processed".to_owned(),
    ];
    assert_eq!(run.stderr, lines.map(|line| format!("lineament: {line}\n")).concat());
    bench.boxes(&[("photos/a.png", box_), ("photos/b.png", box_)]);
    assert_eq!(bench.fit(&["photos/a.png"]).status, 0);
    bench.file("boxes.csv", b"image,x,y,width,height\ncaf\xe9.png,1,2,30,40\nc.png,1,2,30,40\n");
    let run = bench.fit(&["c.png"]);
    assert!(run.status == 1 && run.stderr.contains("save it as UTF-8"), "{}", run.stderr);
}

/// The program with a list on a stdin that stays open.
fn open_ended(bench: &Bench) -> std::process::Child {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("lineament"));
    command.args(["detect", "--format", "jsonl", "--threads", "2", "-"]).current_dir(bench.folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let bench = Bench::new();
    bench.image("a.png", 30, 30);
    let mut child = open_ended(&bench);
    let mut names = child.stdin.take().unwrap();
    names.write_all(b"a.png\n").unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("{\"image\":\"a.png\""), "{line}");
    // The reader is gone; so the program must end although names go on.
    let _ = names.write_all(&b"a.png\n".repeat(200));
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_cleanly_with_130() {
    let bench = Bench::new();
    bench.image("a.png", 30, 30);
    let mut child = open_ended(&bench);
    let mut names = child.stdin.take().unwrap();
    names.write_all(b"a.png\n").unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    // Stdin is still open.
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "lineament: interrupted after 1 image\n");
    drop(names);
}
