//! The forms that results take on standard output.

use std::io::Write;
use std::path::Path;

use clap::ValueEnum;
use lineament::Face;
use lineament::annotations::imglab::{self, LabelledBox};
use lineament::annotations::pts;
use serde::Serialize;

use super::error::shown;
use super::result::Found;
use super::run::Totals;

/// The form of the results on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One readable line per face, and a summary.
    #[default]
    Text,
    /// One JSON object per picture and line.
    Jsonl,
    /// One line per face: image, box, score, landmarks, confidence.
    Csv,
    /// iBUG's `.pts`: one block per face, or with `--output` one file per face.
    Pts,
    /// The XML of dlib's annotation tool imglab, in whole pixels.
    Imglab,
}

impl Format {
    /// What stands before the first record, for a model of these landmarks.
    pub fn header(self, landmarks: &[u16]) -> Vec<u8> {
        match self {
            Self::Csv => {
                let points: String = landmarks.iter().map(|i| format!(",x{i},y{i}")).collect();
                format!("image,x,y,width,height,score{points},confidence\n").into_bytes()
            }
            Self::Imglab => imglab::HEADER.into(),
            _ => Vec::new(),
        }
    }

    /// What stands after the last record.
    pub fn footer(self, totals: &Totals) -> String {
        match self {
            Self::Text => totals.summary(),
            Self::Imglab => imglab::FOOTER.into(),
            _ => String::new(),
        }
    }

    /// The lines for one picture, for a model of these landmarks.
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

/// A picture's line. The fields' order is the keys' order.
#[derive(Serialize)]
struct JsonRecord<'a> {
    image: &'a str,
    width: u32,
    height: u32,
    faces: &'a [Face],
    timing_ms: JsonTiming,
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
    line(&JsonRecord {
        image: &path.to_string_lossy(),
        width: found.width,
        height: found.height,
        faces: &found.faces,
        timing_ms: JsonTiming {
            decode: microseconds(found.timing.decode),
            detect: microseconds(found.timing.detect),
            landmarks: microseconds(found.timing.landmarks),
        },
    })
}

/// The line for a picture that failed.
pub fn jsonl_error(path: &Path, error: &str) -> Vec<u8> {
    line(&JsonError { image: &path.to_string_lossy(), error })
}

fn line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}

/// A probability without digits that mean nothing.
fn probability(p: f32) -> f64 {
    (f64::from(p) * 1e4).round() / 1e4
}

/// Milliseconds without digits that no clock gives.
fn microseconds(ms: f64) -> f64 {
    (ms * 1e3).round() / 1e3
}

fn text(path: &Path, found: &Found) -> Vec<u8> {
    let mut lines = Vec::new();
    let name = shown(path);
    for (index, face) in found.faces.iter().enumerate() {
        let b = face.bounds;
        let place = format!("{:.0}×{:.0} at {:.0},{:.0}", b.width, b.height, b.x, b.y);
        let score = if found.given { String::new() } else { format!(", score {:.2}", face.score) };
        let confidence = face.confidence.as_ref().map(|c| format!(", confidence {:.0} %", 100.0 * c.face));
        let confidence = confidence.unwrap_or_default();
        let _ = writeln!(lines, "{name}: face {} of {}: {place}{score}{confidence}", index + 1, found.faces.len());
    }
    if found.faces.is_empty() {
        let _ = writeln!(lines, "{name}: no face");
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
        let _ = writer.write_record(&cells);
    }
    writer.into_inner().unwrap_or_default()
}

fn imglab_image(path: &Path, found: &Found, landmarks: &[u16]) -> Vec<u8> {
    let labelled = |face| {
        let Face { bounds, shape, .. }: &Face = face;
        LabelledBox { bounds: *bounds, shape, landmarks, label: None }
    };
    imglab::image(&path.to_string_lossy(), found.faces.iter().map(labelled)).into_bytes()
}
