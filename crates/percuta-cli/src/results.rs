//! What every computation tells at its end.

use std::fs;
use std::path::Path;

use percuta::course::RunError;
use percuta_report::ReportError;

use crate::arguments::Output;
use crate::failure::Failure;
use crate::terminal;

/// Why an ensemble has no result.
pub fn not_run(error: RunError) -> Failure {
    match error {
        RunError::Cancelled { done, total } => Failure::interrupted(format!(
            "Stopped after {done} of {total} members. Nothing was written: results exist whole or not at all."
        )),
        other => Failure::run(other.to_string()),
    }
}

/// Why results could not be written; `kept` if a block's run stays.
pub fn not_written(error: &ReportError, kept: bool) -> Failure {
    let help = match error {
        ReportError::Io { .. } if kept => "\n  help: free some space",
        ReportError::Io { .. } => {
            "\n  help: the run's files were taken away again; free some space or choose another place with --out, and run again"
        }
        _ => "",
    };
    Failure::run(format!("{error}{help}"))
}

/// Prints summary.json if that was asked for.
pub fn print_json(output: &Output, folder: &Path) -> Result<(), Failure> {
    if output.json {
        print_file(&folder.join("summary.json"))?;
    }
    Ok(())
}

/// Prints a file of the results.
pub fn print_file(file: &Path) -> Result<(), Failure> {
    let json = fs::read_to_string(file).map_err(|e| Failure::run(format!("{} cannot be read: {e}", file.display())))?;
    terminal::print(json.trim_end());
    Ok(())
}

/// Says what came out and where it is.
pub fn print_end(output: &Output, table: &str, folder: &Path) {
    print_report(output.json, table, folder);
}

/// The same; beside JSON it goes to standard error.
pub fn print_report(json: bool, table: &str, folder: &Path) {
    let text = format!("\n{table}\n\nReport: {}", folder.join("report.html").display());
    if json { terminal::tell(&text) } else { terminal::print(&text) }
}
