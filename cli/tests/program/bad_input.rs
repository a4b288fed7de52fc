//! Bad input to the program: one clear sentence with the file's name, the documented exit status, and the rest goes on.

use crate::common::{Bench, Run};

/// One sentence about `name` that holds `what`, and nothing of a panic.
fn complains(run: &Run, status: i32, name: &str, what: &str) {
    assert_eq!(run.status, status, "{}", run.stderr);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "{}", run.stderr);
    assert!(lines[0].starts_with(&format!("lineament: {name}: ")), "{}", lines[0]);
    assert!(lines[0].contains(what), "{}", lines[0]);
}

/// `detect` on the file and a good one: the file gives an error record, the good one is done.
fn refused(bench: &Bench, name: &str, what: &str, extra: &[&str]) {
    bench.image("good.png", 50, 50);
    let run = bench.run(&[&["detect", "--format", "jsonl", name, "good.png"], extra].concat());
    complains(&run, 1, name, what);
    let records = run.records();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["image"], name);
    assert!(records[0]["error"].as_str().unwrap().contains(what), "{}", run.stdout);
    assert!(records[0].get("faces").is_none());
    assert_eq!((&records[1]["image"], records[1]["faces"].is_array()), (&"good.png".into(), true));
}

#[test]
fn files_that_are_no_images() {
    let bench = Bench::new();
    refused(&bench, "missing.jpg", "there is no such file", &[]);
    bench.file("empty.jpg", "");
    refused(&bench, "empty.jpg", "the file is empty", &[]);
    bench.file("text.jpg", "no image at all");
    refused(&bench, "text.jpg", "not an image", &[]);
    bench.file("icon.jpg", [0, 0, 1, 0, 1, 0, 16, 16]);
    refused(&bench, "icon.jpg", "is not supported", &[]);
    let cut = |name: &str| {
        let whole = std::fs::read(bench.image(name, 200, 200)).unwrap();
        bench.file(name, &whole[..whole.len() / 2]);
    };
    cut("cut.png");
    refused(&bench, "cut.png", "truncated", &[]);
    // Half of a JPEG is an image, and a warning.
    cut("cut.jpg");
    let run = bench.run(&["detect", "--format", "jsonl", "cut.jpg"]);
    assert!(run.status == 0 && run.stderr.starts_with("lineament: cut.jpg: the image is damaged: "), "{}", run.stderr);
    assert!(run.records()[0]["warning"].as_str().unwrap().contains("damaged") && run.records()[0]["faces"].is_array());
    std::fs::create_dir(bench.path("void")).unwrap();
    let run = bench.run(&["detect", "void"]);
    complains(&run, 1, "void", "the folder contains no images");
}

#[test]
fn images_of_extreme_shapes_are_searched() {
    let bench = Bench::new();
    for (name, width, height) in [("dot.png", 1, 1), ("tall.png", 1, 20_000), ("wide.png", 20_000, 1)] {
        bench.image(name, width, height);
        let run = bench.run(&["detect", "--format", "jsonl", "--min-face", "24", name]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        assert_eq!(run.records()[0]["faces"].as_array().unwrap().len(), 0);
        bench.boxes(&[(name, [0.0, 0.0, 1.0, 1.0])]);
        let run = bench.fit(&["--format", "jsonl", name]);
        assert_eq!(run.records()[0]["faces"][0]["landmarks"].as_array().unwrap().len(), 68);
    }
}

#[test]
fn images_over_the_limit() {
    let bench = Bench::new();
    bench.image("large.png", 300, 200);
    refused(
        &bench,
        "large.png",
        "300×200 pixels, more than the limit of 0.059 megapixels",
        &["--max-megapixels", "0.059"],
    );
    assert_eq!(bench.run(&["detect", "--max-megapixels", "0.06", "large.png"]).status, 0);
}

#[test]
fn boxes_that_are_not_valid() {
    let bench = Bench::new();
    bench.image("a.png", 100, 50);
    bench.image("b.png", 100, 50);
    for (bounds, what) in [
        ([10.0, 10.0, 0.0, 20.0], "the box on line 2 (0×20 at 10,10) has no area"),
        ([10.0, 10.0, 20.0, -3.0], "has no area"),
        ([10.0, f32::NAN, 20.0, 20.0], "has no area"),
        ([f32::INFINITY, 10.0, 20.0, 20.0], "has no area"),
        ([100.5, 10.0, 20.0, 20.0], "lies outside the image"),
        ([-50.0, 10.0, 20.0, 20.0], "lies outside the image"),
        ([-1e20, -1e20, 3e20, 3e20], "is too large"),
        ([0.2, 0.2, 0.5, 0.4], "boxes must be in pixels, not in shares of the image"),
        ([10.0, 10.0, 3.0, 40.0], "is too small for a face"),
    ] {
        let good = [10.0, 10.0, 20.0, 20.0];
        bench.boxes(&[("a.png", bounds), ("b.png", good), ("a.png", good)]);
        let run = bench.fit(&["--format", "jsonl", "a.png", "b.png"]);
        complains(&run, 1, "a.png", what);
        let records = run.records();
        assert!(records.iter().all(|record| record["faces"].as_array().unwrap().len() == 1), "{what}");
        assert!(records[0]["warning"].as_str().unwrap().contains(what) && records[1].get("warning").is_none());
    }
    bench.file("boxes.csv", "image,x,y,width,height\na.png,1,2,3,four\na.png,10,10,20,20\n");
    let run = bench.fit(&["a.png"]);
    complains(&run, 1, "boxes.csv", "line 2: `four` is not a number; the row was left out");
    assert!(run.stdout.contains("face 1 of 1"), "{}", run.stdout);
    for (text, what) in [
        ("", "the column `image` is missing"),
        ("image,x,y,width\n", "the column `height` is missing"),
        ("image,x,y,width,height\na.png,1,2,3,four\n", "line 2: `four` is not a number"),
        ("image,x,y,width,height\na.png,1,2\n", "line 2: a cell is missing"),
    ] {
        bench.file("boxes.csv", text);
        complains(&bench.fit(&["a.png"]), 2, "boxes.csv", what);
    }
    std::fs::remove_file(bench.path("boxes.csv")).unwrap();
    complains(&bench.fit(&["a.png"]), 2, "boxes.csv", "cannot be read");
}

#[test]
fn files_that_are_no_models() {
    let bench = Bench::new();
    bench.image("a.png", 100, 50);
    bench.boxes(&[("a.png", [10.0, 10.0, 20.0, 20.0])]);
    let whole = std::fs::read(bench.path("landmarks.model")).unwrap();
    let with = |bytes: &[u8], what: &str| {
        bench.file("bad.model", bytes);
        let run = bench.run(&["detect", "--landmarks", "bad.model", "--boxes", "boxes.csv", "a.png"]);
        complains(&run, 2, "bad.model", what);
        assert_eq!(run.stdout, "");
        complains(&bench.run(&["info", "bad.model"]), 2, "bad.model", what);
    };
    with(b"", "truncated");
    with(&whole[..whole.len() - 1], "truncated");
    with(b"something else", "not a lineament model");
    let changed = |at: usize, bit: u8| {
        let mut bytes = whole.clone();
        bytes[at] ^= bit;
        bytes
    };
    with(&changed(8, 128), "format version 131");
    with(&changed(whole.len() / 2, 16), "checksum");
    with(&changed(whole.len() - 1, 1), "checksum");
    let run = bench.run(&["detect", "--detector", "landmarks.model", "a.png"]);
    complains(&run, 2, "landmarks.model", "a landmark model, where a detector model was expected");
    let run = bench.run(&["detect", "--landmarks", "missing.model", "a.png"]);
    complains(&run, 2, "missing.model", "cannot be read");
}

#[test]
fn outputs_that_cannot_be_written() {
    let bench = Bench::new();
    bench.image("a.png", 100, 50);
    bench.image("b.png", 100, 50);
    bench.file("file", "in the way");
    complains(
        &bench.run(&["detect", "a.png", "b.png", "--output", "file/folder"]),
        1,
        "file/folder",
        "cannot be written",
    );
    complains(&bench.run(&["detect", "a.png", "b.png", "--output", "file"]), 1, "file", "cannot be written");
    complains(&bench.run(&["detect", "a.png", "--output", "drawn.xyz"]), 2, "drawn.xyz", "names no image format");
    complains(
        &bench.run(&["detect", "a.png", "--output", "file/drawn.png"]),
        1,
        "a.png",
        "file/drawn.png cannot be written",
    );
    // No image is overwritten.
    complains(&bench.run(&["detect", "a.png", "--output", "a.png"]), 1, "a.png", "would overwrite the image itself");
    complains(&bench.run(&["detect", "a.png", "--output", "."]), 1, "a.png", "would overwrite the image itself");
    std::fs::create_dir(bench.path("other")).unwrap();
    bench.image("other/a.png", 20, 20);
    let run = bench.run(&["detect", "--threads", "1", "a.png", "other/a.png", "b.png", "--output", "out"]);
    complains(&run, 1, "other/a.png", "the output out/a.png belongs to a.png already");
    assert!(bench.path("out/b.png").is_file());
}

#[test]
fn wrong_usage() {
    let bench = Bench::new();
    bench.image("a.png", 50, 50);
    for arguments in [
        &["detect"][..],
        &["detect", "a.png", "--format", "xml"],
        &["detect", "a.png", "--threshold", "high"],
        &["detect", "a.png", "--threshold", "nan"],
        &["detect", "a.png", "--min-face", "15"],
        &["detect", "a.png", "--max-faces", "0"],
        &["detect", "a.png", "--threads", "0"],
        &["detect", "a.png", "--max-megapixels", "0"],
        &["detect", "a.png", "--no-such-option"],
        &["align", "a.png"],
        &["nothing"],
    ] {
        let run = bench.run(arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!run.stderr.is_empty() && !run.stderr.contains("panicked"), "{}", run.stderr);
    }
}
