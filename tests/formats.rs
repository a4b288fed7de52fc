//! One scene in many image formats, read by the library.

use std::path::{Path, PathBuf};

use image::GrayImage;
use image::imageops::rotate90;
use lineament::raw::decode::{ReadOptions, read_grey};

/// A scene of 40×30 pixels in many formats.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hostile/picture").join(name)
}

fn grey(name: &str) -> GrayImage {
    read_grey(kept(name), &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}")).into()
}

/// The mean difference of two images in grey levels.
fn difference(a: &GrayImage, b: &GrayImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn one_scene_is_the_same_in_every_format() {
    let scene = grey("rgb.png");
    // The largest loss in grey levels: by rounding, weights of colours, palettes, compression.
    for (most, names) in [
        (0.1, &["alpha.png", "animated.png", "lossless.webp", "rgb.bmp", "plain.tiff", "lzw.tiff", "rgb.ppm"][..]),
        (1.5, &["cmyk.tiff"]),
        (5.0, &["grey.png", "grey-alpha.png", "grey-16.png", "grey.pgm", "deflate-grey.tiff"]),
        (6.0, &["palette.png", "palette-clear.png", "palette.bmp", "still.gif", "animated.gif"]),
        (8.0, &["baseline.jpg", "progressive.jpg", "cmyk.jpg", "grey.jpg", "lossy.webp", "animated.webp"]),
    ] {
        for name in names {
            let lost = difference(&scene, &grey(name));
            println!("{name}: {lost:.2}");
            assert!(lost <= most, "{name}: {lost:.2} grey levels on the average");
        }
    }
    let turned = rotate90(&scene);
    for (name, most) in [("turned.png", 0.1), ("turned.tiff", 0.1), ("turned.webp", 8.0)] {
        assert!(difference(&turned, &grey(name)) <= most, "{name}");
    }
    assert_eq!(grey("bits.pbm").dimensions(), (40, 30));
}
