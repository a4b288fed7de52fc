//! Lesson 3: a plane between points of chance, before and after hard negatives, and a filter of the
//! shipped detector.

use lineament::raw::Detector;
use lineament::raw::hog::{ONE, STRIDE};
use lineament_train::detector::svm::{self, Plane};
use lineament_train::report::Figure;
use plotters::prelude::{ChartBuilder, Circle, Color, LineSeries, RGBColor};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::glyphs::glyphs;
use super::html::{Panel, figure};
use super::{Made, model};

/// Two features, in the width that the solver's vectors need.
type Sample = [i16; 16];

const FACE: RGBColor = RGBColor(0, 114, 178);
const OTHER: RGBColor = RGBColor(213, 94, 0);
const INK: RGBColor = RGBColor(31, 41, 51);
const FAINT: RGBColor = RGBColor(154, 165, 177);

pub fn drawn() -> Made<String> {
    let rng = &mut ChaCha8Rng::seed_from_u64(7);
    let faces: Vec<Sample> = (0..60).map(|_| near(0.66, 0.62, 0.07, rng)).collect();
    // Most of what is no face is far from being one; one place in ten is nearly one.
    let pool: Vec<Sample> = (0..4000)
        .map(|i| if i % 10 == 0 { near(0.46, 0.58, 0.07, rng) } else { near(0.26, 0.24, 0.09, rng) })
        .collect();
    // What a few images at random give: nothing that looks like a face.
    let far = Plane { weights: vec![1.0, 1.0], bias: -0.8 };
    let mut others: Vec<Sample> = pool.iter().filter(|s| value(&far, s) < 0.0).take(40).copied().collect();
    let first = fit(&faces, &others);
    let hard: Vec<Sample> = pool.iter().filter(|s| value(&first, s) > -1.0).copied().collect();
    let shown: Vec<Sample> = hard.iter().step_by(5).copied().collect();
    let alarms = |plane: &Plane| pool.iter().filter(|s| value(plane, s) > 0.0).count();
    let before = plot("negatives at random", &faces, &others, &first)?;
    others.extend(&hard);
    let second = fit(&faces, &others);
    let after = plot("with hard negatives", &faces, &shown, &second)?;
    let caption = format!(
        "Blue: faces; orange: windows without a face. The line is where the score is 0, the thin ones where it is ±1. Fitted to \
         40 negatives at random, the plane takes {} of 4000 other windows for faces. {} of the 4000 score above −1; with these \
         among the negatives {} are left. Below, the frontal filter of the shipped detector: edges that speak for a face, and edges \
         that speak against one.",
        alarms(&first),
        hard.len(),
        alarms(&second)
    );
    let [liked, disliked] = [1.0, -1.0].map(weights);
    let panels = [
        Panel::plot(&before),
        Panel::plot(&after),
        Panel::image(&glyphs(&liked?, 12, 14), "positive weights")?,
        Panel::image(&glyphs(&disliked?, 12, 14), "negative weights")?,
    ];
    Ok(figure(&caption, &panels))
}

fn value(plane: &Plane, sample: &Sample) -> f32 {
    let feature = |k: usize| plane.weights[k] * f32::from(sample[k]) / ONE;
    feature(0) + feature(1) + plane.bias
}

/// A point around a place; the sum of three uniform numbers is nearly normal.
fn near(x: f32, y: f32, deviation: f32, rng: &mut impl Rng) -> Sample {
    let mut around = |middle: f32| {
        let sum: f32 = (0..3).map(|_| rng.random::<f32>() - 0.5).sum();
        ((middle + 2.0 * deviation * sum).clamp(0.0, 1.0) * ONE) as i16
    };
    let mut sample = [0; 16];
    (sample[0], sample[1]) = (around(x), around(y));
    sample
}

fn fit(faces: &[Sample], others: &[Sample]) -> Plane {
    let [faces, others] = [faces, others].map(|samples| samples.iter().map(|s| &s[..]).collect::<Vec<&[i16]>>());
    let weight = others.len() as f32 / faces.len() as f32;
    svm::fit(&faces, &others, (30.0 * weight.max(1.0), 30.0), 2000, 1)
}

fn plot(title: &str, faces: &[Sample], others: &[Sample], plane: &Plane) -> Made<Figure> {
    let place = |s: &Sample| (f64::from(s[0]) / f64::from(ONE), f64::from(s[1]) / f64::from(ONE));
    let drawn = Figure::draw("margin", title, "", (900, 900), |area| {
        let mut chart = ChartBuilder::on(area).margin(20).build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
        chart.configure_mesh().disable_mesh().x_labels(0).y_labels(0).axis_style(FAINT.stroke_width(2)).draw()?;
        for (samples, colour) in [(others, OTHER), (faces, FACE)] {
            let dots = samples.iter().map(|s| Circle::new(place(s), 9, colour.filled()));
            chart.draw_series(dots)?;
        }
        for (level, colour, width) in [(-1.0, FAINT, 3), (0.0, INK, 5), (1.0, FAINT, 3)] {
            // From the left edge to the right; y where the value is the level.
            let [a, b] = [plane.weights[0], plane.weights[1]].map(f64::from);
            let y = |x: f64| (level - f64::from(plane.bias) - a * x) / b;
            let inside = (0..=400).map(|i| f64::from(i) / 400.0).map(|x| (x, y(x)));
            let inside: Vec<(f64, f64)> = inside.filter(|(_, y)| (0.0..=1.0).contains(y)).collect();
            let ends = inside.first().into_iter().chain(inside.last()).copied();
            chart.draw_series(LineSeries::new(ends, colour.stroke_width(width)))?;
        }
        Ok(())
    })?;
    Ok(drawn)
}

/// The weights of one sign in the first filter, for each cell and unsigned direction.
fn weights(sign: f32) -> Made<Vec<[f32; 9]>> {
    let detector: Detector = model("detector")?;
    let filter = &detector.components[0].filter;
    let cell = |cell: &[i16]| {
        std::array::from_fn(|k| {
            let features = [cell[k], cell[k + 9], cell[18 + k]];
            features.iter().map(|&w| (sign * f32::from(w)).max(0.0)).sum()
        })
    };
    Ok(filter.weights.chunks_exact(STRIDE).map(cell).collect())
}
