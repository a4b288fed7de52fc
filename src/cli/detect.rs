//! `lineament detect`: faces and landmarks of photographs.

use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use lineament::detector::DetectOptions;
use lineament::image::{DynamicImage, GrayImage, Orientation, ReadOptions};
use lineament::landmarks::{FitOptions, pts};
use lineament::{Face, Pipeline, drawing};

use super::batch;
use super::boxes::{Boxes, Row};
use super::failure::{Failure, Status};
use super::formats::Format;
use super::inputs::{Input, Inputs};
use super::interrupt::Interrupt;
use super::models;
use super::progress::Progress;
use super::record::{Found, Record, Timing};
use super::targets::{Target, image_format};

/// The smallest face side that may be asked for.
const SMALLEST_FACE: f32 = 24.0;

/// Find the faces in photographs and place their landmarks.
#[derive(Clone, Debug, Args)]
pub struct Detect {
    /// Pictures, folders of pictures (with the folders in them), and `-` for a list of names on standard input.
    #[arg(value_name = "FILE or DIR", required_unless_present = "boxes")]
    inputs: Vec<PathBuf>,

    /// The names on standard input end with a zero byte each, as `find -print0` writes them.
    #[arg(long, short = '0')]
    null: bool,

    /// The form of the results on standard output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Write annotated pictures: a file for one picture, a folder for several. With `--format pts`, the `.pts` files
    /// instead: `name.pts`, or `name_1.pts`, `name_2.pts`, … where a picture has several faces, none where it has no face.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Skip the detector, fit landmarks in these boxes (columns image, x, y, width, height). Without FILE or DIR, the
    /// pictures that the file names.
    #[arg(long, value_name = "FILE.csv")]
    boxes: Option<PathBuf>,

    /// Another detector than the one in the program.
    #[arg(long, value_name = "FILE")]
    detector: Option<PathBuf>,

    /// Another landmark model than the one in the program.
    #[arg(long, value_name = "FILE")]
    landmarks: Option<PathBuf>,

    /// The score from which a face is reported; `lineament info` says what scores mean.
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true, value_parser = finite)]
    threshold: Option<f32>,

    /// The side of the smallest face to look for, in pixels, from 24.
    #[arg(long, value_name = "PX", value_parser = face_side)]
    min_face: Option<f32>,

    /// The most faces to report per picture, best first.
    #[arg(long, value_name = "N")]
    max_faces: Option<NonZeroUsize>,

    /// Run the tree stages alone, where the landmark model has others after them: faster, less exact.
    #[arg(long)]
    fast: bool,

    /// How many threads work; all cores by default.
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// The largest picture that is opened, in million pixels.
    #[arg(long, value_name = "MP", default_value_t = 200.0, value_parser = positive)]
    max_megapixels: f64,

    /// Which pixels coordinates refer to, where the camera noted that the picture must be turned (EXIF).
    #[arg(long, value_enum, default_value_t)]
    orientation: OrientationChoice,
}

/// What to do with EXIF orientations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum OrientationChoice {
    /// Stored with `--boxes`, since the boxes of data sets refer to stored pixels; else upright.
    #[default]
    Auto,
    /// The picture as viewers show it.
    Upright,
    /// The pixels as the file stores them.
    Stored,
}

fn finite(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v: &f32| v.is_finite()).ok_or_else(|| "a number is needed".into())
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|v: &f64| v.is_finite() && *v > 0.0).ok_or_else(|| "a number above 0 is needed".into())
}

fn face_side(text: &str) -> Result<f32, String> {
    finite(text)
        .ok()
        .filter(|v| *v >= SMALLEST_FACE)
        .ok_or_else(|| format!("a number of pixels from {SMALLEST_FACE} on is needed"))
}

/// What every picture's work needs.
struct Job {
    pipeline: Pipeline,
    read: ReadOptions,
    detect: DetectOptions,
    fit: FitOptions,
    boxes: Option<Boxes>,
    target: Option<Target>,
    format: Format,
}

/// One picture's share of the output.
struct Output {
    lines: Vec<u8>,
    complaint: Option<String>,
    faces: usize,
}

impl Detect {
    /// Runs the subcommand.
    pub fn run(mut self) -> Result<Status, Failure> {
        let boxes = self.boxes.as_deref().map(Boxes::read).transpose()?;
        if let (true, Some(boxes)) = (self.inputs.is_empty(), &boxes) {
            self.inputs.clone_from(&boxes.images);
        }
        let pipeline = models::pipeline(self.detector.as_ref(), self.landmarks.as_ref())?;
        let target = match &self.output {
            Some(path) => Some(Target::new(path, &self.inputs, self.format)?),
            None => None,
        };
        let header = self.format.header(&pipeline.landmarks.landmarks);
        let detect = DetectOptions::default();
        let job = Job {
            pipeline,
            read: self.read_options(),
            detect: DetectOptions {
                threshold: self.threshold.unwrap_or(detect.threshold),
                min_face: self.min_face.unwrap_or(detect.min_face),
                max_faces: self.max_faces.map(NonZeroUsize::get),
            },
            fit: FitOptions { fast: self.fast },
            boxes,
            target,
            format: self.format,
        };
        self.run_batch(job, &header)
    }

    fn read_options(&self) -> ReadOptions {
        let stored = match self.orientation {
            OrientationChoice::Auto => self.boxes.is_some(),
            OrientationChoice::Upright => false,
            OrientationChoice::Stored => true,
        };
        let orientation = if stored { Orientation::Ignore } else { Orientation::Apply };
        ReadOptions { max_pixels: (self.max_megapixels * 1e6) as u64, orientation }
    }

    fn run_batch(&self, job: Job, header: &[u8]) -> Result<Status, Failure> {
        let start = Instant::now();
        let mut inputs = Inputs::new(&self.inputs, if self.null { 0 } else { b'\n' });
        let total = inputs.gather();
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let workers = total.and_then(NonZeroUsize::new).map_or(threads, |total| total.min(threads));
        let threads_each = NonZeroUsize::new(threads.get() / workers).unwrap_or(NonZeroUsize::MIN);
        let (interrupt, progress) = (Interrupt::listen(), Progress::new(total));
        // Results go out record by record: someone may be waiting for each.
        let mut stdout = io::stdout().lock();
        let screen = stdout.is_terminal();
        let mut written = stdout.write_all(header);
        let (mut pictures, mut faces, mut failed) = (0usize, 0, 0usize);
        let format = job.format;
        batch::run(
            inputs,
            workers,
            threads_each,
            &interrupt,
            move |input| job.work(&input),
            |output: Output| {
                pictures += 1;
                faces += output.faces;
                if let Some(complaint) = &output.complaint {
                    failed += 1;
                    progress.aside(|| eprintln!("lineament: {complaint}"));
                }
                if written.is_ok() {
                    written = if screen {
                        progress.aside(|| stdout.write_all(&output.lines))
                    } else {
                        stdout.write_all(&output.lines)
                    };
                }
                progress.step();
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        drop(progress);
        if written.is_ok() && format == Format::Text {
            let seconds = start.elapsed().as_secs_f64();
            let mut summary = format!("{} in {}", count(faces, "face"), count(pictures, "picture"));
            if failed > 0 {
                summary += &format!(", {failed} of them failed");
            }
            written = writeln!(stdout, "{summary}, {seconds:.2} s");
        }
        match written.and_then(|()| stdout.flush()) {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => return Err(Failure::Output { name: "standard output".into(), error }),
            Ok(()) => {}
        }
        Ok(if interrupt.raised() {
            Status::Interrupted
        } else if failed > 0 {
            Status::SomeFailed
        } else {
            Status::Success
        })
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

impl Job {
    /// Works on one picture. Whatever happens in it, the others go on.
    fn work(&self, input: &Input) -> Output {
        let result = catch_unwind(AssertUnwindSafe(|| self.picture(input)))
            .unwrap_or_else(|_| Err("an error in the program stopped the work on it; please report this".into()));
        let record = Record { path: input.path.clone(), result };
        Output {
            lines: if self.format == Format::Pts && self.target.is_some() {
                Vec::new()
            } else {
                self.format.lines(&record)
            },
            faces: record.result.as_ref().map_or(0, |found| found.faces.len()),
            complaint: record.result.err().map(|clause| format!("{}: {clause}", record.path.display())),
        }
    }

    fn picture(&self, input: &Input) -> Result<Found, String> {
        if let Some(fault) = &input.fault {
            return Err(fault.clone());
        }
        let mut timing = Timing::default();
        let picture = timed(&mut timing.decode, || lineament::image::read(&input.path, &self.read));
        let picture = picture.map_err(|error| error.to_string())?;
        let draw = self.format != Format::Pts && self.target.is_some();
        let (colours, grey) = timed(&mut timing.decode, || {
            if draw { (Some(picture.to_rgb8()), picture.into_luma8()) } else { (None, picture.into_luma8()) }
        });
        let (width, height) = grey.dimensions();
        let faces = self.faces(&input.path, &grey, &mut timing)?;
        if faces.iter().any(|face| !is_finite(face)) {
            return Err("the models give numbers that are not finite".into());
        }
        if let Some(target) = &self.target {
            match colours {
                Some(colours) => annotate(target, input, colours, &faces)?,
                None => write_pts(target, input, &faces)?,
            }
        }
        Ok(Found { width, height, faces, given: self.boxes.is_some(), timing })
    }

    fn faces(&self, path: &Path, image: &GrayImage, timing: &mut Timing) -> Result<Vec<Face>, String> {
        let Some(boxes) = &self.boxes else {
            let found = timed(&mut timing.detect, || self.pipeline.detector.detect(image, &self.detect));
            let place = |detection| self.pipeline.place(image, detection, &self.fit);
            return Ok(timed(&mut timing.landmarks, || found.iter().map(place).collect()));
        };
        let rows = boxes.of(path);
        rows.iter().try_for_each(|row| row.check(image.width(), image.height()))?;
        let place = |row: &Row| Face {
            bounds: row.bounds,
            score: 0.0,
            shape: self.pipeline.landmarks.fit(image, &row.bounds, &self.fit).shape,
        };
        Ok(timed(&mut timing.landmarks, || rows.iter().map(place).collect()))
    }
}

/// Runs a step and adds the milliseconds that it took.
fn timed<T>(ms: &mut f64, step: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = step();
    *ms += 1e3 * start.elapsed().as_secs_f64();
    result
}

fn is_finite(face: &Face) -> bool {
    let point = |p: &lineament::geometry::Point| p.x.is_finite() && p.y.is_finite();
    face.bounds.is_valid() && face.score.is_finite() && face.shape.points.iter().all(point)
}

fn annotate(target: &Target, input: &Input, mut picture: image::RgbImage, faces: &[Face]) -> Result<(), String> {
    let path = target.picture(&input.path, &input.place)?;
    drawing::draw_faces(&mut picture, faces);
    let failed = |error: &dyn std::fmt::Display| format!("the output {} cannot be written: {error}", path.display());
    let format = image_format(&path).unwrap_or(image::ImageFormat::Png);
    let mut bytes = io::Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, format).map_err(|error| failed(&error))?;
    lineament::model::write_atomically(&path, &bytes.into_inner()).map_err(|error| failed(&error))
}

fn write_pts(target: &Target, input: &Input, faces: &[Face]) -> Result<(), String> {
    for (index, face) in faces.iter().enumerate() {
        let path = target.pts(&input.path, &input.place, index, faces.len())?;
        pts::write(&path, &face.shape)
            .map_err(|error| format!("the output {} cannot be written: {error}", path.display()))?;
    }
    Ok(())
}
