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
    pub fn five_points(shape: &Shape) -> Option<[Point; 5]> {}
}
pub mod annotations {
    pub mod boxes {
        #[derive(Debug, thiserror::Error)]
        #[non_exhaustive]
        pub enum BoxesError {
            Io(std::io::Error),
            MissingColumn(&'static str),
            MissingCell(u64),
            NotANumber { line: u64, text: String },
            Box { row: Row, problem: &'static str },
        }
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Row {
            pub bounds: Rect,
            pub pixels: Option<Pixels>,
            pub line: u64,
        }
        #[derive(Clone, Debug, PartialEq)]
        pub struct ImageBoxes {
            pub image: PathBuf,
            pub rows: Vec<Row>,
        }
        #[derive(Debug, Default)]
        pub struct Boxes {
            pub images: Vec<ImageBoxes>,
            pub faults: Vec<BoxesError>,
            _private: (),
        }
    }
    pub mod imglab {
        pub const HEADER: &str = "<?xml version='1.0' encoding='UTF-8'?>\n<dataset>\n<images>\n";
        pub const FOOTER: &str = "</images>\n</dataset>\n";
        #[derive(Clone, Copy, Debug)]
        pub struct ImageFile<'a> {
            pub file: &'a str,
            pub size: Option<(u32, u32)>,
            pub pixels: Pixels,
        }
        #[derive(Clone, Copy, Debug)]
        pub struct LabelledBox<'a> {
            pub bounds: Rect,
            pub shape: &'a Shape,
            pub landmarks: &'a [u16],
            pub label: Option<&'a str>,
        }
        pub fn image<'a>(
            image: &ImageFile,
            boxes: impl IntoIterator<Item = LabelledBox<'a>>,
        ) -> String {}
    }
    pub mod pts {
        #[derive(Debug, thiserror::Error)]
        #[non_exhaustive]
        pub enum PtsError {
            Io(std::io::Error),
            Line { line: usize, what: String },
            Count { announced: usize, found: usize },
            NoPoints,
        }
        pub fn parse(text: &str) -> Result<Shape, PtsError> {}
        pub fn format(shape: &Shape) -> String {}
        pub fn read(path: impl AsRef<Path>) -> Result<Shape, PtsError> {}
        #[cfg(feature = "write")]
        pub fn write(path: impl AsRef<Path>, shape: &Shape) -> std::io::Result<()> {}
    }
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Pixels {
        Upright,
        Stored,
    }
}
pub mod dlib {
    pub fn from_bytes(bytes: &[u8]) -> Result<AnyModel, DlibError> {}
    pub fn to_bytes(model: &AnyModel) -> Result<Vec<u8>, DlibError> {}
    #[derive(Debug, PartialEq, thiserror::Error)]
    #[non_exhaustive]
    pub enum DlibError {
        Unknown,
        Truncated,
        Malformed { at: usize, what: &'static str },
        NotFinite { at: usize },
        TooMany { at: usize, count: u64, what: &'static str },
        Unsupported(String),
        Invalid(InvalidModel),
        LeftOver(usize),
        NoPlace(String),
    }
}
pub mod drawing {
    pub fn draw_faces(image: &mut RgbImage, faces: &[Face]) {}
    pub fn stroke(
        image: &mut RgbImage,
        a: Point,
        b: Point,
        radius: f32,
        colour: Rgb<u8>,
    ) {}
}
pub mod geometry {
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    pub struct Point {
        pub x: f32,
        pub y: f32,
    }
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    pub struct Rect {
        pub x: f32,
        pub y: f32,
        pub width: f32,
        pub height: f32,
    }
}
pub mod raw {
    pub use crate::detector::{
        BoostedTrees, BoxRegression, Candidate, Component, DetectOptions, Detection,
        Detector, DetectorObserver, Filter, Hit, LEVELS_PER_OCTAVE, SMALLEST_FACE,
        Scanner, ScoreFusion, StripObserver, Tree, Window, boosted_trees, filter, nms,
        pyramid,
    };
    pub use crate::hog::HogObserver;
    pub use crate::image::{GreyImage, resample};
    pub use crate::landmarks::{
        Cascade, CascadeObserver, Fit, FitOptions, ShapeBasis, Stage, confidence, crop,
        linear_stage, patches, regression, tree_stage,
    };
    pub use crate::observer::Observer;
}
#[derive(Clone, Debug)]
pub struct DetectorModel(_);
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Face {
    pub bounds: Rect,
    pub score: f32,
    pub angle: Option<f32>,
    pub shape: Shape,
    pub confidence: Option<Confidence>,
}
#[derive(thiserror::Error)]
#[non_exhaustive]
pub struct OpenError {
    pub path: PathBuf,
    pub error: ReadError,
}
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
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
#[derive(Clone)]
pub struct Image<'a> {
    _private: (),
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    NoPixels { width: u32, height: u32 },
    Stride { stride: usize, row: usize },
    TooShort { found: usize, needed: usize },
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PixelFormat {
    Grey,
    Rgb,
    Rgba,
    Bgr,
}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Confidence {
    pub face: f32,
    pub landmarks: Vec<f32>,
}
#[derive(Clone, Debug)]
pub struct LandmarkModel(_);
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    pub points: Vec<Point>,
}
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    pub a: f32,
    pub b: f32,
    pub t: Point,
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
    pub const OUTER_EYE_CORNERS: (usize, usize) = (36, 45);
    pub const NOSE_TIP: usize = 30;
    pub const MOUTH_CORNERS: (usize, usize) = (48, 54);
    pub const CHIN: usize = 8;
    pub const EYES: (Range<usize>, Range<usize>) = (36..42, 42..48);
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
    pub const MIRROR: [usize; POINTS] = [
        16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 26, 25, 24, 23, 22, 21,
        20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33, 32, 31, 45, 44, 43, 42, 47, 46, 39,
        38, 37, 36, 41, 40, 54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62,
        61, 60, 67, 66, 65,
    ];
    pub fn inter_ocular(shape: &Shape) -> f32 {}
    pub fn inter_pupil(shape: &Shape) -> f32 {}
}
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AnyModel {
    Detector(DetectorModel),
    Landmarks(LandmarkModel),
}
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct InvalidModel {
    pub part: &'static str,
    pub problem: String,
}
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub struct LoadError {
    pub path: PathBuf,
    pub error: ModelError,
}
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    Read(std::io::Error),
    NotAModel,
    Truncated,
    Checksum,
    TooNew { found: u16, newest: u16, kind: ModelKind },
    TooOld { found: u16, oldest: u16, kind: ModelKind },
    UnknownKind(u16),
    Kind { found: ModelKind, wanted: ModelKind },
    Decode,
    LeftOver(usize),
    Invalid(InvalidModel),
    #[cfg(feature = "dlib")]
    Dlib(DlibError),
}
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    pub entries: Vec<(String, String)>,
}
pub fn load(path: impl AsRef<Path>) -> Result<AnyModel, LoadError> {}
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Options {
    pub threshold: Option<f32>,
    pub min_face: Option<f32>,
    pub max_faces: Option<usize>,
    pub min_confidence: Option<f32>,
    pub fast: bool,
}
#[derive(Clone, Debug)]
pub struct Pipeline {
    _private: (),
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    NoDetector,
    NoConfidence,
    InvalidBox(usize),
    NotFinite,
}
impl Default for ChipSpec {}
impl ChipSpec {
    pub fn template(&self) -> [Point; 5] {}
    pub fn transform(&self, shape: &Shape) -> Option<Similarity> {}
    pub fn cut(&self, image: &Image, to_chip: &Similarity) -> Image<'static> {}
}
impl Boxes {
    pub fn read(path: impl AsRef<Path>) -> Result<Self, BoxesError> {}
    pub fn parse(text: &[u8], folder: &Path) -> Result<Self, BoxesError> {}
    pub fn find(&self, path: &Path) -> Option<usize> {}
}
impl Row {
    pub fn check(&self, width: u32, height: u32) -> Result<(), BoxesError> {}
}
impl fmt::Display for Pixels {}
impl FromStr for Pixels {}
impl TryFrom<Detector> for DetectorModel {}
#[cfg(feature = "dlib")]
impl TryFrom<HogDetector> for DetectorModel {}
impl DetectorModel {
    pub fn new(detector: Detector) -> Result<Self, InvalidModel> {}
    pub fn as_boosted(&self) -> Option<&Detector> {}
    #[cfg(feature = "dlib")]
    pub fn as_dlib(&self) -> Option<&HogDetector> {}
    pub fn detect(&self, image: &Image, options: &DetectOptions) -> Vec<Detection> {}
    pub fn detect_observed(
        &self,
        image: &Image,
        options: &DetectOptions,
        observer: &impl DetectorObserver,
    ) -> Vec<Detection> {}
    pub fn default_options(&self) -> DetectOptions {}
    pub fn is_calibrated(&self) -> bool {}
    pub fn summary(&self) -> Vec<(String, String)> {}
}
impl From<InvalidModel> for DlibError {}
impl Face {
    pub fn new(bounds: Rect, score: f32, fit: Fit) -> Self {}
    pub fn is_finite(&self) -> bool {}
}
impl Point {
    pub const fn new(x: f32, y: f32) -> Self {}
    pub fn distance(self, other: Self) -> f32 {}
}
impl std::ops::Add for Point {}
impl std::ops::Sub for Point {}
impl std::ops::Mul<f32> for Point {}
impl Rect {
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {}
    pub fn square(centre: Point, side: f32) -> Self {}
    pub fn centre(&self) -> Point {}
    pub fn area(&self) -> f32 {}
    pub fn is_valid(&self) -> bool {}
    pub fn intersection(&self, other: &Self) -> f32 {}
    pub fn overlap(&self, other: &Self) -> f32 {}
}
impl Image<'static> {
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {}
}
impl fmt::Debug for OpenError {}
impl From<DynamicImage> for Image<'static> {}
impl From<RgbImage> for Image<'static> {}
impl From<GrayImage> for Image<'static> {}
impl PixelFormat {
    pub fn bytes(self) -> usize {}
}
impl<'a> Image<'a> {
    pub fn grey(pixels: &'a [u8], width: u32, height: u32) -> Result<Self, ImageError> {}
    pub fn rgb(pixels: &'a [u8], width: u32, height: u32) -> Result<Self, ImageError> {}
    pub fn new(
        bytes: impl Into<Cow<'a, [u8]>>,
        width: u32,
        height: u32,
        format: PixelFormat,
        stride: usize,
    ) -> Result<Self, ImageError> {}
    pub fn width(&self) -> u32 {}
    pub fn height(&self) -> u32 {}
    pub fn format(&self) -> PixelFormat {}
    pub fn has_colour(&self) -> bool {}
    pub fn luma(&self) -> GreyImage<'_> {}
    pub fn to_rgb(&self) -> Vec<u8> {}
}
impl fmt::Debug for Image<'_> {}
impl<'a> From<GreyImage<'a>> for Image<'a> {}
impl Confidence {
    pub fn new(face: f32, landmarks: Vec<f32>) -> Self {}
}
impl TryFrom<Cascade> for LandmarkModel {}
#[cfg(feature = "dlib")]
impl TryFrom<ShapePredictor> for LandmarkModel {}
impl LandmarkModel {
    pub fn new(cascade: Cascade) -> Result<Self, InvalidModel> {}
    pub fn as_cascade(&self) -> Option<&Cascade> {}
    #[cfg(feature = "dlib")]
    pub fn as_dlib(&self) -> Option<&ShapePredictor> {}
    pub fn grey<'a>(&self, image: &'a Image) -> GreyImage<'a> {}
    pub fn fit(&self, image: &Image, bounds: &Rect, options: &FitOptions) -> Fit {}
    pub fn fit_observed(
        &self,
        grey: &GreyImage,
        bounds: &Rect,
        options: &FitOptions,
        observer: &mut impl super::CascadeObserver,
    ) -> Fit {}
    pub fn landmarks(&self) -> &[u16] {}
    pub fn has_confidence(&self) -> bool {}
    pub fn summary(&self) -> Vec<(String, String)> {}
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
impl AnyModel {
    pub fn to_bytes(&self, provenance: &Provenance) -> Vec<u8> {}
    pub fn kind(&self) -> ModelKind {}
    pub fn summary(&self) -> Vec<(String, String)> {}
}
impl From<DetectorModel> for AnyModel {}
impl From<LandmarkModel> for AnyModel {}
impl AnyModel {
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {}
}
impl From<InvalidModel> for ModelError {}
impl Provenance {
    pub fn push(&mut self, name: &str, value: impl ToString) {}
    pub fn get(&self, name: &str) -> Option<&str> {}
}
impl DetectorModel {
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {}
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {}
    pub fn to_bytes(&self, provenance: &Provenance) -> Vec<u8> {}
    pub fn kind(&self) -> ModelKind {}
}
impl LandmarkModel {
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {}
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Provenance), ModelError> {}
    pub fn to_bytes(&self, provenance: &Provenance) -> Vec<u8> {}
    pub fn kind(&self) -> ModelKind {}
}
impl Options {
    pub fn threshold(self, score: f32) -> Self {}
    pub fn min_face(self, pixels: f32) -> Self {}
    pub fn max_faces(self, count: usize) -> Self {}
    pub fn min_confidence(self, probability: f32) -> Self {}
    pub fn fast(self, fast: bool) -> Self {}
}
#[cfg(feature = "embedded-models")]
impl Default for Pipeline {}
impl Pipeline {
    pub fn new(detector: DetectorModel, landmarks: LandmarkModel) -> Self {}
    pub fn from_files(
        detector: impl AsRef<Path>,
        landmarks: impl AsRef<Path>,
    ) -> Result<Self, LoadError> {}
    pub fn without_detector(landmarks: LandmarkModel) -> Self {}
    pub fn with_detector(self, detector: DetectorModel) -> Self {}
    pub fn with_landmarks(self, landmarks: LandmarkModel) -> Self {}
    pub fn detector(&self) -> Option<&DetectorModel> {}
    pub fn landmarks(&self) -> &LandmarkModel {}
    pub fn find(&self, image: &Image) -> Result<Vec<Face>, PipelineError> {}
    pub fn find_with(
        &self,
        image: &Image,
        options: &Options,
    ) -> Result<Vec<Face>, PipelineError> {}
    pub fn fit(
        &self,
        image: &Image,
        boxes: &[Rect],
        options: &Options,
    ) -> Result<Vec<Face>, PipelineError> {}
    pub fn run<O: Observer>(
        &self,
        image: &Image,
        boxes: Option<&[Rect]>,
        options: &Options,
        observer: &O,
    ) -> Result<Vec<Face>, PipelineError> {}
    pub fn detect_options(
        &self,
        options: &Options,
    ) -> Result<DetectOptions, PipelineError> {}
    pub fn candidate_threshold(&self, options: &Options) -> Result<f32, PipelineError> {}
}
impl Serialize for Shape {}
impl Serialize for Face {}
