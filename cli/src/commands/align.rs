//! `lineament align`: upright face chips of one size.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use image::RgbImage;
use lineament::align::ChipSpec;
use lineament::geometry::Rect;
use lineament::{Face, Similarity, scheme};
use serde::Serialize;

use crate::args::{SearchArgs, finite};
use crate::error::{Error, Status, shown};
use crate::inputs::Input;
use crate::outputs::{self, Target};
use crate::plan::Plan;
use crate::run::{self, Output, Totals};

/// The list of the chips and their transforms, in the output folder.
const LIST: &str = "chips.jsonl";

/// Cut faces out of photographs, upright and at one size, as face recognition expects them.
///
/// Writes `name_1.png`, `name_2.png`, … into the output folder, best face first, and `chips.jsonl` with a line for each:
/// picture, chip, box, score and the matrix that takes the picture's coordinates to the chip's.
#[derive(Clone, Debug, Args)]
pub struct Align {
    #[command(flatten)]
    search: SearchArgs,

    /// The folder for the chips.
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,

    /// The side of the chips in pixels. With 112 and no padding, eyes, nose and mouth stand where ArcFace expects them.
    #[arg(long, value_name = "PX", default_value_t = 112, value_parser = clap::value_parser!(u32).range(8..=4096))]
    size: u32,

    /// What the chips show around that on each side, as a share of its side.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, allow_negative_numbers = true, value_parser = padding)]
    padding: f32,
}

fn padding(text: &str) -> Result<f32, String> {
    let share = finite(text).ok().filter(|v| (-0.4..=10.0).contains(v));
    share.ok_or_else(|| "a number from -0.4 to 10 is needed".into())
}

/// A line of the list. The fields' order is the keys' order.
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
        let plan = Plan::new(self.search)?;
        let finder = plan.finder.clone();
        if finder.pipeline.landmarks().landmarks().len() != scheme::POINTS {
            let model = model.as_deref().unwrap_or(Path::new("the landmark model"));
            return Err(Error::file(model, "align needs a landmark model of all 68 points"));
        }
        let spec = ChipSpec { size: self.size, padding: self.padding };
        let target = Target::folder(&self.output)?;
        let (list, temporary) =
            (self.output.join(LIST), self.output.join(format!("{LIST}.{}.tmp", std::process::id())));
        let unwritten = |error| Error::output(&list, &error);
        let mut lines = BufWriter::new(std::fs::File::create(&temporary).map_err(unwritten)?);
        let work = move |input: &Input| {
            let (image, found) = finder.find(input)?;
            let mut output = Output { faces: found.faces.len(), note: found.note(), ..Output::default() };
            for (index, face) in found.faces.iter().enumerate() {
                let to_chip = spec.transform(&face.shape).ok_or("the landmark model has not 68 points")?;
                let path = target.face(input, Some(index + 1), "png")?;
                outputs::write_picture(&path, RgbImage::from(&spec.cut(&image, &to_chip)))?;
                let _ = writeln!(output.lines, "{}: {}", shown(&input.path), shown(&path));
                output.listed.extend(line(input, index, face, &path.to_string_lossy(), &to_chip));
            }
            Ok(output)
        };
        let status = run::run(&plan, b"", Totals::summary, Some(&mut lines), work, |_, _| Vec::new());
        // What was done before an error or an interrupt is listed too.
        lines.flush().and_then(|()| std::fs::rename(&temporary, &list)).map_err(|error| {
            let _ = std::fs::remove_file(&temporary);
            unwritten(error)
        })?;
        status
    }
}

fn line(input: &Input, index: usize, face: &Face, chip: &str, to_chip: &Similarity) -> Vec<u8> {
    let line = Line {
        image: &input.path.to_string_lossy(),
        face: index + 1,
        chip,
        bounds: face.bounds,
        score: face.score,
        matrix: [[to_chip.a, -to_chip.b, to_chip.t.x], [to_chip.b, to_chip.a, to_chip.t.y]],
        scale: to_chip.scale(),
        angle_degrees: to_chip.angle().to_degrees(),
    };
    let mut json = serde_json::to_vec(&line).unwrap_or_default();
    json.push(b'\n');
    json
}
