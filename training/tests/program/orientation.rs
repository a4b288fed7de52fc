//! Annotations of images that must be turned: upright ones, those of programs that ignore EXIF, and those that say which.

#[path = "../../../tests/turned/mod.rs"]
mod turned;

use std::path::Path;

use assert_cmd::Command;
use lineament::geometry::Rect;
use lineament::raw::ShapeExt;
use lineament::raw::annotations::imglab::{self, ImageFile, LabelledBox};
use lineament::raw::annotations::{Pixels, pts};
use lineament::raw::orientation::Turn;
use lineament::{Face, Image, Pipeline, Shape};
use lineament_train::dataset::{Dataset, DatasetOptions, Fault};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/landmarks.lineament");

fn face() -> Face {
    let found = Pipeline::default().find(&Image::from(turned::scene())).unwrap();
    found.into_iter().next().expect("the scene has a face")
}

/// The relation of pixels in a file of the scene.
fn turn(exif: u8) -> Turn {
    Turn::new(exif, if exif >= 5 { (240, 300) } else { (300, 240) })
}

fn read(source: &Path, options: &DatasetOptions) -> (Dataset, Vec<Fault>) {
    Dataset::read(&[source.to_owned()], options).unwrap()
}

/// The largest distance of an annotated point to that of an upright shape.
fn distance(dataset: &Dataset, shape: &Shape) -> f32 {
    let points = dataset.faces().flat_map(|(_, face)| face.shape.points.iter().zip(&shape.points));
    points.map(|(a, b)| a.distance(*b)).fold(0.0, f32::max)
}

#[test]
fn points_of_either_pixels_are_read_upright() {
    let folder = tempfile::tempdir().unwrap();
    let (files, face) = (turned::write(folder.path()), face());
    for (pixels, compare_pixels) in [(Pixels::Upright, true), (Pixels::Stored, true), (Pixels::Stored, false)] {
        for (file, exif) in &files {
            let stored = face.shape.map(|p| turn(*exif).stored_point(p));
            let shape = if pixels == Pixels::Stored { &stored } else { &face.shape };
            pts::write(file.with_extension("pts"), shape).unwrap();
        }
        for options in
            [None, Some(pixels)].map(|pixels| DatasetOptions { pixels, compare_pixels, ..DatasetOptions::default() })
        {
            let (dataset, faults) = read(folder.path(), &options);
            assert_eq!((faults, dataset.face_count()), (vec![], files.len()), "{pixels}");
            let distance = distance(&dataset, &face.shape);
            assert!(distance < 2e-3, "{pixels}: {distance}");
        }
        let error = measured(folder.path());
        // The model's box comes from the points, not from the detector. In percent.
        assert!(error < 1.0, "{pixels}: {error}");
    }
}

#[test]
fn imglab_files_of_either_pixels_are_read_upright() {
    let folder = tempfile::tempdir().unwrap();
    let (files, face) = (turned::write(folder.path()), face());
    let everything: Vec<u16> = (0..68).collect();
    for pixels in [Pixels::Upright, Pixels::Stored] {
        let mut xml = imglab::HEADER.to_owned();
        for (file, exif) in &files {
            let turn = turn(*exif);
            let stored = face.shape.map(|p| turn.stored_point(p));
            let (bounds, shape, size) = match pixels {
                Pixels::Upright => (face.bounds, &face.shape, turn.upright_size()),
                Pixels::Stored => (turn.stored_box(&face.bounds), &stored, turn.stored_size()),
            };
            let file = file.file_name().unwrap().to_str().unwrap();
            let labelled = LabelledBox { bounds, shape, landmarks: &everything, label: None };
            xml += &imglab::image(&ImageFile { file, size: Some(size), pixels }, [labelled]);
        }
        xml += imglab::FOOTER;
        let said = format!(" orientation='{pixels}'");
        // With the attribute, with the size alone, and with neither.
        let sizes = [" width='300' height='240'", " width='240' height='300'"];
        let plain = xml.replace(&said, "");
        let bare = sizes.iter().fold(plain.clone(), |text, size| text.replace(size, ""));
        for text in [xml, plain, bare] {
            let file = folder.path().join("labels.xml");
            std::fs::write(&file, text).unwrap();
            let (dataset, faults) = read(&file, &DatasetOptions::default());
            assert_eq!((faults, dataset.face_count()), (vec![], files.len()), "{pixels}");
            // The file has whole pixels.
            let distance = distance(&dataset, &face.shape);
            assert!(distance < 0.8, "{pixels}: {distance}");
            for (_, annotated) in dataset.faces() {
                assert!(near(&annotated.bounds, &face.bounds, 1.01), "{:?}", annotated.bounds);
            }
        }
    }
}

/// The largest error of the shipped model on a face, as the program measures it.
fn measured(folder: &Path) -> f64 {
    let table = folder.join("errors.csv");
    let mut command = Command::cargo_bin("lineament-train").unwrap();
    command.args(["evaluate", "--landmarks", MODEL, "--csv"]).arg(&table).arg("--data").arg(folder);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(table).unwrap();
    let place = text.lines().next().unwrap().split(',').position(|name| name == "io").unwrap();
    let errors = text.lines().skip(1).map(|line| line.split(',').nth(place).unwrap().parse::<f64>().unwrap());
    errors.fold(0.0, f64::max)
}

fn near(a: &Rect, b: &Rect, most: f32) -> bool {
    [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height].iter().all(|difference| difference.abs() <= most)
}

#[test]
fn points_that_fit_no_face_count_as_upright_with_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let (files, face) = (turned::write(folder.path()), face());
    for (file, _) in files.iter().filter(|(_, exif)| *exif == 6) {
        pts::write(file.with_extension("pts"), &face.shape.map(|p| p + lineament::geometry::Point::new(120.0, 90.0)))
            .unwrap();
    }
    let (dataset, faults) = read(folder.path(), &DatasetOptions::default());
    assert_eq!((dataset.face_count(), faults.len()), (4, 4));
    assert!(faults[0].what.contains("may refer to the upright or to the stored pixels"), "{}", faults[0]);
    let said = DatasetOptions { pixels: Some(Pixels::Upright), ..DatasetOptions::default() };
    assert_eq!(read(folder.path(), &said).1, []);
}
