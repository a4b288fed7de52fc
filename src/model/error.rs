//! What can be wrong with a model file.

/// Why a model file cannot be used. Each message is a clause that follows the file's name.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The magic bytes are missing.
    #[error("it is not a lineament model file")]
    NotAModel,
    /// The file ends before the model does.
    #[error("the model file is truncated")]
    Truncated,
    /// The checksum does not fit the content.
    #[error("the model file is damaged: its checksum does not match")]
    Checksum,
    /// Written by a newer program.
    #[error("it has format version {found} of {kind} models, newer than what this program reads, {newest}")]
    TooNew {
        /// The version in the file.
        found: u16,
        /// The newest version that is read.
        newest: u16,
        /// The kind of model.
        kind: &'static str,
    },
    /// Written by a program so old that its models are no longer read.
    #[error("it has format version {found} of {kind} models, older than what this program reads, {oldest}")]
    TooOld {
        /// The version in the file.
        found: u16,
        /// The oldest version that is read.
        oldest: u16,
        /// The kind of model.
        kind: &'static str,
    },
    /// The header names a kind that does not exist.
    #[error("it holds a model of the unknown kind {0}")]
    UnknownKind(u16),
    /// A model of another kind.
    #[error("it holds a {found} model, not a {wanted} model")]
    Kind {
        /// The kind in the file.
        found: &'static str,
        /// The kind asked for.
        wanted: &'static str,
    },
    /// The payload does not decode.
    #[error("its content does not follow the format; another version of the program may have written it")]
    Decode(#[from] bincode::error::DecodeError),
    /// The model cannot be encoded.
    #[error("the model cannot be encoded: {0}")]
    Encode(#[from] bincode::error::EncodeError),
    /// The model breaks an invariant.
    #[error("the model is not valid: {0}")]
    Invalid(String),
}
