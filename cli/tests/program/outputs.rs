//! The names of outputs: decided in the order of the images, and never those of an input.

use std::path::Path;

use crate::common::{Bench, kept};

/// The files in a folder and below it, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut files: Vec<String> = walk(folder).collect();
    files.sort();
    files
}

fn walk(folder: &Path) -> impl Iterator<Item = String> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let folder = folder.to_owned();
    files.map(move |entry| entry.path().strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/"))
}

const WHOLE: [f32; 4] = [10.0, 20.0, 50.0, 50.0];
const LEFT: [f32; 4] = [10.0, 20.0, 30.0, 30.0];

#[test]
fn images_that_differ_in_their_ending_keep_it_in_the_later_ones_output() {
    let bench = Bench::new();
    let names = kept("cli/tests/data/names");
    let rows = [(&*format!("{names}/a.jpg"), WHOLE), (&*format!("{names}/a.png"), LEFT)];
    bench.boxes(&rows);
    let mut written = Vec::new();
    for threads in ["1", "4", "4"] {
        let folder = format!("points-{}", written.len());
        let run = bench.fit(&["--format", "pts", "--threads", threads, &names, "--output", &folder]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        assert_eq!(files(&bench.path(&folder)), ["a.png.pts", "a.pts"]);
        written.push(["a.pts", "a.png.pts"].map(|name| std::fs::read(bench.path(&folder).join(name)).unwrap()));
    }
    assert!(written[0][0] != written[0][1] && written.iter().all(|files| *files == written[0]));
}

#[test]
fn numbered_faces_are_apart_from_an_image_that_is_named_like_one() {
    let bench = Bench::new();
    for name in ["in/group.jpg", "in/group_1.png"] {
        bench.image(name, 100, 100);
    }
    bench.boxes(&[("in/group.jpg", WHOLE), ("in/group.jpg", LEFT), ("in/group_1.png", WHOLE)]);
    let run = bench.fit(&["--format", "pts", "in", "--output", "points"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(files(&bench.path("points")), ["group.jpg_1.pts", "group.jpg_2.pts", "group_1.pts"]);
    // A list is read name by name, so the first image has its usual names.
    let mut command = bench.command();
    command.args(["detect", "--landmarks", "landmarks.model", "--boxes", "boxes.csv", "--format", "pts"]);
    command.args(["--output", "listed", "-"]).write_stdin("in/group.jpg\nin/group_1.png\n");
    assert_eq!(crate::common::run(&mut command).status, 0);
    assert_eq!(files(&bench.path("listed")), ["group_1.png.pts", "group_1.pts", "group_2.pts"]);
}

#[test]
fn an_image_that_is_named_twice_has_one_output() {
    let bench = Bench::new();
    bench.image("a.png", 100, 100);
    bench.boxes(&[("a.png", WHOLE)]);
    let run = bench.fit(&["a.png", "./a.png", "--output", "out", "--format", "jsonl"]);
    assert_eq!((run.status, run.records().len()), (0, 2));
    assert_eq!(files(&bench.path("out")), ["a.png"]);
    let align = ["align", "--landmarks", "landmarks.model", "--boxes", "boxes.csv", "a.png", "a.png", "-o", "chips"];
    assert_eq!(bench.run(&align).status, 0);
    assert_eq!(std::fs::read_to_string(bench.path("chips/chips.jsonl")).unwrap().lines().count(), 1);
}

#[test]
fn no_output_replaces_another_input() {
    let bench = Bench::new();
    for name in ["a.bmp", "a.bmp.png", "in/a.bmp"] {
        bench.image(name, 100, 100);
    }
    bench.boxes(&[("a.bmp", WHOLE), ("a.bmp.png", LEFT)]);
    let before = ["a.bmp.png", "a.bmp", "boxes.csv"].map(|name| std::fs::read(bench.path(name)).unwrap());
    // The image's own place is an error; that of another image makes it take the next name.
    let run = bench.fit(&["a.bmp", "a.bmp.png", "--output", "."]);
    assert_eq!(run.status, 1);
    assert_eq!(run.stderr, "lineament: a.bmp.png: the output ./a.bmp.png would overwrite the image itself\n");
    assert!(bench.path("a.png").is_file());
    let run = bench.fit(&["--format", "csv", "a.bmp", "--output", "boxes.csv"]);
    let complaint = "lineament: boxes.csv: it would overwrite boxes.csv, which is an input\n";
    assert_eq!((run.status, run.stderr.as_str()), (2, complaint));
    for command in ["--from-dlib", "--to-dlib"] {
        let run = bench.run(&["convert", command, "landmarks.model", "--output", "./landmarks.model"]);
        let complaint = "lineament: ./landmarks.model: it would overwrite landmarks.model, which is an input\n";
        assert_eq!((run.status, run.stderr.as_str()), (2, complaint));
    }
    assert_eq!(before, ["a.bmp.png", "a.bmp", "boxes.csv"].map(|name| std::fs::read(bench.path(name)).unwrap()));
}

#[test]
fn chips_are_not_written_over_images() {
    let bench = Bench::new();
    for name in ["group.jpg", "group_1.png"] {
        bench.image(name, 100, 100);
    }
    bench.boxes(&[("group.jpg", WHOLE), ("group_1.png", LEFT)]);
    let before = std::fs::read(bench.path("group_1.png")).unwrap();
    let align = ["align", "--landmarks", "landmarks.model", "--boxes", "boxes.csv"];
    let run = bench.run(&[&align[..], &["group.jpg", "group_1.png", "--output", "."]].concat());
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(bench.path("group.jpg_1.png").is_file() && bench.path("group_1_1.png").is_file());
    assert_eq!(std::fs::read(bench.path("group_1.png")).unwrap(), before);
    // A second run would take the chips of the first for images.
    let run = bench.run(&[&align[..], &[".", "--output", "."]].concat());
    let clause = "the output folder is itself searched for images: name another one, also one within it";
    assert_eq!((run.status, run.stderr), (2, format!("lineament: .: {clause}\n")));
}

#[test]
fn the_output_folder_is_not_searched() {
    let bench = Bench::new();
    bench.image("in/a.png", 100, 100);
    bench.boxes(&[("in/a.png", WHOLE)]);
    for _ in 0..2 {
        let run = bench.fit(&["in", "--output", "in/drawn", "--format", "jsonl"]);
        assert_eq!((run.status, run.stderr.as_str(), run.records().len()), (0, "", 1));
    }
    assert_eq!(files(&bench.path("in")), ["a.png", "drawn/a.png"]);
}

#[test]
fn a_second_run_adds_to_the_list_of_chips() {
    let bench = Bench::new();
    for name in ["one/a.png", "two/b.png", "two/a.png"] {
        bench.image(name, 100, 100);
    }
    bench.boxes(&[("one/a.png", WHOLE), ("one/a.png", LEFT), ("two/b.png", LEFT), ("two/a.png", LEFT)]);
    let align = |folder: &str| {
        let fixed = ["align", "--landmarks", "landmarks.model", "--boxes", "boxes.csv", "--output", "chips"];
        bench.run(&[&fixed[..], &[folder]].concat())
    };
    let listed = || -> Vec<String> {
        let list = std::fs::read_to_string(bench.path("chips/chips.jsonl")).unwrap();
        let chip =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["chip"].as_str().unwrap().into();
        list.lines().map(chip).collect()
    };
    let first = ["chips/a_1.png", "chips/a_2.png"];
    for _ in 0..2 {
        assert_eq!(align("one").status, 0);
        assert_eq!(listed(), first);
    }
    let before = std::fs::read(bench.path("chips/a_1.png")).unwrap();
    // Another image of the same name does not replace the chips of the first.
    let run = align("two");
    let clause = "the output chips/a_1.png belongs to one/a.png already; give one of them another output folder";
    let others = "boxes.csv: 2 rows are of images that are not among those processed";
    assert_eq!((run.status, run.stderr), (1, format!("lineament: two/a.png: {clause}\nlineament: {others}\n")));
    assert_eq!(listed(), [&first[..], &["chips/b_1.png"]].concat());
    assert_eq!(std::fs::read(bench.path("chips/a_1.png")).unwrap(), before);
}

#[test]
fn names_that_are_nearly_too_long() {
    let bench = Bench::new();
    let (stem, longest) = ("a".repeat(248), "b".repeat(247));
    for name in [format!("{stem}.bmp"), format!("{longest}.jpeg")] {
        bench.image("short.bmp", 100, 100);
        std::fs::rename(bench.path("short.bmp"), bench.path(name)).unwrap();
    }
    let names = [format!("{stem}.bmp"), format!("{longest}.jpeg")];
    bench.boxes(&[(&names[0], WHOLE), (&names[0], LEFT), (&names[1], WHOLE)]);
    let run = bench.fit(&[&*names[0], &names[1], "--output", "out", "--format", "jsonl"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(files(&bench.path("out")), [format!("{stem}.png"), names[1].clone()]);
    let run = bench.fit(&[&*names[0], "--output", "points/", "--format", "pts"]);
    let others = "lineament: boxes.csv: a row is of images that are not among those processed\n";
    assert_eq!((run.status, run.stderr.as_str()), (0, others));
    assert_eq!(files(&bench.path("points")), [format!("{stem}_1.pts"), format!("{stem}_2.pts")]);
}

#[test]
fn results_go_to_the_file_that_has_their_ending() {
    let bench = Bench::new();
    bench.image("in/a.png", 100, 100);
    bench.boxes(&[("in/a.png", WHOLE)]);
    for (format, file) in
        [("csv", "faces.csv"), ("jsonl", "faces.jsonl"), ("imglab", "faces.xml"), ("text", "faces.txt")]
    {
        let stdout = bench.fit(&["in", "--format", format]).stdout;
        let run = bench.fit(&["in", "--format", format, "--output", file]);
        assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
        let written = std::fs::read_to_string(bench.path(file)).unwrap();
        // Times differ.
        let start = |text: &str| text[..text.find("timing").or(text.find(" image, ")).unwrap_or(text.len())].to_owned();
        assert_eq!(start(&written), start(&stdout), "{format}");
    }
    let run = bench.fit(&["in", "--output", "faces.csv"]);
    let complaint = "lineament: faces.csv: to write the results to this file, add --format csv\n";
    assert_eq!((run.status, run.stderr.as_str()), (2, complaint));
}

#[cfg(unix)]
#[test]
fn a_link_is_an_image_of_its_own_name() {
    let bench = Bench::new();
    bench.image("in/a.bmp", 100, 100);
    std::os::unix::fs::symlink("a.bmp", bench.path("in/b.bmp")).unwrap();
    bench.boxes(&[("in/a.bmp", WHOLE), ("in/b.bmp", LEFT)]);
    let run = bench.fit(&["in", "--output", "out", "--format", "pts"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(files(&bench.path("out")), ["a.pts", "b.pts"]);
}
