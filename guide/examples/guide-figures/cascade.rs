//! Lesson 5: the shape after each stage, and its error on three images.

use image::{Rgb, RgbImage, imageops};
use lineament::raw::ShapeExt;
use lineament::raw::annotations::pts;
use lineament::raw::crop::Crop;
use lineament::raw::drawing::stroke;
use lineament::raw::{Cascade, DetectOptions, Detector, GreyImage, Stage};
use lineament::scheme::CURVES;
use lineament::{Shape, Similarity};
use lineament_train::evaluate::metrics::{FaceError, Normaliser};
use lineament_train::report::plots::{Axis, Curve, Lines};

use super::html::{Panel, coloured, figure};
use super::{Made, model, photograph, repository};

/// Pixels of the crop that are not shown on each side.
const EDGE: u32 = 24;

/// The way of a face through the cascade.
struct Way {
    crop: GreyImage<'static>,
    truth: Shape,
    /// The mean shape, and the shape after each stage.
    shapes: Vec<Shape>,
    /// The error of each shape in percent.
    errors: Vec<f64>,
}

pub fn drawn() -> Made<String> {
    let (detector, cascade) = (model::<Detector>("detector")?, model::<Cascade>("landmarks")?);
    let names = ["astronaut", "obama", "biden"];
    let ways: Vec<Way> = names.iter().map(|name| way(name, &detector, &cascade)).collect::<Made<_>>()?;
    let stages: Vec<String> = std::iter::once("mean shape in the box")
        .chain(cascade.stages.iter().map(|stage| match stage {
            Stage::Trees(_) => "trees",
            Stage::Linear(_) => "linear",
        }))
        .enumerate()
        .map(|(i, name)| if i == 0 { name.into() } else { format!("stage {i}, {name}") })
        .collect();
    let astronaut = &ways[0];
    let mut panels = Vec::new();
    for (i, name) in stages.iter().enumerate() {
        let text = format!("{name}: {:.1} %", astronaut.errors[i]);
        panels.push(Panel::image(&shown(astronaut, &astronaut.shapes[i]), text)?);
    }
    let curve = |(i, (name, way)): (usize, (&&str, &Way))| Curve {
        name: (*name).into(),
        colour: Some(i),
        dashed: false,
        points: way.errors.iter().enumerate().map(|(i, &error)| (i as f64, error)).collect(),
    };
    let all = ways.iter().flat_map(|way| way.errors.iter().copied());
    let plot = Lines {
        x: Axis::new("stages done", 0.0..cascade.stages.len() as f64),
        y: Axis::over("error in percent", all).from_zero(),
        curves: names.iter().zip(&ways).enumerate().map(curve).collect(),
        marked: true,
        rising: false,
    };
    panels.push(Panel::plot(&plot.figure("errors", "error after each stage, three images", "")?));
    let caption = "A face with its annotated shape (orange) and the cascade's (light blue), from the mean shape to the last \
                   stage. The number is the error: the mean distance of the landmarks, in percent of the distance \
                   between the outer eye corners.";
    Ok(figure(caption, &panels))
}

fn way(name: &str, detector: &Detector, cascade: &Cascade) -> Made<Way> {
    let file = if name == "astronaut" { "astronaut.png".into() } else { format!("{name}.jpg") };
    let image = photograph(&file)?;
    let options = DetectOptions { threshold: -1.0, max_faces: Some(1), ..DetectOptions::default() };
    let best = detector.detect(&image, &options).into_iter().next().ok_or("no face")?;
    let crop = Crop::new(&image, &best.bounds, &cascade.crop);
    let annotated = pts::read(repository().join(format!("data/{name}.pts")))?;
    let truth = annotated.map(|p| crop.to_crop(p));
    let mut shapes = vec![cascade.mean.clone()];
    for stage in &cascade.stages {
        let mut shape = shapes[shapes.len() - 1].clone();
        let frame = Similarity::between(&cascade.mean.points, &shape.points);
        stage.step(&crop, &cascade.mean.points, &mut shape.points, &frame, &mut ());
        shapes.push(shape);
    }
    let all: Vec<usize> = (0..truth.len()).collect();
    let error = |shape: &Shape| FaceError::new(shape, &all, &truth).nme(Normaliser::InterOcular);
    let errors = shapes.iter().map(error).collect();
    Ok(Way { crop: crop.pixels().into_owned(), truth, shapes, errors })
}

/// Draws the crop with the annotated shape and another one.
fn shown(way: &Way, shape: &Shape) -> RgbImage {
    let mut image = coloured(&way.crop, 1);
    for (shape, radius, colour) in [(&way.truth, 0.6, Rgb([255, 170, 0])), (shape, 0.9, Rgb([64, 224, 255]))] {
        let p = &shape.points;
        for (first, last, closed) in CURVES {
            (first..last).for_each(|i| stroke(&mut image, p[i], p[i + 1], radius, colour));
            if closed {
                stroke(&mut image, p[last], p[first], radius, colour);
            }
        }
    }
    let side = image.width() - 2 * EDGE;
    imageops::crop_imm(&image, EDGE, EDGE, side, side).to_image()
}
