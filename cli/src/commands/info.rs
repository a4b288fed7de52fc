//! `lineament info`: what a model consists of and where it comes from.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use lineament::ModelError;
use lineament::raw::Detector;
use lineament::raw::model::{Header, decode, describe, kind};
use serde::{Serialize, Serializer};

use crate::error::{Error, Status};
use crate::formats::json_line;
use crate::models::{self, BuiltIn};

/// Show what models consist of, what their scores mean, and where they come from
#[derive(Clone, Debug, Args)]
pub struct Info {
    /// Model files [default: the built-in models]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Also show the training configuration and how the training went
    #[arg(long, short)]
    verbose: bool,

    /// Format of the output; JSON is always verbose
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Format of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Names and values, a line each
    #[default]
    Text,
    /// One JSON object per model and line
    Json,
}

/// Provenance to show without `--verbose`. The rest is long, and numbers stages by the entries of the training
/// configuration, which are not the model's stages.
const BRIEF: [&str; 8] = [
    "converted from",
    "program",
    "data",
    "training faces",
    "images without faces",
    "pictures without faces",
    "seed",
    Detector::CALIBRATION,
];

/// The properties of a model.
struct Card {
    name: String,
    kind: &'static str,
    /// Of a model file; dlib's own files have none.
    format_version: Option<u16>,
    bytes: usize,
    licence: Option<&'static str>,
    summary: Vec<(String, String)>,
    provenance: Vec<(String, String)>,
}

impl Info {
    /// Runs the subcommand.
    pub fn run(self) -> Result<Status, Error> {
        let mut cards = Vec::new();
        for file in &self.files {
            let bytes = models::bytes(file)?;
            cards.push(card(&file.to_string_lossy(), &bytes).map_err(|error| Error::file(file, error))?);
        }
        if self.files.is_empty() {
            for BuiltIn { kind, bytes, licence } in models::built_in_files() {
                let name = format!("{}, built in", kind.name());
                let card = card(&name, bytes).map_err(|error| Error::file(Path::new(&name), error))?;
                cards.push(Card { licence: Some(licence), ..card });
            }
            if cards.is_empty() {
                return Err(Error::Usage("this program was built without models: name a model file".into()));
            }
        }
        let text = match self.format {
            Form::Text => cards.iter().map(|card| text(card, self.verbose)).collect::<Vec<_>>().join("\n").into_bytes(),
            Form::Json => cards.iter().flat_map(json).collect(),
        };
        std::io::stdout().write_all(&text).map_err(|error| Error::stdout(&error))?;
        Ok(Status::Success)
    }
}

fn card(name: &str, bytes: &[u8]) -> Result<Card, ModelError> {
    let (model, provenance) = decode(bytes)?;
    let mut summary = model.summary();
    if provenance.get(Detector::CALIBRATION).is_some() {
        let promises = Detector::promises();
        summary.retain(|entry| !promises.contains(entry));
    }
    let header: Option<Header> = describe(bytes).ok().map(|(header, _)| header);
    Ok(Card {
        name: name.to_owned(),
        kind: kind(&model).name(),
        format_version: header.map(|header| header.version),
        bytes: bytes.len(),
        licence: None,
        summary,
        provenance: provenance.entries,
    })
}

fn text(card: &Card, verbose: bool) -> String {
    let mut rows = vec![
        ("model".to_owned(), card.name.clone()),
        ("kind".to_owned(), card.kind.to_owned()),
        (
            "format version".to_owned(),
            card.format_version.map_or("dlib's own".to_owned(), |version| version.to_string()),
        ),
        ("size".to_owned(), format!("{} bytes", card.bytes)),
    ];
    rows.extend(card.licence.map(|licence| ("licence".to_owned(), licence.to_owned())));
    rows.extend(card.summary.iter().cloned());
    let (shown, hidden): (Vec<_>, Vec<_>) =
        card.provenance.iter().cloned().partition(|(name, _)| verbose || BRIEF.contains(&name.as_str()));
    rows.extend(shown);
    if !hidden.is_empty() {
        rows.push(("training".to_owned(), "see --verbose".to_owned()));
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    // Lines of one value are aligned below each other.
    let indented = |value: &str| value.trim_end().replace('\n', &format!("\n{:width$}  ", ""));
    rows.iter().map(|(name, value)| format!("{name:width$}  {}\n", indented(value))).collect()
}

/// The line of a model. The order of the fields is the order of the keys.
#[derive(Serialize)]
struct JsonCard<'a> {
    model: &'a str,
    kind: &'a str,
    format_version: Option<u16>,
    bytes: usize,
    summary: Entries<'a>,
    provenance: Entries<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<&'a str>,
}

/// Names and values as an object, in their order.
struct Entries<'a>(&'a [(String, String)]);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

fn json(card: &Card) -> Vec<u8> {
    json_line(&JsonCard {
        model: &card.name,
        kind: card.kind,
        format_version: card.format_version,
        bytes: card.bytes,
        summary: Entries(&card.summary),
        provenance: Entries(&card.provenance),
        licence: card.licence,
    })
}
