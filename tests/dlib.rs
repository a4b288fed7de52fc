//! dlib's models: read, used and written, with dlib's own results on the same image; and damaged files.

use std::path::{Path, PathBuf};

use lineament::AnyModel;
use lineament::DlibError;
use lineament::geometry::Rect;
use lineament::raw::decode::{ReadOptions, read_grey};
use lineament::raw::dlib;
use lineament::raw::{DetectOptions, GreyImage};
use serde_json::Value;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(data(name)).unwrap()
}

fn scene() -> GreyImage<'static> {
    read_grey(data("scene.pgm"), &ReadOptions::default()).unwrap()
}

/// dlib's own results.
fn expected() -> Value {
    serde_json::from_slice(&bytes("dlib.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect()
}

fn rect(value: &Value) -> Rect {
    let [x, y, width, height] = numbers(value)[..] else { panic!("a box of four numbers") };
    Rect::new(x, y, width, height)
}

/// Where dlib puts a coordinate.
fn pixel(v: f32) -> f32 {
    (v + 0.5).floor()
}

#[test]
fn a_shape_predictor_gives_dlibs_points_and_comes_back_byte_for_byte() {
    let file = bytes("five_points.dat");
    let model = dlib::from_bytes(&file).unwrap();
    assert_eq!(dlib::to_bytes(&model).unwrap(), file);
    let AnyModel::Landmarks(model) = model else { panic!("a shape predictor") };
    let cascade = model.parts().dlib().unwrap();
    assert_eq!((cascade.mean.len(), cascade.stages.len()), (5, 2));
    assert_eq!((cascade.stages[0].trees(), cascade.stages[0].depth, cascade.stages[0].points.len()), (3, 2, 20));
    for face in expected()["points"].as_array().unwrap() {
        let fit = cascade.fit(&scene(), &rect(&face["box"]));
        for (p, wanted) in fit.shape.points.iter().zip(face["points"].as_array().unwrap()) {
            assert_eq!([pixel(p.x), pixel(p.y)], numbers(wanted)[..], "in {}", face["box"]);
        }
    }
}

#[test]
fn a_detector_gives_dlibs_boxes_and_scores_and_comes_back_byte_for_byte() {
    let file = bytes("disc.svm");
    let model = dlib::from_bytes(&file).unwrap();
    assert_eq!(dlib::to_bytes(&model).unwrap(), file);
    let AnyModel::Detector(model) = model else { panic!("a detector") };
    let detector = model.parts().dlib().unwrap();
    for (doublings, wanted) in expected()["detections"].as_array().unwrap().iter().enumerate() {
        let usual = detector.default_options();
        let min_face = usual.min_face / f32::from(1u8 << doublings);
        let found = detector.detect(&[scene()], &DetectOptions { threshold: -0.6, min_face, ..usual });
        let wanted = wanted.as_array().unwrap();
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(wanted) {
            assert_eq!(found.bounds, rect(&wanted["box"]));
            let score = wanted["score"].as_f64().unwrap() as f32;
            assert!((found.score - score).abs() < 1e-3, "{} not {score}", found.score);
        }
    }
}

#[test]
fn every_truncation_is_called_one() {
    for name in ["five_points.dat", "disc.svm"] {
        let whole = bytes(name);
        for length in 0..whole.len() {
            match dlib::from_bytes(&whole[..length]) {
                Err(error) => assert!(error.to_string().contains("truncated"), "{name} cut at {length}: {error}"),
                // Without its last two values a simple object detector is an object detector.
                Ok(_) => assert_eq!((name, length), ("disc.svm", whole.len() - 4)),
            }
        }
    }
}

#[test]
fn a_forged_length_is_not_believed() {
    // The mean shape's rows, the number of stages, of trees, of splits: 2^56 − 1 of each.
    let whole = bytes("five_points.dat");
    let forged = [7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let mut refusals = 0;
    for at in 2..whole.len() - 2 {
        let mut changed = whole.clone();
        changed.splice(at..at + 2, forged);
        if let Err(DlibError::TooMany { at: place, count, .. }) = dlib::from_bytes(&changed) {
            refusals += usize::from(place == at && count == (1 << 56) - 1);
        }
    }
    assert!(refusals >= 20, "{refusals} forged lengths were seen");
}
