//! Images of the worst, median and best faces.

use std::path::PathBuf;

use rayon::prelude::*;

use super::EvaluationReport;
use crate::dataset::AnnotatedFace;
use crate::evaluate::detail::Extremes;
use crate::evaluate::metrics::Normaliser;
use crate::report::face_images::FaceImage;
use crate::report::folder::{ReportError, ReportFolder};
use crate::report::page::{Gallery, GalleryImage, Section};
use crate::table::number;

impl EvaluationReport<'_> {
    /// Images of the worst, median, best and missed faces of each system.
    pub(super) fn faces(&self, folder: &ReportFolder) -> Result<Section, ReportError> {
        let mut section = Section::new("faces", "Faces");
        let faces: Vec<(PathBuf, &AnnotatedFace)> =
            self.measured.dataset.faces().map(|(image, face)| (image.path.clone(), face)).collect();
        for (number, detail) in self.details.iter().enumerate() {
            let Extremes { worst, median, best, missed } = &detail.shown;
            for (kind, places) in [("worst", worst), ("median", median), ("best", best), ("missed", missed)] {
                let show = |(rank, &place): (usize, &usize)| {
                    let file = format!("faces/{}_{kind}_{}.jpg", number + 1, rank + 1);
                    self.show(number, &faces[place], place, file, folder)
                };
                let images: Result<Vec<GalleryImage>, ReportError> = places.par_iter().enumerate().map(show).collect();
                let legend = [("truth", "annotation"), ("model", detail.system.as_str())];
                section.galleries.push(Gallery {
                    title: format!("{}: {}", detail.system, if kind == "missed" { "not found" } else { kind }),
                    legend: legend.map(|(class, meaning)| (class.into(), meaning.into())).to_vec(),
                    images: images?,
                });
            }
        }
        Ok(section)
    }

    /// Image of a face with the annotation and the shape of a system.
    fn show(
        &self,
        system: usize,
        (photograph, face): &(PathBuf, &AnnotatedFace),
        place: usize,
        file: String,
        folder: &ReportFolder,
    ) -> Result<GalleryImage, ReportError> {
        let system = &self.measured.systems[system];
        let other = system.shapes[place].as_ref().map(|shape| (shape, system.landmarks.as_slice()));
        folder.write(&file, &FaceImage { photograph, truth: &face.shape, other, ringed: None }.jpeg()?)?;
        let name = photograph.file_name().unwrap_or_default().to_string_lossy();
        let mut caption = format!("{name}: ");
        match &system.errors[place] {
            Some(error) => caption.push_str(&format!("{} %", number(error.nme(Normaliser::InterOcular), 2))),
            None => caption.push_str("not found"),
        }
        if let Some(confidence) = &system.confidences[place] {
            caption.push_str(&format!(", confidence {}", number(confidence.face.into(), 2)));
        }
        let alt = format!("Face of {name} with the annotated landmarks and those of {}", system.name);
        Ok(GalleryImage { files: vec![file], alt, caption })
    }
}
