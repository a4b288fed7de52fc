//! `lineament info`: what is in a model.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use lineament::files::reason;
use lineament::raw::model::{Header, describe};
use lineament::{AnyModel, ModelError};
use serde::{Serialize, Serializer};

use crate::error::{Error, Status};
use crate::models::{self, BuiltIn};

/// Show what is in model files, or in the models of the program: kind, sizes, and where they come from.
#[derive(Clone, Debug, Args)]
pub struct Info {
    /// Model files; without any, the models that are compiled into the program.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Names and values, a line each.
    #[default]
    Text,
    /// One JSON object per model and line.
    Json,
}

/// What is known of a model.
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
                let name = format!("{}, in the program", kind.name());
                let card = card(&name, bytes).map_err(|error| Error::file(Path::new(&name), error))?;
                cards.push(Card { licence: Some(licence), ..card });
            }
            if cards.is_empty() {
                return Err(Error::Usage("this program was built without models: name a model file".into()));
            }
        }
        let text: String = match self.format {
            Form::Text => cards.iter().map(text).collect::<Vec<_>>().join("\n"),
            Form::Json => cards.iter().map(json).collect(),
        };
        match std::io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Error::Output { name: "standard output".into(), reason: reason(&error) })
            }
            _ => Ok(Status::Success),
        }
    }
}

fn card(name: &str, bytes: &[u8]) -> Result<Card, ModelError> {
    let (model, provenance) = AnyModel::from_bytes(bytes)?;
    let header: Option<Header> = describe(bytes).ok().map(|(header, _)| header);
    Ok(Card {
        name: name.to_owned(),
        kind: model.kind().name(),
        format_version: header.map(|header| header.version),
        bytes: bytes.len(),
        licence: None,
        summary: model.summary(),
        provenance: provenance.entries,
    })
}

fn text(card: &Card) -> String {
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
    rows.extend(card.summary.iter().chain(&card.provenance).cloned());
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    // Values may hold line breaks: their lines stand below each other.
    let indented = |value: &str| value.trim_end().replace('\n', &format!("\n{:width$}  ", ""));
    rows.iter().map(|(name, value)| format!("{name:width$}  {}\n", indented(value))).collect()
}

/// A model's line. The fields' order is the keys' order.
#[derive(Serialize)]
struct JsonCard<'a> {
    model: &'a str,
    kind: &'a str,
    format_version: Option<u16>,
    bytes: usize,
    facts: Entries<'a>,
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

fn json(card: &Card) -> String {
    let json = serde_json::to_string(&JsonCard {
        model: &card.name,
        kind: card.kind,
        format_version: card.format_version,
        bytes: card.bytes,
        facts: Entries(&card.summary),
        provenance: Entries(&card.provenance),
        licence: card.licence,
    });
    json.expect("names and values are valid JSON") + "\n"
}
