//! Large images wait for each other, and what does not fit is an error of its image.

use crate::common::{Bench, kept};

#[test]
fn an_image_that_needs_more_than_the_limit_is_an_error_and_the_others_are_done() {
    let bench = Bench::new();
    bench.image("large.png", 4000, 3000);
    bench.image("small.png", 100, 100);
    bench.boxes(&[("large.png", [5.0, 5.0, 90.0, 90.0]), ("small.png", [5.0, 5.0, 90.0, 90.0])]);
    let run = bench.fit(&["--format", "jsonl", "--memory", "20M", "large.png", "small.png"]);
    assert_eq!((run.status, run.records().len()), (1, 2));
    let complaint = "lineament: large.png: the image needs about ";
    assert!(run.stderr.starts_with(complaint) && run.stderr.lines().count() == 1, "{}", run.stderr);
    assert!(run.stderr.contains("more than is available (--memory sets the limit)"), "{}", run.stderr);
    // All of them fit one after the other.
    let names = ["large.png"; 6];
    let run = bench.fit(&[&["--format", "jsonl", "--memory", "60M", "--threads", "4"], &names[..]].concat());
    let others = "lineament: boxes.csv: a row is of images that are not among those processed\n";
    assert_eq!((run.status, run.stderr.as_str(), run.records().len()), (0, others, 6));
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_of_the_address_space_is_kept() {
    use std::process::Command;
    let bench = Bench::new();
    let image = kept("cli/tests/data/128-megapixels.png");
    let row = (image.as_str(), [5000.0, 5000.0, 900.0, 900.0]);
    bench.boxes(&[row]);
    let program = assert_cmd::cargo::cargo_bin("lineament");
    let run = |kibibytes: &str| {
        let script = format!("ulimit -v {kibibytes} && exec \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, "sh"]).arg(&program).current_dir(bench.folder.path());
        command.args(["detect", "--landmarks", "landmarks.model", "--boxes", "boxes.csv", "--threads", "4"]);
        let output = command.args(["--format", "jsonl"]).args([&image; 4]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (status, stdout, stderr) = run("900000");
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    assert_eq!(stdout.matches("\"landmarks\":[[").count(), 4);
    let (status, stdout, stderr) = run("450000");
    assert_eq!((status, stderr.lines().count()), (Some(1), 4), "{stderr}");
    assert_eq!(stdout.matches("\"error\":\"the image needs about ").count(), 4);
}
