//! Kinds of models, and the versions of their layouts.

use std::fmt::{Display, Formatter};
use std::ops::RangeInclusive;

/// The first bytes of every model file.
pub(super) const MAGIC: [u8; 8] = *b"lineamnt";

/// Kind of the model in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// A face detector.
    Detector,
    /// A landmark cascade.
    Landmarks,
    /// A detector of dlib's kind.
    DlibDetector,
    /// A landmark cascade of dlib's kind.
    DlibLandmarks,
}

impl ModelKind {
    pub(super) fn code(self) -> u16 {
        match self {
            Self::Detector => 1,
            Self::Landmarks => 2,
            Self::DlibDetector => 3,
            Self::DlibLandmarks => 4,
        }
    }

    pub(super) fn from_code(code: u16) -> Option<Self> {
        let kinds = [Self::Detector, Self::Landmarks, Self::DlibDetector, Self::DlibLandmarks];
        kinds.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns the kind that the header of a model file names, before anything else is verified.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let code = bytes.strip_prefix(&MAGIC)?.get(2..4)?;
        Self::from_code(u16::from_le_bytes([code[0], code[1]]))
    }

    /// Versions of the layout that can be read.
    pub fn versions(self) -> RangeInclusive<u16> {
        match self {
            Self::DlibDetector | Self::DlibLandmarks => 1..=1,
            Self::Detector => 1..=3,
            Self::Landmarks => 2..=3,
        }
    }

    /// Version that is written: the newest.
    pub fn version(self) -> u16 {
        *self.versions().end()
    }

    /// Name of the kind in descriptions of models.
    pub fn name(self) -> &'static str {
        match self {
            Self::Detector => "detector",
            Self::Landmarks => "landmarks",
            Self::DlibDetector => "FHOG detector",
            Self::DlibLandmarks => "pixel landmarks",
        }
    }
}

/// The kind in a sentence, without an article.
impl Display for ModelKind {
    fn fmt(&self, f: &mut Formatter) -> std::fmt::Result {
        f.write_str(match self {
            Self::Detector => "detector model",
            Self::Landmarks => "landmark model",
            Self::DlibDetector => "detector model of dlib's kind",
            Self::DlibLandmarks => "landmark model of dlib's kind",
        })
    }
}
