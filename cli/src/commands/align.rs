//! `lineament align`: upright face chips of one size.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use image::RgbImage;
use lineament::align::ChipSpec;
use lineament::geometry::{Point, Rect};
use lineament::raw::annotations::Pixels;
use lineament::raw::orientation::Turn;
use lineament::{Face, Similarity, scheme};
use serde::Serialize;

use crate::args::SearchArgs;
use crate::chip_list::ChipList;
use crate::error::{Error, Status, shown};
use crate::finder::{Finder, Seen};
use crate::formats::json_line;
use crate::inputs::Input;
use crate::numbers::{finite, side};
use crate::outputs::{self, Kind};
use crate::plan::Plan;
use crate::results::Results;
use crate::run::{self, Job, Output, Sinks};

/// Cut faces out of images, upright and at one size, as face recognition expects them
///
/// Writes `name_1.png`, `name_2.png`, … to the output folder, best face first, and `chips.jsonl` with one line per chip:
/// image, chip, box, score and the matrix that maps the image's coordinates to the chip's. Adds to the list of an earlier
/// run.
#[derive(Clone, Debug, Args)]
pub struct Align {
    #[command(flatten)]
    search: SearchArgs,

    /// Folder for the chips
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,

    /// Side of the chips in pixels. At 112 without padding, eyes, nose and mouth are where ArcFace expects them
    #[arg(long, value_name = "PX", default_value_t = 112, value_parser = side)]
    size: u32,

    /// Margin to add on each side, as a share of the chip's side; negative values cut closer
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, allow_negative_numbers = true, value_parser = padding)]
    padding: f32,
}

fn padding(text: &str) -> Result<f32, String> {
    let share = finite(text).ok().filter(|v| (-0.4..=10.0).contains(v));
    share.ok_or_else(|| "a number from -0.4 to 10 is needed".into())
}

/// A line of the list. The order of the fields is the order of the keys.
#[derive(Serialize)]
struct Line<'a> {
    image: &'a str,
    face: usize,
    chip: &'a str,
    #[serde(rename = "box")]
    bounds: Rect,
    score: f32,
    /// `chip = matrix · (x, y, 1)`.
    matrix: [[f32; 3]; 2],
    scale: f32,
    angle_degrees: f32,
}

impl Align {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        let model = self.search.landmarks.clone();
        let mut plan = Plan::new(self.search, false)?;
        if plan.finder.pipeline.landmarks().landmarks().len() != scheme::POINTS {
            let model = model.as_deref().unwrap_or(Path::new("the landmark model"));
            return Err(Error::file(model, "align needs a landmark model of all 68 points"));
        }
        let spec = ChipSpec { size: self.size, padding: self.padding };
        let place = plan.place(&self.output, Kind::Chips)?;
        let list = ChipList::open(&self.output)?;
        let mut images = plan.images(Some((Kind::Chips, place)), None)?;
        images.outputs.iter_mut().for_each(|outputs| list.reserve(outputs));
        let job = Chips { finder: plan.finder.clone(), spec };
        run::run(&plan, images, job, Sinks { results: Results::open(None)?, chips: Some(list) })
    }
}

/// Cuts the chips of each image.
#[derive(Debug)]
struct Chips {
    finder: Arc<Finder>,
    spec: ChipSpec,
}

impl Job for Chips {
    fn work(&self, input: &Input) -> Result<Output, String> {
        let Seen { permit: _permit, image, found } = self.finder.find(input)?;
        let (faces, note, incomplete) = (found.faces.len(), found.note(), found.left_out);
        let mut output = Output { faces, note, incomplete, ..Output::default() };
        let (turn, transforms) = (found.turn, found.faces.iter().map(|face| self.spec.transform(&face.shape)));
        let transforms: Vec<_> = transforms.collect();
        let found = found.in_pixels(self.finder.pixels.unwrap_or(Pixels::Upright));
        for (index, (face, to_chip)) in found.faces.iter().zip(transforms).enumerate() {
            let to_chip = to_chip.expect("`Align::run` checked that there are 68 points");
            let path = input.names.face(index + 1)?;
            outputs::write_image(&path, RgbImage::from(&self.spec.cut(&image, &to_chip)))?;
            writeln!(output.lines, "{}: {}", shown(&input.path), shown(&path)).expect("a vector takes all bytes");
            let matrix = matrix(&to_chip, &turn, found.pixels);
            let line = line(input, index, face, &path.to_string_lossy(), matrix, to_chip.scale());
            output.chips.push((path, line));
        }
        Ok(output)
    }
}

/// The matrix that maps these pixels to the chip, from the map of upright ones.
fn matrix(to_chip: &Similarity, turn: &Turn, pixels: Pixels) -> [[f32; 3]; 2] {
    let Similarity { a, b, t } = *to_chip;
    if pixels == Pixels::Upright {
        return [[a, -b, t.x], [b, a, t.y]];
    }
    let upright = |x: f32, y: f32| turn.upright_point(Point::new(x, y));
    let origin = upright(0.0, 0.0);
    let column = |to: Point| [a * to.x - b * to.y, b * to.x + a * to.y];
    let (right, down) = (column(upright(1.0, 0.0) - origin), column(upright(0.0, 1.0) - origin));
    let origin = to_chip.apply(origin);
    [[right[0], down[0], origin.x], [right[1], down[1], origin.y]]
}

fn line(input: &Input, index: usize, face: &Face, chip: &str, matrix: [[f32; 3]; 2], scale: f32) -> Vec<u8> {
    json_line(&Line {
        image: &input.path.to_string_lossy(),
        face: index + 1,
        chip,
        bounds: face.bounds,
        score: face.score,
        matrix,
        scale,
        angle_degrees: matrix[1][0].atan2(matrix[0][0]).to_degrees(),
    })
}
