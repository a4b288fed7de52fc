//! Windows around the training faces: shifted, rotated and degraded at random.

use lineament::Shape;
use lineament::geometry::Point;
use lineament::raw::hog::FeatureMap;
use lineament::raw::resample::half;
use lineament::raw::{GreyImage, ShapeExt, Window};
use rand::{Rng, RngExt};

use super::hyperparams::FaceParams;
use super::poses::{self, Pose};
use super::samples::{Samples, mirror};
use crate::dataset::boxes::box_from_shape;
use crate::rng::{normal, seeded};

/// Windows around faces, with the targets of training.
#[derive(Clone, Debug, Default)]
pub struct FaceWindows {
    /// The features.
    pub samples: Samples,
    /// Pose of each window's face.
    pub poses: Vec<usize>,
    /// Offset of the face box: its centre from the middle of the window, in sides of the window's
    /// box, and the logarithm of its side.
    pub offsets: Vec<[f32; 3]>,
    /// In-plane rotation of each face, in radians.
    pub tilts: Vec<f32>,
}

impl FaceWindows {
    /// An empty list.
    pub fn new(window: &Window) -> Self {
        Self { samples: Samples::new(window.len()), ..Self::default() }
    }

    /// Appends the windows of `other`.
    pub fn append(&mut self, other: Self) {
        self.samples.features.extend(other.samples.features);
        self.poses.extend(other.poses);
        self.offsets.extend(other.offsets);
        self.tilts.extend(other.tilts);
    }
}

/// Cells sampled beyond the window: their pixels and energies contribute to its outermost cells.
const AROUND: usize = 2;

/// Returns `copies` random windows of a face, each followed by its mirror image.
pub fn windows(
    image: &GreyImage,
    shape: &Shape,
    window: &Window,
    poses: &[Pose],
    params: &FaceParams,
    seed: u64,
) -> FaceWindows {
    let mut rng = seeded(seed);
    let mut found = FaceWindows::new(window);
    let mut octaves = vec![image.clone().into_owned()];
    let mut features = Vec::new();
    for copy in 0..params.copies {
        let mut uniform = |range: f32| if range > 0.0 { rng.random_range(-range..range) } else { 0.0 };
        let shift = [uniform(params.shift), uniform(params.shift)];
        let log_scale = rng.random_range(-params.scale - params.smaller..=params.scale) * std::f32::consts::LN_2;
        // The first copy keeps the tilt of the face.
        let turn = if copy == 0 { 0.0 } else { params.rotation * normal(&mut rng) };
        let degraded = copy > 0 && rng.random::<f32>() < params.degraded;

        let (sin, cos) = turn.sin_cos();
        let turned = shape.map(|p| Point::new(cos * p.x - sin * p.y, sin * p.x + cos * p.y));
        let bounds = box_from_shape(&turned);
        let step = bounds.width / (window.face * log_scale.exp());
        let middle = bounds.centre() - Point::new(shift[0], shift[1]) * (window.face * step);
        let side = usize::from(window.cell) * (usize::from(window.cells) + 2 * AROUND);
        let coarser = if degraded && rng.random::<bool>() { rng.random_range(0.3..1.3f32) } else { 0.0 };
        let octave = (step.log2() + 0.3 + coarser).max(0.0) as usize;
        while octaves.len() <= octave {
            octaves.push(half(&octaves[octaves.len() - 1]));
        }
        let mut crop = sample(&octaves[octave], octave, side, |u, v| {
            let offset = Point::new(u - side as f32 / 2.0, v - side as f32 / 2.0) * step;
            let p = middle + offset;
            Point::new(cos * p.x + sin * p.y, cos * p.y - sin * p.x)
        });
        if degraded {
            degrade(&mut crop, &mut rng);
        }
        let map = FeatureMap::new(&to_image(&crop, side), window.cell.into());
        window.copy(&map, AROUND, AROUND, &mut features);
        let unit = poses::normalised(&turned);
        let tilt = poses::tilt(&turned);
        found.samples.push(&features);
        found.poses.push(poses::nearest(poses, &unit));
        found.offsets.push([shift[0], shift[1], log_scale]);
        found.tilts.push(tilt);
        found.samples.push(&mirror(&features, window));
        found.poses.push(poses::nearest(poses, &poses::mirrored(&unit)));
        found.offsets.push([-shift[0], shift[1], log_scale]);
        found.tilts.push(-tilt);
    }
    found
}

/// Samples `side × side` pixels, each the mean of four places in it; `place` maps pixel edges to
/// the image.
fn sample(base: &GreyImage, octave: usize, side: usize, place: impl Fn(f32, f32) -> Point) -> Vec<f32> {
    let reduction = (1u32 << octave) as f32;
    let (right, bottom) = (base.width() as i32 - 1, base.height() as i32 - 1);
    let grey = |x: i32, y: i32| f32::from(base.pixel(x.clamp(0, right) as u32, y.clamp(0, bottom) as u32));
    let at = |p: Point| {
        let (x, y) = ((p.x + 0.5) / reduction - 0.5, (p.y + 0.5) / reduction - 0.5);
        let (column, row) = (x.floor(), y.floor());
        let (fx, fy) = (x - column, y - row);
        let (column, row) = (column as i32, row as i32);
        let top = grey(column, row) * (1.0 - fx) + grey(column + 1, row) * fx;
        let low = grey(column, row + 1) * (1.0 - fx) + grey(column + 1, row + 1) * fx;
        top * (1.0 - fy) + low * fy
    };
    let mut pixels = Vec::with_capacity(side * side);
    for v in 0..side {
        for u in 0..side {
            let (u, v) = (u as f32, v as f32);
            let sum: f32 = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
                .iter()
                .map(|(du, dv)| at(place(u + du, v + dv)))
                .sum();
            pixels.push(sum / 4.0);
        }
    }
    pixels
}

/// Applies the gamma, contrast and noise of bad photographs and scans.
fn degrade(crop: &mut [f32], rng: &mut impl Rng) {
    let gamma = (rng.random_range(-0.8..0.8f32)).exp2();
    let contrast = rng.random_range(0.25..1.0f32);
    let noise = if rng.random::<bool>() { rng.random_range(0.0..10.0f32) } else { 0.0 };
    for pixel in crop {
        let bent = 255.0 * (*pixel / 255.0).clamp(0.0, 1.0).powf(gamma);
        *pixel = 128.0 + contrast * (bent - 128.0) + noise * normal(rng);
    }
}

fn to_image(crop: &[f32], side: usize) -> GreyImage<'static> {
    let pixels = crop.iter().map(|&v| v.round().clamp(0.0, 255.0) as u8).collect::<Vec<u8>>();
    GreyImage::from_raw(side as u32, side as u32, pixels).expect("a square of pixels")
}
