//! `lineament detect`: faces and landmarks of images.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use image::RgbImage;
use lineament::annotations::{Pixels, pts};
use lineament::{Face, Image, drawing};

use crate::args::SearchArgs;
use crate::error::{Error, Status};
use crate::finder::Finder;
use crate::formats::{self, Format};
use crate::inputs::Input;
use crate::outputs::{self, Target};
use crate::plan::Plan;
use crate::result::Found;
use crate::run::{self, Job, Output, Totals};

/// Find faces in images and their 68 landmarks
#[derive(Clone, Debug, Args)]
pub struct Detect {
    #[command(flatten)]
    search: SearchArgs,

    /// Format of the results on stdout
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Write annotated images: to a file for one image, to a folder for several
    ///
    /// With `--format pts`, writes the `.pts` files instead: `name.pts`, or `name_1.pts`, `name_2.pts`, … if an image has
    /// several faces, and none if it has no face.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

impl Detect {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        let (plan, format) = (Plan::new(self.search)?, self.format);
        let target = self.output.map(|path| Target::new(&path, &plan.inputs, format == Format::Pts)).transpose()?;
        let job = Detection { finder: plan.finder.clone(), target, format };
        run::run(&plan, job, None)
    }
}

/// Detection in each image.
#[derive(Debug)]
struct Detection {
    finder: Arc<Finder>,
    target: Option<Target>,
    format: Format,
}

impl Detection {
    fn landmarks(&self) -> &[u16] {
        self.finder.pipeline.landmarks().landmarks()
    }
}

impl Job for Detection {
    fn work(&self, input: &Input) -> Result<Output, String> {
        let (image, found) = self.finder.find(input)?;
        if let Some(target) = self.target.as_ref().filter(|_| self.format != Format::Pts) {
            annotate(target, input, &image, &found)?;
        }
        let found = found.in_pixels(self.finder.pixels.unwrap_or(Pixels::Upright));
        let lines = match (&self.target, self.format) {
            (Some(target), Format::Pts) => {
                write_pts(target, input, &found.faces)?;
                Vec::new()
            }
            (_, format) => format.lines(&input.path, &found, self.landmarks()),
        };
        let (faces, note, incomplete) = (found.faces.len(), found.note(), found.left_out);
        Ok(Output { lines, faces, note, incomplete, ..Output::default() })
    }

    fn failed(&self, input: &Input, clause: &str) -> Vec<u8> {
        match self.format {
            Format::Jsonl => formats::jsonl_error(&input.path, clause),
            _ => Vec::new(),
        }
    }

    fn header(&self) -> Vec<u8> {
        self.format.header(self.landmarks())
    }

    fn footer(&self, totals: &Totals) -> String {
        self.format.footer(totals)
    }
}

fn annotate(target: &Target, input: &Input, image: &Image, found: &Found) -> Result<(), String> {
    let path = target.image(input)?;
    let mut annotated = RgbImage::from(image);
    drawing::draw_faces(&mut annotated, &found.faces);
    outputs::write_image(&path, annotated)
}

fn write_pts(target: &Target, input: &Input, faces: &[Face]) -> Result<(), String> {
    for (index, face) in faces.iter().enumerate() {
        let number = (faces.len() > 1).then_some(index + 1);
        let path = target.face(input, number, "pts")?;
        pts::write(&path, &face.shape).map_err(|error| outputs::unwritten(&path, error))?;
    }
    Ok(())
}
