//! `evaluate-detector`: recall against false positives of detectors, alone and in the pipeline.

use std::path::PathBuf;

use lineament::DetectorModel;
use lineament::LandmarkModel;
use lineament::Pipeline;
use lineament::raw::DetectOptions;
use lineament_train::dataset::{DatasetOptions, negatives};
use lineament_train::evaluate::detector::{ALLOWED, Finder, Findings, evaluate};
use lineament_train::report::plots;
use serde::Serialize;

use super::common::{CommandError, DataArguments, Outcome, ThreadArguments, print, read_model, report_faults, write};

/// Measure detectors: recall against false positives, by face size, pose and light
///
/// With --landmarks, each detector is measured alone, and then followed by the confidence of the
/// landmarks, as in `lineament detect`. Landmarks are then fitted to every window that the
/// confidence could raise to the threshold; this takes long for low thresholds.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Folders of images without faces, in which false positives are counted
    #[arg(long, value_name = "DIR", num_args = 1.., required = true)]
    negatives: Vec<PathBuf>,
    /// Detectors to measure
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    detector: Vec<PathBuf>,
    /// Landmark model; measures its pipelines with the detectors, too
    #[arg(long, value_name = "FILE")]
    landmarks: Option<PathBuf>,
    /// Side of the smallest face to search for, in pixels
    #[arg(long, value_name = "PX", default_value_t = 80.0)]
    min_face: f32,
    /// Lowest score of the detections that are counted
    #[arg(long, value_name = "S", default_value_t = -1.5, allow_negative_numbers = true)]
    threshold: f32,
    /// Write all numbers as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Draw the curves of recall against false positives per megapixel
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    threads: ThreadArguments,
}

#[derive(Serialize)]
struct Report<'a> {
    detector: String,
    curve: Vec<lineament_train::evaluate::detector::Point>,
    #[serde(flatten)]
    findings: &'a Findings,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    arguments.threads.apply()?;
    let finders = arguments.finders()?;
    let (negatives, faults) = negatives::read(&arguments.negatives)?;
    let outcome = report_faults(&faults);
    // Faces may be annotated by two corners of a square instead of landmarks.
    let data =
        arguments.data.read(&DatasetOptions { points: None, compare_pixels: false, ..DatasetOptions::default() })?;
    let options =
        DetectOptions { threshold: arguments.threshold, min_face: arguments.min_face, ..DetectOptions::default() };
    let mut all = Vec::new();
    for (name, finder) in finders {
        let findings = evaluate(&finder, &data.dataset, &negatives, &options);
        print(&table(&name, &findings))?;
        all.push((name, findings));
    }
    if let Some(file) = &arguments.json {
        let reports: Vec<Report> = all
            .iter()
            .map(|(name, findings)| Report { detector: name.clone(), curve: findings.curve(), findings })
            .collect();
        let text = serde_json::to_string_pretty(&reports).map_err(|error| CommandError::output(file, error))?;
        write(file, text.as_bytes())?;
    }
    if let Some(file) = &arguments.plot {
        let drawn = plots::recall(&all).map_err(|error| CommandError::output(file, error))?;
        write(file, drawn.svg.as_bytes())?;
    }
    Ok(outcome.and(data.outcome))
}

impl Arguments {
    /// Systems to measure, with their names: each detector alone, and each with the landmarks.
    fn finders(&self) -> Result<Vec<(String, Finder)>, CommandError> {
        let read =
            |path| Ok::<(&PathBuf, LandmarkModel), CommandError>((path, read_model(path, LandmarkModel::from_bytes)?));
        let landmarks = self.landmarks.as_ref().map(read).transpose()?;
        if let Some((path, _)) = landmarks.as_ref().filter(|(_, landmarks)| !landmarks.has_confidence()) {
            return Err(CommandError::input(path, "this model has no confidence, so it cannot be part of a pipeline"));
        }
        let mut finders = Vec::new();
        for path in &self.detector {
            let detector = read_model(path, DetectorModel::from_bytes)?;
            let name = path.display().to_string();
            finders.push((name.clone(), Finder::Detector(detector.clone())));
            if let Some((path, landmarks)) = &landmarks {
                let pipeline = Pipeline::new(detector, landmarks.clone());
                finders.push((format!("{name} with {}", path.display()), Finder::Pipeline(pipeline)));
            }
        }
        Ok(finders)
    }
}

fn table(name: &str, findings: &Findings) -> String {
    let (images, megapixels) = (findings.images, findings.megapixels);
    let mut text = format!("{name}: {images} images without faces, {megapixels:.1} megapixels\n");
    let mut row = |head: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("{cell:>8}")).collect();
        text += &format!("{head:<36} {cells}\n");
    };
    let points: Vec<_> = ALLOWED.iter().map(|&allowed| findings.at(allowed, |_| true)).collect();
    row("false positives", points.iter().map(|p| p.alarms.to_string()).collect());
    row("  per image", points.iter().map(|p| format!("{:.4}", p.per_image)).collect());
    row("  per megapixel", points.iter().map(|p| format!("{:.4}", p.per_megapixel)).collect());
    row("score above", points.iter().map(|p| p.threshold.map_or("-".into(), |t| format!("{t:.3}"))).collect());
    for (group, chosen) in findings.groups() {
        let count = findings.faces.iter().filter(|face| chosen(face)).count();
        let cells = ALLOWED.iter().map(|&allowed| format!("{:.4}", findings.at(allowed, &chosen).recall)).collect();
        row(&format!("recall {group} ({count})"), cells);
    }
    text
}
