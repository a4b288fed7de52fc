//! iBUG's `.pts` files: one landmark a line, counted from 1.
//!
//! ```text
//! version: 1
//! n_points:  68
//! {
//! 645.883 205.043
//! …
//! }
//! ```
//!
//! The header lines and the braces may be missing; blanks, blank lines and CRLF do not matter. iBUG counts pixels from
//! 1, lineament from 0: reading subtracts 1 from both coordinates, writing adds it.

use std::fmt::Write;
use std::path::Path;

use super::text;
use crate::files::{MOST_BYTES, excerpt, read_at_most, reason_unread};
use crate::geometry::Point;
use crate::landmarks::Shape;

/// What is wrong with a `.pts` file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PtsError {
    /// The file cannot be read.
    #[error("{}", reason_unread(.0))]
    Io(std::io::Error),
    /// A line is neither a landmark nor part of the header.
    #[error("line {line}: {what}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// `n_points` and the number of landmarks differ.
    #[error("the header announces {announced} points, and the file contains {found}")]
    Count {
        /// The header's `n_points`.
        announced: usize,
        /// The landmarks in the file.
        found: usize,
    },
    /// There is no landmark.
    #[error("the file contains no points")]
    NoPoints,
}

/// The landmarks in the text of a `.pts` file, in pixels counted from 0.
///
/// # Errors
/// If a line is not understood, a coordinate is not finite, the number of points is not the header's, or there is none.
pub fn parse(text: &str) -> Result<Shape, PtsError> {
    let mut announced = None;
    let mut points = Vec::new();
    for (line, content) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let wrong = |what: String| PtsError::Line { line: line + 1, what };
        let content = content.trim();
        if content.is_empty() || content == "{" || content == "}" {
            continue;
        }
        if let Some((name, value)) = content.split_once(':') {
            if name.trim() == "n_points" {
                let count = value.trim().parse::<usize>();
                announced =
                    Some(count.map_err(|_| wrong(format!("`{}` is not a number of points", excerpt(value.trim()))))?);
            }
            continue;
        }
        let mut coordinates = content.split_whitespace().map(|word| match word.parse::<f64>() {
            // Far outside of any image; f32 would also lose the fractions.
            Ok(value) if value.abs() < 1e6 => Ok((value - 1.0) as f32),
            _ => Err(wrong(format!("`{}` is not a coordinate", excerpt(word)))),
        });
        match (coordinates.next(), coordinates.next(), coordinates.next()) {
            (Some(x), Some(y), None) => points.push(Point::new(x?, y?)),
            _ => return Err(wrong(format!("`{}` is not two coordinates", excerpt(content)))),
        }
    }
    match (announced, points.len()) {
        (Some(announced), found) if announced != found => Err(PtsError::Count { announced, found }),
        (_, 0) => Err(PtsError::NoPoints),
        _ => Ok(Shape::new(points)),
    }
}

/// The text of a `.pts` file for landmarks in pixels counted from 0, to a thousandth of a pixel.
pub fn format(shape: &Shape) -> String {
    let mut text = format!("version: 1\nn_points: {}\n{{\n", shape.len());
    for p in &shape.points {
        let _ = writeln!(text, "{:.3} {:.3}", f64::from(p.x) + 1.0, f64::from(p.y) + 1.0);
    }
    text.push_str("}\n");
    text
}

/// Reads a `.pts` file.
///
/// # Errors
/// If the file cannot be read, or as [`parse`].
pub fn read(path: impl AsRef<Path>) -> Result<Shape, PtsError> {
    let bytes = read_at_most(path.as_ref(), MOST_BYTES).map_err(PtsError::Io)?;
    parse(&text::decode(&bytes, None).unwrap_or_default())
}

/// Writes a `.pts` file.
///
/// # Errors
/// If the file cannot be written.
#[cfg(feature = "write")]
pub fn write(path: impl AsRef<Path>, shape: &Shape) -> std::io::Result<()> {
    crate::files::write_atomically(path.as_ref(), format(shape).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(text: &str) -> Vec<(f32, f32)> {
        parse(text).unwrap().points.iter().map(|p| (p.x, p.y)).collect()
    }

    #[test]
    fn header_braces_blanks_and_line_ends_do_not_matter() {
        let wanted = [(0.5, 1.0), (9.0, 19.25)];
        assert_eq!(points("version: 1\nn_points:  2\n{\n1.5 2\n10 20.25\n}\n"), wanted);
        assert_eq!(points("version: 1\r\nn_points: 2\r\n{\r\n1.5 2\r\n10 20.25\r\n}"), wanted);
        assert_eq!(points("\u{feff}\n  1.5\t 2  \n\n10   20.25 \n"), wanted);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let shape = Shape::new(vec![Point::new(0.0, -3.25), Point::new(1234.567, 0.001)]);
        let back = parse(&format(&shape)).unwrap();
        for (a, b) in shape.points.iter().zip(&back.points) {
            assert!(a.distance(*b) < 1e-3);
        }
    }

    #[test]
    fn faults_name_the_line() {
        let message = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(message("n_points: 3\n{\n1 2\n3 4\n}"), "the header announces 3 points, and the file contains 2");
        assert_eq!(message("{\n1 2\n3 nan\n}"), "line 3: `nan` is not a coordinate");
        assert_eq!(message("1 inf"), "line 1: `inf` is not a coordinate");
        assert_eq!(message("1 1e30"), "line 1: `1e30` is not a coordinate");
        assert_eq!(message("1 2\n3"), "line 2: `3` is not two coordinates");
        assert_eq!(message("1 2 3"), "line 1: `1 2 3` is not two coordinates");
        assert_eq!(message("hello there"), "line 1: `hello` is not a coordinate");
        assert_eq!(message("n_points: many"), "line 1: `many` is not a number of points");
        assert_eq!(message("version: 1\n{\n}"), "the file contains no points");
    }
}
