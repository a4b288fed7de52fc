//! The report of an evaluation: its sections ([`faces`] for the pictures), and its numbers as files ([`numbers`]).

mod faces;
mod numbers;

use serde::Serialize;

use super::folder::{ReportError, ReportFolder};
use super::page::{Page, Section};
use super::plots::{Axis, Cloud, Curve, DotRow, Dots, FaceMap, Lines, Scatter};
use super::{history, paper};
use crate::dataset::Dataset;
use crate::evaluate::detail::{
    CalibrationBin, Extremes, GroupMean, LandmarkError, calibration, extremes, group_means, landmark_errors,
};
use crate::evaluate::metrics::{LIMIT, Normaliser, curve};
use crate::evaluate::output::Evaluation;
use crate::evaluate::system::System;
use crate::evaluate::table::{Table, number};
use crate::history::History;
use crate::inspect::shape_model::mean_face;

/// Pictures of each kind for each system.
const PICTURES: usize = 8;

/// Unit of errors on axes.
const ERROR: &str = "mean error, % of the eye corners' distance";

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// The data.
    pub dataset: &'a Dataset,
    /// The systems.
    pub systems: &'a [System],
    /// Their numbers.
    pub evaluation: &'a Evaluation,
    /// How models were trained: the model's name and its history.
    pub histories: &'a [(String, History)],
}

/// A report of an evaluation, with the numbers that the tables of the terminal do not have.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluationReport<'a> {
    #[serde(skip)]
    measured: Measured<'a>,
    /// The tables' numbers.
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    /// For each system what the figures show.
    details: Vec<Detail>,
    /// How models were trained.
    histories: &'a [(String, History)],
}

/// What the figures show of a system.
#[derive(Clone, Debug, Serialize)]
struct Detail {
    /// The system's name.
    system: String,
    /// The share of the faces with at most each error, at even steps from 0 to [`LIMIT`] percent.
    curve: Vec<f64>,
    /// Errors by landmark.
    landmarks: Vec<LandmarkError>,
    /// Errors by group of faces and by part of the face.
    means: Vec<GroupMean>,
    /// Confidences of landmarks, and what comes true.
    calibration: Vec<CalibrationBin>,
    /// The faces that are shown, by their place in the data.
    shown: Extremes,
}

impl<'a> EvaluationReport<'a> {
    /// Takes the numbers.
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
                shown: extremes(system, PICTURES),
            }
        };
        let details = measured.systems.iter().map(detail).collect();
        Self { measured, evaluation: measured.evaluation, details, histories: measured.histories }
    }

    /// Writes pictures, figures, numbers, tables and at last the page.
    ///
    /// # Errors
    /// If something cannot be drawn or written.
    pub fn write(&self, folder: &ReportFolder) -> Result<(), ReportError> {
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
                "{faces} faces of {photographs} photographs, boxes: {boxes}. Errors are mean distances over the landmarks \
                 in percent of the distance of the outer eye corners (IO), where nothing else is said. Intervals hold \
                 95 % of bootstrap draws over photographs."
            ),
            sections,
            files: numbers::files(),
        };
        page.write(folder)
    }

    /// The cumulative curves and the tables of all faces.
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
            "Share of the faces with at most this error; faces that were not found count as beyond every error. The area \
             under each curve is AUC@8: {}.",
            auc.join(", ")
        );
        section.figures.push(lines.figure("error_curves", "Cumulative error curves", &caption)?);
        section.tables.push(("All faces".into(), self.summary_table()));
        section.tables.push(("95 % intervals, IO".into(), self.evaluation.interval_table()));
        if !self.evaluation.comparisons.is_empty() {
            let caption = "Paired comparison, IO: negative differences mean that the first system is better";
            section.tables.push((caption.into(), self.evaluation.comparison_table()));
        }
        Ok(section)
    }

    fn summary_table(&self) -> Table {
        let headings = ["", "faces", "missed", "mean %", "median %", "AUC@8", "failures@8 %", "IP mean %"];
        let mut table = Table::new(&headings);
        for system in &self.evaluation.systems {
            let row = &system.groups[0].row;
            let (io, ip) = (&row.inter_ocular, &row.inter_pupil);
            table.rows.push(vec![
                system.name.clone(),
                row.faces.to_string(),
                row.missed.to_string(),
                number(io.mean, 3),
                number(io.median, 3),
                number(io.auc8, 3),
                number(100.0 * io.failures8, 1),
                number(ip.mean, 3),
            ]);
        }
        table
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
                "The mean annotated face. A disc's radius is the mean error of its landmark, in the face's own scale. \
                 Largest at landmarks {}, counted from 1.",
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
                "poses" => "The pose is a rough estimate from the annotated landmarks. ",
                "light" => {
                    "Mean and standard deviation of the face's grey levels (0 to 255); the difference of the means of its \
                     halves over their sum. "
                }
                _ => "",
            };
            let caption = format!(
                "{caption}Means with 95 % intervals{}.",
                if name == "regions" {
                    ""
                } else {
                    ", the number of faces in brackets; intervals of a few faces say little"
                }
            );
            section.figures.push(Dots { label: ERROR.into(), systems, rows }.figure(name, title, &caption)?);
        }
        for system in &self.evaluation.systems {
            section.tables.push((format!("{}: all groups and parts", system.name), system.table()));
        }
        Ok(section)
    }

    /// A row for each group of these families, with every system's mean.
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
                mean.mean.is_finite().then_some([mean.mean, mean.interval.low, mean.interval.high])
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

    /// Confidence against error, for systems that tell one.
    fn confidence(&self) -> Result<Section, ReportError> {
        let mut section = Section::new("confidence", "Confidence against error");
        let (mut clouds, mut curves) = (Vec::new(), Vec::new());
        for (i, (system, detail)) in self.measured.systems.iter().zip(&self.details).enumerate() {
            let pairs = system.confidences.iter().zip(system.nme(Normaliser::InterOcular));
            let points: Vec<(f64, f64)> =
                pairs.filter_map(|(confidence, error)| Some((confidence.as_ref()?.face.into(), error?))).collect();
            if !points.is_empty() {
                clouds.push(Cloud { name: system.name.clone(), colour: i, points });
                let points = detail.calibration.iter().map(|bin| (bin.said, bin.right)).collect();
                curves.push(Curve { name: system.name.clone(), colour: Some(i), dashed: false, points });
            }
            if let Some(trust) = &self.evaluation.systems[i].confidence {
                section.tables.push((format!("{}: what its confidence is worth", system.name), trust.table()));
            }
        }
        if clouds.is_empty() {
            return Ok(section);
        }
        let y = Axis::new(ERROR, 0.0..2.5 * LIMIT);
        let scatter = Scatter { x: Axis::new("confidence of the face", 0.0..1.0), y, clouds };
        let caption = format!("Each point is a face; those beyond {} % stand on the upper edge.", 2.5 * LIMIT);
        section.figures.push(scatter.figure("confidence", "Confidence and error of faces", &caption)?);
        let diagonal = vec![(0.0, 0.0), (1.0, 1.0)];
        curves.push(Curve { name: "as it should be".into(), colour: None, dashed: true, points: diagonal });
        let (x, y) = (Axis::new("confidence of a landmark", 0.0..1.0), Axis::new("share that is right", 0.0..1.0));
        let lines = Lines { x, y, curves, marked: true, rising: true };
        let caption = "Landmarks in ten parts by their confidence: what share of them has an error of at most 8 %.";
        section.figures.push(lines.figure("calibration", "What comes true of the confidence", caption)?);
        Ok(section)
    }

    fn paper(&self) -> Section {
        let mut section = Section::new("paper", "For a paper");
        section.listings.push(("Markdown".into(), paper::markdown(self.evaluation)));
        section.listings.push(("LaTeX (package booktabs)".into(), paper::latex(self.evaluation)));
        section
    }
}
