//! Lesson 4: the score of every window of a level, the boxes before and after merging, and the number of windows that
//! each stage accepts.

use std::sync::Mutex;

use image::{Rgb, RgbImage};
use lineament::geometry::{Point, Rect};
use lineament::raw::drawing::stroke;
use lineament::raw::hog::FeatureMap;
use lineament::raw::pyramid::Level;
use lineament::raw::{
    Candidate, DetectOptions, Detection, Detector, DetectorObserver, GreyImage, HogObserver, StripObserver, nms,
};
use lineament_train::report::Figure;
use plotters::prelude::{ChartBuilder, Color, IntoFont, LineSeries, RGBColor, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::html::{Panel, coloured, figure};
use super::{Made, model, photograph};

/// Side of the smallest face that the detector searches for, in pixels.
const SMALLEST: f32 = 80.0;
/// Threshold: low, so that there are several boxes to merge.
const THRESHOLD: f32 = -1.0;

pub fn drawn() -> Made<String> {
    let (image, detector) = (photograph("astronaut.png")?, model::<Detector>("detector")?);
    let options = DetectOptions { threshold: THRESHOLD, min_face: SMALLEST, max_faces: None };
    let counts = Counts::default();
    let found = detector.detect_observed(&image, &options, &counts);
    let Tally { windows, prefilter_rejected, classified, accepted, merged } = counts.0.into_inner()?;
    let caption = format!(
        "First, the score of the frontal filter for every window of one level, bright where it is high. Then the boxes \
         of all windows that pass every stage, and the boxes that are reported after merging. Of the {windows} windows of \
         the pyramid, the prefilter accepts {} and the filters {classified}. The boosted trees reject only {} of these: \
         their task is the score, by which the {merged} merged boxes are ranked and thresholded. {} of them score at least \
         −1. At a threshold this low, false positives are to be expected.",
        windows - prefilter_rejected,
        classified - accepted.len(),
        found.len(),
    );
    let bars = [
        ("all windows", windows),
        ("accepted by the prefilter", windows - prefilter_rejected),
        ("accepted by the filters", classified),
        ("not rejected by the boosted trees", accepted.len()),
        ("boxes after merging", merged),
        ("boxes that score at least −1", found.len()),
    ];
    let panels = [
        Panel::image(&score_map(&image, &detector, &found)?, "filter scores of a level's windows")?,
        Panel::image(&boxed(&image, &accepted), "boxes of the windows that pass every stage")?,
        Panel::image(&boxed(&image, &found), "boxes after merging, score at least −1")?,
        Panel::plot(&bar_chart(&bars)?),
    ];
    Ok(figure(&caption, &panels))
}

/// Counts the windows that each stage accepts.
#[derive(Default)]
struct Tally {
    windows: usize,
    prefilter_rejected: usize,
    classified: usize,
    accepted: Vec<Detection>,
    merged: usize,
}

#[derive(Default)]
struct Counts(Mutex<Tally>);

/// The same for one strip. The windows themselves are counted from the size of the features.
#[derive(Default)]
struct Strip(Tally);

/// Cells along a side of the shipped detector's window.
const CELLS: usize = 12;

impl HogObserver for Strip {}

impl StripObserver for Strip {
    fn features(&mut self, map: &FeatureMap) {
        self.0.windows += (map.columns() + 1).saturating_sub(CELLS) * (map.rows() + 1).saturating_sub(CELLS);
    }

    fn prefilter_rejected(&mut self, _window: [usize; 2], _trees: usize) {
        self.0.prefilter_rejected += 1;
    }

    fn classified(&mut self, _candidate: &Candidate, detection: Option<&Detection>) {
        self.0.classified += 1;
        self.0.accepted.extend(detection);
    }
}

impl DetectorObserver for Counts {
    type Strip = Strip;

    fn strip(&self, _number: usize, _first_row: usize) -> Strip {
        Strip::default()
    }

    fn finish(&self, Strip(strip): Strip) {
        let mut all = self.0.lock().expect("no thread panics while it counts");
        all.windows += strip.windows;
        all.prefilter_rejected += strip.prefilter_rejected;
        all.classified += strip.classified;
        all.accepted.extend(strip.accepted);
        nms::sort(&mut all.accepted);
    }

    fn merged(&self, _windows: &[Detection], _detection: &Detection) {
        self.0.lock().expect("no thread panics while it counts").merged += 1;
    }
}

/// Draws the frontal filter's scores of all windows of the level whose faces are nearest in size to the best detection.
fn score_map(image: &GreyImage, detector: &Detector, found: &[Detection]) -> Made<RgbImage> {
    let window = &detector.window;
    let wanted = found.first().ok_or("no face")?.bounds.width;
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
    let map = GreyImage::from_fn(columns as u32, rows as u32, |x, y| {
        let score = scores[y as usize * columns + x as usize];
        (255.0 * ((score - low) / (high - low).max(1e-6)).powi(2)) as u8
    });
    Ok(coloured(&map, (256 / columns.max(1)).max(1) as u32))
}

/// Draws boxes over the image at half its size.
fn boxed(image: &GreyImage, boxes: &[Detection]) -> RgbImage {
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

/// Draws a bar for each count, over a logarithmic axis.
fn bar_chart(bars: &[(&str, usize); 6]) -> Made<Figure> {
    const BAR: RGBColor = RGBColor(0, 114, 178);
    const INK: RGBColor = RGBColor(31, 41, 51);
    const GRID: RGBColor = RGBColor(217, 222, 228);
    let bottom = bars.len() as f64;
    let decades = (bars[0].1 as f64).log10().ceil() as u32;
    let figure = Figure::draw("stages", "how many windows each stage accepts", "", (1200, 900), |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(20)
            .margin_right(60)
            .build_cartesian_2d(-0.2..f64::from(decades), bottom + 1.5..0.0)?;
        let style = ("sans-serif", 40).into_font().color(&INK);
        let centred = style.clone().pos(Pos::new(HPos::Center, VPos::Top));
        for decade in 0..=decades {
            let x = f64::from(decade);
            chart.draw_series(LineSeries::new([(x, 0.0), (x, bottom + 0.1)], GRID.stroke_width(2)))?;
            chart.draw_series([Text::new(10u64.pow(decade).to_string(), (x, bottom + 0.2), centred.clone())])?;
        }
        let middle = f64::from(decades) / 2.0;
        chart.draw_series([Text::new("number, logarithmic scale", (middle, bottom + 0.85), centred)])?;
        for (i, &(name, count)) in bars.iter().enumerate() {
            let (y, end) = (i as f64, (count as f64).log10());
            chart.draw_series([Rectangle::new([(-0.2, y + 0.55), (end, y + 0.9)], BAR.filled())])?;
            chart.draw_series([Text::new(format!("{name}: {count}"), (-0.2, y + 0.08), style.clone())])?;
        }
        Ok(())
    })?;
    Ok(figure)
}
