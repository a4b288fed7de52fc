//! `lineament detect`: faces and landmarks of photographs.

use std::path::PathBuf;

use clap::Args;
use image::RgbImage;
use lineament::annotations::pts;
use lineament::{Face, Image, drawing};

use crate::args::SearchArgs;
use crate::error::{Error, Status};
use crate::formats::{self, Format};
use crate::inputs::Input;
use crate::outputs::{self, Target};
use crate::plan::Plan;
use crate::result::Found;
use crate::run::{self, Output};

/// Find the faces in photographs and place their landmarks.
#[derive(Clone, Debug, Args)]
pub struct Detect {
    #[command(flatten)]
    search: SearchArgs,

    /// The form of the results on standard output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Write annotated pictures: a file for one picture, a folder for several. With `--format pts`, the `.pts` files
    /// instead: `name.pts`, or `name_1.pts`, `name_2.pts`, … where a picture has several faces, none where it has no face.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

impl Detect {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        let (plan, format) = (Plan::new(self.search)?, self.format);
        let finder = plan.finder.clone();
        let target = match &self.output {
            Some(path) => Some(Target::new(path, &plan.inputs, format == Format::Pts)?),
            None => None,
        };
        let header = format.header(finder.pipeline.landmarks().landmarks());
        let work = move |input: &Input| {
            let (image, found) = finder.find(input)?;
            match &target {
                Some(target) if format == Format::Pts => write_pts(target, input, &found.faces)?,
                Some(target) => annotate(target, input, &image, &found)?,
                None => {}
            }
            let lines = if format == Format::Pts && target.is_some() {
                Vec::new()
            } else {
                format.lines(&input.path, &found, finder.pipeline.landmarks().landmarks())
            };
            Ok(Output { lines, faces: found.faces.len(), note: found.note(), ..Output::default() })
        };
        let failed = move |input: &Input, clause: &str| match format {
            Format::Jsonl => formats::jsonl_error(&input.path, clause),
            // Standard error has the complaint.
            _ => Vec::new(),
        };
        run::run(&plan, &header, |totals| format.footer(totals), None, work, failed)
    }
}

fn annotate(target: &Target, input: &Input, image: &Image, found: &Found) -> Result<(), String> {
    let path = target.picture(input)?;
    let mut annotated = RgbImage::from(image);
    drawing::draw_faces(&mut annotated, &found.faces);
    outputs::write_picture(&path, annotated)
}

fn write_pts(target: &Target, input: &Input, faces: &[Face]) -> Result<(), String> {
    for (index, face) in faces.iter().enumerate() {
        let number = (faces.len() > 1).then_some(index + 1);
        let path = target.face(input, number, "pts")?;
        pts::write(&path, &face.shape).map_err(|error| outputs::unwritten(&path, error))?;
    }
    Ok(())
}
