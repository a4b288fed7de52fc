//! Benchmarks of the pipeline's steps with the shipped models, on the images of `data/`.

use std::path::Path;

use divan::{Bencher, black_box};
use lineament::geometry::Rect;
use lineament::raw::DetectOptions;
use lineament::{DetectorModel, Image, LandmarkModel, Options, Pipeline};

/// Box of the astronaut's face, roughly as the detector finds it.
const FACE: Rect = Rect::new(178.0, 82.0, 90.0, 90.0);

fn main() {
    divan::main();
}

fn astronaut() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/astronaut.png")
}

fn image() -> Image<'static> {
    Image::open(astronaut()).expect("the image is in the repository")
}

/// Decoding the shipped models: once per process.
#[divan::bench]
fn open_models(bencher: Bencher) {
    bencher.bench(|| {
        let detector = DetectorModel::from_bytes(black_box(lineament_models::DETECTOR));
        (detector, LandmarkModel::from_bytes(black_box(lineament_models::LANDMARKS)))
    });
}

/// Reading a PNG of 512×512 pixels.
#[divan::bench]
fn read(bencher: Bencher) {
    bencher.bench(|| Image::open(black_box(astronaut())));
}

/// The detector on 512×512 pixels, by side of the smallest face.
#[divan::bench(args = [24, 40, 80])]
fn detect(bencher: Bencher, min_face: u32) {
    let (pipeline, image) = (Pipeline::default(), image());
    let detector = pipeline.detector().expect("a pipeline with a detector");
    let options = DetectOptions { min_face: min_face as f32, ..DetectOptions::default() };
    bencher.bench(|| detector.parts().detect(black_box(&image), &options));
}

/// The landmarks of one face in a given box, with the whole cascade and without the refinement.
#[divan::bench(args = [false, true])]
fn landmarks(bencher: Bencher, fast: bool) {
    let (pipeline, image) = (Pipeline::default(), image());
    bencher.bench(|| pipeline.fit(black_box(&image), &[FACE], &Options::default().fast(fast)));
}
