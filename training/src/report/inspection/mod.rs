//! Report of an inspection: its sections ([`galleries`] for the images), and its numbers as files
//! ([`numbers`]).

mod galleries;
mod numbers;

use lineament::scheme::inter_ocular;

use super::figure::Figure;
use super::folder::{ReportError, ReportFolder};
use super::page::{Page, Section};
use super::plots::{Axis, Cloud, Curve, Histogram, Lines, Outlines, Scatter};
use crate::dataset::traits::{eye_opening, mouth_opening, pose};
use crate::dataset::{AnnotatedFace, Dataset};
use crate::inspect::Inspection;
use crate::inspect::mistakes::mistakes;
use crate::inspect::shape_model::ShapeModel;

/// Components that are drawn.
const COMPONENTS: usize = 6;
/// Distance along a component at which faces are drawn, in standard deviations.
const DEVIATIONS: f32 = 2.5;

/// Removes an earlier report, and writes the report of an inspection.
///
/// # Errors
/// If a part cannot be drawn or written.
pub fn inspection_report(dataset: &Dataset, inspection: &Inspection, folder: &ReportFolder) -> Result<(), ReportError> {
    folder.clear();
    let mistakes = mistakes(inspection);
    let sections = vec![
        counts(inspection),
        sizes(dataset)?,
        poses(dataset)?,
        components(inspection)?,
        galleries::likely_mistakes(dataset, inspection, &mistakes, folder)?,
        galleries::near_duplicates(inspection, folder)?,
    ];
    numbers::write(dataset, inspection, &mistakes, folder)?;
    let all = &inspection.counts[0];
    let page = Page {
        title: "Faces of a data set".into(),
        lead: format!(
            "{} faces in {} images of {} photographs; {} parts of the data cannot be used.",
            all.faces,
            all.images,
            all.photographs,
            inspection.faults.len()
        ),
        sections,
        files: numbers::files(),
    };
    page.write(folder)
}

fn counts(inspection: &Inspection) -> Section {
    let mut section = Section::new("counts", "Contents");
    section.tables.push(("Images, photographs, faces, and faces with a box".into(), inspection.count_table()));
    section.tables.push(("Sizes in pixels, poses and openings".into(), inspection.distribution_table()));
    section.tables.push(("Groups by which errors are reported".into(), inspection.group_table()));
    if !inspection.faults.is_empty() {
        section.listings.push(("Parts that cannot be used".into(), inspection.faults.join("\n")));
    }
    section
}

/// Histogram of a property of the faces.
fn of_faces(
    dataset: &Dataset,
    (name, title, label): (&str, &str, &str),
    measure: fn(&AnnotatedFace) -> f32,
) -> Result<Figure, ReportError> {
    let values = dataset.faces().map(|(_, face)| f64::from(measure(face))).collect();
    let histogram = Histogram { label: label.into(), counted: "faces".into(), values };
    histogram.figure(name, title, &format!("Number of faces by {}.", title.to_lowercase()))
}

fn sizes(dataset: &Dataset) -> Result<Section, ReportError> {
    let mut section = Section::new("sizes", "Sizes");
    let figures = [
        of_faces(dataset, ("box_width", "Width of the box", "pixels"), |face| face.bounds.width),
        of_faces(dataset, ("eye_distance", "Distance of the outer eye corners", "pixels"), |f| inter_ocular(&f.shape)),
    ];
    section.figures = figures.into_iter().collect::<Result<_, _>>()?;
    Ok(section)
}

fn poses(dataset: &Dataset) -> Result<Section, ReportError> {
    let mut section = Section::new("poses", "Poses and expressions");
    section.text.push("Poses are rough estimates from seven landmarks and an average head.".into());
    let figures = [
        of_faces(dataset, ("yaw", "Turn (yaw)", "degrees, to the viewer's right"), |f| pose(&f.shape).yaw),
        of_faces(dataset, ("pitch", "Nod (pitch)", "degrees, downwards"), |f| pose(&f.shape).pitch),
        of_faces(dataset, ("roll", "Tilt (roll)", "degrees, clockwise"), |f| pose(&f.shape).roll),
        of_faces(dataset, ("eye_opening", "Eye opening", "distance of the lids over that of the corners"), |f| {
            eye_opening(&f.shape)
        }),
        of_faces(dataset, ("mouth_opening", "Mouth opening", "distance of the inner lips over their length"), |f| {
            mouth_opening(&f.shape)
        }),
    ];
    section.figures = figures.into_iter().collect::<Result<_, _>>()?;
    let poses = dataset.faces().map(|(_, face)| pose(&face.shape));
    let points: Vec<(f64, f64)> = poses.map(|pose| (pose.yaw.into(), pose.pitch.into())).collect();
    let scatter = Scatter {
        x: Axis::over("turn, degrees", points.iter().map(|p| p.0)),
        y: Axis::over("nod, degrees", points.iter().map(|p| p.1)),
        clouds: vec![Cloud { name: "faces".into(), colour: 0, points }],
    };
    let caption = "Each point is a face.";
    section.figures.insert(0, scatter.figure("turn_and_nod", "Turn and nod", caption)?);
    Ok(section)
}

/// Section on the shape model.
fn components(inspection: &Inspection) -> Result<Section, ReportError> {
    let mut section = Section::new("components", "Shape components");
    let Some(model) = &inspection.model else {
        section.text.push("There are too few faces for a shape model.".into());
        return Ok(section);
    };
    section.text.push(format!(
        "After alignment with the mean shape, faces differ along these directions, strongest first. {} of them explain 95 % \
         of the variance.",
        model.components.ncols()
    ));
    let explained: Vec<f64> = model.explained().map(f64::from).collect();
    let sums = explained.iter().scan(0.0, |sum, share| {
        *sum += 100.0 * share;
        Some(*sum)
    });
    let points: Vec<(f64, f64)> = sums.enumerate().map(|(i, sum)| ((i + 1) as f64, sum)).collect();
    for (i, share) in explained.iter().enumerate().take(COMPONENTS) {
        section.figures.push(component(model, i, *share)?);
    }
    let lines = Lines {
        x: Axis::new("components", 0.0..(points.len() + 1) as f64),
        y: Axis::new("variance explained, %", 0.0..100.0),
        curves: vec![Curve { name: "sum".into(), colour: Some(0), dashed: false, points }],
        marked: true,
        rising: true,
    };
    let caption = "Share of the variance that the first components explain together.";
    section.figures.push(lines.figure("explained", "Variance explained by the components", caption)?);
    Ok(section)
}

fn component(model: &ShapeModel, number: usize, share: f64) -> Result<Figure, ReportError> {
    let varied = |sign: f32| {
        let name = format!("{}{DEVIATIONS} deviations", if sign < 0.0 { "−" } else { "+" });
        (name, model.varied(number, sign * DEVIATIONS))
    };
    let outlines = Outlines { mean: model.mean.clone(), others: vec![varied(-1.0), varied(1.0)] };
    let caption = format!(
        "The mean face in grey, and {DEVIATIONS} standard deviations along the component to either side. The component \
         explains {:.1} % of the variance.",
        100.0 * share
    );
    outlines.figure(&format!("component_{}", number + 1), &format!("Component {}", number + 1), &caption)
}
