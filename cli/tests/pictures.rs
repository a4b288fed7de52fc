//! Pictures as they come: kinds of files, names, links, folders that change, disks that are full.

mod common;

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Bench, Run};
use image::GrayImage;
use image::imageops::rotate90;
use lineament::decode::{ReadOptions, read, to_grey};

/// A scene of 40×30 pixels in many kinds of files.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hostile/picture").join(name)
}

fn grey(name: &str) -> GrayImage {
    to_grey(&read(&kept(name), &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// The mean difference of two pictures in grey levels.
fn difference(a: &GrayImage, b: &GrayImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn one_scene_is_the_same_in_every_kind_of_file() {
    let scene = grey("rgb.png");
    // The most that may be lost on the way, in grey levels: rounding, weights of colours, palettes, compression.
    for (most, names) in [
        (0.1, &["alpha.png", "animated.png", "lossless.webp", "rgb.bmp", "plain.tiff", "lzw.tiff", "rgb.ppm"][..]),
        (1.5, &["cmyk.tiff"]),
        (5.0, &["grey.png", "grey-alpha.png", "grey-16.png", "grey.pgm", "deflate-grey.tiff"]),
        (6.0, &["palette.png", "palette-clear.png", "palette.bmp", "still.gif", "animated.gif"]),
        (8.0, &["baseline.jpg", "progressive.jpg", "cmyk.jpg", "grey.jpg", "lossy.webp", "animated.webp"]),
    ] {
        for name in names {
            let lost = difference(&scene, &grey(name));
            println!("{name}: {lost:.2}");
            assert!(lost <= most, "{name}: {lost:.2} grey levels on the average");
        }
    }
    let turned = rotate90(&scene);
    for (name, most) in [("turned.png", 0.1), ("turned.tiff", 0.1), ("turned.webp", 8.0)] {
        assert!(difference(&turned, &grey(name)) <= most, "{name}");
    }
    assert_eq!(grey("bits.pbm").dimensions(), (40, 30));
}

/// Copies kept pictures into the folder and runs `detect` on it.
fn detected(bench: &Bench, names: &[&str]) -> Run {
    for name in names {
        std::fs::copy(kept(name), bench.path(name)).unwrap();
    }
    bench.run(&["detect", "--format", "jsonl", "--min-face", "16", "."])
}

#[test]
fn of_an_animation_the_first_picture_is_searched_and_said_so() {
    let bench = Bench::new();
    let run =
        detected(&bench, &["animated.gif", "animated.png", "animated.webp", "still.gif", "lossy.webp", "rgb.png"]);
    let said = "it is animated; its first picture was searched";
    let notes = ["gif", "png", "webp"].map(|ending| format!("lineament: ./animated.{ending}: {said}\n"));
    assert_eq!((run.status, &run.stderr), (0, &notes.concat()));
    assert_eq!(run.records().len(), 6);
    assert!(run.records().iter().all(|record| record["width"] == 40 && record["faces"].is_array()));
}

#[test]
fn formats_that_nobody_here_reads_are_named() {
    let bench = Bench::new();
    bench.file("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on");
    bench.file("photo.jxl", [0xFF, 0x0A, 0, 0]);
    let run = detected(&bench, &["unsupported.avif"]);
    let complaint =
        |name: &str, format: &str| format!("lineament: ./{name}: the image format {format} is not supported\n");
    let complaints =
        [complaint("photo.heic", "HEIC"), complaint("photo.jxl", "JPEG XL"), complaint("unsupported.avif", "AVIF")];
    assert_eq!((run.status, run.stderr), (1, complaints.concat()));
}

#[test]
fn pictures_of_one_pixel_and_of_fifty_million() {
    let bench = Bench::new();
    let names = ["png", "jpg", "gif", "webp", "bmp", "tiff", "pgm"].map(|ending| format!("dot.{ending}"));
    for name in &names {
        image::DynamicImage::new_rgb8(1, 1).save(bench.path(name)).unwrap();
    }
    let run = bench.run(&["detect", "--format", "jsonl", "--min-face", "16", "."]);
    assert_eq!((run.status, run.stderr.as_str(), run.records().len()), (0, "", names.len()));
    bench.picture("large.pgm", 8660, 5774);
    bench.boxes(&[("large.pgm", [4000.0, 2000.0, 2000.0, 2000.0])]);
    let run = bench.fit(&["--format", "jsonl", "large.pgm"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(run.records()[0]["faces"][0]["landmarks"].as_array().unwrap().len(), 68);
}

#[cfg(unix)]
#[test]
fn a_strange_name_stays_on_its_line() {
    let bench = Bench::new();
    let names = ["-dash.png", " ", "line\nbreak.png", "\u{1b}[31mred.png", "画 像 é.png"];
    for name in names {
        std::fs::rename(bench.picture("a.png", 30, 30), bench.path(name)).unwrap();
    }
    bench.file("\u{7}none.png", "");
    let run = bench.run(&[&["detect", "--"], &names[..], &["\u{7}none.png"]].concat());
    let plain = ["-dash.png", " ", "line\u{fffd}break.png", "\u{fffd}[31mred.png", "画 像 é.png"];
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[..5], plain.map(|name| format!("{name}: no face")));
    assert_eq!((run.status, run.stderr.as_str()), (1, "lineament: \u{fffd}none.png: the file is empty\n"));
    // Programs get the name itself.
    let run = bench.run(&["detect", "--format", "jsonl", "line\nbreak.png"]);
    assert_eq!(run.records()[0]["image"], "line\nbreak.png");
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_files_and_never_in_a_circle() {
    use std::os::unix::fs::symlink;
    let bench = Bench::new();
    bench.picture("in/a.png", 30, 30);
    for (target, name) in [("a.png", "b.png"), ("nowhere", "c.png"), ("d.png", "d.png"), ("..", "up"), (".", "e.png")] {
        symlink(target, bench.path("in").join(name)).unwrap();
    }
    symlink("in", bench.path("link")).unwrap();
    for folder in ["in", "link"] {
        let run = bench.run(&["detect", "--format", "jsonl", folder]);
        let records = run.records();
        let names: Vec<&str> = records.iter().map(|record| record["image"].as_str().unwrap()).collect();
        assert_eq!(names, ["a.png", "b.png", "c.png", "d.png"].map(|name| format!("{folder}/{name}")));
        assert!(records[1]["faces"].is_array());
        assert_eq!(records[2]["error"], "there is no such file");
        assert_eq!(records[3]["error"], "the file cannot be read: too many levels of symbolic links");
        assert_eq!(run.status, 1);
    }
}

#[test]
fn a_folder_that_vanishes_costs_its_own_pictures() {
    const PICTURES: usize = 300;
    let bench = Bench::new();
    let names: Vec<String> = (0..PICTURES).map(|i| format!("in/{i:03}.png")).collect();
    let first = bench.picture(&names[0], 40, 40);
    for name in &names[1..] {
        std::fs::copy(&first, bench.path(name)).unwrap();
    }
    bench.boxes(&names.iter().map(|name| (name.as_str(), [5.0, 5.0, 20.0, 20.0])).collect::<Vec<_>>());
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("lineament"));
    command.args(["detect", "--landmarks", "landmarks.model", "--boxes", "boxes.csv", "--format", "jsonl"]);
    command.args(["--threads", "1", "in"]).current_dir(bench.folder.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut lines = String::new();
    stdout.read_line(&mut lines).unwrap();
    // The pipe holds a few dozen of the records: the program waits in the middle of the folder.
    std::fs::remove_dir_all(bench.path("in")).unwrap();
    let complaints = std::thread::spawn(move || {
        let mut text = String::new();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        (text, child.wait().unwrap())
    });
    stdout.read_to_string(&mut lines).unwrap();
    let (complaints, status) = complaints.join().unwrap();
    assert_eq!((status.code(), lines.lines().count()), (Some(1), PICTURES));
    let missing = lines.lines().filter(|line| line.ends_with(r#""error":"there is no such file"}"#)).count();
    assert!((1..PICTURES).contains(&missing), "{missing} were missing");
    assert_eq!(complaints.lines().count(), missing);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let bench = Bench::new();
    bench.picture("a.png", 100, 100);
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    for arguments in [&["detect", "a.png"][..], &["detect", "--format", "csv", "a.png"]] {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("lineament"));
        let output = command.args(arguments).current_dir(bench.folder.path()).stdout(full()).output().unwrap();
        let complaint = "lineament: standard output: the results cannot be written: no space left on device\n";
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), complaint));
    }

    // A disk of 64 kilobytes, in a name space of its own.
    std::fs::create_dir(bench.path("disk")).unwrap();
    bench.picture("large.png", 300, 300);
    let script = r#"mount -t tmpfs -o size=64k tmpfs disk || exit 77
        echo old > disk/drawn.bmp
        "$0" detect large.png --output disk/drawn.bmp
        echo "status $?, $(ls disk): $(cat disk/drawn.bmp)""#;
    let program = assert_cmd::cargo::cargo_bin("lineament");
    let mut command = Command::new("unshare");
    let command = command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(program);
    match command.current_dir(bench.folder.path()).output() {
        Ok(output) if !matches!(output.status.code(), Some(1 | 77)) => {
            let [stdout, stderr] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
            let complaint = "large.png: the output disk/drawn.bmp cannot be written: no space left on device";
            assert_eq!(stderr, format!("lineament: {complaint}\n"));
            assert!(stdout.ends_with("status 1, drawn.bmp: old\n"), "{stdout}");
        }
        _ => println!("No disk can be mounted here: a full disk was not tried."),
    }
}

#[test]
fn a_reader_that_is_gone_is_no_error() {
    let bench = Bench::new();
    bench.picture("a.png", 30, 30);
    for arguments in [&["detect", "a.png"][..], &["info", "landmarks.model"]] {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("lineament"));
        command.args(arguments).current_dir(bench.folder.path()).stderr(Stdio::piped());
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command.stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}
