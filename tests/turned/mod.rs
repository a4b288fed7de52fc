//! Files of one face in each of EXIF's eight orientations, as JPEG, PNG, WebP and TIFF: for tests of this package, the
//! program and the trainer.
#![allow(dead_code, missing_docs)]

use std::path::{Path, PathBuf};

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
use image::{ExtendedColorType, GrayImage, ImageEncoder};

/// The upright image. Its face is far from the middle, so that no turn puts its box on it again.
pub fn scene() -> GrayImage {
    let astronaut = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("data/astronaut.png"));
    let file = astronaut.into_iter().find(|file| file.is_file()).expect("the image is in the repository");
    image::imageops::crop_imm(&image::open(file).unwrap().into_luma8(), 140, 60, 300, 240).to_image()
}

/// Writes the 32 files, and returns each with its orientation.
pub fn write(folder: &Path) -> Vec<(PathBuf, u8)> {
    let scene = scene();
    let mut files = Vec::new();
    for exif in 1..=8 {
        let stored = stored(&scene, exif);
        for ending in ["jpg", "png", "webp", "tif"] {
            let path = folder.join(format!("{ending}{exif}.{ending}"));
            std::fs::write(&path, encoded(&stored, exif, ending)).unwrap();
            files.push((path, exif));
        }
    }
    files
}

/// The pixels that a file with this orientation stores of an upright image.
fn stored(upright: &GrayImage, exif: u8) -> GrayImage {
    match exif {
        2 => flip_horizontal(upright),
        3 => rotate180(upright),
        4 => flip_vertical(upright),
        5 => flip_horizontal(&rotate90(upright)),
        6 => rotate270(upright),
        7 => flip_horizontal(&rotate270(upright)),
        8 => rotate90(upright),
        _ => upright.clone(),
    }
}

fn encoded(stored: &GrayImage, exif: u8, ending: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let record = [&b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[exif, 0, 0, 0, 0, 0, 0, 0]].concat();
    match ending {
        "jpg" => finish(JpegEncoder::new_with_quality(&mut bytes, 95), record, stored),
        "png" => finish(PngEncoder::new(&mut bytes), record, stored),
        "webp" => finish(WebPEncoder::new_lossless(&mut bytes), record, stored),
        _ => bytes = tiff(stored, exif),
    }
    bytes
}

fn finish(mut encoder: impl ImageEncoder, record: Vec<u8>, image: &GrayImage) {
    encoder.set_exif_metadata(record).unwrap();
    encoder.write_image(image, image.width(), image.height(), ExtendedColorType::L8).unwrap();
}

/// A TIFF of one strip.
fn tiff(image: &GrayImage, exif: u8) -> Vec<u8> {
    let (width, height) = image.dimensions();
    let entries = [
        (256, width),
        (257, height),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (274, exif.into()),
        (277, 1),
        (278, height),
        (279, width * height),
    ];
    let directory = 8 + width * height;
    let mut bytes = [&b"II*\0"[..], &directory.to_le_bytes(), image.as_raw()].concat();
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, value) in entries {
        bytes.extend(
            [&u16::to_le_bytes(tag)[..], &4u16.to_le_bytes(), &1u32.to_le_bytes(), &value.to_le_bytes()].concat(),
        );
    }
    bytes.extend([0; 4]);
    bytes
}
