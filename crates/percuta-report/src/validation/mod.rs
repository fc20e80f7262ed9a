//! The folder of a validation: `validation.html`, `validation.json` and a table of every prediction.

use std::path::Path;

use percuta::evidence::validation::Validation;

use crate::error::ReportError;
use crate::folder::write_files;

/// Writes the results into the empty folder `dir` and returns `validation.json`.
///
/// # Errors
/// [`ReportError`] if a file cannot be put together or written; nothing is left then.
pub fn write(validation: &Validation, dir: &Path) -> Result<String, ReportError> {
    let json = serde_json::to_string_pretty(validation).map_err(|e| ReportError::make("validation.json", e))? + "\n";
    write_files(&[("validation.json".to_owned(), json.clone().into_bytes())], dir)?;
    Ok(json)
}
