//! The detector's steps, each on its own: one thread, on a level of 512×512 pixels.

use std::path::Path;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use image::GrayImage;
use lineament::decode::{ReadOptions, read_grey};
use lineament::geometry::Rect;
use lineament::raw::hog;
use lineament::raw::hog::FeatureMap;
use lineament::raw::resample::half;
use lineament::raw::{Detection, Detector, Filter, Hit, filter, nms};

/// The cell of the shipped detector.
const CELL: usize = 4;
/// Rows of cells at a time.
const STRIP: usize = 16;

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

/// Gradients and their votes in cells, strip by strip as the detector takes them: larger parts would leave the caches.
#[divan::bench]
fn gradients_and_cells(bencher: Bencher) {
    let image = photograph();
    let strips = (0..image.height() as usize / CELL).step_by(STRIP);
    bencher.counter(pixels(&image)).bench(|| {
        for start in strips.clone() {
            black_box(hog::histogram_rows(black_box(&image), CELL, start..start + STRIP));
        }
    });
}

/// From votes to features, a row of cells after the other.
#[divan::bench]
fn normalise(bencher: Bencher) {
    let image = photograph();
    let rows = image.height() as usize / CELL;
    let map = FeatureMap::new(&image, CELL);
    let histograms = hog::histogram_rows(&image, CELL, 0..rows);
    let energy = vec![1.0; map.columns()];
    let mut cells = vec![[0; hog::STRIDE]; map.columns()];
    let mut planes = vec![0; hog::FEATURES * map.plane_width()];
    bencher.counter(ItemsCount::new(histograms.len())).bench_local(|| {
        for row in histograms.chunks_exact(map.columns()) {
            hog::normalise_row(black_box(row), [&energy; 3], &mut cells, &mut planes);
            black_box((&cells, &planes));
        }
    });
}

/// Sieve and filters over all windows, most of which they give up after a few trees or rows.
#[divan::bench]
fn scan(bencher: Bencher) {
    let (image, detector) = (photograph(), detector());
    let map = FeatureMap::new(&image, CELL);
    let filters: Vec<&Filter> = detector.components.iter().map(|component| &component.filter).collect();
    bencher.counter(pixels(&image)).bench(|| {
        let mut hits: Vec<Hit> = Vec::new();
        filter::scan(black_box(&map), &detector.window, &detector.prefilter, &filters, &mut hits);
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
    bencher.bench(|| nms::suppress(black_box(windows.clone())));
}
