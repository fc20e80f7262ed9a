//! The folder of a calibration: `calibration.json`, the posterior ensemble and the problem as PEtab tables.

mod petab;

use std::path::Path;

use percuta::evidence::calibration::CalibrationOutcome;

use crate::error::ReportError;
use crate::folder::write_files;
use crate::hash::sha256;

/// Writes the results into the empty folder `dir` and returns `calibration.json`.
///
/// # Errors
/// [`ReportError`] if a file cannot be put together or written; nothing is left then.
pub fn write(outcome: &CalibrationOutcome, dir: &Path) -> Result<String, ReportError> {
    let json = serde_json::to_string_pretty(outcome).map_err(|e| ReportError::make("calibration.json", e))? + "\n";
    let posterior = outcome.posterior.to_toml().map_err(|e| ReportError::make("posterior.toml", e))?;
    let about =
        format!("# Posterior ensemble of the calibration problem \"{}\". A course takes it with `posterior = \"...\"`.\n", outcome.name);
    let mut files =
        vec![("calibration.json".to_owned(), json.clone().into_bytes()), ("posterior.toml".to_owned(), (about + &posterior).into_bytes())];
    files.extend(petab::files(outcome));
    write_files(&files, dir)?;
    Ok(json)
}

/// One number for several texts.
#[must_use]
pub fn key(texts: &[String]) -> String {
    let each: Vec<String> = texts.iter().map(|t| sha256(t.as_bytes())).collect();
    sha256(each.join("\n").as_bytes())
}
