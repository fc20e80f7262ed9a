//! Stands in for the report of a permeation study until that is there: the outcome as JSON and a page that says so.

use std::path::Path;

use percuta::course::permeation::PermeationOutcome;
use serde_json::json;

use crate::folder::{refuse_overwriting, write_files};
use crate::{Inputs, ReportError};

/// Writes the folder of a permeation study.
///
/// # Errors
/// [`ReportError::Exists`] if the folder holds anything, the others if a file cannot be made or written.
pub fn write(outcome: &PermeationOutcome, inputs: &Inputs, folder: &Path) -> Result<(), ReportError> {
    refuse_overwriting(folder)?;
    let summary = json!({
        "study": outcome.study.name,
        "version": inputs.version,
        "seed": outcome.seed,
        "members": outcome.members,
        "times_h": outcome.times_h,
        "arms": outcome.arms,
        "warnings": outcome.warnings,
    });
    let mut json = serde_json::to_vec_pretty(&summary).map_err(|e| ReportError::make("summary.json", e))?;
    json.push(b'\n');
    let page = format!("<!doctype html><title>{0}</title><p>{0}: the report of permeation studies is not there yet.", outcome.study.name);
    write_files(&[("report.html".into(), page.into_bytes()), ("summary.json".into(), json)], folder).map(|_| ())
}
