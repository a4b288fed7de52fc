//! The report of an inspection.

use std::path::Path;

use lineament::landmarks::Shape;
use lineament::landmarks::scheme::inter_ocular;
use rayon::prelude::*;

use super::figure::Figure;
use super::folder::{ReportError, ReportFolder};
use super::page::{Gallery, Page, Picture, Section};
use super::pictures::{FacePicture, photograph};
use super::plots::{Axis, Cloud, Curve, Histogram, Lines, Outlines, Scatter};
use crate::dataset::{AnnotatedFace, Dataset};
use crate::evaluate::table::Table;
use crate::inspect::Inspection;
use crate::inspect::mistakes::{Mistake, mistakes};
use crate::inspect::shape_model::ShapeModel;
use crate::inspect::traits::{eye_opening, mouth_opening, pose};

/// The most pictures of likely mistakes, and of pairs of near-duplicates.
const PICTURES: usize = 60;
/// Components that are drawn.
const COMPONENTS: usize = 6;
/// How far along a component faces are drawn, in standard deviations.
const DEVIATIONS: f32 = 2.5;

/// Writes the report of a data set's inspection.
///
/// # Errors
/// If something cannot be drawn or written.
pub fn inspection_report(dataset: &Dataset, inspection: &Inspection, folder: &ReportFolder) -> Result<(), ReportError> {
    let mistakes = mistakes(inspection);
    let sections = vec![
        counts(inspection),
        sizes(dataset)?,
        poses(dataset)?,
        components(inspection)?,
        likely_mistakes(dataset, inspection, &mistakes, folder)?,
        near_duplicates(inspection, folder)?,
    ];
    let json = serde_json::to_vec_pretty(inspection).map_err(|error| ReportError::content("numbers", error))?;
    folder.write("numbers.json", &json)?;
    folder.write("faces.csv", &faces_csv(dataset).map_err(|error| ReportError::content("faces.csv", error))?)?;
    let ranked = mistakes_csv(&mistakes).map_err(|error| ReportError::content("mistakes.csv", error))?;
    folder.write("mistakes.csv", &ranked)?;
    let shares = components_csv(inspection).map_err(|error| ReportError::content("components.csv", error))?;
    folder.write("components.csv", &shares)?;
    let all = &inspection.counts[0];
    let files = [
        ("numbers.json", "all numbers and lists"),
        ("faces.csv", "size, pose and openings of every face"),
        ("mistakes.csv", "the likely mistakes in their order"),
        ("components.csv", "the shape components' deviations, and the share of the variance that each explains"),
    ];
    let page = Page {
        title: "The faces of a data set".into(),
        lead: format!(
            "{} faces in {} pictures of {} photographs; {} parts of the data cannot be used.",
            all.faces,
            all.pictures,
            all.photographs,
            inspection.faults.len()
        ),
        sections,
        files: files.map(|(name, what)| (name.into(), what.into())).to_vec(),
    };
    page.write(folder)
}

fn counts(inspection: &Inspection) -> Section {
    let mut section = Section::new("counts", "What there is");
    section.tables.push(("Pictures, photographs, faces, and faces with a box".into(), inspection.count_table()));
    section.tables.push(("Sizes in pixels, poses and openings".into(), inspection.distribution_table()));
    section.tables.push(("Groups by which errors are told".into(), inspection.group_table()));
    if !inspection.faults.is_empty() {
        section.listings.push(("Parts that cannot be used".into(), inspection.faults.join("\n")));
    }
    section
}

/// A histogram of a number of every face.
fn of_faces(
    dataset: &Dataset,
    (name, title, label): (&str, &str, &str),
    measure: fn(&AnnotatedFace) -> f32,
) -> Result<Figure, ReportError> {
    let values = dataset.faces().map(|(_, face)| f64::from(measure(face))).collect();
    let histogram = Histogram { label: label.into(), counted: "faces".into(), values };
    histogram.figure(name, title, &format!("How many faces have which {}.", title.to_lowercase()))
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
    section.text.push("Poses are rough estimates from seven landmarks and a common head.".into());
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
    let caption = "Each point is a face: how far it is turned and nodded.";
    section.figures.insert(0, scatter.figure("turn_and_nod", "Turn and nod", caption)?);
    Ok(section)
}

/// The model of face shapes.
fn components(inspection: &Inspection) -> Result<Section, ReportError> {
    let mut section = Section::new("components", "Shape components");
    let Some(model) = &inspection.model else {
        section.text.push("There are too few faces for a model of face shapes.".into());
        return Ok(section);
    };
    section.text.push(format!(
        "Shapes laid on their mean by a similarity transform differ along these directions, strongest first. {} of them \
         explain 95 % of the variance.",
        model.components.count
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
    let caption = "The variance of shapes that the first components explain together.";
    section.figures.push(lines.figure("explained", "What the components explain", caption)?);
    Ok(section)
}

fn component(model: &ShapeModel, number: usize, share: f64) -> Result<Figure, ReportError> {
    let varied = |sign: f32| {
        let name = format!("{}{DEVIATIONS} deviations", if sign < 0.0 { "−" } else { "+" });
        (name, model.varied(number, sign * DEVIATIONS))
    };
    let outlines = Outlines { mean: model.mean.clone(), others: vec![varied(-1.0), varied(1.0)] };
    let caption = format!(
        "The mean face in grey, and {DEVIATIONS} standard deviations along the component to both sides. It explains {:.1} % \
         of the variance.",
        100.0 * share
    );
    outlines.figure(&format!("component_{}", number + 1), &format!("Component {}", number + 1), &caption)
}

/// The likely mistakes, as pictures in their order.
fn likely_mistakes(
    dataset: &Dataset,
    inspection: &Inspection,
    mistakes: &[Mistake],
    folder: &ReportFolder,
) -> Result<Section, ReportError> {
    let mut section = Section::new("mistakes", "Likely annotation mistakes");
    if mistakes.is_empty() {
        section.text.push("No annotation looks wrong.".into());
        return Ok(section);
    }
    section.text.push(format!(
        "{} faces, likeliest first: broken rules, then shapes by their distance from the shape model, then odd boxes and \
         landmarks outside of the picture. A likely mistake may be a rare face that is annotated well.",
        mistakes.len()
    ));
    if mistakes.len() > PICTURES {
        section.text.push(format!("The first {PICTURES} are shown; all are in mistakes.csv."));
    }
    let show = |(rank, mistake): (usize, &Mistake)| show(dataset, inspection, (rank + 1, mistake), folder);
    let shown = mistakes.par_iter().take(PICTURES).enumerate().filter_map(|ranked| show(ranked).transpose());
    let legend = [
        ("truth", "annotation"),
        ("model", "the nearest shape that the shape model can make"),
        ("ring", "the landmark that is farthest from it"),
    ];
    section.galleries.push(Gallery {
        title: "Ranked".into(),
        legend: legend.map(|(class, meaning)| (class.into(), meaning.into())).to_vec(),
        pictures: shown.collect::<Result<_, _>>()?,
    });
    Ok(section)
}

/// A likely mistake; none for a face that is not in the data.
fn show(
    dataset: &Dataset,
    inspection: &Inspection,
    (rank, mistake): (usize, &Mistake),
    folder: &ReportFolder,
) -> Result<Option<Picture>, ReportError> {
    let picture = dataset.pictures.iter().find(|picture| picture.path == mistake.picture);
    let Some(face) = picture.and_then(|picture| picture.faces.get(mistake.face)) else { return Ok(None) };
    let nearest: Option<Shape> = inspection.model.as_ref().map(|model| model.nearest(&face.shape));
    let all: Vec<usize> = (0..face.shape.len()).collect();
    let drawn = FacePicture {
        photograph: &mistake.picture,
        truth: &face.shape,
        other: nearest.as_ref().map(|shape| (shape, all.as_slice())),
        ringed: mistake.landmark.map(|landmark| landmark - 1),
    };
    let file = format!("mistakes/{rank:03}.jpg");
    folder.write(&file, &drawn.jpeg()?)?;
    let name = file_name(&mistake.picture);
    Ok(Some(Picture {
        files: vec![file],
        alt: format!("Face {} of {name} with its annotation", mistake.face + 1),
        caption: format!("{rank}. {name}, face {}: {}", mistake.face + 1, mistake.reasons.join("; ")),
    }))
}

/// Pairs of photographs that are almost the same.
fn near_duplicates(inspection: &Inspection, folder: &ReportFolder) -> Result<Section, ReportError> {
    let mut section = Section::new("duplicates", "Photographs that are almost the same");
    let pairs = &inspection.near_duplicates;
    if pairs.is_empty() {
        section.text.push("No two photographs are almost the same.".into());
        return Ok(section);
    }
    section.text.push(format!(
        "{} pairs, most alike first, by the bits of 256 in which their fingerprints differ. A photograph must not stand on \
         both sides of a split.",
        pairs.len()
    ));
    if pairs.len() > PICTURES {
        section.text.push(format!("The first {PICTURES} are shown; all are in numbers.json."));
    }
    let show = |(i, pair): (usize, &crate::inspect::NearDuplicate)| {
        let files = ["a", "b"].map(|side| format!("duplicates/{:03}{side}.jpg", i + 1));
        for (file, path) in files.iter().zip([&pair.first, &pair.second]) {
            folder.write(file, &photograph(path)?)?;
        }
        let (first, second) = (file_name(&pair.first), file_name(&pair.second));
        Ok(Picture {
            files: files.to_vec(),
            alt: format!("One of the photographs {first} and {second}"),
            caption: format!("{first} and {second}: {} bits differ", pair.bits),
        })
    };
    let pictures: Result<Vec<Picture>, ReportError> = pairs.par_iter().take(PICTURES).enumerate().map(show).collect();
    section.galleries.push(Gallery { title: "Pairs".into(), legend: Vec::new(), pictures: pictures? });
    Ok(section)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn faces_csv(dataset: &Dataset) -> Result<Vec<u8>, csv::Error> {
    let named = ["image", "face", "subset"];
    let measured = ["box_width", "box_height", "eye_distance", "yaw", "pitch", "roll", "eye_opening", "mouth_opening"];
    let mut table = Table::new(&[&named[..], &measured].concat());
    for picture in &dataset.pictures {
        for (i, face) in picture.faces.iter().enumerate() {
            let (shape, bounds, pose) = (&face.shape, face.bounds, pose(&face.shape));
            let sizes = [bounds.width, bounds.height, inter_ocular(shape)];
            let numbers = [pose.yaw, pose.pitch, pose.roll, eye_opening(shape), mouth_opening(shape)];
            let named = vec![picture.path.display().to_string(), i.to_string(), picture.subset.clone()];
            let measured = sizes.iter().chain(&numbers).map(|v| format!("{v:.4}"));
            table.rows.push(named.into_iter().chain(measured).collect());
        }
    }
    table.csv()
}

fn components_csv(inspection: &Inspection) -> Result<Vec<u8>, csv::Error> {
    let mut table = Table::new(&["component", "deviation_percent", "explained"]);
    if let Some(model) = &inspection.model {
        let components = model.deviations.iter().zip(model.explained()).enumerate();
        table.rows.extend(components.map(|(i, (deviation, share))| {
            vec![(i + 1).to_string(), format!("{deviation:.4}"), format!("{share:.5}")]
        }));
    }
    table.csv()
}

fn mistakes_csv(mistakes: &[Mistake]) -> Result<Vec<u8>, csv::Error> {
    let mut table = Table::new(&["rank", "image", "face", "deviations", "landmark_from_1", "reasons"]);
    for (i, mistake) in mistakes.iter().enumerate() {
        table.rows.push(vec![
            (i + 1).to_string(),
            mistake.picture.display().to_string(),
            mistake.face.to_string(),
            mistake.deviations.map_or(String::new(), |v| format!("{v:.2}")),
            mistake.landmark.map_or(String::new(), |landmark| landmark.to_string()),
            mistake.reasons.join("; "),
        ]);
    }
    table.csv()
}
