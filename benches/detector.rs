//! The detector's steps, each on its own: one thread, on a level of 512×512 pixels.

use std::path::Path;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use lineament::detector::{Detection, Detector, Filter, Hit, filter, suppression};
use lineament::geometry::Rect;
use lineament::hog::{self, FeatureMap};
use lineament::image::pyramid::half;
use lineament::image::{GrayImage, ReadOptions, read_grey};

/// The cell of the shipped detector.
const CELL: usize = 4;

fn main() {
    divan::main();
}

fn photograph() -> GrayImage {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/astronaut.png");
    read_grey(&file, &ReadOptions::default()).expect("the photograph is in the repository")
}

fn detector() -> Detector {
    Detector::embedded().expect("the model in the program is sound")
}

fn pixels(image: &GrayImage) -> ItemsCount {
    ItemsCount::new(image.as_raw().len())
}

/// An octave's step of the pyramid.
#[divan::bench]
fn halve(bencher: Bencher) {
    let image = photograph();
    bencher.counter(pixels(&image)).bench(|| half(black_box(&image)));
}

/// Lengths and directions of all gradients.
#[divan::bench]
fn gradients(bencher: Bencher) {
    let image = photograph();
    let width = image.width() as usize;
    let (mut lengths, mut directions) = (vec![0.0; width], vec![0; width]);
    bencher.counter(pixels(&image)).bench_local(|| {
        for row in 0..image.height() as usize {
            hog::gradient_row(black_box(&image), row, &mut lengths, &mut directions);
        }
    });
}

/// Gradients and their votes in cells.
#[divan::bench]
fn gradients_and_cells(bencher: Bencher) {
    let image = photograph();
    let rows = 0..image.height() as usize / CELL;
    bencher.counter(pixels(&image)).bench(|| hog::histogram::histogram_rows(black_box(&image), CELL, rows.clone()));
}

/// Gradients, cells and normalisation.
#[divan::bench]
fn features(bencher: Bencher) {
    let image = photograph();
    bencher.counter(pixels(&image)).bench(|| FeatureMap::new(black_box(&image), CELL));
}

/// Sieve and filters over all windows, most of which they give up after a few trees or rows.
#[divan::bench]
fn scan(bencher: Bencher) {
    let (image, detector) = (photograph(), detector());
    let map = FeatureMap::new(&image, CELL);
    let filters: Vec<&Filter> = detector.components.iter().map(|component| &component.filter).collect();
    bencher.counter(pixels(&image)).bench(|| {
        let mut hits: Vec<Hit> = Vec::new();
        filter::scan(black_box(&map), &detector.window, &detector.sieve, &filters, &mut hits);
        hits
    });
}

/// Non-maximum suppression of 1000 windows.
#[divan::bench]
fn suppress(bencher: Bencher) {
    let window = |i: usize| Detection {
        bounds: Rect::new((i * 37 % 500) as f32, (i * 91 % 500) as f32, 40.0 + (i % 7) as f32 * 20.0, 80.0),
        score: (i * 13 % 101) as f32,
        angle: 0.0,
        component: 0,
    };
    let windows: Vec<Detection> = (0..1000).map(window).collect();
    bencher.bench(|| suppression::suppress(black_box(windows.clone())));
}
