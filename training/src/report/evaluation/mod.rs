//! Report of an evaluation: its sections ([`faces`] for the images), and its numbers as files
//! ([`numbers`]).

mod faces;
mod numbers;

use serde::Serialize;

use super::folder::{ReportError, ReportFolder};
use super::page::{Page, Section};
use super::plots::{Axis, Cloud, Curve, DotRow, DotValue, Dots, FaceMap, Lines, Scatter};
use super::{history, paper};
use crate::dataset::Dataset;
use crate::evaluate::detail::{
    CalibrationBin, Extremes, GroupMean, LandmarkError, calibration, extremes, group_means, landmark_errors,
};
use crate::evaluate::metrics::{LIMIT, Normaliser, curve};
use crate::evaluate::output::Evaluation;
use crate::evaluate::system::System;
use crate::history::History;
use crate::inspect::shape_model::mean_face;
use crate::table::number;

/// Images of each kind per system.
const IMAGES: usize = 8;

/// Minimum number of faces for an interval in a figure: the bootstrap of fewer means nothing.
const MIN_FACES: usize = 5;

/// Label of axes with errors.
const ERROR: &str = "mean error, % of the eye distance (IO)";

/// Input of a report.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// The data set.
    pub dataset: &'a Dataset,
    /// The systems.
    pub systems: &'a [System],
    /// Their results.
    pub evaluation: &'a Evaluation,
    /// Training histories, with the names of the models.
    pub histories: &'a [(String, History)],
}

/// Report of an evaluation, with all its numbers.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluationReport<'a> {
    #[serde(skip)]
    measured: Measured<'a>,
    /// The results.
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    /// Numbers of the figures, for each system.
    details: Vec<Detail>,
    /// Training histories.
    histories: &'a [(String, History)],
}

/// Numbers of the figures for one system.
#[derive(Clone, Debug, Serialize)]
struct Detail {
    /// Name of the system.
    system: String,
    /// Share of the faces with at most each error, at even steps from 0 to [`LIMIT`] percent.
    curve: Vec<f64>,
    /// Errors by landmark.
    landmarks: Vec<LandmarkError>,
    /// Errors by group of faces and by part of the face.
    means: Vec<GroupMean>,
    /// Calibration of the confidence of landmarks.
    calibration: Vec<CalibrationBin>,
    /// Indices of the faces that are shown.
    shown: Extremes,
}

impl<'a> EvaluationReport<'a> {
    /// Computes the numbers.
    pub fn new(measured: Measured<'a>) -> Self {
        let detail = |system: &System| {
            let mut errors: Vec<f64> = system.nme(Normaliser::InterOcular).into_iter().flatten().collect();
            errors.sort_by(f64::total_cmp);
            Detail {
                system: system.name.clone(),
                curve: curve(&errors, system.errors.len()),
                landmarks: landmark_errors(system),
                means: group_means(measured.dataset, system),
                calibration: calibration(system),
                shown: extremes(system, IMAGES),
            }
        };
        let details = measured.systems.iter().map(detail).collect();
        Self { measured, evaluation: measured.evaluation, details, histories: measured.histories }
    }

    /// Removes an earlier report; writes images, figures, numbers, tables, and finally the page.
    ///
    /// # Errors
    /// If something cannot be drawn or written.
    pub fn write(&self, folder: &ReportFolder) -> Result<(), ReportError> {
        folder.clear();
        let names: Vec<&str> = self.details.iter().map(|detail| detail.system.as_str()).collect();
        let sections = vec![
            self.overview()?,
            self.landmarks()?,
            self.groups()?,
            self.confidence()?,
            self.faces(folder)?,
            history::section(self.histories, &names)?,
            self.paper(),
        ];
        self.write_numbers(folder)?;
        let Evaluation { faces, photographs, boxes, .. } = self.evaluation;
        let page = Page {
            title: format!("Landmark errors: {}", names.join(", ")),
            lead: format!(
                "{faces} faces of {photographs} photographs, boxes: {boxes}. Unless stated otherwise, errors are mean \
                 distances over the landmarks, in percent of the distance of the outer eye corners (IO). Intervals are \
                 95 % bootstrap intervals over photographs."
            ),
            sections,
            files: numbers::files(),
        };
        page.write(folder)
    }

    /// Cumulative curves, and tables over all faces.
    fn overview(&self) -> Result<Section, ReportError> {
        let mut section = Section::new("errors", "Errors");
        let step = LIMIT / (self.details[0].curve.len() - 1) as f64;
        let curves = self.details.iter().enumerate().map(|(i, detail)| Curve {
            name: detail.system.clone(),
            colour: Some(i),
            dashed: false,
            points: detail.curve.iter().enumerate().map(|(i, share)| (step * i as f64, 100.0 * share)).collect(),
        });
        let lines = Lines {
            x: Axis::new(ERROR, 0.0..LIMIT),
            y: Axis::new("faces, %", 0.0..100.0),
            curves: curves.collect(),
            marked: false,
            rising: true,
        };
        let auc: Vec<String> = (self.evaluation.systems.iter())
            .map(|s| format!("{} {}", s.name, number(s.groups[0].row.inter_ocular.auc8, 3)))
            .collect();
        let caption = format!(
            "Share of the faces with at most this error. Missed faces count as failures. Area under each curve (AUC@8): \
             {}.",
            auc.join(", ")
        );
        section.figures.push(lines.figure("error_curves", "Cumulative error curves", &caption)?);
        section.tables.push(("All faces".into(), self.evaluation.summary_table()));
        section.tables.push(("95 % intervals, IO".into(), self.evaluation.interval_table()));
        if !self.evaluation.comparisons.is_empty() {
            let caption = "Paired comparison, IO: if the difference is negative, the first system is better";
            section.tables.push((caption.into(), self.evaluation.comparison_table()));
        }
        Ok(section)
    }

    /// Errors at the landmarks of the mean face.
    fn landmarks(&self) -> Result<Section, ReportError> {
        let mut section = Section::new("landmarks", "Errors by landmark");
        let shapes: Vec<_> = self.measured.dataset.faces().map(|(_, face)| &face.shape).collect();
        let face = mean_face(&shapes);
        for (i, detail) in self.details.iter().enumerate() {
            let errors: Vec<(usize, f64)> = detail.landmarks.iter().map(|e| (e.landmark, e.mean)).collect();
            let mut worst = errors.clone();
            worst.sort_by(|a, b| b.1.total_cmp(&a.1));
            let worst: Vec<String> =
                worst.iter().take(5).map(|(i, error)| format!("{} ({} %)", i + 1, number(*error, 2))).collect();
            let caption = format!(
                "Mean annotated face. The radius of a disc is the mean error of its landmark, to scale. Largest errors: \
                 landmarks {}, counted from 1.",
                worst.join(", ")
            );
            let (name, title) = (format!("landmarks_{}", i + 1), format!("Error by landmark: {}", detail.system));
            section.figures.push(FaceMap { face: face.clone(), errors, colour: i }.figure(&name, &title, &caption)?);
        }
        Ok(section)
    }

    /// Errors by part of the face and by group of faces.
    fn groups(&self) -> Result<Section, ReportError> {
        let mut section = Section::new("groups", "Errors by region, pose, size, light and opening");
        let poses = ["turn", "nod", "tilt"];
        let light = ["brightness", "contrast", "side light"];
        let figures: [(&str, &str, &[&str]); 7] = [
            ("regions", "Error by region of the face", &["part"]),
            ("poses", "Error by pose", &poses),
            ("sizes", "Error by face size", &["eye distance"]),
            ("light", "Error by light", &light),
            ("eyes", "Error by eye opening", &["eyes"]),
            ("mouths", "Error by mouth opening", &["mouth"]),
            ("subsets", "Error by subset", &["subset"]),
        ];
        for (name, title, families) in figures {
            let rows = self.rows(families);
            if rows.is_empty() || (name == "subsets" && rows.len() == 1) {
                continue;
            }
            let systems = self.details.iter().map(|detail| detail.system.clone()).collect();
            let caption = match name {
                "poses" => "Poses are rough estimates from the annotated landmarks. ",
                "light" => {
                    "Brightness and contrast are mean and standard deviation of the grey levels of the face (0 to 255); side \
                     light is the difference of the means of its halves over their sum. "
                }
                _ => "",
            };
            let caption = format!(
                "{caption}Means with 95 % intervals{}.",
                if name == "regions" {
                    ""
                } else {
                    ", number of faces in brackets; no interval for fewer than 5 faces"
                }
            );
            section.figures.push(Dots { label: ERROR.into(), systems, rows }.figure(name, title, &caption)?);
        }
        for system in &self.evaluation.systems {
            section.tables.push((format!("{}: all groups and parts", system.name), system.table()));
        }
        Ok(section)
    }

    /// One row per group of these families, with the mean of every system.
    fn rows(&self, families: &[&str]) -> Vec<DotRow> {
        let mut rows: Vec<DotRow> = Vec::new();
        let belongs = |mean: &&GroupMean| families.contains(&mean.family.as_str());
        let all = self.details.iter().flat_map(|detail| detail.means.iter().filter(belongs));
        let mut named: Vec<(&str, &str, usize)> = Vec::new();
        all.for_each(|mean| {
            let name = (mean.family.as_str(), mean.name.as_str(), mean.faces);
            if !named.contains(&name) {
                named.push(name);
            }
        });
        for (family, name, faces) in named {
            let value = |detail: &Detail| {
                let mean =
                    detail.means.iter().find(|mean| (mean.family.as_str(), mean.name.as_str()) == (family, name))?;
                let interval = (mean.faces >= MIN_FACES).then_some([mean.interval.low, mean.interval.high]);
                mean.mean.is_finite().then_some(DotValue { mean: mean.mean, interval })
            };
            let label = match family {
                "part" => name.to_string(),
                _ if families.len() > 1 => format!("{family}: {name} ({faces})"),
                _ => format!("{name} ({faces})"),
            };
            rows.push(DotRow { label, values: self.details.iter().map(value).collect() });
        }
        rows
    }

    /// Confidence against error, for systems with a confidence.
    fn confidence(&self) -> Result<Section, ReportError> {
        let mut section = Section::new("confidence", "Confidence against error");
        let (mut clouds, mut curves) = (Vec::new(), Vec::new());
        for (i, (system, detail)) in self.measured.systems.iter().zip(&self.details).enumerate() {
            let pairs = system.confidences.iter().zip(system.nme(Normaliser::InterOcular));
            let points: Vec<(f64, f64)> =
                pairs.filter_map(|(confidence, error)| Some((confidence.as_ref()?.face.into(), error?))).collect();
            if !points.is_empty() {
                clouds.push(Cloud { name: system.name.clone(), colour: i, points });
                let points = detail.calibration.iter().map(|bin| (bin.predicted, bin.correct)).collect();
                curves.push(Curve { name: system.name.clone(), colour: Some(i), dashed: false, points });
            }
            if let Some(trust) = &self.evaluation.systems[i].confidence {
                section.tables.push((format!("{}: quality of its confidence", system.name), trust.table()));
            }
        }
        if clouds.is_empty() {
            return Ok(section);
        }
        let y = Axis::new(ERROR, 0.0..2.5 * LIMIT);
        let scatter = Scatter { x: Axis::new("confidence of the face", 0.0..1.0), y, clouds };
        let caption = format!("Each point is a face; errors above {} % are drawn at the upper edge.", 2.5 * LIMIT);
        section.figures.push(scatter.figure("confidence", "Confidence and error of faces", &caption)?);
        let diagonal = vec![(0.0, 0.0), (1.0, 1.0)];
        curves.push(Curve { name: "ideal".into(), colour: None, dashed: true, points: diagonal });
        let (x, y) = (Axis::new("confidence of a landmark", 0.0..1.0), Axis::new("share that is correct", 0.0..1.0));
        let lines = Lines { x, y, curves, marked: true, rising: true };
        let caption = "Landmarks in ten bins by confidence: share with an error of at most 8 %, over the mean confidence of the bin.";
        section.figures.push(lines.figure("calibration", "Calibration of the confidence", caption)?);
        Ok(section)
    }

    fn paper(&self) -> Section {
        let mut section = Section::new("paper", "For a paper");
        section.listings.push(("Markdown".into(), paper::markdown(self.evaluation)));
        section.listings.push(("LaTeX (package booktabs)".into(), paper::latex(self.evaluation)));
        section
    }
}
