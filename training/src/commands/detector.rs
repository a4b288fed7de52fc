//! `detector`: fits a face detector.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lineament::raw::Detector;
use lineament::raw::model::Provenance;
use lineament::raw::model::to_bytes;
use lineament_train::checkpoint::{Checkpoints, Fingerprint};
use lineament_train::config;
use lineament_train::dataset::{Dataset, DatasetOptions, negatives};
use lineament_train::detector::{DetectorError, DetectorParams, Fitted, StepReport, ValidDetectorParams, fit};
use lineament_train::history::{History, StepRecord};
use rayon::prelude::*;

use super::common::{
    CommandError, FaceArguments, FitArguments, HistoryArguments, Outcome, note, print, quoted, read_config,
    report_faults, write, wrong_config,
};

/// Meaning of the errors in the history.
const MEASURE: &str =
    "percent of the training windows on the wrong side of the boosted trees; faces and hard windows weigh the same";

/// Meaning of a score, in the words of the first release.
const SCORE: &str =
    "10^(-2 (score + 1)) false alarms a megapixel are to be expected from a score on, for faces from 80 pixels";

/// Fit a face detector
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: FaceArguments,
    /// Folders of images without faces
    #[arg(long, value_name = "DIR", num_args = 1.., required = true)]
    negatives: Vec<PathBuf>,
    #[command(flatten)]
    fit: FitArguments,
    #[command(flatten)]
    history: HistoryArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let Arguments { data, negatives: folders, fit: options, history } = arguments;
    options.threads.apply()?;
    history.check_outputs(options, data.data.data.iter().chain(folders))?;
    let config: DetectorParams = read_config(options.config.as_deref())?;
    let params = config.check().map_err(|error| wrong_config(options.config.as_deref(), error))?;
    let (negatives, faults) = negatives::read(folders)?;
    let outcome = report_faults(&faults);
    let data = data.read(DatasetOptions::default())?;
    let dataset = &data.dataset;
    note(format_args!("{}, {} images without faces", data.inventory(), negatives.len()));

    let run = fingerprint(dataset, &negatives, &params, options.seed);
    let checkpoints = Checkpoints::new(options.resume.as_deref(), run)?;
    let mut recorder = history.recorder(options, History::new("detector", run, MEASURE));
    let mut scores = Vec::new();
    let mut report = |report: StepReport| {
        note(&report);
        scores.extend(report.recorded());
        let (what, count) = report.counted;
        let numbers = BTreeMap::from([(what.into(), count as f64)]);
        let step = report.step.to_string();
        recorder.record(StepRecord { step, training: report.wrong, numbers, ..StepRecord::default() });
    };
    let Fitted { detector, calibration } =
        fit(dataset, &negatives, &params, options.seed, &checkpoints, &mut report).map_err(failed)?;

    let limits = calibration.limits();
    limits.iter().for_each(|limits| note(format_args!("warning: {limits}; use more images without faces")));
    let mut provenance = provenance(dataset, negatives.len(), &params, options.seed);
    match limits {
        Some(limits) => provenance.push(Detector::CALIBRATION, limits),
        None => provenance.push("score", SCORE),
    }
    provenance.push("scores", scores.join("; "));
    let bytes = to_bytes(&detector, &provenance).map_err(|error| CommandError::output(&options.output, error))?;
    write(&options.output, &bytes)?;
    history.finish(options, recorder)?;
    checkpoints.summary().into_iter().for_each(note);
    let (components, trees) = (detector.components.len(), detector.boosted_trees.trees.len());
    let (file, bytes) = (options.output.display(), bytes.len());
    print(&format!("{file}: {bytes} bytes, {components} components, {trees} trees\n"))?;
    note(format_args!(
        "next, on faces and images that were not used here: lineament-train evaluate-detector --data … --negatives … \
         --detector {}",
        quoted(&options.output)
    ));
    Ok(outcome.and(data.outcome))
}

fn failed(error: DetectorError) -> CommandError {
    match error {
        DetectorError::Checkpoint(error) => error.into(),
        error => CommandError::usage(error.to_string()),
    }
}

/// Returns the number that names a run: a hash of the data, the parameters, the seed and the
/// program version.
fn fingerprint(dataset: &Dataset, negatives: &[PathBuf], params: &ValidDetectorParams, seed: u64) -> u64 {
    let mut fingerprint = Fingerprint::new(seed);
    fingerprint.add(format!("{params:?}").as_bytes());
    for (image, face) in dataset.faces() {
        fingerprint.add(image.path.as_os_str().as_encoded_bytes());
        fingerprint.add_points(&face.shape.points);
    }
    let images: Vec<&PathBuf> = dataset.images.iter().map(|image| &image.path).chain(negatives).collect();
    for (file, checksum) in images.iter().zip(checksums(&images)) {
        fingerprint.add(file.as_os_str().as_encoded_bytes());
        fingerprint.add(&checksum.map_or(Vec::new(), |sum| sum.to_le_bytes().to_vec()));
    }
    fingerprint.finish()
}

/// Checksums of files; none for a file that cannot be read.
fn checksums(files: &[&PathBuf]) -> Vec<Option<u32>> {
    files.par_iter().map(|file| std::fs::read(file).ok().map(|bytes| crc32fast::hash(&bytes))).collect()
}

/// The origin of the model, for its file. The words are those of the first release: see
/// [`config::recorded`].
fn provenance(dataset: &Dataset, negatives: usize, params: &ValidDetectorParams, seed: u64) -> Provenance {
    let mut provenance = Provenance::default();
    provenance.push("program", concat!("lineament-train ", env!("CARGO_PKG_VERSION")));
    provenance.push("data", format!("{} faces of {} pictures", dataset.face_count(), dataset.images.len()));
    provenance.push("pictures without faces", negatives);
    provenance.push("seed", seed);
    provenance.push("configuration", config::recorded(&**params));
    provenance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_image_makes_another_run() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["a.png", "b.png"].map(|name| folder.path().join(name));
        std::fs::write(&files[0], b"one").unwrap();
        let params = DetectorParams::default().check().unwrap();
        let run = |params: &ValidDetectorParams, seed| fingerprint(&Dataset::default(), &files, params, seed);
        let before = run(&params, 1);
        assert_eq!(run(&params, 1), before);
        assert_ne!(run(&params, 2), before);
        std::fs::write(&files[0], b"two").unwrap();
        let after = run(&params, 1);
        assert_ne!(after, before);
        // A file that could not be read before.
        std::fs::write(&files[1], b"").unwrap();
        assert_ne!(run(&params, 1), after);
    }
}
