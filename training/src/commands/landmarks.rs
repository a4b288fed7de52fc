//! `landmarks`: fits a landmark cascade.

use lineament::raw::crop::CropSpec;
use lineament::raw::model::to_bytes;
use lineament::{ModelError, Provenance};
use lineament_train::dataset::{Dataset, DatasetOptions};
use lineament_train::history::{History, Recorder, Told};
use lineament_train::landmarks::{
    Checkpoints, FitError, FitProgress, LandmarkParams, Look, PixelFace, PointSet, StageErrors, StageReport,
    TrainingFace, UnreadablePicture, ValidLandmarkParams, fingerprint, fit, fit_confidence, fit_pixels,
};
use lineament_train::progress::{Pace, Progress};

use super::common::{CommandError, DataArguments, FitArguments, HistoryArguments, Outcome, say, write};

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
    let job = Job { dataset: &dataset, params: &params, points, options, history };
    let (file, teller) = match params.look {
        Look::Crop => job.cascade()?,
        Look::Photograph => job.pixel_cascade()?,
    };
    let bytes = file.map_err(|error| CommandError::file(&options.output, error))?;
    write(&options.output, &bytes)?;
    history.finish(options, teller.recorder)?;
    say(&format!("{}: {} bytes\n", options.output.display(), bytes.len()))?;
    Ok(outcome)
}

/// What is to be fitted to what.
struct Job<'a> {
    dataset: &'a Dataset,
    params: &'a ValidLandmarkParams,
    points: &'a PointSet,
    options: &'a FitArguments,
    history: &'a HistoryArguments,
}

/// The bytes of a model file.
type ModelFile = Result<Vec<u8>, ModelError>;

impl Job<'_> {
    /// A cascade that looks at crops.
    fn cascade(&self) -> Result<(ModelFile, Teller), CommandError> {
        let Self { dataset, params, points, options, .. } = *self;
        let spec = params.crop.spec();
        let faces = training_faces(dataset, &spec, points)?;
        let run = fingerprint(faces.iter().map(TrainingFace::key), params, options.seed);
        let checkpoints = self.checkpoints(run)?;
        let mut teller = self.teller(run);
        let fitted = fit(&faces, points.indices(), params, options.seed, &checkpoints, &mut |stage| teller.tell(stage));
        let mut fitted = fitted.map_err(failed)?;
        teller.progress.say("confidence");
        let strays = TrainingFace::read_strays(dataset, &spec, options.seed).map_err(unreadable)?;
        let strays: Vec<TrainingFace> = strays.into_iter().map(|face| face.select(points.indices())).collect();
        fitted.cascade.judge = Some(fit_confidence(&fitted, &faces, &strays, params, &checkpoints).map_err(failed)?);
        teller.recorder.record(Told { step: "confidence".into(), ..Told::default() });
        let mut provenance = self.provenance(faces.len());
        provenance.push("held-out inter-ocular error in percent", teller.errors.join("; "));
        Ok((to_bytes(&fitted.cascade, &provenance), teller))
    }

    /// A cascade that looks at photographs.
    fn pixel_cascade(&self) -> Result<(ModelFile, Teller), CommandError> {
        let Self { dataset, params, points, options, .. } = *self;
        let mut faces = PixelFace::read_all(dataset).map_err(unreadable)?;
        let mirrored: Vec<PixelFace> = faces.iter().map(PixelFace::mirrored).collect();
        faces.extend(mirrored);
        let faces: Vec<PixelFace> = faces.into_iter().map(|face| face.select(points.indices())).collect();
        let run = fingerprint(faces.iter().map(PixelFace::key), params, options.seed);
        let checkpoints = self.checkpoints(run)?;
        let mut teller = self.teller(run);
        let report = &mut |stage| teller.tell(stage);
        let cascade = fit_pixels(&faces, points.indices(), params, options.seed, &checkpoints, report);
        let mut provenance = self.provenance(faces.len());
        provenance.push(
            "training inter-ocular error in percent",
            teller.training.map_or(String::new(), |e| format!("{e:.2}")),
        );
        Ok((to_bytes(&cascade.map_err(failed)?, &provenance), teller))
    }

    fn teller(&self, run: u64) -> Teller {
        let recorder = self.history.recorder(self.options, History::new("landmarks", run, MEASURE));
        let (progress, pace) = (Progress::new("landmarks", 0), Pace::default());
        Teller { progress, pace, recorder, errors: Vec::new(), training: None }
    }

    fn checkpoints(&self, run: u64) -> Result<Checkpoints, CommandError> {
        Checkpoints::new(self.options.resume.as_deref(), run)
            .map_err(|error| CommandError::new(format!("the folder for finished steps cannot be made: {error}")))
    }

    /// What the model file says of its origin.
    fn provenance(&self, samples: usize) -> Provenance {
        let mut provenance = Provenance::default();
        provenance.push("program", concat!("lineament-train ", env!("CARGO_PKG_VERSION")));
        let (faces, pictures) = (self.dataset.face_count(), self.dataset.pictures.len());
        provenance.push("data", format!("{faces} faces of {pictures} pictures"));
        provenance.push("training faces", format!("{samples}, mirrored ones among them"));
        provenance.push("points", self.points);
        provenance.push("seed", self.options.seed);
        provenance.push("configuration", toml::to_string(&**self.params).unwrap_or_default());
        provenance
    }
}

fn failed(error: FitError) -> CommandError {
    CommandError::new(error.to_string())
}

/// Tells of finished steps, records them, and keeps the errors on faces that they had not seen.
struct Teller {
    progress: Progress,
    pace: Pace,
    recorder: Recorder,
    errors: Vec<String>,
    /// The last error in training.
    training: Option<f32>,
}

impl Teller {
    fn tell(&mut self, stage: StageReport) {
        let FitProgress { done, steps, share, read } = stage.progress;
        self.progress.set(done, steps);
        self.progress.expect(self.pace.left(share, read));
        self.progress.say(format!("{}: {}", stage.step, stage.errors));
        if let (Some(name), Some(error)) = (&stage.ends, stage.errors.held_out) {
            self.progress.line(format!("{name}: {}", stage.errors));
            self.errors.push(format!("{name}: {error:.2}"));
        }
        let StageErrors { training, held_out } = stage.errors;
        self.training = training.or(self.training);
        self.recorder.record(Told { step: stage.step, ends: stage.ends, training, held_out, ..Told::default() });
    }
}

/// The faces of the data and their mirror images, with the chosen landmarks.
pub fn training_faces(
    dataset: &Dataset,
    spec: &CropSpec,
    points: &PointSet,
) -> Result<Vec<TrainingFace>, CommandError> {
    let mut faces = TrainingFace::read_all(dataset, spec).map_err(unreadable)?;
    let mirrored: Vec<TrainingFace> = faces.iter().map(TrainingFace::mirrored).collect();
    faces.extend(mirrored);
    Ok(faces.into_iter().map(|face| face.select(points.indices())).collect())
}

fn unreadable(error: UnreadablePicture) -> CommandError {
    CommandError::new(error.to_string())
}
