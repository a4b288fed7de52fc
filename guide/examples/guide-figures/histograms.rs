//! Lesson 2: the histogram of a cell, glyphs, and the effect of normalisation at half the contrast.

use image::{Rgb, RgbImage};
use lineament::geometry::Point;
use lineament::raw::GreyImage;
use lineament::raw::drawing::stroke;
use lineament::raw::hog::{FeatureMap, Histogram, ONE, ORIENTATIONS, histogram_rows};
use lineament_train::report::Figure;
use lineament_train::report::plots::{Axis, Curve, Lines};

use super::glyphs::{DIRECTIONS, glyphs};
use super::html::{Panel, coloured, figure};
use super::{Made, gradients};

/// The side of a cell in pixels.
const CELL: usize = 8;

pub fn drawn() -> Made<String> {
    let face = gradients::face()?;
    let half = GreyImage::from_fn(face.width(), face.height(), |x, y| face.pixel(x, y) / 2);
    let columns = face.width() as usize / CELL;
    let votes = |image: &GreyImage| histogram_rows(image, CELL, 0..image.height() as usize / CELL, &mut ());
    let (whole_votes, half_votes) = (votes(&face), votes(&half));
    let total = |histogram: &Histogram| histogram.iter().sum::<f32>();
    let strongest = (0..whole_votes.len()).max_by(|&a, &b| total(&whole_votes[a]).total_cmp(&total(&whole_votes[b])));
    let cell = strongest.ok_or("a face without cells")?;
    let (column, row) = (cell % columns, cell / columns);

    let features = |image: &GreyImage| -> Vec<f32> {
        let map = FeatureMap::new(image, CELL);
        map.cell(column, row)[..ORIENTATIONS].iter().map(|&v| f32::from(v) / ONE).collect()
    };
    let panels = [
        Panel::image(&marked(&face, column, row), "cells of 8 × 8 pixels")?,
        Panel::image(&glyphs(&unsigned(&whole_votes), columns, 12), "votes, as edges")?,
        Panel::plot(&bars("votes of the framed cell", "votes", [&whole_votes[cell], &half_votes[cell]])?),
        Panel::plot(&bars("the same after normalisation", "feature", [&features(&face), &features(&half)])?),
    ];
    let (all, less) = (total(&whole_votes[cell]), total(&half_votes[cell]));
    let caption = format!(
        "The face of lesson 1 in cells. The star of a cell shows which edges run through it. With every grey level \
         halved, the votes of the framed cell sum to {less:.0} instead of {all:.0}; its normalised features hardly \
         change."
    );
    Ok(figure(&caption, &panels))
}

/// Both senses of a direction together.
fn unsigned(votes: &[Histogram]) -> Vec<[f32; DIRECTIONS]> {
    votes.iter().map(|histogram| std::array::from_fn(|k| histogram[k] + histogram[k + DIRECTIONS])).collect()
}

/// Draws the face at twice its size, with the cells' borders and one cell framed.
fn marked(face: &GreyImage, column: usize, row: usize) -> RgbImage {
    let mut image = coloured(face, 2);
    let side = (2 * CELL) as f32;
    let (width, height) = (image.width() as f32, image.height() as f32);
    let mut line = |a: Point, b: Point, radius: f32, colour: Rgb<u8>| stroke(&mut image, a, b, radius, colour);
    for i in 0..=face.width() as usize / CELL {
        let at = i as f32 * side;
        line(Point::new(at, 0.0), Point::new(at, height), 0.0, Rgb([120, 150, 170]));
        line(Point::new(0.0, at), Point::new(width, at), 0.0, Rgb([120, 150, 170]));
    }
    let corner = |dx: usize, dy: usize| Point::new((column + dx) as f32 * side, (row + dy) as f32 * side);
    for (from, to) in [((0, 0), (1, 0)), ((1, 0), (1, 1)), ((1, 1), (0, 1)), ((0, 1), (0, 0))] {
        line(corner(from.0, from.1), corner(to.0, to.1), 1.5, Rgb([255, 170, 0]));
    }
    image
}

/// Plots a number for each direction, in the image and at half its contrast.
fn bars(title: &str, label: &str, values: [&[f32]; 2]) -> Made<Figure> {
    let curve = |(i, name): (usize, &str)| Curve {
        name: name.into(),
        colour: Some(i),
        dashed: i == 1,
        points: values[i].iter().enumerate().map(|(k, &v)| (20.0 * k as f64, f64::from(v))).collect(),
    };
    let most = values.iter().copied().flatten().fold(0.0f32, |most, &v| most.max(v));
    let plot = Lines {
        x: Axis::new("direction, degrees", 0.0..340.0),
        // Some room for the legend.
        y: Axis::new(label, 0.0..1.35 * f64::from(most)),
        curves: ["the image", "half the contrast"].into_iter().enumerate().map(curve).collect(),
        marked: true,
        rising: false,
    };
    Ok(plot.figure(label, title, "")?)
}
