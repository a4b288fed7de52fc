//! The forms that results take on standard output.

use std::io::Write;
use std::path::Path;

use clap::ValueEnum;
use lineament::landmarks::pts;
use serde::Serialize;

use super::record::{Found, Record};

/// The form of the results on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One readable line per face, and a summary.
    #[default]
    Text,
    /// One JSON object per picture and line.
    Jsonl,
    /// One line per face: image, box, score, landmarks.
    Csv,
    /// iBUG's `.pts`: one block per face, or with `--output` one file per face.
    Pts,
}

impl Format {
    /// What stands before the first record, for a model of these landmarks.
    pub fn header(self, landmarks: &[u16]) -> Vec<u8> {
        if self != Self::Csv {
            return Vec::new();
        }
        let mut header = "image,x,y,width,height,score".to_owned();
        for landmark in landmarks {
            header += &format!(",x{landmark},y{landmark}");
        }
        (header + "\n").into_bytes()
    }

    /// The lines for one picture.
    pub fn lines(self, record: &Record) -> Vec<u8> {
        match (self, &record.result) {
            (Self::Jsonl, _) => jsonl(record),
            (Self::Text, Ok(found)) => text(&record.path, found),
            (Self::Csv, Ok(found)) => csv(&record.path, found),
            (Self::Pts, Ok(found)) => {
                found.faces.iter().flat_map(|face| pts::format(&face.shape).into_bytes()).collect()
            }
            // Standard error has the complaint.
            (_, Err(_)) => Vec::new(),
        }
    }
}

/// The contract's record. The fields' order is the keys' order.
#[derive(Serialize)]
struct JsonRecord<'a> {
    image: &'a str,
    width: u32,
    height: u32,
    faces: Vec<JsonFace>,
    timing_ms: JsonTiming,
}

#[derive(Serialize)]
struct JsonFace {
    #[serde(rename = "box")]
    bounds: JsonBox,
    score: f32,
    landmarks: Vec<[f32; 2]>,
}

#[derive(Serialize)]
struct JsonBox {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
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

fn jsonl(record: &Record) -> Vec<u8> {
    let image = &*record.path.to_string_lossy();
    let json = match &record.result {
        Ok(found) => serde_json::to_vec(&JsonRecord {
            image,
            width: found.width,
            height: found.height,
            faces: found.faces.iter().map(JsonFace::new).collect(),
            timing_ms: JsonTiming {
                decode: microseconds(found.timing.decode),
                detect: microseconds(found.timing.detect),
                landmarks: microseconds(found.timing.landmarks),
            },
        }),
        Err(error) => serde_json::to_vec(&JsonError { image, error }),
    };
    let mut line = json.unwrap_or_default();
    line.push(b'\n');
    line
}

impl JsonFace {
    fn new(face: &lineament::Face) -> Self {
        let bounds = face.bounds;
        Self {
            bounds: JsonBox { x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height },
            score: face.score,
            landmarks: face.shape.points.iter().map(|p| [p.x, p.y]).collect(),
        }
    }
}

/// Milliseconds without digits that no clock gives.
fn microseconds(ms: f64) -> f64 {
    (ms * 1e3).round() / 1e3
}

fn text(path: &Path, found: &Found) -> Vec<u8> {
    let mut lines = Vec::new();
    let name = path.display();
    for (index, face) in found.faces.iter().enumerate() {
        let b = face.bounds;
        let place = format!("{:.0}×{:.0} at {:.0},{:.0}", b.width, b.height, b.x, b.y);
        let score = if found.given { String::new() } else { format!(", score {:.2}", face.score) };
        let _ = writeln!(lines, "{name}: face {} of {}: {place}{score}", index + 1, found.faces.len());
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
        let _ = writer.write_record(&cells);
    }
    writer.into_inner().unwrap_or_default()
}
