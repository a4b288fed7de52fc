//! Boxes to use instead of the detector: a CSV file with the columns `image,x,y,width,height`.
//!
//! Columns are found by name, and others are ignored, so the output of `detect --format csv` can be read back. Its column
//! `orientation` says which pixels the box refers to, `upright` or `stored`; a file may lack it. Cells may be separated by
//! commas, semicolons or tabs, and the text may be UTF-8 or UTF-16, as spreadsheets write it.
//!
//! A row belongs to the image file that it names, however that name is spelled. A relative name counts from the working
//! folder or, if there is no such file, from the folder of the CSV file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Position, Reader, ReaderBuilder};

use super::Pixels;
use crate::files::{MOST_BYTES, excerpt, os_string, plain_text, read_at_most, reason_unread, spelled};
use crate::geometry::Rect;
use crate::rect_ext::RectExt;

/// The longest side of a box, in pixels: beyond it, `f32` coordinates lose the pixel.
const LONGEST_SIDE: f32 = 1e6;

/// The shortest side of a box, in pixels, except in tiny images: no face is recognisable in less.
const SHORTEST_SIDE: f32 = 4.0;

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
    /// A row is too long.
    #[error(
        "line {line}: there are more cells than the {columns} columns (a decimal comma needs `;` between the cells)"
    )]
    MoreCells {
        /// Counted from 1.
        line: u64,
        /// Columns of the header.
        columns: usize,
    },
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
    /// The pixels that it refers to, if the file says it.
    pub pixels: Option<Pixels>,
    /// Line in the file, counted from 1.
    pub line: u64,
}

/// An image and its boxes, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageBoxes {
    /// The image's file.
    pub image: PathBuf,
    /// Its boxes; at least one.
    pub rows: Vec<Row>,
}

/// The boxes of a file.
#[derive(Debug, Default)]
pub struct Boxes {
    /// The images in the order of their first boxes.
    pub images: Vec<ImageBoxes>,
    /// Rows that cannot be read; the others can be used.
    pub faults: Vec<BoxesError>,
    /// Places in `images`, by canonical paths.
    places: HashMap<PathBuf, usize>,
}

/// Indices of the columns that the header names, and how to read their cells.
struct Columns {
    /// Number of columns.
    count: usize,
    image: usize,
    sides: [usize; 4],
    orientation: Option<usize>,
    /// Programs that separate cells otherwise write numbers with a decimal comma.
    separator: u8,
}

impl Columns {
    fn find(header: &ByteRecord, separator: u8) -> Result<Self, BoxesError> {
        let place = |name: &str| header.iter().position(|cell| plain(cell).eq_ignore_ascii_case(name.as_bytes()));
        let column = |name: &'static str| place(name).ok_or(BoxesError::MissingColumn(name));
        Ok(Self {
            count: header.len(),
            image: column("image")?,
            sides: [column("x")?, column("y")?, column("width")?, column("height")?],
            orientation: place("orientation"),
            separator,
        })
    }

    /// The cell with the image's name, and the box of a row.
    fn read<'a>(&self, record: &'a ByteRecord) -> Result<(&'a [u8], Row), BoxesError> {
        let line = record.position().map_or(0, Position::line);
        if record.iter().skip(self.count).any(|cell| !plain(cell).is_empty()) {
            return Err(BoxesError::MoreCells { line, columns: self.count });
        }
        let cell = |at: usize| record.get(at).ok_or(BoxesError::MissingCell(line));
        let number = |at: usize| {
            let text = String::from_utf8_lossy(plain(cell(at)?));
            let decimal = if self.separator == b',' { text.clone() } else { text.replace(',', ".").into() };
            decimal.parse::<f32>().map_err(|_| BoxesError::NotANumber { line, text: excerpt(&text) })
        };
        let [x, y, width, height] = self.sides;
        let bounds = Rect::new(number(x)?, number(y)?, number(width)?, number(height)?);
        let orientation = self.orientation.and_then(|at| std::str::from_utf8(plain(record.get(at)?)).ok());
        let pixels = orientation.and_then(|word| word.to_ascii_lowercase().parse().ok());
        Ok((cell(self.image)?, Row { bounds, pixels, line }))
    }
}

/// A cell without blanks around it, and without quotes that blanks keep from being CSV's.
fn plain(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    let unquoted = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\""));
    unquoted.map_or(cell, <[u8]>::trim_ascii)
}

impl Boxes {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, lacks a column, or has no row that can be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, BoxesError> {
        let path = path.as_ref();
        let bytes = read_at_most(path, MOST_BYTES).map_err(BoxesError::Io)?;
        Self::parse(&plain_text(bytes), path.parent().unwrap_or(Path::new("")))
    }

    /// Parses the text of a file in `folder`.
    ///
    /// # Errors
    /// If the text lacks a column, or has no row that can be read.
    pub fn parse(text: &[u8], folder: &Path) -> Result<Self, BoxesError> {
        let (mut reader, columns) = open(text)?;
        let mut boxes = Self::default();
        // Paths of many rows with the same name are looked up once.
        let mut named = HashMap::<Vec<u8>, usize>::new();
        for record in reader.byte_records() {
            let record = record.map_err(unread)?;
            // Spreadsheets write the separators of empty rows.
            if record.iter().all(|cell| plain(cell).is_empty()) {
                continue;
            }
            let (name, row) = match columns.read(&record) {
                Ok(read) => read,
                Err(fault) => {
                    boxes.faults.push(fault);
                    continue;
                }
            };
            let place = match named.get(name) {
                Some(&place) => place,
                None => {
                    let place = boxes.place(locate(name, folder));
                    named.insert(name.to_vec(), place);
                    place
                }
            };
            boxes.images[place].rows.push(row);
        }
        if boxes.images.is_empty() && !boxes.faults.is_empty() {
            return Err(boxes.faults.swap_remove(0));
        }
        Ok(boxes)
    }

    /// The place in [`Boxes::images`] of an image, added if it is new.
    fn place(&mut self, image: PathBuf) -> usize {
        let next = self.images.len();
        let place = *self.places.entry(key(&image)).or_insert(next);
        if place == next {
            self.images.push(ImageBoxes { image, rows: Vec::new() });
        }
        place
    }

    /// The place in [`Boxes::images`] of an image, if the file names it.
    pub fn find(&self, path: &Path) -> Option<usize> {
        self.places.get(&key(path)).copied()
    }
}

/// A reader of the rows behind the header. The separator is the first with which the header names all columns.
fn open(text: &[u8]) -> Result<(Reader<&[u8]>, Columns), BoxesError> {
    let with = |separator: u8| {
        let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text);
        let columns = Columns::find(reader.byte_headers().map_err(unread)?, separator)?;
        Ok((reader, columns))
    };
    with(b',').or_else(|error| with(b';').or_else(|_: BoxesError| with(b'\t')).map_err(|_: BoxesError| error))
}

/// The file that a cell names: the cell as it is, or without blanks, or with the separators of Windows; in the working
/// folder or in the file's.
fn locate(cell: &[u8], folder: &Path) -> PathBuf {
    let bare = plain(cell);
    let slashes: Vec<u8> = bare.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
    let names = [cell.to_vec(), bare.to_vec(), slashes].map(|name| PathBuf::from(os_string(name)));
    let there = names.iter().flat_map(|name| [name.clone(), folder.join(name)]).find(|path| path.is_file());
    let [_, bare, _] = names;
    there.unwrap_or(bare)
}

/// Bytes in memory always follow CSV's rules: cells may be of any kind and rows of any length.
fn unread(error: csv::Error) -> BoxesError {
    BoxesError::Io(error.into())
}

/// A path of which two spellings compare equal.
fn key(path: &Path) -> PathBuf {
    spelled(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

impl Row {
    /// Checks the box against the size of its image.
    ///
    /// # Errors
    /// If the box has no area, is larger than any image or too small for a face, or lies outside this image.
    pub fn check(&self, width: u32, height: u32) -> Result<(), BoxesError> {
        let Rect { width: w, height: h, .. } = self.bounds;
        let tiny = w.min(h) < SHORTEST_SIDE && width.min(height) as f32 >= 4.0 * SHORTEST_SIDE;
        let problem = if !self.bounds.is_valid() {
            "has no area"
        } else if w.max(h) > LONGEST_SIDE {
            "is too large"
        } else if tiny && w.max(h) <= 1.0 {
            "is smaller than a pixel; boxes must be in pixels, not in shares of the image"
        } else if tiny {
            "is too small for a face; boxes must be in pixels"
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
        let row = |bounds, line| Row { bounds, pixels: None, line };
        let rows = vec![row(Rect::new(1.0, 2.0, 3.0, 4.0), 2), row(Rect::new(5.0, 6.0, 7.0, 8.0), 3)];
        assert_eq!(boxes.images, [ImageBoxes { image: "/a b.jpg".into(), rows }]);
        assert_eq!(boxes.find(Path::new("/a b.jpg")), Some(0));
        assert_eq!(boxes.find(Path::new("/other.jpg")), None);
    }

    #[test]
    fn separators_and_spellings_of_other_programs_are_read() {
        for text in [
            "image;x;y;width;height\n/a.jpg;1,5;2;3;4\n",
            "Image\tX\tY\tWIDTH\tHeight\n/a.jpg\t1.5\t2\t3\t4\n",
            "\"image\", \"x\",y , \"width\", height\r\n /a.jpg , \" 1.5\", 2,\"3\" ,4\r\n",
        ] {
            let boxes = parse(text).unwrap();
            assert_eq!(boxes.images[0].image, Path::new("/a.jpg"), "{text}");
            assert_eq!(boxes.images[0].rows[0].bounds, Rect::new(1.5, 2.0, 3.0, 4.0), "{text}");
        }
    }

    #[test]
    fn rows_may_say_which_pixels_they_mean() {
        let text = "image,x,y,width,height,orientation\na,1,2,3,4,upright\na,1,2,3,4,Stored\na,1,2,3,4,6\na,1,2,3,4\n";
        let pixels: Vec<_> = parse(text).unwrap().images[0].rows.iter().map(|row| row.pixels).collect();
        assert_eq!(pixels, [Some(Pixels::Upright), Some(Pixels::Stored), None, None]);
    }

    #[test]
    fn good_rows_are_kept_beside_faulty_ones() {
        let boxes = parse("image,x,y,width,height\na,1,2,3,4\na,1,2,three,4\na,1\n,,,,\nb,1,2,3,4\n").unwrap();
        assert_eq!(boxes.images.len(), 2);
        let faults: Vec<String> = boxes.faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults, ["line 3: `three` is not a number", "line 4: a cell is missing"]);
    }

    #[test]
    fn faults_are_named() {
        assert!(parse("image,x,y,width\n").unwrap_err().starts_with("the column `height` is missing"));
        let error = parse("image,x,y,width,height\na,1,2,three,4\n").unwrap_err();
        assert_eq!(error, "line 2: `three` is not a number");
        assert_eq!(parse("image,x,y,width,height\na,1,2\n").unwrap_err(), "line 2: a cell is missing");
        assert!(parse("").is_err());
        // A cell that extends to the end of the file, with a sequence that clears a screen.
        let error = parse(&format!("image,x,y,width,height\na,1,2,3,\"\x1b[2J{}", "9\n".repeat(100_000))).unwrap_err();
        assert!(error.starts_with("line 2: `[2J999") && error.len() < 80, "{error}");
    }

    #[test]
    fn boxes_without_area_or_outside_are_refused() {
        let check = |x, y, w, h| {
            Row { bounds: Rect::new(x, y, w, h), pixels: None, line: 2 }
                .check(100, 50)
                .map_err(|error| error.to_string())
        };
        assert_eq!(check(-10.0, -10.0, 20.0, 20.0), Ok(()));
        assert_eq!(check(1.0, 1.0, 0.0, 5.0).unwrap_err(), "the box on line 2 (0×5 at 1,1) has no area");
        assert!(check(f32::NAN, 1.0, 5.0, 5.0).unwrap_err().ends_with("has no area"));
        assert!(check(100.0, 1.0, 5.0, 5.0).unwrap_err().ends_with("lies outside the image"));
        assert!(check(0.2, 0.2, 0.5, 0.4).unwrap_err().contains("smaller than a pixel"));
        assert!(check(10.0, 10.0, 3.0, 40.0).unwrap_err().contains("too small for a face"));
        assert!(check(-1e30, -1e30, 2e30, 2e30).unwrap_err().ends_with("is too large"));
    }
}
