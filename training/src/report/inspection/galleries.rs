//! Images of likely mistakes and near-duplicates.

use std::path::Path;

use lineament::Shape;
use rayon::prelude::*;

use crate::dataset::Dataset;
use crate::inspect::mistakes::Mistake;
use crate::inspect::{Inspection, NearDuplicate};
use crate::report::face_images::{FaceImage, photograph};
use crate::report::folder::{ReportError, ReportFolder};
use crate::report::page::{Gallery, GalleryImage, Section};

/// Maximum number of images of likely mistakes, and of pairs of near-duplicates.
const IMAGES: usize = 60;

/// Images of the likely mistakes, most likely first.
pub(super) fn likely_mistakes(
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
        "{} faces, most likely first: broken rules, then shapes by distance from the shape model, then unusual boxes and \
         landmarks outside of the image. A likely mistake may also be a rare face with a correct annotation.",
        mistakes.len()
    ));
    if mistakes.len() > IMAGES {
        section.text.push(format!("The first {IMAGES} are shown; all are in mistakes.csv."));
    }
    let show = |(rank, mistake): (usize, &Mistake)| show(dataset, inspection, (rank + 1, mistake), folder);
    let shown = mistakes.par_iter().take(IMAGES).enumerate().filter_map(|ranked| show(ranked).transpose());
    let legend =
        [("truth", "annotation"), ("model", "nearest shape of the shape model"), ("ring", "landmark farthest from it")];
    section.galleries.push(Gallery {
        title: "Ranked".into(),
        legend: legend.map(|(class, meaning)| (class.into(), meaning.into())).to_vec(),
        images: shown.collect::<Result<_, _>>()?,
    });
    Ok(section)
}

/// Image of a likely mistake; none if the face is not in the data.
fn show(
    dataset: &Dataset,
    inspection: &Inspection,
    (rank, mistake): (usize, &Mistake),
    folder: &ReportFolder,
) -> Result<Option<GalleryImage>, ReportError> {
    let image = dataset.images.iter().find(|image| image.path == mistake.image);
    let Some(face) = image.and_then(|image| image.faces.get(mistake.face)) else { return Ok(None) };
    let nearest: Option<Shape> = inspection.model.as_ref().map(|model| model.nearest(&face.shape));
    let all: Vec<usize> = (0..face.shape.len()).collect();
    let drawn = FaceImage {
        photograph: &mistake.image,
        truth: &face.shape,
        other: nearest.as_ref().map(|shape| (shape, all.as_slice())),
        ringed: mistake.landmark.map(|landmark| landmark - 1),
    };
    let file = format!("mistakes/{rank:03}.jpg");
    folder.write(&file, &drawn.jpeg()?)?;
    let name = file_name(&mistake.image);
    Ok(Some(GalleryImage {
        files: vec![file],
        alt: format!("Face {} of {name} with its annotation", mistake.face + 1),
        caption: format!("{rank}. {name}, face {}: {}", mistake.face + 1, mistake.reasons.join("; ")),
    }))
}

/// Pairs of near-duplicate photographs.
pub(super) fn near_duplicates(inspection: &Inspection, folder: &ReportFolder) -> Result<Section, ReportError> {
    let mut section = Section::new("duplicates", "Near-duplicate photographs");
    let pairs = &inspection.near_duplicates;
    if pairs.is_empty() {
        section.text.push("There are no near-duplicate photographs.".into());
        return Ok(section);
    }
    section.text.push(format!(
        "{} pair{}, most similar first: number of bits, of 64, in which their fingerprints differ. Near-duplicates must stay \
         on the same side of a split.",
        pairs.len(),
        if pairs.len() == 1 { "" } else { "s" }
    ));
    if pairs.len() > IMAGES {
        section.text.push(format!("The first {IMAGES} are shown; all are in numbers.json."));
    }
    let show = |(i, pair): (usize, &NearDuplicate)| {
        let files = ["a", "b"].map(|side| format!("duplicates/{:03}{side}.jpg", i + 1));
        for (file, path) in files.iter().zip([&pair.first, &pair.second]) {
            folder.write(file, &photograph(path)?)?;
        }
        let (first, second) = (file_name(&pair.first), file_name(&pair.second));
        Ok(GalleryImage {
            files: files.to_vec(),
            alt: format!("One of the photographs {first} and {second}"),
            caption: format!("{first} and {second}: {} bits differ", pair.bits),
        })
    };
    let images: Result<Vec<GalleryImage>, ReportError> = pairs.par_iter().take(IMAGES).enumerate().map(show).collect();
    section.galleries.push(Gallery { title: "Pairs".into(), legend: Vec::new(), images: images? });
    Ok(section)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
