//! A function for each kind of untrusted file, which reads it and uses the result.
//!
//! The test in `main.rs` calls them with mutated seeds, the fuzz targets in `fuzz/` with files that libFuzzer generates.

use std::path::Path;
use std::sync::LazyLock;

use lineament::geometry::{Point, Rect};
use lineament::raw::annotations::boxes::Boxes;
use lineament::raw::annotations::imglab;
use lineament::raw::annotations::pts;
use lineament::raw::decode;
use lineament::raw::decode::ReadOptions;
use lineament::raw::dlib;
use lineament::raw::files::plain_text;
use lineament::raw::orientation::Turn;
use lineament::raw::{DetectOptions, FitOptions, model};
use lineament::{AnyModel, DetectorModel, Image, LandmarkModel, Options, Pipeline, drawing};

/// A function for one kind of input.
pub type Target = fn(&[u8]);

/// Maximum number of pixels of an image: few, so that a run searches many.
pub const MOST_PIXELS: u64 = 1 << 14;

/// Bytes of a header in a model file: eight of magic, two of version, two of kind, eight of length, four of checksum.
const HEADER: usize = 24;

/// A small image with edges in all directions.
static SCENE: LazyLock<Image> = LazyLock::new(|| {
    let level = |x: u32, y: u32| ((x * x + 3 * y * x + y * y) / 7 + 90 * ((x / 9 + y / 11) % 2)) as u8;
    image::RgbImage::from_fn(61, 47, |x, y| image::Rgb([level(x, y), level(y, x), level(x, x + y)])).into()
});

/// Model files of all kinds, as they are, and with the correct length and checksum: otherwise the checksum would reject
/// nearly every change.
pub fn model(bytes: &[u8]) {
    use_model(bytes);
    use_model(&sealed(bytes));
}

/// The file with the right length and checksum in its header.
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut file = bytes.to_vec();
    if let Some(payload) = bytes.get(HEADER..) {
        file[12..20].copy_from_slice(&(payload.len() as u64).to_le_bytes());
        let mut crc = crc32fast::Hasher::new();
        crc.update(&file[..20]);
        crc.update(payload);
        file[20..HEADER].copy_from_slice(&crc.finalize().to_le_bytes());
    }
    file
}

fn use_model(bytes: &[u8]) {
    let _ = model::describe(bytes);
    if let Ok(detector) = DetectorModel::from_bytes(bytes) {
        search(&detector);
    }
    if let Ok(landmarks) = LandmarkModel::from_bytes(bytes) {
        place(&landmarks);
    }
}

fn search(detector: &DetectorModel) {
    detector.parts().summary();
    let options = DetectOptions { max_faces: Some(3), ..detector.parts().default_options() };
    detector.parts().detect(&SCENE, &options);
}

fn place(landmarks: &LandmarkModel) {
    landmarks.parts().summary();
    landmarks.parts().fit(&SCENE, &Rect::new(11.0, 9.0, 40.0, 30.0), &FitOptions::default());
}

/// dlib's files. Files that can be read can be written and read again.
pub fn dlib(bytes: &[u8]) {
    let Ok(model) = dlib::from_bytes(bytes) else { return };
    let written = dlib::to_bytes(&model).expect("dlib's format can represent its own models");
    let again = dlib::from_bytes(&written).expect("what is written can be read");
    assert!(dlib::to_bytes(&again).as_ref() == Ok(&written));
    match model {
        AnyModel::Landmarks(landmarks) => place(&landmarks),
        AnyModel::Detector(detector) => search(&detector),
        _ => unreachable!("dlib has no other kind"),
    }
}

/// `.pts` files. Files that can be read can be written and read again.
pub fn pts(bytes: &[u8]) {
    if let Ok(shape) = pts::parse(&String::from_utf8_lossy(bytes)) {
        let again = pts::parse(&pts::format(&shape)).expect("what was written");
        assert_eq!(again.len(), shape.len());
    }
}

/// imglab XML.
pub fn imglab(bytes: &[u8]) {
    let _ = imglab::parse(bytes);
}

/// Box CSV.
pub fn boxes(bytes: &[u8]) {
    if let Ok(boxes) = Boxes::parse(&plain_text(bytes.to_vec()), Path::new("/nowhere")) {
        for row in boxes.images.iter().flat_map(|image| &image.rows) {
            let _ = row.check(640, 480);
            for turn in (1..=8).map(|exif| Turn::new(exif, (640, 480))) {
                turn.stored_box(&turn.upright_box(&row.bounds));
            }
        }
    }
}

/// Images: decoded, searched with the shipped models, landmarks placed in the whole image too, faces drawn.
pub fn picture(bytes: &[u8]) {
    let options = ReadOptions { max_pixels: MOST_PIXELS, ..ReadOptions::default() };
    let _ = decode::is_animated(bytes);
    let Ok(decoded) = decode::decode(bytes, &options) else { return };
    let (image, pipeline) = (Image::from(decoded), Pipeline::default());
    let mut faces = pipeline.find_with(&image, &Options::default().min_face(24.0)).expect("finite numbers");
    let whole = Rect::new(0.0, 0.0, image.width() as f32, image.height() as f32);
    faces.extend(pipeline.fit(&image, &[whole], &Options::default().fast(true)).expect("finite numbers"));
    let finite = |p: &Point| p.x.is_finite() && p.y.is_finite();
    assert!(faces.iter().all(|face| face.score.is_finite() && face.shape.points.iter().all(finite)));
    drawing::draw_faces(&mut (&image).into(), &faces);
}
