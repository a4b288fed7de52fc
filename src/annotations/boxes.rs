//! Boxes to use instead of the detector: a CSV file with the columns `image,x,y,width,height`.
//!
//! Columns are found by name, and others are ignored, so the output of `detect --format csv` can be read back. A row
//! belongs to the image file that it names, however that name is spelled. A relative name counts from the working folder
//! or, if there is no such file, from the folder of the CSV file.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Position, ReaderBuilder, Trim};

use crate::files::{MOST_BYTES, excerpt, os_string, read_at_most, reason_unread};
use crate::geometry::Rect;
use crate::rect_ext::RectExt;

/// The longest side of a box, in pixels: beyond it, `f32` coordinates lose the pixel.
const LONGEST_SIDE: f32 = 1e6;

/// What is wrong with a file of boxes, or with one of its boxes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BoxesError {
    /// The file cannot be read.
    #[error("{}", reason_unread(.0))]
    Io(std::io::Error),
    /// The header lacks a column.
    #[error("the column `{0}` is missing (the header must name image, x, y, width and height)")]
    MissingColumn(&'static str),
    /// A row is too short.
    #[error("line {0}: a cell is missing")]
    MissingCell(u64),
    /// A cell is not a number.
    #[error("line {line}: `{text}` is not a number")]
    NotANumber {
        /// Counted from 1.
        line: u64,
        /// The beginning of the cell.
        text: String,
    },
    /// A box that cannot be used in its image.
    #[error("the box on line {} ({}×{} at {},{}) {problem}", .row.line, .row.bounds.width, .row.bounds.height, .row.bounds.x, .row.bounds.y)]
    Box {
        /// The box.
        row: Row,
        /// What is wrong with it, for example "has no area".
        problem: &'static str,
    },
}

/// A box, and its line in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The box in pixels.
    pub bounds: Rect,
    /// Line in the file, counted from 1.
    pub line: u64,
}

/// The boxes of each image.
#[derive(Debug, Default)]
pub struct Boxes {
    rows: HashMap<PathBuf, Vec<Row>>,
    /// The images in the order of their first boxes.
    pub images: Vec<PathBuf>,
}

/// Indices of the columns that the header names.
struct Columns {
    image: usize,
    sides: [usize; 4],
}

impl Columns {
    fn find(header: &ByteRecord) -> Result<Self, BoxesError> {
        let column = |name: &'static str| {
            let plain = |cell: &[u8]| cell.strip_prefix("\u{feff}".as_bytes()).unwrap_or(cell) == name.as_bytes();
            header.iter().position(plain).ok_or(BoxesError::MissingColumn(name))
        };
        Ok(Self { image: column("image")?, sides: [column("x")?, column("y")?, column("width")?, column("height")?] })
    }

    /// The image's name and the box of a row.
    fn read(&self, record: &ByteRecord) -> Result<(OsString, Row), BoxesError> {
        let line = record.position().map_or(0, Position::line);
        let cell = |at: usize| record.get(at).ok_or(BoxesError::MissingCell(line));
        let number = |at: usize| {
            let text = String::from_utf8_lossy(cell(at)?);
            text.trim().parse::<f32>().map_err(|_| BoxesError::NotANumber { line, text: excerpt(&text) })
        };
        let [x, y, width, height] = self.sides;
        let bounds = Rect::new(number(x)?, number(y)?, number(width)?, number(height)?);
        Ok((os_string(cell(self.image)?.to_vec()), Row { bounds, line }))
    }
}

impl Boxes {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, lacks a column, or holds something that is not a number.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, BoxesError> {
        let path = path.as_ref();
        Self::parse(&read_at_most(path, MOST_BYTES).map_err(BoxesError::Io)?, path.parent().unwrap_or(Path::new("")))
    }

    /// Parses the text of a file in `folder`.
    ///
    /// # Errors
    /// If the text lacks a column, or contains something that is not a number.
    pub fn parse(text: &[u8], folder: &Path) -> Result<Self, BoxesError> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(text);
        let columns = Columns::find(reader.byte_headers().map_err(unread)?)?;
        let mut boxes = Self::default();
        for record in reader.byte_records() {
            let (name, row) = columns.read(&record.map_err(unread)?)?;
            let mut name = PathBuf::from(name);
            if !name.exists() && folder.join(&name).exists() {
                name = folder.join(name);
            }
            let rows = boxes.rows.entry(key(&name)).or_default();
            if rows.is_empty() {
                boxes.images.push(name);
            }
            rows.push(row);
        }
        Ok(boxes)
    }

    /// The boxes of an image, in the file's order; none if the file does not name it.
    pub fn of(&self, path: &Path) -> &[Row] {
        self.rows.get(&key(path)).map_or(&[], Vec::as_slice)
    }
}

/// Bytes in memory always follow CSV's rules: cells may be of any kind and rows of any length.
fn unread(error: csv::Error) -> BoxesError {
    BoxesError::Io(error.into())
}

/// Canonical path, so that two spellings of a path compare equal.
fn key(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

impl Row {
    /// Checks the box against the size of its image.
    ///
    /// # Errors
    /// If the box has no area, is larger than any image, or lies outside this one.
    pub fn check(&self, width: u32, height: u32) -> Result<(), BoxesError> {
        let problem = if !self.bounds.is_valid() {
            "has no area"
        } else if self.bounds.width.max(self.bounds.height) > LONGEST_SIDE {
            "is too large"
        } else if self.bounds.intersection(&Rect::new(0.0, 0.0, width as f32, height as f32)) <= 0.0 {
            "lies outside the image"
        } else {
            return Ok(());
        };
        Err(BoxesError::Box { row: *self, problem })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Boxes, String> {
        Boxes::parse(text.as_bytes(), Path::new("/nowhere")).map_err(|error| error.to_string())
    }

    #[test]
    fn columns_are_found_by_name() {
        let boxes = parse("score,height, width,y,x,image\n9,4,3,2,1,/a b.jpg\n9,8,7,6,5,/a b.jpg\n").unwrap();
        let bounds: Vec<Rect> = boxes.of(Path::new("/a b.jpg")).iter().map(|row| row.bounds).collect();
        assert_eq!(bounds, [Rect::new(1.0, 2.0, 3.0, 4.0), Rect::new(5.0, 6.0, 7.0, 8.0)]);
        assert_eq!(boxes.images, [PathBuf::from("/a b.jpg")]);
        assert!(boxes.of(Path::new("/other.jpg")).is_empty());
    }

    #[test]
    fn faults_are_named() {
        assert!(parse("image,x,y,width\n").unwrap_err().starts_with("the column `height` is missing"));
        let error = parse("image,x,y,width,height\na,1,2,3,4\na,1,2,three,4\n").unwrap_err();
        assert_eq!(error, "line 3: `three` is not a number");
        assert_eq!(parse("image,x,y,width,height\na,1,2\n").unwrap_err(), "line 2: a cell is missing");
        assert!(parse("").is_err());
        // A cell that extends to the end of the file, with a sequence that clears a screen.
        let error = parse(&format!("image,x,y,width,height\na,1,2,3,\"\x1b[2J{}", "9\n".repeat(100_000))).unwrap_err();
        assert!(error.starts_with("line 2: `[2J999") && error.len() < 80, "{error}");
    }

    #[test]
    fn boxes_without_area_or_outside_are_refused() {
        let check = |x, y, w, h| {
            Row { bounds: Rect::new(x, y, w, h), line: 2 }.check(100, 50).map_err(|error| error.to_string())
        };
        assert_eq!(check(-10.0, -10.0, 20.0, 20.0), Ok(()));
        assert_eq!(check(1.0, 1.0, 0.0, 5.0).unwrap_err(), "the box on line 2 (0×5 at 1,1) has no area");
        assert!(check(f32::NAN, 1.0, 5.0, 5.0).unwrap_err().ends_with("has no area"));
        assert!(check(100.0, 1.0, 5.0, 5.0).unwrap_err().ends_with("lies outside the image"));
        assert!(check(-1e30, -1e30, 2e30, 2e30).unwrap_err().ends_with("is too large"));
    }
}
