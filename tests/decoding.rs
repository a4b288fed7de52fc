//! Compares the JPEG decoder with libjpeg over samplings, scans, restart intervals and codings, where `cjpeg` and `djpeg` are
//! installed. `tests/data/jpeg` has the most important of these files for machines where they are not.

use std::fs;
use std::path::Path;
use std::process::Command;

use lineament::raw::decode::{Decoded, ReadOptions, decode_with_notes};

const SAMPLINGS: [&str; 14] = [
    "1x1",
    "2x1",
    "2x2",
    "1x2",
    "4x1",
    "1x4",
    "4x2",
    "4x4",
    "3x1",
    "1x3",
    "3x2",
    "1x1,2x2,2x2",
    "2x2,1x2,2x1",
    "2x1,2x1,1x1",
];

/// Scan scripts: separate, partly interleaved, and in another order. Empty: a single scan.
const SCRIPTS: [&str; 5] = ["", "0;1;2;\n", "0 1;2;\n", "0;1 2;\n", "2;1;0;\n"];

/// Restart intervals: none, every row of units, every three units.
const RESTARTS: [&[&str]; 3] = [&[], &["-restart", "1"], &["-restart", "3B"]];

/// The two decoders interpolate and round a little differently.
const TOLERANCE: u8 = 4;

#[test]
fn every_layout_decodes_as_with_libjpeg() {
    let works = |name: &str| Command::new(name).arg("-version").output().is_ok();
    if !works("cjpeg") || !works("djpeg") {
        println!("cjpeg and djpeg are not installed: nothing is compared");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.ppm");
    let image = image::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/astronaut.png")).unwrap();
    image.crop_imm(170, 60, 93, 71).to_rgb8().save(&source).unwrap();
    let mut compared = 0;
    for sampling in SAMPLINGS {
        for (number, script) in SCRIPTS.iter().enumerate() {
            let scans = folder.path().join(format!("{number}.scans"));
            fs::write(&scans, script).unwrap();
            for (restart, coding) in
                RESTARTS.iter().flat_map(|restart| [None, Some("-arithmetic")].map(|coding| (restart, coding)))
            {
                let mut arguments = vec!["-quality", "80", "-sample", sampling];
                arguments.extend(*restart);
                arguments.extend(coding);
                if !script.is_empty() {
                    arguments.extend(["-scans", scans.to_str().unwrap()]);
                }
                compared += usize::from(compare(folder.path(), &arguments, &source));
                if script.is_empty() {
                    arguments.push("-progressive");
                    compared += usize::from(compare(folder.path(), &arguments, &source));
                }
            }
        }
    }
    println!("{compared} files compared");
    assert!(compared > 300, "{compared}");
}

/// Whether libjpeg writes such a file; then both decode it, and have to agree.
fn compare(folder: &Path, arguments: &[&str], source: &Path) -> bool {
    let (jpeg, pixels) = (folder.join("image.jpg"), folder.join("image.ppm"));
    let written = Command::new("cjpeg").args(arguments).arg("-outfile").arg(&jpeg).arg(source).output().unwrap();
    if !written.status.success() {
        return false;
    }
    let read = Command::new("djpeg").args(["-dct", "int", "-outfile"]).arg(&pixels).arg(&jpeg).status().unwrap();
    assert!(read.success(), "{arguments:?}");
    let expected = image::open(&pixels).unwrap().to_rgb8();
    let Decoded { image, notes, .. } = decode_with_notes(&fs::read(&jpeg).unwrap(), &ReadOptions::default()).unwrap();
    assert_eq!(notes, [], "{arguments:?}");
    let most = image.to_rgb8().iter().zip(expected.iter()).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(most <= Some(TOLERANCE), "{arguments:?}: {most:?}");
    true
}
