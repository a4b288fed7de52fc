//! `lineament detect`: faces and landmarks of images.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use image::RgbImage;
use lineament::raw::annotations::{Pixels, pts};
use lineament::{Face, Image, drawing};

use crate::args::SearchArgs;
use crate::error::{Error, Status, unwritten};
use crate::finder::{Finder, Seen};
use crate::formats::{self, Format};
use crate::inputs::Input;
use crate::outputs::{self, Kind};
use crate::plan::Plan;
use crate::result::Found;
use crate::results::{self, Results};
use crate::run::{self, Job, Output, Sinks};
use crate::totals::Totals;

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
    /// several faces, and none if it has no face. If PATH has the ending of the format (`.csv`, `.jsonl`, `.xml`, `.txt`),
    /// writes the results to this file instead of stdout.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

impl Detect {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        let Self { search, format, output } = self;
        let kind = if format == Format::Pts { Kind::Points } else { Kind::Annotated };
        let file = output.as_deref().map(|path| results::file_of(path, format)).transpose()?.flatten();
        let output = output.filter(|_| file.is_none());
        let mut plan = Plan::new(search, output.is_some() && kind == Kind::Annotated)?;
        let place = output.map(|path| plan.place(&path, kind)).transpose()?;
        let images = plan.images(place.map(|place| (kind, place)), file.as_deref())?;
        let job = Detection { finder: plan.finder.clone(), outputs: images.outputs.as_ref().map(|_| kind), format };
        let sinks = Sinks { results: Results::open(file.as_deref())?, chips: None };
        run::run(&plan, images, job, sinks)
    }
}

/// Detection in each image.
#[derive(Debug)]
struct Detection {
    finder: Arc<Finder>,
    /// The files that are written, if any.
    outputs: Option<Kind>,
    format: Format,
}

impl Detection {
    fn landmarks(&self) -> &[u16] {
        self.finder.pipeline.landmarks().landmarks()
    }
}

impl Job for Detection {
    fn work(&self, input: &Input) -> Result<Output, String> {
        let Seen { permit: _permit, image, found } = self.finder.find(input)?;
        if self.outputs == Some(Kind::Annotated) {
            annotate(input, &image, &found)?;
        }
        let found = found.in_pixels(self.finder.pixels.unwrap_or(Pixels::Upright));
        let lines = match self.outputs {
            Some(Kind::Points) => {
                write_pts(input, &found.faces)?;
                Vec::new()
            }
            _ => self.format.lines(&input.path, &found, self.landmarks()),
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

fn annotate(input: &Input, image: &Image, found: &Found) -> Result<(), String> {
    let path = input.names.whole()?;
    let mut annotated = RgbImage::from(image);
    drawing::draw_faces(&mut annotated, &found.faces);
    outputs::write_image(&path, annotated)
}

fn write_pts(input: &Input, faces: &[Face]) -> Result<(), String> {
    for (index, face) in faces.iter().enumerate() {
        let path = if faces.len() > 1 { input.names.face(index + 1) } else { input.names.whole() }?;
        pts::write(&path, &face.shape).map_err(|error| unwritten(&path, error))?;
    }
    Ok(())
}
