//! The tidy tables of a run.

mod contents;
mod csv;
mod parquet;
mod table;

use percuta::course::Outcome;

use crate::error::ReportError;

/// Every table of a run: path in the folder and contents.
pub fn files(outcome: &Outcome, version: &str) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut files = Vec::new();
    let both = [contents::readouts(outcome), contents::summary(outcome), contents::punctures(outcome), contents::depth(outcome)];
    for table in both.into_iter().chain(contents::patch(outcome)) {
        files.push((format!("tables/{}.csv", table.name), csv::csv(&table)));
        let path = format!("tables/{}.parquet", table.name);
        let bytes = parquet::parquet(&table, version).map_err(|e| ReportError::make(&path, e))?;
        files.push((path, bytes));
    }
    for table in [contents::drivers(outcome), contents::parameters(outcome)] {
        files.push((format!("tables/{}.csv", table.name), csv::csv(&table)));
    }
    Ok(files)
}
