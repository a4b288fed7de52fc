//! Numbers of an evaluation's report, as files.

use super::EvaluationReport;
use crate::evaluate::detail::{CalibrationBin, GroupMean, LandmarkError};
use crate::evaluate::metrics::LIMIT;
use crate::evaluate::output::csv;
use crate::report::folder::{ReportError, ReportFolder};
use crate::report::{history, paper};
use crate::table::Table;

impl EvaluationReport<'_> {
    /// All numbers as JSON and CSV, and the tables for a paper.
    pub(super) fn write_numbers(&self, folder: &ReportFolder) -> Result<(), ReportError> {
        let json = serde_json::to_vec_pretty(self).map_err(|error| ReportError::content("numbers", error))?;
        folder.write("numbers.json", &json)?;
        let table = |name: &str, bytes: Result<Vec<u8>, csv::Error>| {
            folder.write(name, &bytes.map_err(|error| ReportError::content(name, error))?)
        };
        table("faces.csv", csv(self.measured.dataset, self.measured.systems))?;
        table("curves.csv", self.curves_csv())?;
        table("landmarks.csv", self.landmarks_csv())?;
        table("groups.csv", self.groups_csv())?;
        table("comparisons.csv", self.evaluation.comparison_table().csv())?;
        table("calibration.csv", self.calibration_csv())?;
        table("training.csv", history::csv(self.histories))?;
        folder.write("table.md", paper::markdown(self.evaluation).as_bytes())?;
        folder.write("table.tex", paper::latex(self.evaluation).as_bytes())
    }

    /// One row per error, one column per system.
    fn curves_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut table = Table::new(&["error"]);
        table.header.extend(self.details.iter().map(|detail| detail.system.clone()));
        let points = self.details[0].curve.len();
        for i in 0..points {
            let error = format!("{:.2}", i as f64 * LIMIT / (points - 1) as f64);
            let shares = self.details.iter().map(|detail| format!("{:.5}", detail.curve[i]));
            table.rows.push(std::iter::once(error).chain(shares).collect());
        }
        table.csv()
    }

    fn landmarks_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut table = Table::new(&["system", "landmark_from_0", "mean", "median"]);
        for detail in &self.details {
            table.rows.extend(detail.landmarks.iter().map(|LandmarkError { landmark, mean, median }| {
                vec![detail.system.clone(), landmark.to_string(), format!("{mean:.5}"), format!("{median:.5}")]
            }));
        }
        table.csv()
    }

    fn calibration_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut table = Table::new(&["system", "landmarks", "predicted", "correct"]);
        for detail in &self.details {
            table.rows.extend(detail.calibration.iter().map(|CalibrationBin { count, predicted, correct }| {
                vec![detail.system.clone(), count.to_string(), format!("{predicted:.5}"), format!("{correct:.5}")]
            }));
        }
        table.csv()
    }

    fn groups_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut table = Table::new(&["system", "family", "name", "faces", "mean", "low", "high"]);
        for detail in &self.details {
            table.rows.extend(detail.means.iter().map(|GroupMean { family, name, faces, mean, interval }| {
                let numbers = [*mean, interval.low, interval.high].map(|v| format!("{v:.5}"));
                [&[detail.system.clone(), family.clone(), name.clone(), faces.to_string()][..], &numbers].concat()
            }));
        }
        table.csv()
    }
}

/// Files of the report, and their content.
pub(super) fn files() -> Vec<(String, String)> {
    [
        ("numbers.json", "all numbers"),
        ("faces.csv", "the errors of every face, by part of the face"),
        ("curves.csv", "the cumulative error curves"),
        ("landmarks.csv", "errors by landmark"),
        ("groups.csv", "errors by group of faces and part of the face, with intervals"),
        ("comparisons.csv", "the paired comparisons"),
        ("calibration.csv", "calibration of the confidence of landmarks"),
        ("training.csv", "training histories of the models, if known"),
        ("table.md", "the table for a paper, Markdown"),
        ("table.tex", "the same table, LaTeX"),
    ]
    .map(|(name, what)| (name.into(), what.into()))
    .to_vec()
}
