//! The tidy tables of a run.

mod contents;
pub mod csv;
mod parquet;
pub mod table;

use percuta::course::Outcome;

use crate::error::ReportError;
use table::Table;

/// Every table of a run: path in the folder and contents.
pub fn files(outcome: &Outcome, version: &str) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut files = Vec::new();
    let both = [contents::readouts(outcome), contents::summary(outcome), contents::punctures(outcome), contents::depth(outcome)];
    for table in both
        .into_iter()
        .chain([contents::grades(outcome), contents::surface(outcome), contents::spectra(outcome)])
        .chain(contents::scars(outcome))
        .chain(contents::patch(outcome))
    {
        files.extend(both_formats(&table, version)?);
    }
    for table in [contents::drivers(outcome), contents::parameters(outcome)] {
        files.push((format!("tables/{}.csv", table.name), csv::csv(&table)));
    }
    Ok(files)
}

/// A table as CSV and as Parquet.
pub fn both_formats(table: &Table, version: &str) -> Result<[(String, Vec<u8>); 2], ReportError> {
    let path = format!("tables/{}.parquet", table.name);
    let bytes = parquet::parquet(table, version).map_err(|e| ReportError::make(&path, e))?;
    Ok([(format!("tables/{}.csv", table.name), csv::csv(table)), (path, bytes)])
}
