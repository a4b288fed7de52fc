//! Lesson 4: a score for every window, the windows that are left, and how many each judge leaves.

use image::GrayImage;
use image::{Rgb, RgbImage};
use lineament::drawing::stroke;
use lineament::geometry::{Point, Rect};
use lineament::raw::hog::FeatureMap;
use lineament::raw::pyramid::Level;
use lineament::raw::{Candidate, DetectOptions, Detection, Detector, nms};
use lineament::raw::{DetectorObserver, HogObserver, StripObserver};
use lineament_train::report::Figure;
use plotters::prelude::{ChartBuilder, Color, IntoFont, IntoLogRange, RGBColor, Rectangle, Text};
use std::sync::Mutex;

use super::html::{Panel, coloured, figure};
use super::{Made, model, photograph};

/// The smallest face that is looked for.
const SMALLEST: f32 = 80.0;
/// The score from which windows are shown: low, so that there is something to unite.
const THRESHOLD: f32 = -1.0;

pub fn drawn() -> Made<String> {
    let (image, detector) = (photograph("astronaut.png")?, model::<Detector>("detector")?);
    let options = DetectOptions { threshold: THRESHOLD, min_face: SMALLEST, max_faces: None };
    let counts = Counts::default();
    let found = detector.detect_traced(&image, &options, &counts);
    let counts = counts.0.into_inner()?;
    let boxes = &counts.left;
    let left = [counts.windows, counts.windows - counts.sieved, counts.judged, boxes.len(), found.len()];
    let caption = format!(
        "Every window of one level as a pixel, bright where the frontal filter gives a high score; the boxes of all \
         windows that reach the end; those that overlap made one, where that scores −1 or more; and how many windows of the whole pyramid each \
         judge leaves: of {} the sieve leaves {}, the filters {}, the forest {}; {} of the boxes are reported. \
         At a threshold this low false alarms are to be expected, one a megapixel.",
        left[0], left[1], left[2], left[3], left[4]
    );
    let panels = [
        Panel::image(&score_map(&image, &detector, &found)?, "scores of a level's windows")?,
        Panel::image(&boxed(&image, boxes), "boxes of the windows that are left")?,
        Panel::image(&boxed(&image, &found), "windows on one face united")?,
        Panel::plot(&bars(&left)?),
    ];
    Ok(figure(&caption, &panels))
}

/// What becomes of the windows.
#[derive(Default)]
struct Tally {
    windows: usize,
    sieved: usize,
    judged: usize,
    left: Vec<Detection>,
}

#[derive(Default)]
struct Counts(Mutex<Tally>);

/// The same for one strip; the windows themselves are counted from the features' size.
#[derive(Default)]
struct Strip(Tally);

/// Cells along a side of the shipped detector's window.
const CELLS: usize = 12;

impl HogObserver for Strip {}

impl StripObserver for Strip {
    fn features(&mut self, map: &FeatureMap) {
        self.0.windows += (map.columns() + 1).saturating_sub(CELLS) * (map.rows() + 1).saturating_sub(CELLS);
    }

    fn sieved(&mut self, _window: [usize; 2], _trees: usize) {
        self.0.sieved += 1;
    }

    fn judged(&mut self, _candidate: &Candidate, left: Option<&Detection>) {
        self.0.judged += 1;
        self.0.left.extend(left);
    }
}

impl DetectorObserver for Counts {
    type Strip = Strip;

    fn strip(&self, _number: usize, _first_row: usize) -> Strip {
        Strip::default()
    }

    fn finish(&self, Strip(strip): Strip) {
        if let Ok(mut all) = self.0.lock() {
            all.windows += strip.windows;
            all.sieved += strip.sieved;
            all.judged += strip.judged;
            all.left.extend(strip.left);
            nms::sort(&mut all.left);
        }
    }
}

/// The frontal filter's scores of all windows of the level whose faces are nearest in size to the
/// best detection.
fn score_map(image: &GrayImage, detector: &Detector, kept: &[Detection]) -> Made<RgbImage> {
    let window = &detector.window;
    let wanted = kept.first().map_or(SMALLEST, |best| best.bounds.width);
    let distance = |level: &Level| (window.face / level.scale[0] / wanted).ln().abs();
    let levels = window.pyramid(SMALLEST).octaves(image, <[Level]>::to_vec).concat();
    let level = levels.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).ok_or("an image without levels")?;
    let map = FeatureMap::new(&level.image, window.cell.into());
    let (columns, rows) = (map.columns() + 1 - CELLS, map.rows() + 1 - CELLS);
    let mut features = Vec::new();
    let mut score = |i: usize| {
        window.copy(&map, i % columns, i / columns, &mut features);
        detector.components[0].filter.score(&features)
    };
    let scores: Vec<f32> = (0..columns * rows).map(&mut score).collect();
    let (low, high) = scores.iter().fold((f32::MAX, f32::MIN), |(low, high), &v| (low.min(v), high.max(v)));
    let map = GrayImage::from_fn(columns as u32, rows as u32, |x, y| {
        let score = scores[y as usize * columns + x as usize];
        image::Luma([(255.0 * ((score - low) / (high - low).max(1e-6)).powi(2)) as u8])
    });
    Ok(coloured(&map, (256 / columns.max(1)).max(1) as u32))
}

/// The photograph at half its size, with boxes.
fn boxed(image: &GrayImage, boxes: &[Detection]) -> RgbImage {
    let mut small = coloured(&lineament::raw::resample::half(image), 1);
    for Detection { bounds: Rect { x, y, width, height }, .. } in boxes {
        let corner = |right: f32, down: f32| Point::new(x + right * width, y + down * height) * 0.5;
        let corners = [corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)];
        for i in 0..4 {
            stroke(&mut small, corners[i], corners[(i + 1) % 4], 0.5, Rgb([255, 190, 40]));
        }
    }
    small
}

/// How many windows are left, on a logarithmic scale.
fn bars(left: &[usize; 5]) -> Made<Figure> {
    let names = ["all windows", "after the sieve", "after the filters", "after the forest", "united, −1 or more"];
    let most = left[0] as f64;
    let drawn = Figure::draw("judges", "windows that are left (logarithmic scale)", "", (1200, 620), |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(20)
            .margin_right(180)
            .build_cartesian_2d((0.6..most).log_scale(), names.len() as f64..0.0)?;
        let style = ("sans-serif", 40).into_font().color(&RGBColor(31, 41, 51));
        for (i, (name, &count)) in names.iter().zip(left).enumerate() {
            let (y, end) = (i as f64, (count as f64).max(0.6));
            chart.draw_series([Rectangle::new([(0.6, y + 0.55), (end, y + 0.92)], RGBColor(0, 114, 178).filled())])?;
            chart.draw_series([Text::new(format!("{name}: {count}"), (0.6, y + 0.1), style.clone())])?;
        }
        Ok(())
    })?;
    Ok(drawn)
}
