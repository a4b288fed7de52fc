//! The sliding-window detector of dlib: linear filters over Felzenszwalb's HOG features, and nothing after them.
//!
//! ```text
//! image ─► pyramid, each level ─► HOG features ─► filters: a score for ─► boxes ─► non-maximum
//!            5/6 of the last         (floats)       every window                     suppression
//! [pyramid]                          [features]                            [boxes]
//! ```
//!
//! King, "Max-Margin Object Detection", 2015. Whoever has such a detector expects its very boxes and scores. Hence every step
//! follows dlib: where it rounds, at which pixels it begins, which of two boxes goes. This is the reason for features
//! beside those of [`crate::hog`], which begin at the image's edge instead of a cell inside it and are whole numbers.
//!
//! One thing differs. dlib replaces a filter by a sum of separable ones where that is faster, and leaves out what has
//! less than a thousandth of the largest part; here the filters are applied as they are.

mod boxes;
mod features;
mod pyramid;

use crate::detector::{DetectOptions, Detection, nms};
use crate::image::GreyImage;
use crate::invalid::InvalidModel;
use crate::parallel;
use boxes::PixelBox;
use features::{Cell, FEATURES, FeatureMap};

/// The most cells along a side of the window.
const LARGEST_WINDOW: i64 = 128;
/// Maximum number of times that an image is doubled before its pyramid begins.
const DOUBLINGS: u8 = 3;
/// The most pixels of a doubled image.
const DOUBLED_PIXELS: u64 = 1 << 28;

/// A linear classifier over the features of a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HogFilter {
    /// For each of the 31 features the weights of the window's cells, row by row.
    pub weights: Vec<f64>,
    /// Threshold, subtracted from the sum: scores of at least 0 are detections.
    pub threshold: f64,
}

/// When two boxes are taken for one object.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// The common area is more than this share of the smallest box around both.
    pub of_both: f64,
    /// The common area is more than this share of one of them.
    pub of_one: f64,
}

/// A detector of one kind of object at all sizes.
///
/// These are the parts, unchecked: with parts that do not fit together, its methods may panic. A
/// [`DetectorModel`](crate::DetectorModel) is checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HogDetector {
    /// Side of a cell in pixels.
    pub cell: u32,
    /// Cells that the filters see on each side of the object.
    pub padding: u32,
    /// Width and height of the object's box in pixels.
    pub window: [u32; 2],
    /// The most levels of the pyramid.
    pub levels: u32,
    /// Width and height below which the pyramid ends.
    pub smallest_level: [u32; 2],
    /// Weight of the nuclear norm in training, which favours separable filters. Detection does not use it.
    pub nuclear_norm: f64,
    /// When two boxes are one object.
    pub overlap: Overlap,
    /// The filters, one for each view of the object.
    pub filters: Vec<HogFilter>,
    /// Number of times to double the image before the search, if the file contains it.
    pub doublings: Option<u8>,
}

impl HogDetector {
    /// Checks every invariant that prediction relies on.
    ///
    /// # Errors
    /// If one does not hold.
    pub fn validate(&self) -> Result<(), InvalidModel> {
        self.validate_window()?;
        if self.filters.is_empty() || self.filters.iter().any(|filter| filter.weights.len() != self.weights()) {
            return Err(InvalidModel::new("the detector", "has no filters, or some that do not fit its window"));
        }
        if self.levels == 0 || self.doublings.is_some_and(|doublings| doublings > DOUBLINGS) {
            return Err(InvalidModel::new("the pyramid", "has no level, or doubles the image more than three times"));
        }
        let weights = self.filters.iter().flat_map(|filter| filter.weights.iter().chain([&filter.threshold]));
        let finite = weights.chain([&self.overlap.of_both, &self.overlap.of_one, &self.nuclear_norm]);
        InvalidModel::unless(
            finite.into_iter().all(|v| v.is_finite()),
            "the detector",
            "has a number that is not finite",
        )
    }
}

impl HogDetector {
    /// Checks what [`HogDetector::weights`] relies on.
    pub(crate) fn validate_window(&self) -> Result<(), InvalidModel> {
        if !(2..=64).contains(&self.cell) {
            return Err(InvalidModel::new("the window", format!("has cells of {} pixels, not 2 to 64", self.cell)));
        }
        if self.window.iter().any(|&side| side == 0 || side > 10_000) || self.padding > 64 {
            let [width, height] = self.window;
            let problem = format!("has {width}×{height} pixels, padded by {} cells", self.padding);
            return Err(InvalidModel::new("the window", problem));
        }
        let [columns, rows] = self.cells();
        if [columns, rows].iter().any(|side| !(1..=LARGEST_WINDOW).contains(side)) {
            return Err(InvalidModel::new("the window", format!("has {columns}×{rows} cells")));
        }
        Ok(())
    }

    /// Columns and rows of the filters.
    pub(crate) fn cells(&self) -> [i64; 2] {
        boxes::window_cells(self.window.map(i64::from), i64::from(self.cell), i64::from(self.padding))
    }

    /// The number of weights of a filter.
    pub(crate) fn weights(&self) -> usize {
        let [columns, rows] = self.cells();
        (columns * rows).max(0) as usize * FEATURES
    }

    /// Default options: all that dlib reports, for objects of at least the window's size.
    pub fn default_options(&self) -> DetectOptions {
        let side = self.window[0].min(self.window[1]) as f32;
        let min_face = side / f32::from(1u8 << self.doublings.unwrap_or(0).min(DOUBLINGS));
        DetectOptions { threshold: 0.0, min_face, max_faces: None }
    }

    /// The objects in an image of one or three channels of the same size, best score first.
    ///
    /// For objects smaller than the window the image is doubled, as often as need be and at most three times. Uses the
    /// threads of the current rayon pool; the result does not depend on their number.
    pub fn detect(&self, channels: &[GreyImage], options: &DetectOptions) -> Vec<Detection> {
        let side = f64::from(self.window[0].min(self.window[1]));
        let smallest = f64::from(options.min_face);
        let (mut doublings, mut scale) = (0, 1.0);
        let mut doubled = None;
        while doublings < DOUBLINGS && side * scale > smallest * 1.001 {
            let image = doubled.as_deref().unwrap_or(channels);
            let pixels = image.first().map_or(0, |channel| u64::from(channel.width()) * u64::from(channel.height()));
            if !(1..=DOUBLED_PIXELS / 4).contains(&pixels) {
                break;
            }
            doubled = Some(pyramid::doubled(image));
            (doublings, scale) = (doublings + 1, scale / 2.0);
        }
        let levels = pyramid::levels(doubled.as_deref().unwrap_or(channels), self.levels, self.smallest_level);
        let filters: Vec<Vec<Cell>> = self.filters.iter().map(|filter| self.by_cell(filter)).collect();
        let levels: Vec<(usize, Vec<GreyImage>)> = levels.into_iter().enumerate().collect();
        let search = |(level, image): &(usize, Vec<GreyImage>)| {
            let level = *level;
            if side * scale * pyramid::STEP.powi(level as i32) < smallest * 0.999 {
                return Vec::new();
            }
            self.search(image, &filters, options.threshold, |found| found.up(level).halved(doublings))
        };
        let found: Vec<Vec<Candidate>> = parallel::map(&levels, search);
        let mut faces = self.suppress(found.into_iter().flatten().collect());
        faces.truncate(options.max_faces.unwrap_or(usize::MAX));
        faces
    }

    /// The weights of a filter in single precision, cell by cell.
    fn by_cell(&self, filter: &HogFilter) -> Vec<Cell> {
        let cells = filter.weights.len() / FEATURES;
        let cell = |cell: usize| {
            let mut weights = Cell::default();
            for (feature, weight) in weights.iter_mut().take(FEATURES).enumerate() {
                *weight = filter.weights[feature * cells + cell] as f32;
            }
            weights
        };
        (0..cells).map(cell).collect()
    }

    /// The windows of a level that a filter takes for the object; `place` brings their boxes to the image.
    fn search(
        &self,
        image: &[GreyImage],
        filters: &[Vec<Cell>],
        threshold: f32,
        place: impl Fn(PixelBox) -> PixelBox,
    ) -> Vec<Candidate> {
        let [columns, rows] = self.cells();
        let map = FeatureMap::new(image, self.cell as usize, [columns as usize, rows as usize]);
        let (mut sums, mut found) = (Vec::new(), Vec::new());
        for (component, (weights, filter)) in filters.iter().zip(&self.filters).enumerate() {
            for row in 0..map.windows[1] {
                scan_row(&map, weights, row, &mut sums);
                for (column, &sum) in sums.iter().enumerate() {
                    if f64::from(sum) >= filter.threshold + f64::from(threshold) {
                        let window = boxes::object_box(self, [column as i64, row as i64]);
                        found.push(Candidate {
                            bounds: place(window),
                            score: f64::from(sum) - filter.threshold,
                            component,
                        });
                    }
                }
            }
        }
        found
    }

    /// Non-maximum suppression: the best stay, and what overlaps with one that stays goes.
    fn suppress(&self, mut candidates: Vec<Candidate>) -> Vec<Detection> {
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        candidates.truncate(nms::MOST_WINDOWS);
        let mut kept: Vec<Candidate> = Vec::new();
        for candidate in candidates {
            if !kept.iter().any(|other| other.bounds.overlaps(&candidate.bounds, &self.overlap)) {
                kept.push(candidate);
            }
        }
        let detection = |Candidate { bounds, score, component }: Candidate| Detection {
            bounds: bounds.to_rect(),
            score: score as f32,
            angle: 0.0,
            component,
        };
        kept.into_iter().map(detection).collect()
    }

    /// Names and values in a fixed order, for people.
    pub fn summary(&self) -> Vec<(String, String)> {
        let [width, height] = self.window;
        let [columns, rows] = self.cells();
        let [least_width, least_height] = self.smallest_level;
        let Overlap { of_both, of_one } = self.overlap;
        let mut entries = vec![
            ("window".to_owned(), format!("{width}×{height} pixels, {columns}×{rows} cells of {} pixels", self.cell)),
            ("filters".to_owned(), self.filters.len().to_string()),
            ("pyramid".to_owned(), format!("levels of 5/6 each, down to {least_width}×{least_height} pixels")),
            (
                "same object".to_owned(),
                format!("common area above {of_both:.3} of the box around both, or above {of_one:.3} of one"),
            ),
        ];
        entries.extend(self.doublings.map(|doublings| ("image doubled".to_owned(), format!("{doublings} times"))));
        entries.push(("score".to_owned(), "dlib's; its threshold is 0".to_owned()));
        entries
    }
}

/// A window that a filter takes for the object.
struct Candidate {
    bounds: PixelBox,
    score: f64,
    component: usize,
}

/// The sums of a filter's products with the features of every window of a row.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn scan_row(map: &FeatureMap, weights: &[Cell], row: usize, sums: &mut Vec<f32>) {
    let [columns, rows] = map.window;
    sums.clear();
    for column in 0..map.windows[0] {
        let mut sum = Cell::default();
        for r in 0..rows {
            let cells = &map.row(row + r)[column..column + columns];
            for (weights, cell) in weights[r * columns..(r + 1) * columns].iter().zip(cells) {
                for k in 0..sum.len() {
                    sum[k] += weights[k] * cell[k];
                }
            }
        }
        sums.push(sum.iter().sum());
    }
}
