//! `landmarks`: fits a landmark cascade.

use lineament::landmarks::crop::CropSpec;
use lineament::model::{Provenance, to_bytes};
use lineament_train::dataset::{Dataset, DatasetOptions};
use lineament_train::history::{History, Told};
use lineament_train::landmarks::{
    Checkpoints, FitError, LandmarkParams, PointSet, StageErrors, StageReport, TrainingFace, ValidLandmarkParams,
    fingerprint, fit, fit_confidence,
};
use lineament_train::progress::Progress;

use super::common::{CommandError, DataArguments, FitArguments, HistoryArguments, Outcome, write};

/// What the errors in the history are.
const MEASURE: &str = "mean inter-ocular error in percent, in the crops, from the mean shape on";

/// Fit a cascade of regression trees and linear stages that places landmarks
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    fit: FitArguments,
    #[command(flatten)]
    history: HistoryArguments,
    /// The landmarks to place: all, inner51, jaw, brows, nose, eyes, mouth, or a list such as 30,36-47
    #[arg(long, value_name = "SET", default_value_t)]
    points: PointSet,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let Arguments { data, fit: options, history, points } = arguments;
    options.threads.apply()?;
    options.check_output()?;
    history.check_output()?;
    let config: LandmarkParams = options.read_config()?;
    let params = config.check().map_err(|what| match &options.config {
        Some(file) => CommandError::file(file, what),
        None => CommandError::new(what),
    })?;
    let (dataset, outcome) = data.read(&DatasetOptions::default())?;
    let spec = CropSpec { face: params.crop.face, margin: params.crop.margin };
    let (faces, strays) = training_faces(&dataset, &spec, points, options.seed)?;

    let run = fingerprint(&faces, &params, options.seed);
    let checkpoints = Checkpoints::new(options.resume.as_deref(), run)
        .map_err(|error| CommandError::new(format!("the folder for finished steps cannot be made: {error}")))?;
    let progress = Progress::new("landmarks", 0);
    let mut recorder = history.recorder(options, History::new("landmarks", run, MEASURE));
    let mut errors = Vec::new();
    let mut report = |stage: StageReport| {
        progress.set(stage.progress.0, stage.progress.1);
        progress.say(format!("{}: {}", stage.step, stage.errors));
        if let (Some(name), Some(error)) = (&stage.ends, stage.errors.held_out) {
            progress.line(format!("{name}: {}", stage.errors));
            errors.push(format!("{name}: {error:.2}"));
        }
        let StageErrors { training, held_out } = stage.errors;
        recorder.record(Told { step: stage.step, ends: stage.ends, training, held_out, ..Told::default() });
    };
    let failed = |error: FitError| CommandError::new(error.to_string());
    let mut fitted = fit(&faces, points.indices(), &params, options.seed, &checkpoints, &mut report).map_err(failed)?;
    progress.say("confidence");
    fitted.cascade.judge = Some(fit_confidence(&fitted, &faces, &strays, &params, &checkpoints).map_err(failed)?);
    recorder.record(Told { step: "confidence".into(), ..Told::default() });
    drop(progress);

    let provenance = provenance(&dataset, faces.len(), &params, points, options.seed, &errors);
    let bytes = to_bytes(&fitted.cascade, &provenance).map_err(|error| CommandError::file(&options.output, error))?;
    write(&options.output, &bytes)?;
    history.finish(options, recorder)?;
    println!("{}: {} bytes, {} stages", options.output.display(), bytes.len(), fitted.cascade.stages.len());
    Ok(outcome)
}

/// The faces of the data and their mirror images, and boxes beside them, with the chosen landmarks.
pub fn training_faces(
    dataset: &Dataset,
    spec: &CropSpec,
    points: &PointSet,
    seed: u64,
) -> Result<(Vec<TrainingFace>, Vec<TrainingFace>), CommandError> {
    let (mut faces, strays) =
        TrainingFace::read_all(dataset, spec, seed).map_err(|error| CommandError::new(error.to_string()))?;
    let mirrored: Vec<TrainingFace> = faces.iter().map(TrainingFace::mirrored).collect();
    faces.extend(mirrored);
    let select = |faces: Vec<TrainingFace>| faces.into_iter().map(|face| face.select(points.indices())).collect();
    Ok((select(faces), select(strays)))
}

/// What the model file says of its origin.
fn provenance(
    dataset: &Dataset,
    samples: usize,
    params: &ValidLandmarkParams,
    points: &PointSet,
    seed: u64,
    errors: &[String],
) -> Provenance {
    let mut provenance = Provenance::default();
    provenance.push("program", concat!("lineament-train ", env!("CARGO_PKG_VERSION")));
    provenance.push("data", format!("{} faces of {} pictures", dataset.face_count(), dataset.pictures.len()));
    provenance.push("training faces", format!("{samples}, mirrored ones among them"));
    provenance.push("points", points);
    provenance.push("seed", seed);
    provenance.push("configuration", toml::to_string(&**params).unwrap_or_default());
    provenance.push("held-out inter-ocular error in percent", errors.join("; "));
    provenance
}
