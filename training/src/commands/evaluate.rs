//! `evaluate`: errors of landmark models on annotated faces, as tables.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use lineament::raw::DetectOptions;
use lineament::raw::model::decode;
use lineament::raw::{Fit, FitOptions};
use lineament::scheme::POINTS;
use lineament::{DetectorModel, LandmarkModel, Options, Pipeline};
use lineament_train::dataset::{Dataset, DatasetOptions};
use lineament_train::evaluate::output::{Evaluation, csv};
use lineament_train::evaluate::predictions::{self, UnwrittenPrediction};
use lineament_train::evaluate::{BoxSource, Predictor, System, measurable, scheme, stored};
use lineament_train::history::History;
use lineament_train::landmarks::PointSet;
use lineament_train::report::{EvaluationReport, Measured, ReportFolder};

use super::built_in;
use super::common::{
    CommandError, FaceArguments, Outcome, ThreadArguments, print, read_model, read_text, report_faults, write,
};
use super::numbers::finite;
use super::outputs::{check_outputs, check_outside};

/// Measure landmark models on annotated faces
///
/// Without --landmarks and --stored, measures the built-in models as `lineament detect` uses them:
/// a face counts as missed if the detector does not find it.
///
/// Prints the normalised mean error (NME) of every model: its mean and median, the area under its
/// cumulative curve (AUC@8) and the share of failures at 8 %, divided by the distance of the outer
/// eye corners (IO), and its mean divided by the distance of the eye centres (IP). If the data have
/// the subsets of 300-W, prints the rows of its protocol, too. With several models, compares each
/// pair on the same faces.
///
/// With --detail, prints these numbers by subset, eye and mouth opening, pose, size, light and part
/// of the face, and how well the confidence of a model ranks its errors.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: FaceArguments,
    /// Landmark models to measure [default: the built-in model]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    landmarks: Vec<PathBuf>,
    /// Results of other systems: the 68 points of each image by its name, `{"image_0001": [[x, y],
    /// …]}`
    #[arg(long, value_name = "JSON", num_args = 1..)]
    stored: Vec<PathBuf>,
    /// Names for tables and reports, first those of --landmarks, then those of --stored [default:
    /// the file names]
    #[arg(long, value_name = "NAME", num_args = 1..)]
    name: Vec<String>,
    /// Source of the face boxes [default: dataset; detector if the built-in models are measured]
    #[arg(long, value_enum)]
    boxes: Option<Boxes>,
    /// Detector for `--boxes detector` [default: the built-in detector]
    #[arg(long, value_name = "FILE")]
    detector: Option<PathBuf>,
    /// Minimum score of a detection [default: that of the detector]
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = finite)]
    threshold: Option<f32>,
    /// Side of the smallest face that the detector searches for, in pixels [default: that of the
    /// detector]
    #[arg(long, value_name = "PX", value_parser = finite)]
    min_face: Option<f32>,
    /// Skip the local refinement of the models
    #[arg(long)]
    fast: bool,
    /// Landmarks to measure: all, inner51, jaw, brows, nose, eyes, mouth, or a list such as
    /// 30,36-47
    #[arg(long, value_name = "SET", default_value_t)]
    points: PointSet,
    /// Print the errors by group of faces and part of the face, and the confidence
    #[arg(long)]
    detail: bool,
    /// Write all numbers of the tables as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the errors of every face as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write the landmarks of every face as .pts files, in DIR/NAME/SUBSET/IMAGE.pts
    ///
    /// If an image has several faces, `_1`, `_2` and so on follow the name of the image. A missed
    /// face has no file.
    #[arg(long, value_name = "DIR")]
    predictions: Option<PathBuf>,
    /// Write a report: a page with figures (SVG, PNG), images of faces, tables for a paper, and all
    /// numbers (JSON, CSV)
    ///
    /// If the folder has an earlier report, the report's files are replaced; other files stay.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Training histories for the report [default: those beside the models]
    #[arg(long, value_name = "JSON", num_args = 1.., requires = "report")]
    history: Vec<PathBuf>,
    #[command(flatten)]
    threads: ThreadArguments,
}

/// Source of the face boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Boxes {
    /// The boxes of the data set; for folders, which have none, boxes around the annotated
    /// landmarks
    Dataset,
    /// Detections
    Detector,
    /// Boxes around the annotated landmarks
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
    let models = arguments.models()?;
    let systems = models.len() + arguments.stored.len();
    if !arguments.name.is_empty() && arguments.name.len() != systems {
        let names = arguments.name.len();
        return Err(CommandError::usage(format!("--name needs a name for each of the {systems} systems, not {names}")));
    }
    let model_files = arguments.landmarks.iter().chain(&arguments.detector);
    let inputs = arguments.data.data.data.iter().chain(model_files).chain(&arguments.stored).chain(&arguments.history);
    check_outputs(arguments.json.iter().chain(&arguments.csv), inputs)?;
    if let Some(folder) = &arguments.predictions {
        check_outside(folder, &arguments.data.data.data)?;
    }
    let report = arguments.report.as_deref().map(ReportFolder::create).transpose()?;
    let histories = arguments.histories()?;
    let boxes = arguments.box_source();
    let detector = arguments.detector(boxes)?;
    // Pixels are decoded once, when the models are run; names are enough to group AFW's
    // photographs.
    let options = DatasetOptions { compare_pixels: false, ..DatasetOptions::default() };
    let data = arguments.data.read(options)?;
    let (dataset, unmeasurable) = measurable(data.dataset);
    let (paths, models): (Vec<PathBuf>, Vec<LandmarkModel>) = models.into_iter().unzip();
    let (dataset, fits, unread) = match &detector {
        _ if models.is_empty() => (dataset, Vec::new(), Vec::new()),
        Some(detector) if arguments.built_in() => {
            let pipeline = Pipeline::new(detector.clone(), models[0].clone());
            Predictor::Pipeline(&pipeline, arguments.pipeline_options()).run(&dataset)
        }
        _ => {
            let boxes = match (boxes, &detector) {
                (Boxes::Detector, Some(detector)) => BoxSource::Detector(detector, arguments.detect_options(detector)),
                (Boxes::GroundTruth, _) => BoxSource::GroundTruth,
                _ => BoxSource::Dataset,
            };
            let options = FitOptions { fast: arguments.fast, ..FitOptions::default() };
            Predictor::Models { boxes, models: &models, options }.run(&dataset)
        }
    };
    if dataset.images.is_empty() {
        report_faults(&unmeasurable);
        report_faults(&unread);
        return Err(CommandError::usage("no usable face"));
    }

    let wanted: Vec<usize> = arguments.points.indices().iter().map(|&landmark| landmark.into()).collect();
    let mut systems = Vec::new();
    for ((path, model), fits) in paths.iter().zip(&models).zip(fits) {
        let landmarks: Vec<usize> = model.landmarks().iter().map(|&landmark| landmark.into()).collect();
        systems.push(system(path, &landmarks, fits, &dataset, &wanted)?);
    }
    let everything: Vec<usize> = (0..POINTS).collect();
    for path in &arguments.stored {
        let shapes = stored::parse(&read_text(path)?, &dataset).map_err(|error| CommandError::input(path, error))?;
        let fits = shapes.into_iter().map(|shape| shape.map(|shape| Fit { shape, confidence: None })).collect();
        systems.push(system(path, &everything, fits, &dataset, &wanted)?);
    }

    disambiguate(&mut systems, paths.iter().chain(&arguments.stored));
    systems.iter_mut().zip(&arguments.name).for_each(|(system, name)| system.name.clone_from(name));
    let evaluation = Evaluation::new(boxes.name(), &dataset, &systems);
    print(&evaluation.text(arguments.detail))?;
    if let Some(path) = &arguments.json {
        let json = serde_json::to_vec_pretty(&evaluation).map_err(|error| CommandError::output(path, error))?;
        write(path, &json)?;
    }
    if let Some(path) = &arguments.csv {
        write(path, &csv(&dataset, &systems).map_err(|error| CommandError::output(path, error))?)?;
    }
    if let Some(folder) = &arguments.predictions {
        predictions::write(folder, &dataset, &systems).map_err(unwritten)?;
    }
    if let Some(folder) = report {
        let measured =
            Measured { dataset: &dataset, systems: &systems, evaluation: &evaluation, histories: &histories };
        EvaluationReport::new(measured).write(&folder)?;
        print(&format!("\nreport: {}\n", folder.page().display()))?;
    }
    Ok(data.outcome.and(report_faults(&unmeasurable)).and(report_faults(&unread)))
}

fn unwritten(UnwrittenPrediction { path, error }: UnwrittenPrediction) -> CommandError {
    CommandError::unwritten(&path, &error)
}

/// Names systems by their paths if their file names are equal.
fn disambiguate<'a>(systems: &mut [System], paths: impl Iterator<Item = &'a PathBuf>) {
    let names: Vec<String> = systems.iter().map(|system| system.name.clone()).collect();
    for (system, path) in systems.iter_mut().zip(paths) {
        if names.iter().filter(|name| **name == system.name).count() > 1 {
            system.name = path.display().to_string();
        }
    }
}

impl Arguments {
    /// Whether the built-in models are measured.
    fn built_in(&self) -> bool {
        self.landmarks.is_empty() && self.stored.is_empty()
    }

    /// The landmark models to measure, with the paths that name them.
    fn models(&self) -> Result<Vec<(PathBuf, LandmarkModel)>, CommandError> {
        if self.built_in() {
            let pipeline = built_in::pipeline("--landmarks")?;
            return Ok(vec![("built-in".into(), pipeline.landmarks().clone())]);
        }
        let read = |path: &PathBuf| {
            let (model, origin) = read_model(path, decode)?;
            let model = LandmarkModel::try_from(model).map_err(|error| CommandError::input(path, error))?;
            scheme::check(&model, &origin).map_err(|error| CommandError::input(path, error))?;
            Ok((path.clone(), model))
        };
        self.landmarks.iter().map(read).collect()
    }

    fn box_source(&self) -> Boxes {
        self.boxes.unwrap_or(if self.built_in() { Boxes::Detector } else { Boxes::Dataset })
    }

    fn detector(&self, boxes: Boxes) -> Result<Option<DetectorModel>, CommandError> {
        match (boxes, &self.detector) {
            (Boxes::Detector, Some(path)) => read_model(path, DetectorModel::from_bytes).map(Some),
            (Boxes::Detector, None) => Ok(built_in::pipeline("--detector")?.detector().cloned()),
            (_, Some(_)) => Err(CommandError::usage("--detector has an effect only with --boxes detector")),
            (_, None) => Ok(None),
        }
    }

    fn pipeline_options(&self) -> Options {
        let mut options = Options::default().fast(self.fast);
        (options.threshold, options.min_face) = (self.threshold, self.min_face);
        options
    }

    /// The given histories, or those beside the models, with the names of the models.
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
            let history = History::parse(&read_text(&file)?).map_err(|error| CommandError::input(&file, error))?;
            let name = named.file_name().unwrap_or_default().to_string_lossy();
            let name = name.trim_end_matches(".json").trim_end_matches(".history");
            let name = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
            Ok((self.given_name(named).unwrap_or(name.into_owned()), history))
        };
        files.into_iter().map(read).collect()
    }

    /// The name that --name gives to a model.
    fn given_name(&self, model: &Path) -> Option<String> {
        let place = self.landmarks.iter().position(|path| path == model)?;
        self.name.get(place).cloned()
    }

    fn detect_options(&self, detector: &DetectorModel) -> DetectOptions {
        let default = detector.parts().default_options();
        DetectOptions {
            threshold: self.threshold.unwrap_or(default.threshold),
            min_face: self.min_face.unwrap_or(default.min_face),
            ..default
        }
    }
}

/// A system with the name of its file.
fn system(
    path: &Path,
    landmarks: &[usize],
    fits: Vec<Option<Fit>>,
    dataset: &Dataset,
    wanted: &[usize],
) -> Result<System, CommandError> {
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
    let system = System::new(&name, landmarks, fits, dataset, wanted);
    if system.landmarks.is_empty() {
        return Err(CommandError::input(path, "this model has none of the landmarks of --points"));
    }
    Ok(system)
}
