//! Results of an evaluation, as text, JSON and CSV.

use serde::Serialize;

use super::confidence::SystemTrust;
use super::metrics::Normaliser;
use super::regions::parts;
use super::significance::{Interval, Intervals, Paired, bootstrap, holm, paired};
use super::system::{Row, System};
use crate::dataset::Dataset;
use crate::dataset::groups::{Group, PROTOCOL, groups};
use crate::table::{Table, number};

/// Seed of the bootstrap and the permutation test.
pub(super) const SEED: u64 = 1;

/// All numbers of an evaluation.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// Source of the boxes.
    pub boxes: String,
    /// Number of faces.
    pub faces: usize,
    /// Number of photographs.
    pub photographs: usize,
    /// Results of the systems, in the order of the command line.
    pub systems: Vec<SystemResult>,
    /// Comparisons of every system with each one after it.
    pub comparisons: Vec<Comparison>,
}

/// Results of one system.
#[derive(Clone, Debug, Serialize)]
pub struct SystemResult {
    /// Name.
    pub name: String,
    /// Landmarks of the 68-point scheme that were compared.
    pub landmarks: Vec<usize>,
    /// 95 % intervals of the inter-ocular numbers over all faces.
    pub intervals: Intervals,
    /// Errors by group of faces.
    pub groups: Vec<Entry>,
    /// Errors by part of the face, over all faces.
    pub parts: Vec<Entry>,
    /// Quality of its confidence, if it has one.
    pub confidence: Option<SystemTrust>,
}

/// A named row.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Criterion, such as `eyes`.
    pub family: String,
    /// Name within the family, such as `closed`.
    pub name: String,
    /// The errors.
    #[serde(flatten)]
    pub row: Row,
}

/// A paired comparison of inter-ocular errors.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The first system.
    pub first: String,
    /// The second.
    pub second: String,
    /// The result; none if no face was found by both.
    pub result: Option<Paired>,
    /// p-value with Holm's correction for all comparisons ([`holm`]).
    pub p_holm: Option<f64>,
}

impl Evaluation {
    /// Measures systems on a data set.
    pub fn new(boxes: &str, dataset: &Dataset, systems: &[System]) -> Self {
        let photographs: Vec<usize> = dataset.faces().map(|(image, _)| image.photograph).collect();
        let mut distinct = photographs.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let groups = groups(dataset);
        let errors: Vec<_> = systems.iter().map(|system| system.nme(Normaliser::InterOcular)).collect();
        let compare = |(first, second): (usize, usize)| Comparison {
            first: systems[first].name.clone(),
            second: systems[second].name.clone(),
            result: paired(&errors[first], &errors[second], &photographs, SEED),
            p_holm: None,
        };
        let pairs = (0..systems.len()).flat_map(|first| (first + 1..systems.len()).map(move |second| (first, second)));
        let result = |(system, errors): (&System, &Vec<Option<f64>>)| SystemResult {
            name: system.name.clone(),
            landmarks: system.landmarks.clone(),
            intervals: bootstrap(errors, &photographs, SEED),
            groups: groups.iter().map(|group| by_group(system, group)).collect(),
            parts: parts().iter().filter_map(|part| Some(by_part(part.name, system.part(part)?))).collect(),
            confidence: SystemTrust::new(system),
        };
        Self {
            boxes: boxes.into(),
            faces: dataset.face_count(),
            photographs: distinct.len(),
            systems: systems.iter().zip(&errors).map(result).collect(),
            comparisons: together(pairs.map(compare).collect()),
        }
    }

    /// Tables for the terminal: a row per system; and with `detail` the errors by group and part,
    /// and the confidence.
    pub fn text(&self, detail: bool) -> String {
        let mut text = format!("{} faces of {} photographs, boxes: {}\n", self.faces, self.photographs, self.boxes);
        text.push_str(&format!("\n{}", self.summary_table().text()));
        let protocol = self.protocol_table();
        if !protocol.rows.is_empty() {
            text.push_str(&format!("\nprotocol of 300-W\n{}", protocol.text()));
        }
        if !self.comparisons.is_empty() {
            text.push_str(&format!("\n95 % intervals, IO\n{}", self.interval_table().text()));
            text.push_str(&format!("\npaired comparison, IO\n{}", self.comparison_table().text()));
        }
        if !detail {
            text.push_str("\nErrors by group of faces and part of the face, and the confidence: --detail\n");
            return text;
        }
        for system in &self.systems {
            let (name, landmarks, table) = (&system.name, system.landmarks.len(), system.table());
            text.push_str(&format!("\n{name} ({landmarks} landmarks)\n{}", table.text()));
            if let Some(trust) = &system.confidence {
                text.push_str(&format!("\n{}", trust.table().text()));
            }
        }
        text
    }

    /// One row per system, over all faces.
    pub fn summary_table(&self) -> Table {
        let headings =
            ["", "landmarks", "faces", "missed", "IO mean %", "median %", "AUC@8", "failures@8 %", "IP mean %"];
        let mut table = Table::new(&headings);
        for system in &self.systems {
            let row = &system.groups[0].row;
            let (io, ip) = (&row.inter_ocular, &row.inter_pupil);
            table.rows.push(vec![
                system.name.clone(),
                system.landmarks.len().to_string(),
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

    /// The rows of 300-W's protocol, one per system and part of it; empty if the data do not have
    /// its subsets.
    fn protocol_table(&self) -> Table {
        let mut table = Table::new(&["", "part", "faces", "IO mean %", "IP mean %", "AUC@8", "failures@8 %"]);
        for system in &self.systems {
            for Entry { name, row, .. } in system.groups.iter().filter(|entry| entry.family == PROTOCOL) {
                let io = &row.inter_ocular;
                table.rows.push(vec![
                    system.name.clone(),
                    name.clone(),
                    row.faces.to_string(),
                    number(io.mean, 3),
                    number(row.inter_pupil.mean, 3),
                    number(io.auc8, 3),
                    number(100.0 * io.failures8, 1),
                ]);
            }
        }
        table
    }

    /// Intervals, one row per system.
    pub fn interval_table(&self) -> Table {
        let mut table = Table::new(&["", "mean %", "median %", "AUC@8", "failures@8 %"]);
        for system in &self.systems {
            let interval = |i: Interval, factor: f64, decimals: usize| {
                format!("{} to {}", number(i.low * factor, decimals), number(i.high * factor, decimals))
            };
            let Intervals { mean, median, auc8, failures8 } = system.intervals;
            let cells = [
                interval(mean, 1.0, 3),
                interval(median, 1.0, 3),
                interval(auc8, 1.0, 3),
                interval(failures8, 100.0, 2),
            ];
            table.rows.push([vec![system.name.clone()], cells.to_vec()].concat());
        }
        table
    }

    /// Comparisons, one row per pair.
    pub fn comparison_table(&self) -> Table {
        let mut table = Table::new(&["", "faces", "difference of means %", "95 % interval", "p", "p (Holm)"]);
        for Comparison { first, second, result, p_holm } in &self.comparisons {
            let name = format!("{first} − {second}");
            table.rows.push(match result {
                None => [&[name, "0".into()][..], &["–"; 4].map(String::from)].concat(),
                Some(Paired { faces, difference, interval, p }) => vec![
                    name,
                    faces.to_string(),
                    format!("{difference:+.3}"),
                    format!("{:+.3} to {:+.3}", interval.low, interval.high),
                    format!("{p:.4}"),
                    number(p_holm.unwrap_or(f64::NAN), 4),
                ],
            });
        }
        table
    }
}

impl SystemResult {
    /// Errors by group and by part.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&[
            "",
            "faces",
            "missed",
            "IO mean %",
            "median %",
            "AUC@8",
            "failures@8 %",
            "IP mean %",
            "median %",
            "AUC@8",
            "failures@8 %",
        ]);
        for Entry { family, name, row } in self.groups.iter().chain(&self.parts) {
            let label = if family == name { name.clone() } else { format!("{family}: {name}") };
            let mut cells = vec![label, row.faces.to_string(), row.missed.to_string()];
            for s in [&row.inter_ocular, &row.inter_pupil] {
                cells.extend([
                    number(s.mean, 3),
                    number(s.median, 3),
                    number(s.auc8, 3),
                    number(100.0 * s.failures8, 1),
                ]);
            }
            table.rows.push(cells);
        }
        table
    }
}

/// Adds Holm's correction to the comparisons.
fn together(mut comparisons: Vec<Comparison>) -> Vec<Comparison> {
    let mut tested: Vec<&mut Comparison> = comparisons.iter_mut().filter(|c| c.result.is_some()).collect();
    let probabilities: Vec<f64> = tested.iter().filter_map(|c| Some(c.result?.p)).collect();
    tested.iter_mut().zip(holm(&probabilities)).for_each(|(comparison, p)| comparison.p_holm = Some(p));
    comparisons
}

fn by_group(system: &System, group: &Group) -> Entry {
    Entry { family: group.family.into(), name: group.name.clone(), row: system.group(group) }
}

fn by_part(name: &str, row: Row) -> Entry {
    Entry { family: "part".into(), name: name.into(), row }
}

/// Returns one row per face and system: `system,image,face,subset,found,io,ip,confidence` and the
/// inter-ocular error of every part.
///
/// # Errors
/// If the table cannot be built.
pub fn csv(dataset: &Dataset, systems: &[System]) -> Result<Vec<u8>, csv::Error> {
    let parts = parts();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fixed = ["system", "image", "face", "subset", "found", "io", "ip", "confidence"];
    writer.write_record(fixed.into_iter().chain(parts.iter().map(|part| part.name)))?;
    for system in systems {
        let mut face = 0;
        for image in &dataset.images {
            for within in 0..image.faces.len() {
                let error = system.errors[face].as_ref();
                let cell = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.5}"));
                let mut record = vec![
                    system.name.clone(),
                    image.path.display().to_string(),
                    within.to_string(),
                    image.subset.clone(),
                    u8::from(error.is_some()).to_string(),
                    cell(error.map(|error| error.nme(Normaliser::InterOcular))),
                    cell(error.map(|error| error.nme(Normaliser::InterPupil))),
                    cell(system.confidences[face].as_ref().map(|confidence| confidence.face.into())),
                ];
                record.extend(parts.iter().map(|part| {
                    cell(error.and_then(|error| error.nme_of(Normaliser::InterOcular, |i| part.indices.contains(&i))))
                }));
                writer.write_record(record)?;
                face += 1;
            }
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
