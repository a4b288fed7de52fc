//! The cascade of Kazemi and Sullivan in its plain form, as dlib trains it and keeps it in its shape predictors.
//!
//! ```text
//!   photograph          the box is the unit square
//!   ┌──────────────┐
//!   │   (0,0)┌───┐ │    grey values at feature points ──► trees ──► leaves, added to the shape
//!   │        │ ☺ │ │        (nearest pixel)
//!   │        └───┘(1,1)
//!   └──────────────┘
//! ```
//!
//! "One Millisecond Face Alignment with an Ensemble of Regression Trees", CVPR 2014. It differs from [`crate::landmarks::tree_stage`] in
//! what it looks at and what it adds up: the photograph itself, not a crop of one size, so that pixels beyond its edge are
//! black; and whole shapes, 32-bit numbers for each coordinate, that do not turn with the face. That makes its models some
//! forty times larger.
//!
//! The sums are those of dlib, in the same order and precision: where dlib rounds a landmark to a pixel, rounding the
//! landmark that is found here gives the same pixel.

use crate::files::DECODE_LIMIT;
use crate::geometry::{Point, Rect};
use crate::image::GreyImage;
use crate::invalid::InvalidModel;
use crate::landmarks::ShapeExt;
use crate::landmarks::tree_stage::FeaturePoint;
use crate::landmarks::{Fit, Shape};

/// The most landmarks of a model.
const LANDMARKS: usize = 10_000;
/// The deepest trees.
const DEPTH: u8 = 16;

/// A test at an inner node: left where `grey[first] − grey[second] > threshold`, else right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PredictorSplit {
    /// Index of a feature point.
    pub first: u16,
    /// Index of a feature point.
    pub second: u16,
    /// In grey levels.
    pub threshold: f32,
}

/// One stage of the cascade: complete binary trees of the same depth over one set of feature points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PredictorStage {
    /// The feature points; their offsets are shares of the box's sides, in the mean shape's frame.
    pub points: Vec<FeaturePoint>,
    /// The depth of every tree.
    pub depth: u8,
    /// The splits of all trees; in a tree, node `i` has the children `2i + 1` (left) and `2i + 2` (right).
    pub splits: Vec<PredictorSplit>,
    /// The leaves of all trees: `x, y` of each landmark in turn, as shares of the box's sides.
    pub leaves: Vec<f32>,
}

/// A cascade of regression trees that look at the photograph's own pixels.
///
/// These are the parts, unchecked: with parts that do not fit together, its methods may panic. A
/// [`LandmarkModel`](crate::LandmarkModel) is checked.
#[derive(Clone, Debug, PartialEq)]
pub struct ShapePredictor {
    /// Where the cascade starts: the box is the unit square.
    pub mean: Shape,
    /// The landmarks' numbers, from 0; those of the 68-point scheme where there are as many.
    pub landmarks: Vec<u16>,
    /// The stages in the order of their work.
    pub stages: Vec<PredictorStage>,
}

impl ShapePredictor {
    /// Checks every invariant that prediction relies on.
    ///
    /// # Errors
    /// If one does not hold.
    pub fn validate(&self) -> Result<(), InvalidModel> {
        let landmarks = self.mean.len();
        if !(1..=LANDMARKS).contains(&landmarks) || self.landmarks.len() != landmarks {
            let problem = format!("has {landmarks} points for {} landmarks", self.landmarks.len());
            return Err(InvalidModel::new("the mean shape", problem));
        }
        if self.mean.points.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
            return Err(InvalidModel::new("the mean shape", "is not finite"));
        }
        // What a model file's payload takes, at most.
        let payload =
            |stage: &PredictorStage| 4 * stage.leaves.len() + 10 * stage.splits.len() + 11 * stage.points.len();
        if self.stages.iter().map(payload).sum::<usize>() > DECODE_LIMIT - (1 << 20) {
            return Err(InvalidModel::new("the cascade", format!("takes more than {} megabytes", DECODE_LIMIT >> 20)));
        }
        self.stages.iter().try_for_each(|stage| stage.validate(landmarks))
    }
}

impl ShapePredictor {
    /// A cascade of these stages whose landmarks are numbered from 0.
    pub fn new(mean: Shape, stages: Vec<PredictorStage>) -> Self {
        let landmarks = (0..=u16::MAX).take(mean.len()).collect();
        Self { mean, landmarks, stages }
    }

    /// Places the landmarks of the face in `bounds` (pixels of the image).
    ///
    /// A box of whole pixels is dlib's rectangle of the same pixels, whose last column and row belong to it.
    pub fn fit(&self, image: &GreyImage, bounds: &Rect) -> Fit {
        let unit = UnitSquare::new(bounds);
        let mut shape = self.mean.clone();
        for stage in &self.stages {
            stage.step(image, unit, &self.mean.points, &mut shape.points);
        }
        Fit { shape: shape.map(|p| unit.to_image(p)), confidence: None }
    }

    /// Names and values in a fixed order, for people: landmarks, and each stage's sizes.
    pub fn summary(&self) -> Vec<(String, String)> {
        let mut entries = vec![("landmarks".to_owned(), self.mean.len().to_string())];
        for (number, stage) in self.stages.iter().enumerate() {
            let (trees, depth, points) = (stage.trees(), stage.depth, stage.points.len());
            let description = format!("{trees} trees of depth {depth} on {points} pixels of the image");
            entries.push((format!("stage {}", number + 1), description));
        }
        entries
    }
}

impl PredictorStage {
    /// The number of trees.
    pub fn trees(&self) -> usize {
        self.splits.len() / self.splits_per_tree().max(1)
    }

    /// Splits in each tree.
    pub fn splits_per_tree(&self) -> usize {
        self.leaves_per_tree() - 1
    }

    /// Leaves in each tree.
    pub fn leaves_per_tree(&self) -> usize {
        1 << self.depth
    }

    /// Checks the invariants that [`PredictorStage::step`] relies on, for shapes of `landmarks` points.
    fn validate(&self, landmarks: usize) -> Result<(), InvalidModel> {
        if !(1..=DEPTH).contains(&self.depth) {
            return Err(InvalidModel::new(
                "a tree stage",
                format!("has trees of depth {}, not 1 to {DEPTH}", self.depth),
            ));
        }
        let trees = self.trees();
        let sizes_fit = self.splits.len() == trees * self.splits_per_tree()
            && self.leaves.len() == trees * self.leaves_per_tree() * 2 * landmarks;
        if !sizes_fit || self.leaves.len() > u32::MAX as usize {
            return Err(InvalidModel::new("a tree stage", "has parts that do not fit together"));
        }
        let points = self.points.len();
        if self.splits.iter().any(|split| usize::from(split.first.max(split.second)) >= points) {
            return Err(InvalidModel::new("a split", "compares a feature point that does not exist"));
        }
        if self.points.iter().any(|p| usize::from(p.anchor) >= landmarks) {
            return Err(InvalidModel::new("a feature point", "belongs to a landmark that does not exist"));
        }
        let offsets = self.points.iter().flat_map(|p| [p.offset.x, p.offset.y]);
        let mut numbers = offsets.chain(self.leaves.iter().copied()).chain(self.splits.iter().map(|s| s.threshold));
        InvalidModel::unless(numbers.all(f32::is_finite), "a tree stage", "has a number that is not finite")
    }

    /// One step of the cascade: look, find each tree's leaf, add the leaves. Shapes are in the frame of the unit square.
    pub fn step(&self, image: &GreyImage, unit: UnitSquare, mean: &[Point], shape: &mut [Point]) {
        let grey = look(&self.points, image, unit, mean, shape);
        let row = 2 * shape.len();
        let leaf = |(tree, splits): (usize, &[PredictorSplit])| {
            let leaf = leaf_of(splits, self.depth, &grey);
            ((tree * self.leaves_per_tree() + leaf) * row) as u32
        };
        let reached: Vec<u32> = self.splits.chunks_exact(self.splits_per_tree()).enumerate().map(leaf).collect();
        let mut sum: Vec<f32> = shape.iter().flat_map(|p| [p.x, p.y]).collect();
        add_leaves(&self.leaves, &reached, &mut sum);
        for (p, xy) in shape.iter_mut().zip(sum.as_chunks::<2>().0) {
            *p = Point::new(xy[0], xy[1]);
        }
    }
}

/// The box as a unit square: from the centre of its first pixel to that of its last.
#[derive(Clone, Copy, Debug)]
pub struct UnitSquare {
    corner: [f64; 2],
    size: [f64; 2],
}

impl UnitSquare {
    /// The frame of a box in pixels.
    pub fn new(bounds: &Rect) -> Self {
        let [x, y, width, height] = [bounds.x, bounds.y, bounds.width, bounds.height].map(f64::from);
        Self { corner: [x, y], size: [width - 1.0, height - 1.0] }
    }

    /// From shares of the box's sides to pixels.
    pub fn to_image(self, p: Point) -> Point {
        let place = |axis: usize, share: f32| (self.corner[axis] + self.size[axis] * f64::from(share)) as f32;
        Point::new(place(0, p.x), place(1, p.y))
    }

    /// From pixels to shares of the box's sides.
    pub fn from_image(self, p: Point) -> Point {
        let share = |axis: usize, place: f32| ((f64::from(place) - self.corner[axis]) / self.size[axis]) as f32;
        Point::new(share(0, p.x), share(1, p.y))
    }
}

/// Rotation and scale as a complex number, worked out in double precision and then rounded, as dlib does.
#[derive(Clone, Copy)]
struct Turn {
    a: f32,
    b: f32,
}

impl Turn {
    /// Returns the transform that takes `from` nearest to `to`, without its translation; see [`Similarity`](crate::landmarks::Similarity::between).
    fn between(from: &[Point], to: &[Point]) -> Self {
        let (from_mean, to_mean) = (centroid(from), centroid(to));
        let (mut a, mut b, mut norm) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let z = [f64::from(p.x) - from_mean[0], f64::from(p.y) - from_mean[1]];
            let w = [f64::from(q.x) - to_mean[0], f64::from(q.y) - to_mean[1]];
            a += z[0] * w[0] + z[1] * w[1];
            b += z[0] * w[1] - z[1] * w[0];
            norm += z[0] * z[0] + z[1] * z[1];
        }
        // One landmark alone, or all in one place, does not turn.
        if norm > 0.0 { Self { a: (a / norm) as f32, b: (b / norm) as f32 } } else { Self { a: 1.0, b: 0.0 } }
    }
}

fn centroid(points: &[Point]) -> [f64; 2] {
    let sum = points.iter().fold([0.0, 0.0], |[x, y], p| [x + f64::from(p.x), y + f64::from(p.y)]);
    sum.map(|v| v / points.len().max(1) as f64)
}

/// The grey values, from 0 to 255, at the feature points of a shape in the frame of the unit square: nearest pixel, and 0
/// beyond the image's edge. `mean` is the cascade's mean shape.
pub fn look(points: &[FeaturePoint], image: &GreyImage, unit: UnitSquare, mean: &[Point], shape: &[Point]) -> Vec<f32> {
    let mut grey = vec![0.0; points.len()];
    look_at(points, image, shape, &Frame { turn: Turn::between(mean, shape), unit }, &mut grey);
    grey
}

/// Transform of feature points to the image.
struct Frame {
    turn: Turn,
    unit: UnitSquare,
}

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn look_at(points: &[FeaturePoint], image: &GreyImage, shape: &[Point], frame: &Frame, grey: &mut [f32]) {
    let (width, height, pixels) = (f64::from(image.width()), f64::from(image.height()), image.as_raw());
    let (Turn { a, b }, UnitSquare { corner, size }) = (frame.turn, frame.unit);
    for (grey, FeaturePoint { anchor, offset }) in grey.iter_mut().zip(points) {
        let p = shape[usize::from(*anchor)];
        let (x, y) = (a * offset.x - b * offset.y + p.x, b * offset.x + a * offset.y + p.y);
        let x = (corner[0] + size[0] * f64::from(x) + 0.5).floor();
        let y = (corner[1] + size[1] * f64::from(y) + 0.5).floor();
        // Not finite is outside, too.
        if x >= 0.0 && x < width && y >= 0.0 && y < height {
            *grey = pixels[y as usize * image.width() as usize + x as usize].into();
        }
    }
}

/// The leaf of a complete binary tree that these grey values reach.
#[inline(always)]
fn leaf_of(tree: &[PredictorSplit], depth: u8, grey: &[f32]) -> usize {
    let mut node = 0;
    for _ in 0..depth {
        let split = &tree[node];
        let difference = grey[usize::from(split.first)] - grey[usize::from(split.second)];
        node = 2 * node + 2 - usize::from(difference > split.threshold);
    }
    node - tree.len()
}

/// Adds up the leaves that begin at these places, one after the other.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn add_leaves(leaves: &[f32], reached: &[u32], sum: &mut [f32]) {
    for &leaf in reached {
        for (sum, &value) in sum.iter_mut().zip(&leaves[leaf as usize..]) {
            *sum += value;
        }
    }
}
