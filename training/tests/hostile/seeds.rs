//! The smallest models of every kind: seeds for mutation. The files in `tests/data/hostile` are written by
//!
//! ```text
//! cargo test --release -p lineament-train --test hostile -- --ignored
//! ```

use std::path::Path;

use lineament::AnyModel;
use lineament::DetectorModel;
use lineament::geometry::Point;
use lineament::raw::confidence::ConfidenceModel;
use lineament::raw::crop::CropSpec;
use lineament::raw::dlib;
use lineament::raw::dlib::HogDetector;
use lineament::raw::dlib::ShapePredictor;
use lineament::raw::dlib::{HogFilter, Overlap};
use lineament::raw::dlib::{PredictorSplit, PredictorStage};
use lineament::raw::linear_stage::{LinearStage, LinearStep};
use lineament::raw::model::Provenance;
use lineament::raw::model::to_bytes;
use lineament::raw::patches::PATCH;
use lineament::raw::regression::{GlobalRegression, LocalRegression, Regression, WeightRows};
use lineament::raw::tree_stage::{FeaturePoint, Split, TreeStage};
use lineament::raw::{BoostedTrees, BoxRegression, Component, Detector, Filter, ScoreFusion, Tree, Window};
use lineament::raw::{Cascade, ShapeBasis, Stage};
use lineament::{LandmarkModel, Shape};

/// Landmarks of the cascades.
const POINTS: usize = 3;

fn mean(scale: f32) -> Shape {
    Shape::new([(0.2, 0.3), (0.8, 0.3), (0.5, 0.7)].map(|(x, y)| Point::new(x * scale, y * scale)).to_vec())
}

fn feature_points(scale: f32) -> Vec<FeaturePoint> {
    let point = |i: u16| FeaturePoint { anchor: i % 3, offset: Point::new(0.1 * scale, -0.05 * scale * f32::from(i)) };
    (0..4).map(point).collect()
}

fn rows(count: usize, features: usize) -> WeightRows {
    let row = |r: usize| (0..features).map(|i| ((i * 7 + r * 5) % 11) as f32 * 0.02 - 0.1).collect();
    WeightRows::quantised((0..count).map(row), vec![0.25; count])
}

fn local(outputs: usize) -> LocalRegression {
    LocalRegression { neighbours: vec![0, 1, 0], rows: rows(outputs * POINTS, PATCH + 2 * POINTS) }
}

/// A cascade with a stage of every kind.
fn cascade() -> Cascade {
    let split = |i: u8| Split { first: i % 4, second: (i + 1) % 4, threshold: i16::from(i) - 1 };
    let trees = TreeStage {
        points: feature_points(32.0),
        depth: 1,
        splits: (0..2).map(split).collect(),
        leaves: (-12..12).collect(),
        basis: ShapeBasis::identity(POINTS),
    };
    let basis = ShapeBasis { rows: vec![0.5; 2 * POINTS], components: 1 };
    let global = GlobalRegression { rows: rows(1, PATCH + 2 * POINTS), basis };
    let linear = |regression, patches| {
        Stage::Linear(LinearStage {
            level: 1,
            reach: 12.0,
            steps: vec![LinearStep { radius: 4.0, patches, regression }],
        })
    };
    Cascade {
        crop: CropSpec { face: 32, margin: 4, coarse: 16 },
        mean: mean(32.0),
        landmarks: (0..3).collect(),
        stages: vec![
            linear(Regression::Global(global), vec![1]),
            Stage::Trees(trees),
            linear(Regression::Local(local(2)), vec![0, 2]),
        ],
        confidence: Some(ConfidenceModel { level: 0, radius: 3.0, regression: local(1), face: [1.0, -0.5] }),
    }
}

fn pixel_cascade() -> ShapePredictor {
    let split = |i: u16| PredictorSplit { first: i, second: (i + 1) % 4, threshold: 2.5 };
    let stage = PredictorStage {
        points: feature_points(1.0),
        depth: 2,
        splits: (0..3).map(split).collect(),
        leaves: (0..8 * POINTS).map(|i| 0.001 * i as f32 - 0.01).collect(),
    };
    ShapePredictor::new(mean(1.0), vec![stage])
}

fn detector() -> Detector {
    let window = Window { cell: 4, cells: 2, face: 6.0 };
    let weights: Vec<f32> = (0..window.len()).map(|i| ((i * 29) % 17) as f32 - 8.0).collect();
    let tree = |seed: u16| Tree {
        features: std::array::from_fn(|i| (17 * i as u16 + seed) % 120),
        thresholds: [40; 7],
        leaves: [-0.2, 0.1, 0.2, -0.1, 0.3, 0.0, 0.1, -0.3],
    };
    Detector {
        components: vec![Component {
            name: "front".into(),
            angle: 0.1,
            filter: Filter::new(&weights, 0.5, &window),
            calibration: [1.0, -0.1],
        }],
        prefilter: BoostedTrees { trees: vec![tree(1)], limits: vec![-1.0] },
        boosted_trees: BoostedTrees { trees: vec![tree(2), tree(3)], limits: vec![-1.0, -2.0] },
        box_regression: BoxRegression::new(&[(); 3].map(|()| weights.iter().map(|w| 0.001 * w).collect()), [0.0; 3]),
        score_fusion: ScoreFusion { linear: 0.5, sharpness: 0.7 },
        window,
    }
}

fn fhog_detector() -> HogDetector {
    // A window of 16 pixels has two by two cells, each of 31 features.
    let weights = (0..4 * 31).map(|i| 0.01 * f64::from(i * 13 % 9) - 0.04).collect();
    HogDetector {
        cell: 8,
        window: [16, 16],
        levels: 1000,
        smallest_level: [20, 20],
        overlap: Overlap { of_both: 0.5, of_one: 0.8 },
        filters: vec![HogFilter { weights, threshold: 0.05 }],
        doublings: Some(1),
        ..HogDetector::default()
    }
}

/// The models of every kind, as model files.
fn model_files() -> [(&'static str, Vec<u8>); 4] {
    let mut provenance = Provenance::default();
    provenance.push("seed", 1);
    let file = |bytes: Result<Vec<u8>, _>| bytes.expect("a valid model");
    [
        ("detector", file(to_bytes(&detector(), &provenance))),
        ("landmarks", file(to_bytes(&cascade(), &provenance))),
        ("fhog-detector", file(to_bytes(&fhog_detector(), &provenance))),
        ("pixel-landmarks", file(to_bytes(&pixel_cascade(), &provenance))),
    ]
}

fn to_dlib(model: impl Into<AnyModel>) -> Vec<u8> {
    dlib::to_bytes(&model.into()).unwrap()
}

/// The two kinds that dlib knows, as its files.
fn dlib_files() -> [(&'static str, Vec<u8>); 2] {
    [
        ("shape-predictor.dat", to_dlib(LandmarkModel::try_from(pixel_cascade()).unwrap())),
        ("detector.svm", to_dlib(DetectorModel::try_from(fhog_detector()).unwrap())),
    ]
}

#[test]
#[ignore = "writes the seeds"]
fn write() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/hostile");
    for (folder, files) in [("model", &model_files()[..]), ("dlib", &dlib_files()[..])] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
        for (name, bytes) in files {
            std::fs::write(root.join(folder).join(name), bytes).unwrap();
        }
    }
}

#[test]
fn the_seeds_are_models_of_this_version() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/hostile");
    for (name, _) in model_files() {
        let bytes = std::fs::read(root.join("model").join(name)).unwrap();
        assert!(DetectorModel::from_bytes(&bytes).is_ok() != LandmarkModel::from_bytes(&bytes).is_ok(), "{name}");
    }
    for (name, _) in dlib_files() {
        let bytes = std::fs::read(root.join("dlib").join(name)).unwrap();
        assert!(dlib::from_bytes(&bytes).is_ok(), "{name}");
    }
}
