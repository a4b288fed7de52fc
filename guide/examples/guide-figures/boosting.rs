//! Lesson 6: boosted trees that learn a ring, and their loss on the training points and on others.

use image::{Rgb, RgbImage};
use lineament::raw::BoostedTrees;
use lineament_train::detector::boosting::{BoostingParams, Columns, Margin, fit};
use lineament_train::detector::samples::Samples;
use lineament_train::report::plots::{Axis, Curve, Lines};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Made;
use super::html::{Panel, figure};

/// Trees of each fit.
const TREES: usize = 300;
/// The shrinkage, where steps are not whole.
const SHRINKAGE: f32 = 0.1;
/// The largest feature: the end of the last of 256 histogram steps of 8.
const LARGEST: f32 = 2047.0;
/// Share of the points whose label is wrong.
const NOISE: f32 = 0.1;

/// Points inside a ring and outside it, each a row of features.
struct Points {
    inside: Samples,
    outside: Samples,
}

pub fn drawn() -> Made<String> {
    let (few, many, test) = (points(300, 1), points(6000, 2), points(6000, 3));
    let whole = fitted(&few, 1.0);
    let shrunk = fitted(&few, SHRINKAGE);
    let more = fitted(&many, SHRINKAGE);
    let others = [&whole, &shrunk, &more].map(|trees| losses(trees, &test));
    let learned = [(&whole, &few), (&shrunk, &few), (&more, &many)].map(|(trees, points)| losses(trees, points));
    let [best_whole, best_shrunk] = [&others[0], &others[1]].map(|losses| lowest(losses));
    let caption = format!(
        "Boosted trees of depth 3 learn where a ring is, from 300 points, one in ten of which has the wrong label. With \
         whole steps the loss on other points is lowest after {} trees, {:.2}, and is {:.2} after {TREES}. With a \
         shrinkage of {SHRINKAGE} it is lowest after {} trees, {:.2}, and is {:.2} after {TREES}. With twenty times as \
         many points it is {:.2} after {TREES}. The best possible, for a model that knows the ring and the share of wrong \
         labels, is {:.2}.",
        best_whole.0,
        best_whole.1,
        others[0][TREES],
        best_shrunk.0,
        best_shrunk.1,
        others[1][TREES],
        others[2][TREES],
        known(&test)
    );
    let names = ["300 points, whole steps", "300 points, shrinkage 0.1", "6000 points, shrinkage 0.1"];
    let mut curves = Vec::new();
    for (i, name) in names.into_iter().enumerate() {
        // The plot's title explains the dashed curves: the legend has room for three names.
        for (losses, dashed, name) in [(&others[i], false, name), (&learned[i], true, "")] {
            curves.push(Curve { name: name.into(), colour: Some(i), dashed, points: thinned(losses) });
        }
    }
    let plot = Lines {
        x: Axis::new("trees", 0.0..TREES as f64),
        // Some room for the legend.
        y: Axis::new("mean logistic loss", 0.0..1.9),
        curves,
        marked: false,
        rising: false,
    };
    let plot = plot.figure("losses", "loss on other points (lines) and on the training points (dashes)", "")?;
    let panel = |trees: &BoostedTrees, count: usize, text: String| Panel::image(&decided(trees, count, &few), text);
    let panels = [
        panel(&shrunk, 1, format!("shrinkage {SHRINKAGE}, 1 tree"))?,
        panel(&shrunk, 10, format!("shrinkage {SHRINKAGE}, 10 trees"))?,
        panel(&shrunk, TREES, format!("shrinkage {SHRINKAGE}, {TREES} trees"))?,
        panel(&whole, TREES, format!("whole steps, {TREES} trees"))?,
        Panel::plot(&plot),
    ];
    Ok(figure(&caption, &panels))
}

/// Returns the number of trees with the lowest loss, and that loss.
fn lowest(losses: &[f64]) -> (usize, f64) {
    let pairs = losses.iter().copied().enumerate();
    pairs.reduce(|a, b| if b.1 < a.1 { b } else { a }).expect("there is a loss before the first tree")
}

/// Returns the points of a curve: every loss at first, where it changes fast, then every third.
fn thinned(losses: &[f64]) -> Vec<(f64, f64)> {
    let shown = losses.iter().enumerate().filter(|(count, _)| *count <= 30 || count % 3 == 0);
    shown.map(|(count, &loss)| (count as f64, loss)).collect()
}

/// Draws random points; those in the ring are the class to learn.
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

fn fitted(points: &Points, shrinkage: f32) -> BoostedTrees {
    let data = Columns::new(&points.inside, &points.outside);
    let params = BoostingParams { shrinkage, features: 31, damping: 0.1 };
    fit(&data, TREES, &params, Margin { lost: 0.0, slack: 1e9 }, 1)
}

/// Returns the mean loss after each number of trees, from 0 on. Both classes count the same.
fn losses(boosted: &BoostedTrees, points: &Points) -> Vec<f64> {
    let mut sums = vec![0.0; boosted.trees.len() + 1];
    for (samples, sign) in [(&points.inside, 1.0), (&points.outside, -1.0)] {
        for row in samples.rows() {
            let mut score = 0.0;
            let loss = |score: f32| f64::from((-sign * score).exp().ln_1p()) / (2 * samples.count()) as f64;
            sums[0] += loss(score);
            for (tree, sum) in boosted.trees.iter().zip(&mut sums[1..]) {
                score += tree.leaves[tree.leaf(row)];
                *sum += loss(score);
            }
        }
    }
    sums
}

/// Returns the best possible loss, that of a model that knows the ring and the share of wrong labels.
fn known(points: &Points) -> f64 {
    let counts = [&points.inside, &points.outside].map(Samples::count);
    let in_ring = |row: &&[i16]| {
        let [x, y] = [row[0], row[1]].map(|v| f32::from(v) / LARGEST - 0.5);
        (0.2..0.4).contains(&x.hypot(y))
    };
    // Shares of both classes in the ring and outside it; each class counts the same.
    let ring = [&points.inside, &points.outside].map(|samples| samples.rows().filter(in_ring).count());
    let share = |count: usize, class: usize| count as f64 / (2 * counts[class]) as f64;
    let places =
        [[share(ring[0], 0), share(ring[1], 1)], [share(counts[0] - ring[0], 0), share(counts[1] - ring[1], 1)]];
    places.iter().map(|[a, b]| -a * (a / (a + b)).ln() - b * (b / (a + b)).ln()).sum()
}

/// Draws the decision of the first trees at every place, and the training points.
fn decided(boosted: &BoostedTrees, trees: usize, points: &Points) -> RgbImage {
    const SIDE: u32 = 240;
    let mut image = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let row = row((x as f32 + 0.5) / SIDE as f32, (y as f32 + 0.5) / SIDE as f32);
        let score: f32 = boosted.trees[..trees].iter().map(|tree| tree.leaves[tree.leaf(&row)]).sum();
        let share = 1.0 / (1.0 + (-score).exp());
        let mix = |low: f32, high: f32| (low + share * (high - low)) as u8;
        Rgb([mix(250.0, 120.0), mix(205.0, 180.0), mix(160.0, 235.0)])
    });
    for (samples, colour) in [(&points.inside, Rgb([0, 60, 130])), (&points.outside, Rgb([170, 60, 0]))] {
        for row in samples.rows() {
            let [x, y] = [row[0], row[1]].map(|v| f32::from(v) / LARGEST * SIDE as f32);
            let place = lineament::geometry::Point::new(x, y);
            lineament::raw::drawing::stroke(&mut image, place, place, 1.4, colour);
        }
    }
    image
}
