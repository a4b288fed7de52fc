//! `detector`: fits a face detector.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use lineament::Provenance;
use lineament::raw::model::to_bytes;
use lineament_train::dataset::{Dataset, DatasetOptions, negatives};
use lineament_train::detector::{DetectorParams, StepReport, ValidDetectorParams, fit};
use lineament_train::history::{History, Told};
use lineament_train::landmarks::Checkpoints;
use rayon::prelude::*;

use super::common::{CommandError, DataArguments, FitArguments, HistoryArguments, Outcome, say, tell, write};

/// What the errors in the history are.
const MEASURE: &str =
    "percent of the training windows on the forest's wrong side, faces and hard windows counting alike";

/// Fit a face detector
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Folders of pictures without faces
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
    options.check_output()?;
    history.check_output()?;
    let config: DetectorParams = options.read_config()?;
    let params = config.check().map_err(|what| match &options.config {
        Some(file) => CommandError::file(file, what),
        None => CommandError::new(what),
    })?;
    let (negatives, faults) = negatives::read(folders)?;
    let negatives_outcome = tell(&faults);
    let (dataset, faces_outcome) = data.read(&DatasetOptions::default())?;

    let run = fingerprint(&dataset, &negatives, &params, options.seed);
    let checkpoints = Checkpoints::new(options.resume.as_deref(), run)
        .map_err(|error| CommandError::new(format!("the folder for finished steps cannot be made: {error}")))?;
    let mut recorder = history.recorder(options, History::new("detector", run, MEASURE));
    let mut scores = Vec::new();
    let mut report = |report: StepReport| {
        eprintln!("{report}");
        if report.wrong.is_some() || report.step == "calibration" {
            scores.push(report.to_string());
        }
        let (what, count) = report.counted;
        let numbers = BTreeMap::from([(what.into(), count as f64)]);
        recorder.record(Told { step: report.step, training: report.wrong, numbers, ..Told::default() });
    };
    let fitted = fit(&dataset, &negatives, &params, options.seed, &checkpoints, &mut report)
        .map_err(|error| CommandError::new(error.to_string()))?;

    let mut provenance = provenance(&dataset, negatives.len(), &params, options.seed);
    provenance.push("scores", scores.join("; "));
    let bytes = to_bytes(&fitted, &provenance).map_err(|error| CommandError::file(&options.output, error))?;
    write(&options.output, &bytes)?;
    history.finish(options, recorder)?;
    let (components, trees) = (fitted.components.len(), fitted.boosted_trees.trees.len());
    let (file, bytes) = (options.output.display(), bytes.len());
    say(&format!("{file}: {bytes} bytes, {components} components, {trees} trees\n"))?;
    Ok(if negatives_outcome == Outcome::Complete { faces_outcome } else { negatives_outcome })
}

/// A number that tells runs on other data, with other parameters, another seed or another version of the program apart.
fn fingerprint(dataset: &Dataset, negatives: &[PathBuf], params: &ValidDetectorParams, seed: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    (negatives, seed, toml::to_string(&**params).unwrap_or_default()).hash(&mut hasher);
    for (picture, face) in dataset.faces() {
        picture.path.hash(&mut hasher);
        face.shape.points.iter().for_each(|p| (p.x.to_bits(), p.y.to_bits()).hash(&mut hasher));
    }
    let pictures: Vec<&PathBuf> = dataset.pictures.iter().map(|picture| &picture.path).chain(negatives).collect();
    checksums(&pictures).hash(&mut hasher);
    hasher.finish()
}

/// The checksums of files; none of those that cannot be read.
fn checksums(files: &[&PathBuf]) -> Vec<Option<u32>> {
    files.par_iter().map(|file| std::fs::read(file).ok().map(|bytes| crc32fast::hash(&bytes))).collect()
}

/// What the model file says of its origin.
fn provenance(dataset: &Dataset, negatives: usize, params: &ValidDetectorParams, seed: u64) -> Provenance {
    let mut provenance = Provenance::default();
    provenance.push("program", concat!("lineament-train ", env!("CARGO_PKG_VERSION")));
    provenance.push("data", format!("{} faces of {} pictures", dataset.face_count(), dataset.pictures.len()));
    provenance.push("pictures without faces", negatives);
    provenance.push("seed", seed);
    provenance.push("configuration", toml::to_string(&**params).unwrap_or_default());
    provenance.push(
        "score",
        "10^(-2 (score + 1)) false alarms a megapixel are to be expected from a score on, for faces from 80 pixels",
    );
    provenance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_was_changed_makes_another_run() {
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
