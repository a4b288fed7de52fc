//! `landmarks`: fits a landmark cascade.

use lineament::ModelError;
use lineament::raw::crop::CropSpec;
use lineament::raw::model::Provenance;
use lineament::raw::model::to_bytes;
use lineament_train::checkpoint::Checkpoints;
use lineament_train::config;
use lineament_train::dataset::{Dataset, DatasetOptions};
use lineament_train::history::{History, Recorder, StepRecord};
use lineament_train::landmarks::{
    FitError, FitProgress, LandmarkParams, Look, PointSet, PredictorFace, StageErrors, StageReport, TrainingFace,
    UnreadableImage, ValidLandmarkParams, fingerprint, fit, fit_confidence, fit_shape_predictor,
};
use lineament_train::progress::{Pace, Progress};

use super::common::{
    CommandError, Data, FaceArguments, FitArguments, HistoryArguments, Outcome, note, print, quoted, read_config,
    write, wrong_config,
};

/// Meaning of the errors in the history.
const MEASURE: &str = "mean inter-ocular error in percent, in the crops, from the mean shape on";

/// Rise of the held-out error, in percent of the eye distance, above which a fit warns.
const RISE: f32 = 0.05;

/// Fit a cascade of regression trees and linear stages that places landmarks
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: FaceArguments,
    #[command(flatten)]
    fit: FitArguments,
    #[command(flatten)]
    history: HistoryArguments,
    /// Landmarks to place: all, inner51, jaw, brows, nose, eyes, mouth, or a list such as 30,36-47
    ///
    /// A model of some landmarks is smaller and faster than one of all 68, but not more accurate on
    /// them: on 300-W's LFPW testset, `eyes` alone has an error of 2.51 % on the eyes and the model
    /// of all landmarks 2.49 %. Use it if the other landmarks are not needed.
    #[arg(long, value_name = "SET", default_value_t)]
    points: PointSet,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let Arguments { data, fit: options, history, points } = arguments;
    options.threads.apply()?;
    history.check_outputs(options, data.data.data.iter())?;
    let config: LandmarkParams = read_config(options.config.as_deref())?;
    let params = config.check().map_err(|error| wrong_config(options.config.as_deref(), error))?;
    let data = data.read(DatasetOptions::default())?;
    let job = Job { data: &data, params: &params, points, options, history };
    let Fit { file, reporter, checkpoints } = match params.look {
        Look::Crop => job.cascade()?,
        Look::Photograph => job.shape_predictor()?,
    };
    let bytes = file.map_err(|error| CommandError::output(&options.output, error))?;
    write(&options.output, &bytes)?;
    let Reporter { progress, recorder, curve, training, .. } = reporter;
    drop(progress);
    history.finish(options, recorder)?;
    checkpoints.summary().into_iter().for_each(note);
    rise(&curve).into_iter().for_each(note);
    let error = match (curve.last(), training) {
        (Some((_, error)), _) => format!(", held-out error {error:.2} %"),
        (None, Some(error)) => format!(", training error {error:.2} %"),
        (None, None) => String::new(),
    };
    let file = options.output.display();
    print(&format!("{file}: {} bytes{error}\n", bytes.len()))?;
    note(format_args!(
        "next, on faces that were not used here: lineament-train evaluate --data … --landmarks {}",
        quoted(&options.output)
    ));
    Ok(data.outcome)
}

/// A warning if the held-out error rose after its best step.
fn rise(curve: &[(String, f32)]) -> Option<String> {
    let (best, lowest) = curve.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let (_, last) = curve.last()?;
    (last - lowest > RISE).then(|| {
        format!(
            "warning: the held-out error rose from {lowest:.2} % after \"{best}\" to {last:.2} %: the later steps learn \
             details of these faces only; leave them out of the configuration, raise `penalty`, or use more faces"
        )
    })
}

/// A fit to be done.
struct Job<'a> {
    data: &'a Data,
    params: &'a ValidLandmarkParams,
    points: &'a PointSet,
    options: &'a FitArguments,
    history: &'a HistoryArguments,
}

/// A finished fit: the bytes of its model file, and what happened on the way.
struct Fit {
    file: Result<Vec<u8>, ModelError>,
    reporter: Reporter,
    checkpoints: Checkpoints,
}

impl Job<'_> {
    /// Fits a cascade that looks at crops.
    fn cascade(&self) -> Result<Fit, CommandError> {
        let Self { data, params, points, options, .. } = *self;
        let spec = params.crop.spec();
        let faces = training_faces(&data.dataset, &spec, points)?;
        let run = fingerprint(faces.iter().map(TrainingFace::key), params, options.seed);
        let checkpoints = Checkpoints::new(options.resume.as_deref(), run)?;
        let mut reporter = self.reporter(run, faces.len());
        let report = &mut |stage| reporter.report(stage);
        let mut fitted = fit(&faces, points.indices(), params, options.seed, &checkpoints, report).map_err(failed)?;
        reporter.progress.message("confidence");
        let strays = TrainingFace::read_strays(&data.dataset, &spec, options.seed).map_err(unreadable)?;
        let strays: Vec<TrainingFace> = strays.into_iter().map(|face| face.select(points.indices())).collect();
        fitted.cascade.confidence =
            Some(fit_confidence(&fitted, &faces, &strays, params, &checkpoints).map_err(failed)?);
        reporter.recorder.record(StepRecord { step: "confidence".into(), ..StepRecord::default() });
        let mut provenance = self.provenance(faces.len());
        let errors: Vec<String> = reporter.curve.iter().map(|(name, error)| format!("{name}: {error:.2}")).collect();
        provenance.push("held-out inter-ocular error in percent", errors.join("; "));
        Ok(Fit { file: to_bytes(&fitted.cascade, &provenance), reporter, checkpoints })
    }

    /// Fits a cascade that looks at photographs.
    fn shape_predictor(&self) -> Result<Fit, CommandError> {
        let Self { data, params, points, options, .. } = *self;
        let mut faces = PredictorFace::read_all(&data.dataset).map_err(unreadable)?;
        let mirrored: Vec<PredictorFace> = faces.iter().map(PredictorFace::mirrored).collect();
        faces.extend(mirrored);
        let faces: Vec<PredictorFace> = faces.into_iter().map(|face| face.select(points.indices())).collect();
        let run = fingerprint(faces.iter().map(PredictorFace::key), params, options.seed);
        let checkpoints = Checkpoints::new(options.resume.as_deref(), run)?;
        let mut reporter = self.reporter(run, faces.len());
        let report = &mut |stage| reporter.report(stage);
        let predictor = fit_shape_predictor(&faces, points.indices(), params, options.seed, &checkpoints, report);
        let mut provenance = self.provenance(faces.len());
        provenance.push(
            "training inter-ocular error in percent",
            reporter.training.map_or(String::new(), |e| format!("{e:.2}")),
        );
        Ok(Fit { file: to_bytes(&predictor.map_err(failed)?, &provenance), reporter, checkpoints })
    }

    /// Says what the fit learns from, and starts to report.
    fn reporter(&self, run: u64, samples: usize) -> Reporter {
        note(format_args!("{}; {samples} training faces with their mirror images", self.data.inventory()));
        let recorder = self.history.recorder(self.options, History::new("landmarks", run, MEASURE));
        let (progress, pace) = (Progress::new("landmarks", 0), Pace::default());
        Reporter { progress, pace, recorder, curve: Vec::new(), training: None }
    }

    /// The origin of the model, for its file. The words are those of the first release: see
    /// [`config::recorded`].
    fn provenance(&self, samples: usize) -> Provenance {
        let mut provenance = Provenance::default();
        provenance.push("program", concat!("lineament-train ", env!("CARGO_PKG_VERSION")));
        let Dataset { images } = &self.data.dataset;
        provenance.push("data", format!("{} faces of {} pictures", self.data.dataset.face_count(), images.len()));
        provenance.push("training faces", format!("{samples}, mirrored ones among them"));
        provenance.push("points", self.points);
        provenance.push("seed", self.options.seed);
        provenance.push("configuration", config::recorded(&**self.params));
        provenance
    }
}

fn failed(error: FitError) -> CommandError {
    match error {
        FitError::Checkpoint(error) => error.into(),
        error => CommandError::usage(error.to_string()),
    }
}

/// Shows and records finished steps.
struct Reporter {
    progress: Progress,
    pace: Pace,
    recorder: Recorder,
    /// Held-out error after each stage.
    curve: Vec<(String, f32)>,
    /// Last training error.
    training: Option<f32>,
}

impl Reporter {
    fn report(&mut self, stage: StageReport) {
        let FitProgress { done, steps, share, read } = stage.progress;
        self.progress.set(done, steps);
        self.progress.expect(self.pace.left(share, read));
        self.progress.message(format!("{}: {}", stage.step, stage.errors));
        if let (Some(name), Some(error)) = (&stage.ends, stage.errors.held_out) {
            let origin = if read { " (from an earlier run)" } else { "" };
            self.progress.line(format!("{name}: {}{origin}", stage.errors));
            self.curve.push((name.clone(), error));
        }
        let StageErrors { training, held_out } = stage.errors;
        self.training = training.or(self.training);
        let (step, ends) = (stage.step, stage.ends);
        self.recorder.record(StepRecord { step, ends, training, held_out, ..StepRecord::default() });
    }
}

/// Cuts out the faces of the data and adds their mirror images, with the chosen landmarks.
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

fn unreadable(error: UnreadableImage) -> CommandError {
    CommandError::usage(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_error_is_reported_with_its_best_step() {
        let curve = |errors: &[f32]| -> Vec<(String, f32)> {
            errors.iter().enumerate().map(|(i, &error)| (format!("stage {}", i + 1), error)).collect()
        };
        let warning = rise(&curve(&[9.0, 5.36, 5.71])).unwrap();
        assert!(warning.starts_with("warning: the held-out error rose from 5.36 % after \"stage 2\" to 5.71 %: "));
        assert_eq!(rise(&curve(&[9.0, 5.36, 5.38])), None);
        assert_eq!(rise(&[]), None);
    }
}
