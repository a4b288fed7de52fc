//! The long run: many images, good and bad, in one process, with constant memory and no descriptor left open.
//!
//! ```sh
//! IMAGES=200000 cargo test --release -p lineament-cli --test program long_run -- --nocapture
//! ```
//!
//! gives the figures; without the variable it is a short run.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use crate::common::Bench;

/// Pictures where the variable says nothing.
const IMAGES: usize = 3000;

/// Side of the small images, in pixels.
const SIDE: u32 = 96;

/// How many times memory and descriptors are looked at.
const LOOKS: usize = 100;

/// Memory in kibibytes and open descriptors of a process.
#[derive(Clone, Copy, Debug)]
struct Look {
    memory: f64,
    descriptors: usize,
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_flat_and_descriptors_are_closed() {
    let images = std::env::var("IMAGES").map_or(IMAGES, |n| n.parse().expect("IMAGES is a number"));
    let bench = Bench::new();
    let (names, bad) = mix(&bench);
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("lineament"));
    command.current_dir(bench.folder.path()).args(["detect", "--format", "jsonl", "--min-face", "40", "-"]);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    let process = Path::new("/proc").join(child.id().to_string());

    let begin = Instant::now();
    let (mut list, list_names) = (child.stdin.take().unwrap(), names.clone());
    let writer = std::thread::spawn(move || {
        for name in list_names.iter().cycle().take(images) {
            writeln!(list, "{name}").unwrap();
        }
    });
    let complaints = BufReader::new(child.stderr.take().unwrap());
    let complaints = std::thread::spawn(move || complaints.lines().count());
    let (mut looks, mut faces, mut failed) = (Vec::new(), 0, 0);
    for (number, line) in BufReader::new(child.stdout.take().unwrap()).lines().enumerate() {
        let line = line.unwrap();
        failed += usize::from(line.contains("\"error\""));
        faces += line.matches("\"score\"").count();
        if number % (images / LOOKS) == images / LOOKS - 1 {
            looks.extend(look(&process));
        }
    }
    writer.join().unwrap();
    let (status, complaints) = (child.wait().unwrap(), complaints.join().unwrap());
    let of_names = |wanted: &dyn Fn(&String) -> bool| names.iter().cycle().take(images).filter(|n| wanted(n)).count();
    let expected = of_names(&|name| bad.contains(name));
    assert_eq!((status.code(), failed, complaints), (Some(1), expected, expected));
    assert!(faces >= of_names(&|name| name.starts_with("face")) / 2, "{faces} faces");

    let tenth = looks.len() / 10;
    let mean = |looks: &[Look]| looks.iter().map(|look| look.memory).sum::<f64>() / looks.len() as f64 / 1024.0;
    // A look may happen while an image is being read, so the minimum counts: the descriptors that are always open.
    let open = |looks: &[Look]| looks.iter().map(|look| look.descriptors).min().unwrap_or(0);
    let (first, last) = (&looks[..tenth], &looks[looks.len() - tenth..]);
    println!(
        "{images} images, {failed} bad, {faces} faces, {:.0} s; memory in the first tenth {:.1} MiB, in the last {:.1} \
         MiB; {} and {} descriptors always open",
        begin.elapsed().as_secs_f64(),
        mean(first),
        mean(last),
        open(first),
        open(last),
    );
    assert!(mean(last) < 1.15 * mean(first) + 2.0, "memory grows: {looks:?}");
    assert!(open(last) <= open(first), "descriptors are left open: {looks:?}");
}

/// What the process has now; none when it is at its end.
fn look(process: &Path) -> Option<Look> {
    let status = std::fs::read_to_string(process.join("status")).ok()?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let memory = memory.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(Look { memory, descriptors: std::fs::read_dir(process.join("fd")).ok()?.count() })
}

/// The names of a mix of images, and those of them that cannot be read.
fn mix(bench: &Bench) -> (Vec<String>, Vec<String>) {
    let astronaut = image::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/astronaut.png")).unwrap();
    let face = astronaut.crop_imm(130, 20, 190, 190).resize_exact(SIDE, SIDE, image::imageops::FilterType::Triangle);
    let empty = astronaut.crop_imm(320, 300, 190, 190).resize_exact(SIDE, SIDE, image::imageops::FilterType::Triangle);
    let mut good = Vec::new();
    for ending in ["png", "jpg", "bmp", "tif", "webp", "gif", "pnm"] {
        for (name, image) in [("face", &face), ("empty", &empty)] {
            let name = format!("{name}.{ending}");
            image.to_rgb8().save(bench.path(&name)).unwrap();
            good.push(name);
        }
    }
    for (name, image) in [("face-grey.png", face.to_luma8().into()), ("face-16.png", face.to_luma16().into())] {
        let image: image::DynamicImage = image;
        image.save(bench.path(name)).unwrap();
        good.push(name.into());
    }
    let mut bad = vec!["missing.jpg".to_owned()];
    let mut add = |name: &str, content: &[u8]| {
        bench.file(name, content);
        bad.push(name.into());
    };
    add("zero.png", b"");
    add("text.jpg", b"This is a letter, not an image.");
    add("icon.png", &[0, 0, 1, 0, 1, 0, 16, 16]);
    // Half of a JPEG is an image still, and a warning.
    for ending in ["png", "bmp", "tif", "webp"] {
        let whole = std::fs::read(bench.path(format!("face.{ending}"))).unwrap();
        add(&format!("cut.{ending}"), &whole[..whole.len() / 2]);
    }
    // The checksum of a part finds this.
    let mut changed = std::fs::read(bench.path("face.png")).unwrap();
    let middle = changed.len() / 2;
    changed[middle] ^= 0x55;
    add("changed.png", &changed);
    (good.iter().chain(&bad).cloned().collect(), bad)
}
