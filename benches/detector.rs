//! Benchmarks of the detector's steps, each on its own: one thread, a level of 512×512 pixels.

use std::path::Path;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use lineament::geometry::Rect;
use lineament::raw::decode::{ReadOptions, read_grey};
use lineament::raw::hog::{self, FeatureMap};
use lineament::raw::resample::half;
use lineament::raw::{Detection, Detector, GreyImage, Scanner, model, nms};

/// The cell of the shipped detector.
const CELL: usize = 4;

fn main() {
    divan::main();
}

fn image() -> GreyImage<'static> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/astronaut.png");
    read_grey(&file, &ReadOptions::default()).expect("the image is in the repository")
}

fn detector() -> Detector {
    model::from_bytes(lineament_models::DETECTOR).expect("the shipped model is valid").0
}

fn pixels(image: &GreyImage) -> ItemsCount {
    ItemsCount::new(image.as_raw().len())
}

/// An octave's step of the pyramid.
#[divan::bench]
fn halve(bencher: Bencher) {
    let image = image();
    bencher.counter(pixels(&image)).bench(|| half(black_box(&image)));
}

/// Lengths and directions of all gradients.
#[divan::bench]
fn gradients(bencher: Bencher) {
    let image = image();
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
    let image = image();
    let rows = image.height() as usize / CELL;
    bencher.counter(pixels(&image)).bench(|| hog::histogram_rows(black_box(&image), CELL, 0..rows, &mut ()));
}

/// All features, strip by strip, like the detector: larger parts would not stay in the nearer caches.
#[divan::bench]
fn features(bencher: Bencher) {
    let (image, detector) = (image(), detector());
    bencher.counter(pixels(&image)).bench(|| {
        let mut scanner = Scanner::new(&detector, black_box(&image), 0);
        let mut rows = windows(&image, &detector);
        while rows > 0 {
            rows -= scanner.advance(rows, &mut ());
            black_box(scanner.map());
        }
    });
}

/// Rows of windows.
fn windows(image: &GreyImage, detector: &Detector) -> usize {
    image.height() as usize / CELL + 1 - usize::from(detector.window.cells)
}

/// Votes to features, row of cells by row of cells.
#[divan::bench]
fn normalise(bencher: Bencher) {
    let image = image();
    let rows = image.height() as usize / CELL;
    let map = FeatureMap::new(&image, CELL);
    let histograms = hog::histogram_rows(&image, CELL, 0..rows, &mut ());
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

/// Prefilter and filters on a strip in the middle, most of whose windows they reject after a few trees or rows.
#[divan::bench]
fn scan(bencher: Bencher) {
    let (image, detector) = (image(), detector());
    let mut scanner = Scanner::new(&detector, &image, 32);
    let rows = scanner.advance(16, &mut ());
    bencher
        .counter(ItemsCount::new(rows * (scanner.map().columns() + 1 - usize::from(detector.window.cells))))
        .bench_local(|| {
            scanner.scan(&mut ());
            black_box(scanner.hits().len())
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
