//! Benchmarks of the landmark cascade on one thread: a whole face, with warm and cold caches, and each step.

use std::path::Path;

use divan::{Bencher, black_box};
use lineament::Similarity;
use lineament::geometry::Rect;
use lineament::raw::crop::Crop;
use lineament::raw::decode::{ReadOptions, read_grey};
use lineament::raw::{Cascade, DetectOptions, Detector, FitOptions, GreyImage, Stage, model};

/// More bytes than fit into the nearer caches.
const CACHES: usize = 16 << 20;

fn main() {
    divan::main();
}

fn cascade() -> Cascade {
    model::from_bytes(lineament_models::LANDMARKS).expect("the shipped model is valid").0
}

/// An image and the box of the face in it.
fn face() -> (GreyImage<'static>, Rect) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/astronaut.png");
    let image = read_grey(&file, &ReadOptions::default()).expect("the image is in the repository");
    let (detector, _): (Detector, _) =
        model::from_bytes(lineament_models::DETECTOR).expect("the shipped model is valid");
    let bounds = detector.detect(&image, &DetectOptions::default())[0].bounds;
    (image, bounds)
}

/// The same face repeatedly: everything is in the caches.
#[divan::bench(args = [false, true])]
fn warm(bencher: Bencher, fast: bool) {
    let ((image, bounds), cascade) = (face(), cascade());
    bencher.bench(|| cascade.fit(black_box(&image), &bounds, &FitOptions { fast, ..FitOptions::default() }, &mut ()));
}

/// A face after other work, such as decoding an image: nothing is in the caches.
#[divan::bench(args = [false, true])]
fn cold(bencher: Bencher, fast: bool) {
    let ((image, bounds), cascade) = (face(), cascade());
    let mut other = vec![0u8; CACHES];
    let disturb = || other.iter_mut().for_each(|v| *v = black_box(v.wrapping_add(1)));
    bencher.with_inputs(disturb).bench_local_values(|()| {
        cascade.fit(black_box(&image), &bounds, &FitOptions { fast, ..FitOptions::default() }, &mut ())
    });
}

/// The coarse crop, which the first stages read.
#[divan::bench]
fn crop(bencher: Bencher) {
    let ((image, bounds), cascade) = (face(), cascade());
    bencher.bench(|| Crop::new(black_box(&image), &bounds, &cascade.crop));
}

/// The full resolution of the whole crop.
#[divan::bench]
fn fine_crop(bencher: Bencher) {
    let ((image, bounds), cascade) = (face(), cascade());
    let crop = Crop::new(&image, &bounds, &cascade.crop);
    bencher.bench(|| black_box(&crop).pixels());
}

/// Each stage of the cascade on its own, from where the stages before it leave the shape.
#[divan::bench(args = 0..cascade().stages.len())]
fn stage(bencher: Bencher, number: usize) {
    let ((image, bounds), cascade) = (face(), cascade());
    let crop = Crop::new(&image, &bounds, &cascade.crop);
    let mean = &cascade.mean.points;
    let step = |stage: &Stage, shape: &mut Vec<_>| {
        let frame = Similarity::between(mean, shape);
        stage.step(&crop, mean, shape, &frame, &mut ());
    };
    let mut before = mean.clone();
    cascade.stages[..number].iter().for_each(|stage| step(stage, &mut before));
    bencher.bench(|| {
        let mut shape = before.clone();
        step(black_box(&cascade.stages[number]), &mut shape);
        shape
    });
}
