//! The report of a sensitivity analysis: [`write()`] turns a [`SensitivityOutcome`] into one folder as a course's run is one.

mod figure;
mod html;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::path::Path;

use percuta::course::sensitivity::SensitivityOutcome;

use crate::error::ReportError;
use crate::figures::Figure;
use crate::folder::{Inputs, refuse_overwriting, write_files};
use crate::manifest::manifest;
use crate::tables::both_formats;

pub use summary::{FactorSummary, ReadoutSummary, SensitivitySummary, VisitSummary, summarise, summary_schema};
pub use words::told;

/// Writes the folder of an analysis: all of it or nothing. The folder may exist if it is empty.
///
/// # Errors
/// [`ReportError::Exists`] if the folder holds anything, [`ReportError::Io`] if a file cannot be written (the partial
/// folder is removed), the others if a file cannot be put together.
pub fn write(outcome: &SensitivityOutcome, inputs: &Inputs, folder: &Path) -> Result<(), ReportError> {
    refuse_overwriting(folder)?;
    write_files(&contents(outcome, inputs)?, folder).map(|_| ())
}

/// Every file of the analysis: path in the folder and contents.
fn contents(outcome: &SensitivityOutcome, inputs: &Inputs) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let figures = figures(outcome, &inputs.version)?;
    let mut files = vec![("report.html".to_owned(), html::report(outcome, inputs, &figures).into_bytes())];
    let mut json = serde_json::to_vec_pretty(&summarise(outcome, &inputs.version)).map_err(|e| ReportError::make("sensitivity.json", e))?;
    json.push(b'\n');
    files.push(("sensitivity.json".to_owned(), json));
    files.extend(both_formats(&table::indices(outcome), &inputs.version)?);
    for figure in figures {
        files.push((format!("figures/{}.svg", figure.id), figure.svg.into_bytes()));
        files.push((format!("figures/{}.png", figure.id), figure.png));
    }
    let manifest = manifest(outcome, inputs, &files)?;
    files.push(("manifest.json".to_owned(), manifest));
    Ok(files)
}

/// One figure a read-out, in the order of reports.
fn figures(outcome: &SensitivityOutcome, version: &str) -> Result<Vec<Figure>, ReportError> {
    outcome.readouts.iter().map(|r| figure::figure(outcome, r, version)).collect()
}
