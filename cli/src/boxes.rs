//! The file of boxes that the user gave: the boxes of each image, in its upright pixels, and the rows that are of no image.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use lineament::geometry::Rect;
use lineament::raw::annotations::Pixels;
use lineament::raw::annotations::boxes::{Boxes, Row};
use lineament::raw::orientation::{self, Turn};
use lineament::{Image, LandmarkModel, Shape};

use crate::error::{Error, shown};
use crate::progress::Progress;

/// A file of boxes, and which of its images were processed.
#[derive(Debug)]
pub struct BoxFile {
    path: PathBuf,
    boxes: Boxes,
    processed: Vec<AtomicBool>,
    /// Landmarks that tell which pixels a box refers to.
    model: Option<LandmarkModel>,
}

/// The boxes of an image.
#[derive(Debug, Default)]
pub struct ImageBoxes {
    /// The boxes that can be used, in upright pixels; none if the user gave no file.
    pub boxes: Option<Vec<Rect>>,
    /// What the user should know: clauses.
    pub remarks: Vec<String>,
    /// Whether boxes were left out.
    pub left_out: bool,
}

impl BoxFile {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be used.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let boxes = Boxes::read(path).map_err(|error| Error::file(path, error))?;
        let processed = boxes.images.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(Self { path: path.to_owned(), boxes, processed, model: None })
    }

    /// The same file, with a landmark model that tells which pixels its boxes refer to.
    pub fn with_model(self, model: Option<LandmarkModel>) -> Self {
        Self { model, ..self }
    }

    /// The images that the file names.
    pub fn images(&self) -> Vec<PathBuf> {
        self.boxes.images.iter().map(|named| named.image.clone()).collect()
    }

    /// The rows of an image, which counts as processed.
    pub fn rows(&self, path: &Path) -> &[Row] {
        let Some(place) = self.boxes.find(path) else { return &[] };
        self.processed[place].store(true, Ordering::Relaxed);
        &self.boxes.images[place].rows
    }

    /// The boxes of an image with these rows. `pixels` are those that they refer to, if the user says it.
    pub fn boxes(&self, rows: &[Row], image: &Image, turn: &Turn, pixels: Option<Pixels>) -> ImageBoxes {
        if rows.is_empty() {
            let remark = format!("{} names no box of this image", shown(&self.path));
            return ImageBoxes { boxes: Some(Vec::new()), remarks: vec![remark], left_out: false };
        }
        let (mut rows, mut remarks) = (rows.to_vec(), Vec::new());
        let others = |row: &Row| pixels.is_some() && row.pixels.is_some() && row.pixels != pixels;
        if !turn.is_none() && rows.iter().any(others) {
            remarks.push("the file of boxes names other pixels than --orientation, which counts".into());
        }
        rows.iter_mut().for_each(|row| row.pixels = pixels.or(row.pixels));
        if !turn.is_none() {
            remarks.extend(self.complete(&mut rows, image, turn));
        }
        let (mut boxes, mut left_out) = (Vec::new(), false);
        for row in rows {
            match upright(&row, row.pixels.unwrap_or(Pixels::Upright), turn) {
                Ok(bounds) => boxes.push(bounds),
                Err(remark) => {
                    remarks.push(remark);
                    left_out = true;
                }
            }
        }
        ImageBoxes { boxes: Some(boxes), remarks, left_out }
    }

    /// Finds the pixels of the rows that do not say it, and returns a remark if that fails.
    fn complete(&self, rows: &mut [Row], image: &Image, turn: &Turn) -> Option<String> {
        let open: Vec<Row> = rows.iter().filter(|row| row.pixels.is_none()).copied().collect();
        let [as_upright, as_stored] = [Pixels::Upright, Pixels::Stored].map(|pixels| {
            let boxes = open.iter().filter_map(|row| upright(row, pixels, turn).ok());
            boxes.map(|bounds| (bounds, None)).collect::<Vec<(Rect, Option<Shape>)>>()
        });
        if as_upright.is_empty() && as_stored.is_empty() {
            return None;
        }
        let found = self.model.as_ref().and_then(|model| orientation::find(model, image, &as_upright, &as_stored));
        rows.iter_mut().for_each(|row| row.pixels = row.pixels.or(found));
        found.is_none().then(|| {
            "it must be turned, and its boxes may refer to the upright or to the stored pixels; they were taken as upright \
             (--orientation says which)"
                .into()
        })
    }

    /// Complains about rows that were not used because they cannot be read or their image does not exist, and says how
    /// many are of images that the arguments do not name. Returns whether there was no reason to complain.
    pub fn report_rest(&self, progress: &Progress) -> bool {
        progress.aside(|| self.complain())
    }

    fn complain(&self) -> bool {
        let file = shown(&self.path);
        let rest = self.boxes.images.iter().zip(&self.processed);
        let rest: Vec<_> = rest.filter(|(_, processed)| !processed.load(Ordering::Relaxed)).map(|(of, _)| of).collect();
        let (others, missing): (Vec<_>, Vec<_>) = rest.into_iter().partition(|of| of.image.is_file());
        for fault in &self.boxes.faults {
            eprintln!("lineament: {file}: {fault}; the row was left out");
        }
        for (of, row) in missing.iter().flat_map(|of| of.rows.iter().map(move |row| (of, row))) {
            eprintln!("lineament: {file}: line {}: {}", row.line, unknown(&of.image));
        }
        let rows: usize = others.iter().map(|of| of.rows.len()).sum();
        if rows > 0 {
            let count = if rows == 1 { "a row is".into() } else { format!("{rows} rows are") };
            eprintln!("lineament: {file}: {count} of images that are not among those processed");
        }
        missing.is_empty() && self.boxes.faults.is_empty()
    }
}

/// The clause about an image that does not exist.
fn unknown(image: &Path) -> String {
    let advice = if image.to_str().is_none() {
        "the name is not UTF-8; if the file was saved as Windows-1252, save it as UTF-8"
    } else {
        "names count from the working folder or from the folder of the box file"
    };
    format!("there is no image {} ({advice})", shown(image))
}

/// The box of a row in upright pixels, if it can be used in the image; the error is a clause.
fn upright(row: &Row, pixels: Pixels, turn: &Turn) -> Result<Rect, String> {
    let ((width, height), bounds) = match pixels {
        Pixels::Upright => (turn.upright_size(), row.bounds),
        Pixels::Stored => (turn.stored_size(), turn.upright_box(&row.bounds)),
    };
    row.check(width, height).map_err(|error| format!("{error}; it was left out"))?;
    Ok(bounds)
}
