//! The speed of the pipeline's steps with the shipped models, on the photographs of `data/`.

use std::path::Path;

use divan::{Bencher, black_box};
use image::GrayImage;
use lineament::Pipeline;
use lineament::decode::{ReadOptions, read_grey};
use lineament::geometry::Rect;
use lineament::raw::DetectOptions;
use lineament::raw::FitOptions;

/// About where the detector finds the astronaut's face.
const FACE: Rect = Rect::new(178.0, 82.0, 90.0, 90.0);

fn main() {
    divan::main();
}

fn astronaut() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/astronaut.png")
}

fn photograph() -> GrayImage {
    read_grey(&astronaut(), &ReadOptions::default()).expect("the photograph is in the repository")
}

fn pipeline() -> Pipeline {
    Pipeline::embedded().expect("the models in the program are sound")
}

/// Decoding the models that are compiled in: once per process.
#[divan::bench]
fn open_models(bencher: Bencher) {
    bencher.bench(pipeline);
}

/// Reading a PNG of 512×512 pixels as grey levels.
#[divan::bench]
fn read(bencher: Bencher) {
    bencher.bench(|| read_grey(black_box(&astronaut()), &ReadOptions::default()));
}

/// The detector on 512×512 pixels, for faces from a side on.
#[divan::bench(args = [24, 40, 80])]
fn detect(bencher: Bencher, min_face: u32) {
    let (pipeline, image) = (pipeline(), photograph());
    let options = DetectOptions { min_face: min_face as f32, ..DetectOptions::default() };
    bencher.bench(|| pipeline.detector.detect(black_box(&image), &options));
}

/// The landmarks of one face in a given box, with the whole cascade and without the refinement.
#[divan::bench(args = [false, true])]
fn landmarks(bencher: Bencher, fast: bool) {
    let (pipeline, image) = (pipeline(), photograph());
    bencher.bench(|| pipeline.landmarks.fit(black_box(&image), &FACE, &FitOptions { fast, ..FitOptions::default() }));
}
