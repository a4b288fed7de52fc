pub mod align {
    pub const TEMPLATE_SIDE: f32 = 112.0;
    pub const TEMPLATE: [Point; 5] = [
        Point::new(38.2946, 51.6963),
        Point::new(73.5318, 51.5014),
        Point::new(56.0252, 71.7366),
        Point::new(41.5493, 92.3655),
        Point::new(70.7299, 92.2041),
    ];
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct ChipSpec {
        pub size: u32,
        pub padding: f32,
    }
    impl Default for ChipSpec {}
    impl ChipSpec {
        pub fn template(&self) -> [Point; 5] {}
        pub fn transform(&self, shape: &Shape) -> Option<Similarity> {}
        pub fn cut(&self, photograph: &RgbImage, to_chip: &Similarity) -> RgbImage {}
    }
    pub fn five_points(shape: &Shape) -> Option<[Point; 5]> {}
}
#[cfg(feature = "boxes")]
pub mod boxes {
    #[derive(Debug, thiserror::Error)]
    pub enum BoxesError {
        Io(std::io::Error),
        MissingColumn(&'static str),
        MissingCell(u64),
        NotANumber { line: u64, text: String },
    }
    impl From<csv::Error> for BoxesError {}
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Row {
        pub bounds: Rect,
        pub line: u64,
    }
    #[derive(Debug, Default)]
    pub struct Boxes {
        pub images: Vec<PathBuf>,
        _private: (),
    }
    impl Boxes {
        pub fn read(path: &Path) -> Result<Self, BoxesError> {}
        pub fn parse(text: &[u8], folder: &Path) -> Result<Self, BoxesError> {}
        pub fn of(&self, path: &Path) -> &[Row] {}
    }
    impl Row {
        pub fn check(&self, width: u32, height: u32) -> Result<(), String> {}
    }
    #[cfg(unix)]
    pub fn os_string(bytes: Vec<u8>) -> OsString {}
    #[cfg(not(unix))]
    pub fn os_string(bytes: Vec<u8>) -> OsString {}
}
pub mod detector {
    mod evidence {
        #[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
        pub struct ScoreFusion {
            pub linear: f32,
            pub sharpness: f32,
        }
        impl ScoreFusion {
            pub fn score(&self, forest: f32, linear: f32) -> f32 {}
            pub fn unite(&self, windows: &[Detection], slope: f32) -> Option<Detection> {}
        }
    }
    mod facts {
        impl Detector {
            pub fn summary(&self) -> Vec<(String, String)> {}
        }
    }
    pub mod fhog {
        mod features {
            impl FeatureMap {
                pub fn new(
                    picture: &[GrayImage],
                    cell: usize,
                    window: [usize; 2],
                ) -> Self {}
                pub fn row(&self, row: usize) -> &[Cell] {}
            }
        }
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct HogFilter {
            pub weights: Vec<f64>,
            pub threshold: f64,
        }
        #[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
        pub struct Overlap {
            pub of_both: f64,
            pub of_one: f64,
        }
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct HogDetector {
            pub cell: u32,
            pub padding: u32,
            pub window: [u32; 2],
            pub levels: u32,
            pub smallest_level: [u32; 2],
            pub nuclear_norm: f64,
            pub overlap: Overlap,
            pub filters: Vec<HogFilter>,
            pub doublings: Option<u8>,
        }
        impl Model for HogDetector {}
        impl HogDetector {
            pub fn default_options(&self) -> DetectOptions {}
            pub fn detect(
                &self,
                image: &GrayImage,
                options: &DetectOptions,
            ) -> Vec<Detection> {}
            pub fn detect_channels(
                &self,
                channels: &[GrayImage],
                options: &DetectOptions,
            ) -> Vec<Detection> {}
            pub fn summary(&self) -> Vec<(String, String)> {}
        }
    }
    pub mod filter {
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct Filter {
            pub weights: Vec<i16>,
            pub order: Vec<u8>,
            pub limits: Vec<i32>,
            pub scale: f32,
            pub bias: f32,
        }
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Hit {
            pub column: usize,
            pub row: usize,
            pub component: usize,
            pub score: f32,
        }
        impl Filter {
            pub fn new(weights: &[f32], bias: f32, window: &Window) -> Self {}
            pub fn score(&self, features: &[i16]) -> f32 {}
            pub fn row_sums<'a>(
                &'a self,
                features: &'a [i16],
            ) -> impl Iterator<Item = i32> + 'a {}
            pub fn value(&self, sum: i32) -> f32 {}
        }
        pub fn scan(
            map: &FeatureMap,
            window: &Window,
            sieve: &BoostedTrees,
            filters: &[&Filter],
            hits: &mut Vec<Hit>,
        ) {}
    }
    pub mod forest {
        pub const DEPTH: usize = 3;
        pub const NODES: usize = (1 << DEPTH) - 1;
        pub const LEAVES: usize = 1 << DEPTH;
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct Tree {
            pub features: [u16; NODES],
            pub thresholds: [i16; NODES],
            pub leaves: [f32; LEAVES],
        }
        impl Tree {
            pub fn leaf(&self, features: &[i16]) -> usize {}
        }
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct BoostedTrees {
            pub trees: Vec<Tree>,
            pub limits: Vec<f32>,
        }
        impl BoostedTrees {
            pub fn score(&self, features: &[i16]) -> Option<f32> {}
        }
    }
    mod model {
        #[derive(Clone, Debug)]
        pub enum DetectorModel {
            BoostedTrees(Detector),
            Fhog(HogDetector),
        }
        impl From<Detector> for DetectorModel {}
        impl From<HogDetector> for DetectorModel {}
        impl DetectorModel {
            pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {}
            pub fn detect(
                &self,
                image: &GrayImage,
                options: &DetectOptions,
            ) -> Vec<Detection> {}
            pub fn detect_in(
                &self,
                picture: &DynamicImage,
                options: &DetectOptions,
            ) -> Vec<Detection> {}
            pub fn default_options(&self) -> DetectOptions {}
            pub fn is_calibrated(&self) -> bool {}
            pub fn summary(&self) -> Vec<(String, String)> {}
        }
    }
    pub mod refine {
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct BoxRegression {
            pub weights: [Vec<i16>; 3],
            pub scales: [f32; 3],
            pub biases: [f32; 3],
        }
        impl BoxRegression {
            pub fn new(weights: &[Vec<f32>; 3], biases: [f32; 3]) -> Self {}
            pub fn offsets(&self, features: &[i16]) -> [f32; 3] {}
            pub fn apply(&self, bounds: &Rect, features: &[i16]) -> Rect {}
        }
    }
    pub mod suppression {
        pub fn sort(detections: &mut [Detection]) {}
        pub fn group(mut detections: Vec<Detection>) -> Vec<Vec<Detection>> {}
        pub fn suppress(detections: Vec<Detection>) -> Vec<Detection> {}
    }
    mod window {
        #[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
        pub struct Window {
            pub cell: u8,
            pub cells: u8,
            pub face: f32,
        }
        pub const LEVELS_PER_OCTAVE: u32 = 3;
        impl Window {
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            pub fn side(&self) -> f32 {}
            pub fn pyramid(&self, smallest_face: f32) -> PyramidSpec {}
            pub fn face_box(&self, level: &Level, column: usize, row: usize) -> Rect {}
            pub fn copy(
                &self,
                map: &FeatureMap,
                column: usize,
                row: usize,
                features: &mut Vec<i16>,
            ) {}
        }
    }
    pub use evidence::ScoreFusion;
    pub use fhog::HogDetector;
    pub use filter::{Filter, Hit};
    pub use forest::{BoostedTrees, Tree};
    pub use model::DetectorModel;
    pub use refine::BoxRegression;
    pub use window::{LEVELS_PER_OCTAVE, Window};
    #[derive(Clone, Copy, Debug)]
    pub struct DetectOptions {
        pub threshold: f32,
        pub min_face: f32,
        pub max_faces: Option<usize>,
    }
    impl Default for DetectOptions {}
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Detection {
        pub bounds: Rect,
        pub score: f32,
        pub angle: f32,
        pub component: usize,
    }
    #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
    pub struct Component {
        pub name: String,
        pub angle: f32,
        pub filter: Filter,
        pub calibration: [f32; 2],
    }
    #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
    pub struct Detector {
        pub window: Window,
        pub components: Vec<Component>,
        pub sieve: BoostedTrees,
        pub forest: BoostedTrees,
        pub refinement: BoxRegression,
        pub evidence: ScoreFusion,
    }
    #[derive(Clone, Copy, Debug)]
    pub struct Candidate<'a> {
        pub cell: [usize; 2],
        pub bounds: Rect,
        pub component: usize,
        pub linear: f32,
        pub features: &'a [i16],
    }
    pub const SMALLEST_FACE: f32 = 16.0;
    impl Model for Detector {}
    impl Detector {
        #[cfg(feature = "embedded-models")]
        pub fn embedded() -> Result<Self, ModelError> {}
        #[cfg(feature = "embedded-models")]
        pub const EMBEDDED: &[u8] = include_bytes!("../../models/detector.lineament");
        pub fn false_alarms(score: f32) -> f32 {}
        pub fn score_for(false_alarms: f32) -> f32 {}
        pub fn detect(
            &self,
            image: &GrayImage,
            options: &DetectOptions,
        ) -> Vec<Detection> {}
        pub fn detect_traced(
            &self,
            image: &GrayImage,
            options: &DetectOptions,
            trace: &impl DetectorObserver,
        ) -> Vec<Detection> {}
        pub fn windows(&self, image: &GrayImage, min_face: f32) -> Vec<Detection> {}
        pub fn visit<T: Send>(
            &self,
            image: &GrayImage,
            min_face: f32,
            judge: impl Fn(&Candidate) -> Option<T> + Sync,
        ) -> Vec<T> {}
    }
}
pub mod dlib {
    mod error {
        #[derive(Debug, PartialEq, thiserror::Error)]
        pub enum DlibError {
            Unknown,
            Truncated,
            Malformed { at: usize, what: &'static str },
            NotFinite { at: usize },
            TooMany { at: usize, count: u64, what: &'static str },
            Unsupported(String),
            Invalid(String),
            LeftOver(usize),
        }
    }
    pub use error::DlibError;
    #[derive(Clone, Debug, PartialEq)]
    pub enum DlibModel {
        Landmarks(ShapePredictor),
        Detector(HogDetector),
    }
    pub fn from_bytes(bytes: &[u8]) -> Result<DlibModel, DlibError> {}
    pub fn to_bytes(model: &DlibModel) -> Vec<u8> {}
    pub fn why_not(cascade: &Cascade) -> String {}
}
pub mod drawing {
    pub const CURVES: [(usize, usize, bool); 9] = [
        (0, 16, false),
        (17, 21, false),
        (22, 26, false),
        (27, 30, false),
        (31, 35, false),
        (36, 41, true),
        (42, 47, true),
        (48, 59, true),
        (60, 67, true),
    ];
    pub fn draw_faces(picture: &mut RgbImage, faces: &[Face]) {}
    pub fn stroke(
        picture: &mut RgbImage,
        a: Point,
        b: Point,
        radius: f32,
        colour: Rgb<u8>,
    ) {}
}
pub mod files {
    pub const MOST_BYTES: u64 = 512 << 20;
    pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>> {}
    pub fn reason(error: &Error) -> String {}
    pub fn reason_unwritten(path: &Path, error: &Error) -> String {}
    pub fn excerpt(text: &str) -> String {}
    pub fn shortened(text: &str, most: usize) -> String {}
}
pub mod geometry {
    #[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
    pub struct Point {
        pub x: f32,
        pub y: f32,
    }
    impl Point {
        pub const fn new(x: f32, y: f32) -> Self {}
        pub fn distance(self, other: Self) -> f32 {}
    }
    impl std::ops::Add for Point {}
    impl std::ops::Sub for Point {}
    impl std::ops::Mul<f32> for Point {}
    #[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
    pub struct Rect {
        pub x: f32,
        pub y: f32,
        pub width: f32,
        pub height: f32,
    }
    impl Rect {
        pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {}
        pub fn square(centre: Point, side: f32) -> Self {}
        pub fn centre(&self) -> Point {}
        pub fn area(&self) -> f32 {}
        pub fn is_valid(&self) -> bool {}
        pub fn intersection(&self, other: &Self) -> f32 {}
        pub fn overlap(&self, other: &Self) -> f32 {}
    }
}
pub mod hog {
    mod gradient {
        pub const ORIENTATIONS: usize = 18;
        pub fn gradient_row(
            image: &GrayImage,
            row: usize,
            lengths: &mut [f32],
            directions: &mut [u8],
        ) {}
    }
    pub mod histogram {
        pub type Histogram = [f32; ORIENTATIONS];
        pub const LARGEST_CELL: usize = 16;
        pub fn histogram_rows(
            image: &GrayImage,
            cell: usize,
            rows: Range<usize>,
        ) -> Vec<Histogram> {}
    }
    mod normalise {
        pub fn normalise_row(
            histograms: &[Histogram],
            energy: [&[f32]; 3],
            features: &mut [Cell],
            planes: &mut [i16],
        ) {}
    }
    pub use gradient::{ORIENTATIONS, gradient_row};
    pub use histogram::{Histogram, histogram_rows};
    pub use normalise::normalise_row;
    pub const FEATURES: usize = 31;
    pub const STRIDE: usize = 32;
    pub const ONE: f32 = 4096.0;
    pub type Cell = [i16; STRIDE];
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct FeatureMap {
        _private: (),
    }
    impl FeatureMap {
        pub fn new(image: &GrayImage, cell: usize) -> Self {}
        pub fn of_rows(image: &GrayImage, cell: usize, rows: Range<usize>) -> Self {}
        pub fn columns(&self) -> usize {}
        pub fn rows(&self) -> usize {}
        pub fn cell(&self, column: usize, row: usize) -> &Cell {}
        pub fn span(&self, column: usize, row: usize, count: usize) -> &[i16] {}
        pub fn plane_width(&self) -> usize {}
        pub fn planes(&self, row: usize) -> &[i16] {}
    }
    pub const LANES: usize = 16;
    pub const MIRROR: [usize; STRIDE] = {
        let mut mirror = [0; STRIDE];
        let mut i = 0;
        while i < STRIDE {
            mirror[i] = match i {
                0..18 => (27 - i) % 18,
                18..27 => 18 + (27 - i) % 9,
                27 => 28,
                28 => 27,
                29 => 30,
                30 => 29,
                _ => i,
            };
            i += 1;
        }
        mirror
    };
}
pub mod image {
    mod channels {
        pub fn to_mean_grey(picture: &DynamicImage) -> GrayImage {}
        pub fn channels(picture: &DynamicImage) -> Vec<GrayImage> {}
    }
    mod grey {
        pub fn to_grey(picture: &DynamicImage) -> GrayImage {}
    }
    mod kinds {
        pub fn is_animated(bytes: &[u8]) -> bool {}
    }
    pub mod pyramid {
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct PyramidSpec {
            pub first: f32,
            pub per_octave: u32,
            pub smallest: u32,
            pub border: u32,
        }
        #[derive(Clone, Debug)]
        pub struct Level {
            pub image: GrayImage,
            pub scale: [f32; 2],
            pub border: u32,
        }
        impl Level {
            pub fn to_image(&self, p: Point) -> Point {}
        }
        impl PyramidSpec {
            pub fn octaves<T>(
                &self,
                picture: &GrayImage,
                mut visit: impl FnMut(&[Level]) -> T,
            ) -> Vec<T> {}
        }
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Area {
            pub left: u32,
            pub top: u32,
            pub width: u32,
            pub height: u32,
        }
        pub fn half(picture: &GrayImage) -> GrayImage {}
        pub fn half_of(picture: &GrayImage, area: &Area) -> GrayImage {}
    }
    mod read {
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum Orientation {
            Apply,
            Ignore,
        }
        #[derive(Clone, Copy, Debug)]
        pub struct ReadOptions {
            pub max_pixels: u64,
            pub orientation: Orientation,
        }
        impl Default for ReadOptions {}
        impl ReadOptions {
            pub fn dataset() -> Self {}
        }
        #[derive(Debug, thiserror::Error)]
        pub enum ReadError {
            Missing,
            NotAFile,
            Empty,
            Truncated,
            NotAnImage,
            Unsupported(String),
            TooLarge { width: u32, height: u32, limit: u64 },
            TooMuchMemory,
            ZeroSize { width: u32, height: u32 },
            Damaged(String),
            Io(std::io::Error),
        }
        pub fn read(
            path: &Path,
            options: &ReadOptions,
        ) -> Result<DynamicImage, ReadError> {}
        pub fn read_grey(
            path: &Path,
            options: &ReadOptions,
        ) -> Result<GrayImage, ReadError> {}
        pub fn decode(
            bytes: &[u8],
            options: &ReadOptions,
        ) -> Result<DynamicImage, ReadError> {}
        pub fn read_size(
            path: &Path,
            options: &ReadOptions,
        ) -> Result<(u32, u32), ReadError> {}
        pub fn read_bytes(
            path: &Path,
            options: &ReadOptions,
        ) -> Result<Vec<u8>, ReadError> {}
    }
    pub use channels::{channels, to_mean_grey};
    pub use grey::to_grey;
    pub use image::{DynamicImage, GrayImage};
    pub use kinds::is_animated;
    pub use read::{
        Orientation, ReadError, ReadOptions, decode, read, read_bytes, read_grey,
        read_size,
    };
}
pub mod landmarks {
    pub mod basis {
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct ShapeBasis {
            pub rows: Vec<f32>,
            pub components: u16,
        }
        impl ShapeBasis {
            pub fn identity(landmarks: usize) -> Self {}
            pub fn advance(
                &self,
                shape: &mut [Point],
                frame: &Similarity,
                coefficients: impl IntoIterator<Item = f32>,
            ) {}
        }
    }
    pub mod cascade {
        #[derive(Clone, Debug, Encode, Decode)]
        pub enum Stage {
            Trees(TreeStage),
            Linear(LinearStage),
        }
        impl Stage {
            pub fn step(&self, crop: &Crop, mean: &[Point], shape: &mut [Point]) {}
        }
        #[derive(Clone, Copy, Debug, Default)]
        pub struct FitOptions {
            pub fast: bool,
            pub least_confidence: f32,
        }
        #[derive(Clone, Debug, PartialEq)]
        pub struct Fit {
            pub shape: Shape,
            pub confidence: Option<Confidence>,
        }
        #[derive(Clone, Debug, Encode, Decode)]
        pub struct Cascade {
            pub crop: CropSpec,
            pub mean: Shape,
            pub landmarks: Vec<u16>,
            pub stages: Vec<Stage>,
            pub judge: Option<Judge>,
        }
        impl Model for Cascade {}
        impl Cascade {
            #[cfg(feature = "embedded-models")]
            pub fn embedded() -> Result<Self, crate::model::ModelError> {}
            #[cfg(feature = "embedded-models")]
            pub const EMBEDDED: &[u8] = include_bytes!(
                "../../models/landmarks.lineament"
            );
            pub fn fit(
                &self,
                image: &GrayImage,
                bounds: &Rect,
                options: &FitOptions,
            ) -> Fit {}
            pub fn fit_traced(
                &self,
                image: &GrayImage,
                bounds: &Rect,
                options: &FitOptions,
                trace: &mut impl CascadeObserver,
            ) -> Fit {}
            pub fn fit_crop(&self, crop: &Crop, options: &FitOptions) -> Shape {}
        }
    }
    pub mod confidence {
        pub const RIGHT: f32 = 0.08;
        pub const MOST_RIGHT: f32 = 0.99;
        #[derive(Clone, Debug, PartialEq)]
        pub struct Confidence {
            pub face: f32,
            pub landmarks: Vec<f32>,
        }
        #[derive(Clone, Debug, Encode, Decode)]
        pub struct Judge {
            pub level: u8,
            pub radius: f32,
            pub regression: LocalRegression,
            pub face: [f32; 2],
        }
        impl Judge {
            pub fn reach_of(radius: f32) -> f32 {}
            pub fn confidence(
                &self,
                crop: &Crop,
                mean: &[Point],
                shape: &[Point],
            ) -> Confidence {}
        }
    }
    pub mod crop {
        #[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
        pub struct CropSpec {
            pub face: u16,
            pub margin: u16,
            pub coarse: u16,
        }
        impl CropSpec {
            pub fn side(&self) -> u32 {}
            pub fn bounds(&self) -> Rect {}
            pub fn level(&self, number: u8) -> Level {}
        }
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Level {
            pub side: u32,
            pub zoom: f32,
            _private: (),
        }
        impl Level {
            pub fn to_level(&self, p: Point) -> Point {}
            pub fn to_crop(&self, p: Point) -> Point {}
        }
        #[derive(Clone, Debug)]
        pub struct Crop<'p> {
            _private: (),
        }
        pub struct Part<'c> {
            pub pixels: Cow<'c, [u8]>,
            pub stride: usize,
        }
        impl<'p> Crop<'p> {
            pub fn new(
                photograph: &'p GrayImage,
                bounds: &Rect,
                spec: &CropSpec,
            ) -> Self {}
            pub fn cut(&self) -> Crop<'static> {}
            pub fn mirrored(&self) -> Crop<'static> {}
            pub fn pixels(&self) -> Cow<'_, GrayImage> {}
            pub fn coarse(&self) -> &GrayImage {}
            pub fn level(&self, number: u8) -> Level {}
            pub fn part(&self, level: u8, area: &Area) -> Part<'_> {}
            pub fn to_crop(&self, p: Point) -> Point {}
            pub fn to_image(&self, p: Point) -> Point {}
        }
    }
    mod facts {
        impl Cascade {
            pub fn summary(&self) -> Vec<(String, String)> {}
        }
    }
    pub mod imglab {
        pub const HEADER: &str = "<?xml version='1.0' encoding='UTF-8'?>\n<dataset>\n<images>\n";
        pub const FOOTER: &str = "</images>\n</dataset>\n";
        #[derive(Clone, Copy, Debug)]
        pub struct LabelledBox<'a> {
            pub bounds: Rect,
            pub shape: &'a Shape,
            pub landmarks: &'a [u16],
            pub label: Option<&'a str>,
        }
        pub fn image<'a>(
            file: &str,
            boxes: impl IntoIterator<Item = LabelledBox<'a>>,
        ) -> String {}
    }
    pub mod linear {
        #[derive(Clone, Debug, Encode, Decode)]
        pub struct LinearStage {
            pub level: u8,
            pub reach: f32,
            pub steps: Vec<LinearStep>,
        }
        #[derive(Clone, Debug, Encode, Decode)]
        pub struct LinearStep {
            pub radius: f32,
            pub patches: Vec<u16>,
            pub regression: Regression,
        }
        impl LinearStage {
            pub fn step(&self, crop: &Crop, mean: &[Point], shape: &mut [Point]) {}
        }
        pub fn describe_shape(
            shape: &[Point],
            mean: &[Point],
            frame: &Similarity,
            features: &mut Vec<i16>,
        ) {}
    }
    mod model {
        #[derive(Clone, Debug)]
        pub enum LandmarkModel {
            Cascade(Cascade),
            Pixels(ShapePredictor),
        }
        impl From<Cascade> for LandmarkModel {}
        impl From<ShapePredictor> for LandmarkModel {}
        impl LandmarkModel {
            pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {}
            pub fn to_grey(&self, picture: &DynamicImage) -> GrayImage {}
            pub fn fit(
                &self,
                image: &GrayImage,
                bounds: &Rect,
                options: &FitOptions,
            ) -> Fit {}
            pub fn landmarks(&self) -> &[u16] {}
            pub fn has_confidence(&self) -> bool {}
            pub fn summary(&self) -> Vec<(String, String)> {}
        }
    }
    pub mod patches {
        pub const ORIENTATIONS: usize = 8;
        pub const CELLS: usize = 4;
        pub const PATCH: usize = CELLS * CELLS * ORIENTATIONS;
        pub const FEATURE_ONE: f32 = 1024.0;
        pub struct OrientationMap {
            _private: (),
        }
        impl OrientationMap {
            pub fn new(
                crop: &Crop,
                number: u8,
                shape: &[Point],
                frame: &Similarity,
                reach: f32,
            ) -> Self {}
            pub fn describe(
                &mut self,
                centres: impl IntoIterator<Item = Point>,
                frame: &Similarity,
                radius: f32,
                features: &mut Vec<i16>,
            ) {}
        }
    }
    pub mod pixels {
        #[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
        pub struct PredictorSplit {
            pub first: u16,
            pub second: u16,
            pub threshold: f32,
        }
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct PredictorStage {
            pub points: Vec<FeaturePoint>,
            pub depth: u8,
            pub splits: Vec<PredictorSplit>,
            pub leaves: Vec<f32>,
        }
        #[derive(Clone, Debug, PartialEq, Encode, Decode)]
        pub struct ShapePredictor {
            pub mean: Shape,
            pub landmarks: Vec<u16>,
            pub stages: Vec<PredictorStage>,
        }
        impl Model for ShapePredictor {}
        impl ShapePredictor {
            pub fn new(mean: Shape, stages: Vec<PredictorStage>) -> Self {}
            pub fn fit(&self, image: &GrayImage, bounds: &Rect) -> Fit {}
            pub fn summary(&self) -> Vec<(String, String)> {}
        }
        impl PredictorStage {
            pub fn trees(&self) -> usize {}
            pub fn splits_per_tree(&self) -> usize {}
            pub fn leaves_per_tree(&self) -> usize {}
            pub fn step(
                &self,
                image: &GrayImage,
                unit: UnitSquare,
                mean: &[Point],
                shape: &mut [Point],
            ) {}
        }
        #[derive(Clone, Copy, Debug)]
        pub struct UnitSquare {
            _private: (),
        }
        impl UnitSquare {
            pub fn new(bounds: &Rect) -> Self {}
            pub fn to_image(self, p: Point) -> Point {}
            pub fn from_image(self, p: Point) -> Point {}
        }
        pub fn look(
            points: &[FeaturePoint],
            image: &GrayImage,
            unit: UnitSquare,
            mean: &[Point],
            shape: &[Point],
        ) -> Vec<f32> {}
    }
    pub mod pts {
        #[derive(Debug, thiserror::Error)]
        pub enum PtsError {
            Io(std::io::Error),
            Line { line: usize, what: String },
            Count { announced: usize, found: usize },
            NoPoints,
        }
        pub fn parse(text: &str) -> Result<Shape, PtsError> {}
        pub fn format(shape: &Shape) -> String {}
        pub fn read(path: &Path) -> Result<Shape, PtsError> {}
        pub fn write(path: &Path, shape: &Shape) -> std::io::Result<()> {}
    }
    pub mod regression {
        mod global {
            #[derive(Clone, Debug, Encode, Decode)]
            pub struct GlobalRegression {
                pub rows: WeightRows,
                pub basis: ShapeBasis,
            }
        }
        mod local {
            #[derive(Clone, Debug, Encode, Decode)]
            pub struct LocalRegression {
                pub neighbours: Vec<u16>,
                pub rows: WeightRows,
            }
            impl LocalRegression {
                pub fn each(
                    &self,
                    landmarks: usize,
                    features: &[i16],
                    mut visit: impl FnMut(usize, &[i16]),
                ) {}
            }
        }
        mod rows {
            #[derive(Clone, Debug, Default, Encode, Decode)]
            pub struct WeightRows {
                _private: (),
            }
            impl WeightRows {
                pub fn quantised(
                    rows: impl IntoIterator<Item = Vec<f32>>,
                    bias: Vec<f32>,
                ) -> Self {}
                pub fn count(&self) -> usize {}
                pub fn output(&self, row: usize, features: &[i16]) -> f32 {}
            }
        }
        pub use self::global::GlobalRegression;
        pub use self::local::LocalRegression;
        pub use self::rows::WeightRows;
        #[derive(Clone, Debug, Encode, Decode)]
        pub enum Regression {
            Global(GlobalRegression),
            Local(LocalRegression),
        }
        impl Regression {
            pub fn advance(
                &self,
                shape: &mut [Point],
                frame: &Similarity,
                features: &[i16],
            ) {}
        }
    }
    pub mod scheme {
        pub const POINTS: usize = 68;
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Region {
            Jaw,
            Brows,
            Nose,
            Eyes,
            Mouth,
        }
        impl Region {
            pub const ALL: [Self; 5] = [
                Self::Jaw,
                Self::Brows,
                Self::Nose,
                Self::Eyes,
                Self::Mouth,
            ];
            pub fn name(self) -> &'static str {}
            pub fn indices(self) -> Range<usize> {}
        }
        pub const OUTER_EYE_CORNERS: (usize, usize) = (36, 45);
        pub const EYES: (Range<usize>, Range<usize>) = (36..42, 42..48);
        pub const MIRROR: [usize; POINTS] = [
            16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 26, 25, 24, 23, 22,
            21, 20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33, 32, 31, 45, 44, 43, 42, 47,
            46, 39, 38, 37, 36, 41, 40, 54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55,
            64, 63, 62, 61, 60, 67, 66, 65,
        ];
        pub fn inter_ocular(shape: &Shape) -> f32 {}
        pub fn inter_pupil(shape: &Shape) -> f32 {}
    }
    mod shape {
        #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
        pub struct Shape {
            pub points: Vec<Point>,
        }
        impl Shape {
            pub fn new(points: Vec<Point>) -> Self {}
            pub fn len(&self) -> usize {}
            pub fn is_empty(&self) -> bool {}
            pub fn centroid(&self) -> Point {}
            pub fn bounds(&self) -> Rect {}
            pub fn to_unit(&self, bounds: &Rect) -> Self {}
            pub fn from_unit(&self, bounds: &Rect) -> Self {}
            pub fn map(&self, f: impl Fn(Point) -> Point) -> Self {}
            pub fn select(&self, indices: &[usize]) -> Self {}
        }
    }
    mod similarity {
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Similarity {
            pub a: f32,
            pub b: f32,
            pub t: Point,
        }
        impl Similarity {
            pub const IDENTITY: Self = Self {
                a: 1.0,
                b: 0.0,
                t: Point::new(0.0, 0.0),
            };
            pub fn between(from: &[Point], to: &[Point]) -> Self {}
            pub fn apply(&self, p: Point) -> Point {}
            pub fn rotate(&self, p: Point) -> Point {}
            pub fn scale(&self) -> f32 {}
            pub fn angle(&self) -> f32 {}
            pub fn inverse(&self) -> Self {}
        }
    }
    pub mod trees {
        pub const POINTS: usize = 256;
        pub type Grey = [u8; POINTS];
        #[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
        pub struct FeaturePoint {
            pub anchor: u16,
            pub offset: Point,
        }
        #[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
        pub struct Split {
            pub first: u8,
            pub second: u8,
            pub threshold: i16,
        }
        #[derive(Clone, Debug, Default, Encode, Decode)]
        pub struct TreeStage {
            pub points: Vec<FeaturePoint>,
            pub depth: u8,
            pub splits: Vec<Split>,
            pub leaves: Vec<i8>,
            pub basis: ShapeBasis,
        }
        impl TreeStage {
            pub fn trees(&self) -> usize {}
            pub fn splits_per_tree(&self) -> usize {}
            pub fn look(
                &self,
                crop: &Crop,
                shape: &[Point],
                frame: &Similarity,
            ) -> Grey {}
            pub fn vote(&self, grey: &Grey, trace: &mut impl CascadeObserver) -> Vec<f32> {}
            pub fn step(&self, crop: &Crop, mean: &[Point], shape: &mut [Point]) {}
        }
        pub fn leaf_of(tree: &[Split], depth: usize, grey: &Grey) -> usize {}
    }
    pub use basis::ShapeBasis;
    pub use cascade::{Cascade, Fit, FitOptions, Stage};
    pub use confidence::Confidence;
    pub use model::LandmarkModel;
    pub use pixels::ShapePredictor;
    pub use shape::Shape;
    pub use similarity::Similarity;
}
pub mod model {
    mod error {
        #[derive(Debug, thiserror::Error)]
        pub enum ModelError {
            Io(std::io::Error),
            NotAModel,
            Truncated,
            Checksum,
            TooNew { found: u16, newest: u16, kind: &'static str },
            TooOld { found: u16, oldest: u16, kind: &'static str },
            UnknownKind(u16),
            Kind { found: &'static str, wanted: &'static str },
            Decode(bincode::error::DecodeError),
            Encode(bincode::error::EncodeError),
            Invalid(String),
        }
    }
    pub use error::ModelError;
    pub const DECODE_LIMIT: usize = 256 << 20;
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ModelKind {
        Detector,
        Landmarks,
        HogDetector,
        PixelLandmarks,
    }
    impl ModelKind {
        pub fn of(bytes: &[u8]) -> Option<Self> {}
        pub fn versions(self) -> RangeInclusive<u16> {}
        pub fn version(self) -> u16 {}
        pub fn name(self) -> &'static str {}
    }
    #[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
    pub struct Provenance {
        pub entries: Vec<(String, String)>,
    }
    impl Provenance {
        pub fn push(&mut self, name: &str, value: impl ToString) {}
        pub fn get(&self, name: &str) -> Option<&str> {}
    }
    pub trait Model: Encode + Decode<()> {
        const KIND: ModelKind;
        fn validate(&self) -> Result<(), String>;
        fn decode_payload(
            version: u16,
            payload: &[u8],
        ) -> Result<((Provenance, Self), usize), DecodeError> {}
    }
    pub fn to_bytes<M: Model>(
        model: &M,
        provenance: &Provenance,
    ) -> Result<Vec<u8>, ModelError> {}
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Header {
        pub kind: ModelKind,
        pub version: u16,
    }
    pub fn describe(bytes: &[u8]) -> Result<(Header, Provenance), ModelError> {}
    pub fn from_bytes<M: Model>(bytes: &[u8]) -> Result<(M, Provenance), ModelError> {}
    pub fn read<M: Model>(path: &Path) -> Result<(M, Provenance), ModelError> {}
    pub fn write<M: Model>(
        path: &Path,
        model: &M,
        provenance: &Provenance,
    ) -> Result<(), ModelError> {}
    pub fn write_atomically(path: &Path, bytes: &[u8]) -> std::io::Result<()> {}
}
mod pipeline {
    #[derive(Clone, Debug, PartialEq)]
    pub struct Face {
        pub bounds: Rect,
        pub score: f32,
        pub angle: Option<f32>,
        pub shape: Shape,
        pub confidence: Option<Confidence>,
    }
    impl Face {
        pub fn new(bounds: Rect, score: f32, Fit { shape, confidence }: Fit) -> Self {}
        pub fn is_finite(&self) -> bool {}
    }
    #[derive(Clone, Debug)]
    pub struct Pipeline {
        pub detector: DetectorModel,
        pub landmarks: LandmarkModel,
    }
    impl Pipeline {
        #[cfg(feature = "embedded-models")]
        pub fn embedded() -> Result<Self, ModelError> {}
        pub fn find(
            &self,
            image: &GrayImage,
            detect: &DetectOptions,
            fit: &FitOptions,
        ) -> Vec<Face> {}
        pub fn find_in(
            &self,
            picture: &DynamicImage,
            detect: &DetectOptions,
            fit: &FitOptions,
        ) -> Vec<Face> {}
        pub fn candidates(
            &self,
            image: &GrayImage,
            detect: &DetectOptions,
            fit: &FitOptions,
        ) -> Vec<Detection> {}
        pub fn candidates_in(
            &self,
            picture: &DynamicImage,
            grey: &GrayImage,
            detect: &DetectOptions,
            fit: &FitOptions,
        ) -> Vec<Detection> {}
        pub fn lifted(&self, detect: &DetectOptions, fit: &FitOptions) -> DetectOptions {}
        pub fn place(
            &self,
            image: &GrayImage,
            detection: &Detection,
            detect: &DetectOptions,
            fit: &FitOptions,
        ) -> Face {}
        pub fn fit_options(
            &self,
            detection: &Detection,
            detect: &DetectOptions,
            fit: &FitOptions,
        ) -> FitOptions {}
        pub fn finish(&self, detection: &Detection, fit: Fit) -> Face {}
        pub fn judge(&self, candidates: Vec<Face>, detect: &DetectOptions) -> Vec<Face> {}
    }
}
pub mod trace {
    pub trait HogObserver {
        fn gradients(&mut self, _row: usize, _lengths: &[f32], _directions: &[u8]) {}
        fn histograms(&mut self, _rows: Range<usize>, _histograms: &[Histogram]) {}
    }
    pub trait StripObserver: HogObserver {
        fn features(&mut self, _map: &FeatureMap) {}
        fn sieved(&mut self, _window: [usize; 2], _trees: usize) {}
        fn given_up(&mut self, _window: [usize; 2], _component: usize, _rows: usize) {}
        fn scored(&mut self, _window: [usize; 2], _component: usize, _score: f32) {}
        fn tree(&mut self, _sum: f32) {}
        fn judged(&mut self, _candidate: &Candidate, _left: Option<&Detection>) {}
    }
    pub trait DetectorObserver: Sync {
        type Strip: StripObserver;
        fn level(&self, _number: usize, _level: &Level) {}
        fn strip(&self, number: usize, first_row: usize) -> Self::Strip;
        fn finish(&self, _strip: Self::Strip) {}
        fn united(&self, _windows: &[Detection], _detection: &Detection) {}
    }
    pub trait CascadeObserver {
        fn start(&mut self, _bounds: &Rect, _crop: &Crop, _shape: &Shape) {}
        fn stage(&mut self, _number: usize, _frame: &Similarity) {}
        fn pixel(&mut self, _point: usize, _place: [usize; 2], _grey: u8) {}
        fn tree(&mut self, _tree: usize, _leaf: usize) {}
        fn patches(&mut self, _landmarks: &[u16], _radius: f32) {}
        fn moved(&mut self, _shape: &[Point]) {}
        fn end(&mut self, _fit: &Fit) {}
    }
}
pub use pipeline::{Face, Pipeline};
