//! Formats of the results on stdout.

use std::io::Write;
use std::path::Path;

use clap::ValueEnum;
use lineament::Face;
use lineament::raw::annotations::imglab::{self, ImageFile, LabelledBox};
use lineament::raw::annotations::pts;
use serde::Serialize;

use crate::error::shown;
use crate::result::Found;
use crate::totals::Totals;

/// Format of the results on stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One readable line per face, and a summary
    #[default]
    Text,
    /// One JSON object per image and line
    Jsonl,
    /// One line per face: image, box, score, landmarks, confidence, orientation
    Csv,
    /// iBUG's `.pts`: one block per face, or with `--output` one file per face
    Pts,
    /// XML of dlib's annotation tool imglab, in whole pixels
    Imglab,
}

impl Format {
    /// Text before the first record, for a model of these landmarks.
    pub fn header(self, landmarks: &[u16]) -> Vec<u8> {
        match self {
            Self::Csv => {
                let points: String = landmarks.iter().map(|i| format!(",x{i},y{i}")).collect();
                format!("image,x,y,width,height,score{points},confidence,orientation\n").into_bytes()
            }
            Self::Imglab => imglab::HEADER.into(),
            _ => Vec::new(),
        }
    }

    /// Text after the last record.
    pub fn footer(self, totals: &Totals) -> String {
        match self {
            Self::Text => totals.summary(),
            Self::Imglab => imglab::FOOTER.into(),
            _ => String::new(),
        }
    }

    /// Lines for one image, for a model of these landmarks.
    pub fn lines(self, path: &Path, found: &Found, landmarks: &[u16]) -> Vec<u8> {
        match self {
            Self::Text => text(path, found),
            Self::Jsonl => jsonl(path, found),
            Self::Csv => csv(path, found),
            Self::Imglab => imglab_image(path, found, landmarks),
            Self::Pts => found.faces.iter().flat_map(|face| pts::format(&face.shape).into_bytes()).collect(),
        }
    }
}

/// Why writing to a `Vec` cannot fail.
const WRITTEN: &str = "a vector takes all bytes";

/// The line of an image. The order of the fields is the order of the keys.
#[derive(Serialize)]
struct JsonRecord<'a> {
    image: &'a str,
    width: u32,
    height: u32,
    faces: &'a [Face],
    timing_ms: JsonTiming,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonTiming {
    decode: f64,
    detect: f64,
    landmarks: f64,
}

#[derive(Serialize)]
struct JsonError<'a> {
    image: &'a str,
    error: &'a str,
}

fn jsonl(path: &Path, found: &Found) -> Vec<u8> {
    json_line(&JsonRecord {
        image: &path.to_string_lossy(),
        width: found.width,
        height: found.height,
        faces: &found.faces,
        timing_ms: JsonTiming {
            decode: microseconds(found.timing.decode),
            detect: microseconds(found.timing.detect),
            landmarks: microseconds(found.timing.landmarks),
        },
        warning: found.warning.as_deref(),
    })
}

/// The line of an image that failed.
pub fn jsonl_error(path: &Path, error: &str) -> Vec<u8> {
    json_line(&JsonError { image: &path.to_string_lossy(), error })
}

/// A value as JSON on one line.
pub fn json_line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).expect("all keys are strings, and no value fails to serialise");
    line.push(b'\n');
    line
}

/// Rounds a probability to its significant digits.
fn probability(p: f32) -> f64 {
    (f64::from(p) * 1e4).round() / 1e4
}

/// Rounds milliseconds to microseconds.
fn microseconds(ms: f64) -> f64 {
    (ms * 1e3).round() / 1e3
}

/// A probability in percent: whole, but with a decimal, cut off, above 99 % and below 1 %, so that only certainty is
/// printed as 0 or 100 %.
fn percent(p: f32) -> String {
    let of_10000 = (p * 1e4).round() as u32;
    match of_10000 {
        _ if p <= 0.0 => "0 %".into(),
        _ if p >= 1.0 => "100 %".into(),
        100..9900 => format!("{} %", (of_10000 + 50) / 100),
        _ => format!("{:.1} %", f64::from((of_10000 / 10).clamp(1, 999)) / 10.0),
    }
}

fn text(path: &Path, found: &Found) -> Vec<u8> {
    let mut lines = Vec::new();
    let name = shown(path);
    for (index, face) in found.faces.iter().enumerate() {
        let b = face.bounds;
        let place = format!("{:.0}×{:.0} at {:.0},{:.0}", b.width, b.height, b.x, b.y);
        let score = if found.given { String::new() } else { format!(", score {:.2}", face.score) };
        let confidence = face.confidence.as_ref().map(|c| format!(", confidence {}", percent(c.face)));
        let confidence = confidence.unwrap_or_default();
        writeln!(lines, "{name}: face {} of {}: {place}{score}{confidence}", index + 1, found.faces.len())
            .expect(WRITTEN);
    }
    if found.faces.is_empty() {
        writeln!(lines, "{name}: no face").expect(WRITTEN);
    }
    lines
}

fn csv(path: &Path, found: &Found) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for face in &found.faces {
        let b = face.bounds;
        let mut cells = vec![path.as_os_str().as_encoded_bytes().to_vec()];
        let numbers = [b.x, b.y, b.width, b.height, face.score];
        let numbers = numbers.into_iter().chain(face.shape.points.iter().flat_map(|p| [p.x, p.y]));
        cells.extend(numbers.map(|number| number.to_string().into_bytes()));
        let confidence = face.confidence.as_ref().map(|c| probability(c.face).to_string());
        cells.push(confidence.unwrap_or_default().into_bytes());
        cells.push(found.pixels.to_string().into_bytes());
        writer.write_record(&cells).expect("a vector takes all bytes, and all records are of one length");
    }
    writer.into_inner().expect(WRITTEN)
}

fn imglab_image(path: &Path, found: &Found, landmarks: &[u16]) -> Vec<u8> {
    let labelled = |face| {
        let Face { bounds, shape, .. }: &Face = face;
        LabelledBox { bounds: *bounds, shape, landmarks, label: None }
    };
    let (file, size) = (&path.to_string_lossy(), Some((found.width, found.height)));
    imglab::image(&ImageFile { file, size, pixels: found.pixels }, found.faces.iter().map(labelled)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_certainty_is_printed_as_certain() {
        let probabilities = [0.0, 0.0004, 0.004, 0.0126, 0.5, 0.987, 0.9912, 0.997, 0.9997, 1.0];
        let wanted = ["0 %", "0.1 %", "0.4 %", "1 %", "50 %", "99 %", "99.1 %", "99.7 %", "99.9 %", "100 %"];
        assert_eq!(probabilities.map(percent), wanted);
    }
}
