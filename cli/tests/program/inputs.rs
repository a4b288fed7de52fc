//! What counts as an image in a folder, and what stdin may contain.

use crate::common::{Bench, Run, kept};

/// `detect --format jsonl -` with this on stdin.
fn listed(bench: &Bench, stdin: impl Into<Vec<u8>>, extra: &[&str]) -> Run {
    let mut command = bench.command();
    command.args(["detect", "--format", "jsonl"]).args(extra).arg("-").write_stdin(stdin);
    crate::common::run(&mut command)
}

#[test]
fn a_folder_is_searched_for_all_endings_of_images_and_says_what_it_passed_over() {
    let bench = Bench::new();
    std::fs::create_dir_all(bench.path("in/__MACOSX")).unwrap();
    for name in ["a.jfif", "b.JPE", "c.nef", "d.psd", "notes.txt", "__MACOSX/a.jpg"] {
        std::fs::copy(kept("cli/tests/data/companions/base.jpg"), bench.path("in").join(name)).unwrap();
    }
    std::fs::copy(kept("cli/tests/data/companions/._base.jpg"), bench.path("in/._a.jfif")).unwrap();
    bench.file("in/e.jp2", b"\0\0\0\x0CjP  \r\n\x87\n");
    let run = bench.run(&["detect", "--format", "jsonl", "in"]);
    let records = run.records();
    let names: Vec<&str> = records.iter().map(|record| record["image"].as_str().unwrap()).collect();
    assert_eq!(names, ["in/a.jfif", "in/b.JPE", "in/e.jp2"]);
    assert!(records[..2].iter().all(|record| record["faces"].as_array().unwrap().len() == 1));
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines[0].starts_with("lineament: in/e.jp2: the image format JPEG 2000 is not supported"), "{}", lines[0]);
    let passed = "lineament: not searched: 1 camera's raw file (.nef), 1 image of a format that is not searched (.psd), \
                  1 companion of the system (._*), 1 file that is no image";
    assert_eq!((run.status, lines[1..].to_vec()), (1, vec![passed]));
    // Without images, the error tells.
    bench.image("raw/a.png", 9, 9);
    std::fs::rename(bench.path("raw/a.png"), bench.path("raw/a.dng")).unwrap();
    let run = bench.run(&["detect", "raw"]);
    let clause = "the folder contains no images, but 1 camera's raw file (.dng)";
    assert_eq!((run.status, run.stderr), (1, format!("lineament: raw: {clause}\n")));
}

#[test]
fn lists_from_other_systems_are_read() {
    let bench = Bench::new();
    bench.image("a é.png", 30, 30);
    bench.image("b.png", 30, 30);
    let text = "a é.png\r\nb.png\r\n";
    let utf_16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(to_bytes).collect()
    };
    for list in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
    ] {
        let run = listed(&bench, list, &[]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        let records = run.records();
        let names: Vec<&str> = records.iter().map(|record| record["image"].as_str().unwrap()).collect();
        assert_eq!(names, ["a é.png", "b.png"]);
    }
    if cfg!(unix) {
        let run = listed(&bench, &b"a \xE9.png\n"[..], &[]);
        assert!(run.stderr.contains("is not UTF-8, perhaps Windows-1252: save it as UTF-8"), "{}", run.stderr);
    }
    let run = listed(&bench, &b"b.png\0b.png\0"[..], &[]);
    let clause = "the list on stdin contains zero bytes: if they end its names, use --null";
    assert_eq!((run.status, run.stderr), (1, format!("lineament: -: {clause}\n")));
    assert_eq!(listed(&bench, &b"b.png\0b.png\0"[..], &["--null"]).records().len(), 2);
    let endless = listed(&bench, vec![b'a'; 100_000], &[]);
    assert!(endless.stderr.contains("neither an image nor a list of names"), "{}", endless.stderr);
}

#[test]
fn an_image_on_stdin_is_searched() {
    let bench = Bench::new();
    let image = std::fs::read(kept("cli/tests/data/companions/base.jpg")).unwrap();
    let run = listed(&bench, image.clone(), &["--output", "drawn.png"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let record = &run.records()[0];
    assert_eq!((&record["image"], record["faces"].as_array().unwrap().len()), (&"-".into(), 1));
    assert_eq!(image::open(bench.path("drawn.png")).unwrap().width(), 240);
    let mut command = bench.command();
    command.args(["detect", "-", "--format", "pts", "--output", "points/"]).write_stdin(image);
    assert_eq!(crate::common::run(&mut command).status, 0);
    assert!(bench.path("points/stdin.pts").is_file());
    let run = listed(&bench, &b"\x89PNG\r\n\x1a\n and no more"[..], &[]);
    assert_eq!((run.status, run.records().len()), (1, 1));
}

#[test]
fn options_that_are_no_numbers_are_refused_in_plain_words() {
    let bench = Bench::new();
    for (option, value, what) in [
        ("--threads", "20000", "a whole number from 1 to"),
        ("--threads", "two", "a whole number from 1 to"),
        ("--max-faces", "1.5", "a whole number from 1 is needed"),
        ("--memory", "much", "an amount of memory is needed, such as 800M or 2G"),
        ("--min-face", "x", "a number of pixels"),
        ("--threshold", "x", "a number is needed"),
    ] {
        let run = bench.run(&["detect", "a.png", option, value]);
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains(what), "{}", run.stderr);
    }
}
