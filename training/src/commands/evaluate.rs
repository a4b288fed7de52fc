//! `evaluate`: errors of landmark models on annotated faces, as tables.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use lineament::DetectorModel;
use lineament::LandmarkModel;
use lineament::raw::DetectOptions;
use lineament::raw::{Fit, FitOptions};
use lineament::scheme::POINTS;
use lineament_train::dataset::{Dataset, DatasetOptions};
use lineament_train::evaluate::output::{Evaluation, csv};
use lineament_train::evaluate::{BoxSource, Predictor, System, measurable, stored};
use lineament_train::history::History;
use lineament_train::landmarks::PointSet;
use lineament_train::report::{EvaluationReport, Measured, ReportFolder};

use super::common::{
    CommandError, DataArguments, Outcome, ThreadArguments, cannot_read, check_output, read_model, say, tell, write,
};

/// Measure landmark models on annotated faces
///
/// Tells the normalised mean error (NME) of every model by subset of the data, opening of eyes and mouth, pose of the head,
/// size, light, and part of the face: its mean and median, the area under its cumulative curve and the share of failures at 8 %;
/// divided by the distance of the outer eye corners (IO) and by that of the eyes' centres (IP). And how well the models'
/// confidence ranks these errors, and how many of the faces that it holds for right are right (an error of at most 8 % IO).
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Landmark models to measure
    #[arg(long, value_name = "FILE", num_args = 1..)]
    landmarks: Vec<PathBuf>,
    /// Results of other systems to compare with: for each picture's name its 68 points, `{"image_0001": [[x, y], …]}`
    #[arg(long, value_name = "JSON", num_args = 1..)]
    stored: Vec<PathBuf>,
    /// Where the faces' boxes come from
    #[arg(long, value_enum, default_value_t = Boxes::Dataset)]
    boxes: Boxes,
    /// The detector of `--boxes detector`
    #[arg(long, value_name = "FILE")]
    detector: Option<PathBuf>,
    /// The score from which the detector's windows count
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    threshold: Option<f32>,
    /// The side of the smallest face that the detector looks for
    #[arg(long, value_name = "PX")]
    min_face: Option<f32>,
    /// Leave out the refinement
    #[arg(long)]
    fast: bool,
    /// The landmarks that count: all, inner51, jaw, brows, nose, eyes, mouth, or a list such as 30,36-47
    #[arg(long, value_name = "SET", default_value_t)]
    points: PointSet,
    /// Write all numbers of the tables
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the errors of every face
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write a report: a page with figures (SVG, PNG), faces as pictures, tables for a paper, and all numbers (JSON, CSV)
    ///
    /// The folder may exist: files of a report replace those of the same names, others stay.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Histories of the models' training for the report; by default those that stand beside the models
    #[arg(long, value_name = "JSON", num_args = 1.., requires = "report")]
    history: Vec<PathBuf>,
    #[command(flatten)]
    threads: ThreadArguments,
}

/// Where boxes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Boxes {
    /// As the data set gives them; for folders, which have none, from the landmarks
    Dataset,
    /// As a detector finds them
    Detector,
    /// From the annotated landmarks
    GroundTruth,
}

impl Boxes {
    fn name(self) -> &'static str {
        match self {
            Self::Dataset => "dataset",
            Self::Detector => "detector",
            Self::GroundTruth => "ground truth",
        }
    }
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    arguments.threads.apply()?;
    if arguments.landmarks.is_empty() && arguments.stored.is_empty() {
        return Err(CommandError::new("there is nothing to measure: give --landmarks or --stored"));
    }
    arguments.json.iter().chain(&arguments.csv).try_for_each(|path| check_output(path))?;
    let report = arguments.report.as_deref().map(ReportFolder::create).transpose()?;
    let histories = arguments.histories()?;
    let models = arguments.landmarks.iter().map(|path| read_model(path, LandmarkModel::from_bytes));
    let models = models.collect::<Result<Vec<LandmarkModel>, CommandError>>()?;
    let detector = arguments.detector()?;
    let boxes = match (arguments.boxes, &detector) {
        (Boxes::Detector, Some(detector)) => BoxSource::Detector(detector, arguments.detect_options(detector)),
        (Boxes::GroundTruth, _) => BoxSource::GroundTruth,
        _ => BoxSource::Dataset,
    };

    // Pixels are decoded once, when the models are run; names are enough to group AFW's photographs.
    let options = DatasetOptions { compare_pixels: false, ..DatasetOptions::default() };
    let (dataset, outcome) = arguments.data.read(&options)?;
    let (dataset, unmeasurable) = measurable(dataset);
    let predictor =
        Predictor { boxes, models: &models, options: FitOptions { fast: arguments.fast, ..FitOptions::default() } };
    let (dataset, fits, unread) =
        if models.is_empty() { (dataset, Vec::new(), Vec::new()) } else { predictor.run(&dataset) };
    if dataset.pictures.is_empty() {
        tell(&unmeasurable);
        tell(&unread);
        return Err(CommandError::new("there is no usable face"));
    }

    let wanted: Vec<usize> = arguments.points.indices().iter().map(|&landmark| landmark.into()).collect();
    let mut systems = Vec::new();
    for ((path, model), fits) in arguments.landmarks.iter().zip(&models).zip(fits) {
        let landmarks: Vec<usize> = model.landmarks().iter().map(|&landmark| landmark.into()).collect();
        systems.push(system(path, &landmarks, fits, &dataset, &wanted)?);
    }
    let everything: Vec<usize> = (0..POINTS).collect();
    for path in &arguments.stored {
        let text = std::fs::read_to_string(path).map_err(|error| CommandError::file(path, cannot_read(&error)))?;
        let shapes = stored::parse(&text, &dataset).map_err(|what| CommandError::file(path, what))?;
        let fits = shapes.into_iter().map(|shape| shape.map(|shape| Fit { shape, confidence: None })).collect();
        systems.push(system(path, &everything, fits, &dataset, &wanted)?);
    }

    tell_apart(&mut systems, arguments.landmarks.iter().chain(&arguments.stored));
    let evaluation = Evaluation::new(arguments.boxes.name(), &dataset, &systems);
    say(&evaluation.text())?;
    if let Some(path) = &arguments.json {
        let json = serde_json::to_vec_pretty(&evaluation).map_err(|error| CommandError::file(path, error))?;
        write(path, &json)?;
    }
    if let Some(path) = &arguments.csv {
        write(path, &csv(&dataset, &systems).map_err(|error| CommandError::file(path, error))?)?;
    }
    if let Some(folder) = report {
        let measured =
            Measured { dataset: &dataset, systems: &systems, evaluation: &evaluation, histories: &histories };
        EvaluationReport::new(measured).write(&folder)?;
    }
    Ok(outcome.and(tell(&unmeasurable)).and(tell(&unread)))
}

/// Systems whose files have the same name in different folders are told apart by their paths.
fn tell_apart<'a>(systems: &mut [System], paths: impl Iterator<Item = &'a PathBuf>) {
    let names: Vec<String> = systems.iter().map(|system| system.name.clone()).collect();
    for (system, path) in systems.iter_mut().zip(paths) {
        if names.iter().filter(|name| **name == system.name).count() > 1 {
            system.name = path.display().to_string();
        }
    }
}

impl Arguments {
    fn detector(&self) -> Result<Option<DetectorModel>, CommandError> {
        match (self.boxes, &self.detector) {
            (Boxes::Detector, Some(path)) => read_model(path, DetectorModel::from_bytes).map(Some),
            (Boxes::Detector, None) => Err(CommandError::new("--boxes detector needs --detector FILE")),
            (_, Some(_)) => Err(CommandError::new("--detector goes with --boxes detector alone")),
            (_, None) => Ok(None),
        }
    }

    /// The histories that are named, or those beside the models, under the models' names.
    fn histories(&self) -> Result<Vec<(String, History)>, CommandError> {
        if self.report.is_none() {
            return Ok(Vec::new());
        }
        let beside = self.landmarks.iter().chain(&self.detector).map(|model| (model, History::beside(model)));
        let files: Vec<(&PathBuf, PathBuf)> = if self.history.is_empty() {
            beside.filter(|(_, file)| file.is_file()).collect()
        } else {
            self.history.iter().map(|file| (file, file.clone())).collect()
        };
        let read = |(named, file): (&PathBuf, PathBuf)| {
            let text =
                std::fs::read_to_string(&file).map_err(|error| CommandError::file(&file, cannot_read(&error)))?;
            let history = History::parse(&text).map_err(|what| CommandError::file(&file, what))?;
            let name = named.file_name().unwrap_or_default().to_string_lossy();
            let name = name.trim_end_matches(".json").trim_end_matches(".history");
            let name = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
            Ok((name.into_owned(), history))
        };
        files.into_iter().map(read).collect()
    }

    fn detect_options(&self, detector: &DetectorModel) -> DetectOptions {
        let default = detector.default_options();
        DetectOptions {
            threshold: self.threshold.unwrap_or(default.threshold),
            min_face: self.min_face.unwrap_or(default.min_face),
            ..default
        }
    }
}

/// A system under its file's name.
fn system(
    path: &Path,
    landmarks: &[usize],
    fits: Vec<Option<Fit>>,
    dataset: &Dataset,
    wanted: &[usize],
) -> Result<System, CommandError> {
    if landmarks.iter().any(|&landmark| landmark >= POINTS) {
        return Err(CommandError::file(path, "its landmarks are not of the 68-point scheme"));
    }
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
    let system = System::new(&name, landmarks, fits, dataset, wanted);
    if system.landmarks.is_empty() {
        return Err(CommandError::file(path, "it places none of the landmarks asked for"));
    }
    Ok(system)
}
