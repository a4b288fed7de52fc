//! Lesson 6: a forest that learns a ring, tree by tree, and its loss on points that it learned from
//! and on others.

use image::{Rgb, RgbImage};
use lineament::raw::BoostedTrees;
use lineament_train::detector::boosting::{BoostingParams, Columns, Margin, fit};
use lineament_train::detector::samples::Samples;
use lineament_train::report::plots::{Axis, Curve, Lines};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Made;
use super::html::{Panel, figure};

/// Trees of the longest forest.
const TREES: usize = 300;
/// The largest feature: what a histogram's 256 steps of 8 reach.
const LARGEST: f32 = 2047.0;
/// The share of points whose label is wrong.
const NOISE: f32 = 0.1;

/// Points inside a ring and others, each a row of features.
struct Points {
    inside: Samples,
    outside: Samples,
}

pub fn drawn() -> Made<String> {
    let (few, many, test) = (points(300, 1), points(6000, 2), points(6000, 3));
    let runs = [
        ("300 points, whole steps", &few, 1.0),
        ("300 points, shrinkage 0.1", &few, 0.1),
        ("6000 points, shrinkage 0.1", &many, 0.1),
    ];
    let (mut curves, mut images) = (Vec::new(), Vec::new());
    for (i, (name, learned, shrinkage)) in runs.into_iter().enumerate() {
        let forest = grown(learned, shrinkage);
        // What is dashed stands in the plot's title: the legend has room for three names.
        for (points, dashed, name) in [(&test, false, name), (learned, true, "")] {
            let points = losses(&forest, points);
            curves.push(Curve { name: name.into(), colour: Some(i), dashed, points });
        }
        if i == 0 {
            images.push(Panel::image(&decided(&forest, TREES, &few), format!("whole steps, {TREES} trees"))?);
        }
        if i == 1 {
            for count in [1, 10, TREES] {
                let text = format!("shrinkage 0.1, {count} tree{}", if count == 1 { "" } else { "s" });
                images.insert(images.len() - 1, Panel::image(&decided(&forest, count, &few), text)?);
            }
        }
    }
    let best = |curve: &Curve| {
        let lowest = curve.points.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
        lowest.unwrap_or_default()
    };
    let last = |curve: &Curve| curve.points.last().copied().unwrap_or_default().1;
    let caption = format!(
        "Forests of depth 3 learn where a ring is, from 300 points of which one in ten has the wrong label. With whole steps the loss on \
         other points is lowest after {} trees, {:.2}, and {:.2} after {TREES}; with a shrinkage of 0.1 it is lowest after {} \
         trees, {:.2}, and {:.2} after {TREES}. Twenty times as many points: {:.2} after {TREES}. Whoever knew the ring would have {:.2}.",
        best(&curves[0]).0,
        best(&curves[0]).1,
        last(&curves[0]),
        best(&curves[2]).0,
        best(&curves[2]).1,
        last(&curves[2]),
        last(&curves[4]),
        known(&test)
    );
    let plot = Lines {
        x: Axis::new("trees", 0.0..TREES as f64),
        // Some room for the legend.
        y: Axis::new("mean logistic loss", 0.0..1.9),
        curves,
        marked: false,
        rising: false,
    };
    images.push(Panel::plot(&plot.figure(
        "losses",
        "loss on other points (lines) and on those learned from (dashes)",
        "",
    )?));
    Ok(figure(&caption, &images))
}

/// Points at random; those in the ring are to be told from the others.
fn points(count: usize, seed: u64) -> Points {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut points = Points { inside: Samples::new(32), outside: Samples::new(32) };
    for _ in 0..count {
        let [x, y] = [rng.random::<f32>(), rng.random::<f32>()];
        let distance = (x - 0.5).hypot(y - 0.5);
        let truth = (0.2..0.4).contains(&distance);
        let side = if truth != (rng.random::<f32>() < NOISE) { &mut points.inside } else { &mut points.outside };
        side.push(&row(x, y));
    }
    points
}

fn row(x: f32, y: f32) -> [i16; 32] {
    let mut row = [0; 32];
    (row[0], row[1]) = ((x * LARGEST) as i16, (y * LARGEST) as i16);
    row
}

fn grown(points: &Points, shrinkage: f32) -> BoostedTrees {
    let data = Columns::new(&points.inside, &points.outside);
    let params = BoostingParams { shrinkage, features: 31, damping: 0.1 };
    fit(&data, TREES, &params, Margin { lost: 0.0, slack: 1e9 }, 1)
}

/// The mean loss after each number of trees; both classes count the same.
fn losses(forest: &BoostedTrees, points: &Points) -> Vec<(f64, f64)> {
    let mut sums = vec![0.0; forest.trees.len() + 1];
    for (samples, sign) in [(&points.inside, 1.0), (&points.outside, -1.0)] {
        for row in samples.rows() {
            let mut score = 0.0;
            let loss = |score: f32| f64::from((-sign * score).exp().ln_1p()) / (2 * samples.count()) as f64;
            sums[0] += loss(score);
            for (tree, sum) in forest.trees.iter().zip(&mut sums[1..]) {
                score += tree.leaves[tree.leaf(row)];
                *sum += loss(score);
            }
        }
    }
    sums.into_iter().enumerate().map(|(count, loss)| (count as f64, loss)).collect()
}

/// The loss of who knows the ring, and how often labels are wrong: the best that any score can
/// have.
fn known(points: &Points) -> f64 {
    let counts = [&points.inside, &points.outside].map(Samples::count);
    let in_ring = |row: &&[i16]| {
        let [x, y] = [row[0], row[1]].map(|v| f32::from(v) / LARGEST - 0.5);
        (0.2..0.4).contains(&x.hypot(y))
    };
    // The shares of both classes in the ring and out of it, each class counting the same.
    let ring = [&points.inside, &points.outside].map(|samples| samples.rows().filter(in_ring).count());
    let share = |count: usize, class: usize| count as f64 / (2 * counts[class]) as f64;
    let places =
        [[share(ring[0], 0), share(ring[1], 1)], [share(counts[0] - ring[0], 0), share(counts[1] - ring[1], 1)]];
    places.iter().map(|[a, b]| -a * (a / (a + b)).ln() - b * (b / (a + b)).ln()).sum()
}

/// What the first trees of a forest say of every place, and the points that it learned from.
fn decided(forest: &BoostedTrees, trees: usize, points: &Points) -> RgbImage {
    const SIDE: u32 = 120;
    let mut image = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let row = row((x as f32 + 0.5) / SIDE as f32, (y as f32 + 0.5) / SIDE as f32);
        let score: f32 = forest.trees[..trees].iter().map(|tree| tree.leaves[tree.leaf(&row)]).sum();
        let share = 1.0 / (1.0 + (-score).exp());
        let mix = |low: f32, high: f32| (low + share * (high - low)) as u8;
        Rgb([mix(250.0, 120.0), mix(205.0, 180.0), mix(160.0, 235.0)])
    });
    for (samples, colour) in [(&points.inside, Rgb([0, 60, 130])), (&points.outside, Rgb([170, 60, 0]))] {
        for row in samples.rows() {
            let [x, y] = [row[0], row[1]].map(|v| f32::from(v) / LARGEST * SIDE as f32);
            let place = lineament::geometry::Point::new(x, y);
            lineament::drawing::stroke(&mut image, place, place, 0.6, colour);
        }
    }
    image
}
