//! Images in the wild: file formats, names, links, folders that change, full disks.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::common::{Bench, Run, root};

/// A scene of 40×30 pixels in many kinds of files.
fn kept(name: &str) -> PathBuf {
    root().join("tests/data/hostile/picture").join(name)
}

/// Copies these images into the folder and runs `detect` on it.
fn detected(bench: &Bench, names: &[&str]) -> Run {
    for name in names {
        std::fs::copy(kept(name), bench.path(name)).unwrap();
    }
    bench.run(&["detect", "--format", "jsonl", "--min-face", "16", "."])
}

#[test]
fn only_the_first_frame_of_an_animation_is_searched() {
    let bench = Bench::new();
    let run =
        detected(&bench, &["animated.gif", "animated.png", "animated.webp", "still.gif", "lossy.webp", "rgb.png"]);
    let said = "it is animated; only its first frame was searched";
    let notes = ["gif", "png", "webp"].map(|ending| format!("lineament: ./animated.{ending}: {said}\n"));
    assert_eq!((run.status, &run.stderr), (0, &notes.concat()));
    assert_eq!(run.records().len(), 6);
    assert!(run.records().iter().all(|record| record["width"] == 40 && record["faces"].is_array()));
}

#[test]
fn formats_that_are_not_supported_are_named() {
    let bench = Bench::new();
    bench.file("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on");
    bench.file("photo.jxl", [0xFF, 0x0A, 0, 0]);
    let run = detected(&bench, &["unsupported.avif"]);
    let complaint = |name: &str, format: &str| {
        let advice = "convert the image to PNG or to an ordinary JPEG";
        format!("lineament: ./{name}: the image format {format} is not supported; {advice}\n")
    };
    let complaints =
        [complaint("photo.heic", "HEIC"), complaint("photo.jxl", "JPEG XL"), complaint("unsupported.avif", "AVIF")];
    assert_eq!((run.status, run.stderr), (1, complaints.concat()));
}

#[test]
fn images_of_one_pixel_and_of_fifty_million() {
    let bench = Bench::new();
    let names = ["png", "jpg", "gif", "webp", "bmp", "tiff", "pgm"].map(|ending| format!("dot.{ending}"));
    for name in &names {
        image::DynamicImage::new_rgb8(1, 1).save(bench.path(name)).unwrap();
    }
    let run = bench.run(&["detect", "--format", "jsonl", "--min-face", "16", "."]);
    assert_eq!((run.status, run.stderr.as_str(), run.records().len()), (0, "", names.len()));
    bench.image("large.pgm", 8660, 5774);
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
        std::fs::rename(bench.image("a.png", 30, 30), bench.path(name)).unwrap();
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
fn links_are_followed_to_files_but_not_to_folders() {
    use std::os::unix::fs::symlink;
    let bench = Bench::new();
    bench.image("in/a.png", 30, 30);
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
fn a_folder_that_vanishes_costs_its_own_images() {
    const IMAGES: usize = 300;
    let bench = Bench::new();
    let names: Vec<String> = (0..IMAGES).map(|i| format!("in/{i:03}.png")).collect();
    let first = bench.image(&names[0], 40, 40);
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
    // The pipe contains a few dozen of the records: the program waits in the middle of the folder.
    std::fs::remove_dir_all(bench.path("in")).unwrap();
    let complaints = std::thread::spawn(move || {
        let mut text = String::new();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        (text, child.wait().unwrap())
    });
    stdout.read_to_string(&mut lines).unwrap();
    let (complaints, status) = complaints.join().unwrap();
    assert_eq!((status.code(), lines.lines().count()), (Some(1), IMAGES));
    let missing = lines.lines().filter(|line| line.ends_with(r#""error":"there is no such file"}"#)).count();
    assert!((1..IMAGES).contains(&missing), "{missing} were missing");
    assert_eq!(complaints.lines().count(), missing);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_and_loses_nothing() {
    let bench = Bench::new();
    bench.image("a.png", 100, 100);
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    for arguments in [&["detect", "a.png"][..], &["detect", "--format", "csv", "a.png"]] {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("lineament"));
        let output = command.args(arguments).current_dir(bench.folder.path()).stdout(full()).output().unwrap();
        let complaint = "lineament: stdout: the results cannot be written: no space left on device\n";
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), complaint));
    }

    // A disk of 64 kilobytes, in its own name space.
    std::fs::create_dir(bench.path("disk")).unwrap();
    bench.image("large.png", 300, 300);
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
    bench.image("a.png", 30, 30);
    for arguments in [&["detect", "a.png"][..], &["info", "landmarks.model"]] {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("lineament"));
        command.args(arguments).current_dir(bench.folder.path()).stderr(Stdio::piped());
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command.stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}
