//! The built-in models.

use lineament::Pipeline;

use super::common::CommandError;

/// The pipeline that `lineament detect` uses; `instead` is the option that names another model.
#[cfg(feature = "embedded-models")]
pub fn pipeline(_instead: &str) -> Result<Pipeline, CommandError> {
    Ok(Pipeline::default())
}

/// The pipeline that `lineament detect` uses; `instead` is the option that names another model.
#[cfg(not(feature = "embedded-models"))]
pub fn pipeline(instead: &str) -> Result<Pipeline, CommandError> {
    Err(CommandError::usage(format!("this program was built without models: give {instead} FILE")))
}
