//! The folder of a calibration: `calibration.html`, `calibration.json`, figures, the posterior ensemble and the problem as PEtab tables.

mod figures;
#[cfg(test)]
mod fixture;
mod html;
mod petab;
#[cfg(test)]
mod tests;
mod words;

use std::path::Path;

use percuta::evidence::calibration::{CalibrationOutcome, CalibrationProblem};

use crate::error::ReportError;
use crate::folder::write_files;
use crate::hash::sha256;

/// Version on page and figures.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes the results into the empty folder `dir` and returns `calibration.json`.
///
/// # Errors
/// [`ReportError`] if a file cannot be put together or written; nothing is left then.
pub fn write(outcome: &CalibrationOutcome, problem: &CalibrationProblem, dir: &Path) -> Result<String, ReportError> {
    let json = serde_json::to_string_pretty(outcome).map_err(|e| ReportError::make("calibration.json", e))? + "\n";
    let posterior = outcome.posterior.to_toml().map_err(|e| ReportError::make("posterior.toml", e))?;
    let about =
        format!("# Posterior ensemble of the calibration problem \"{}\". A course takes it with `posterior = \"...\"`.\n", outcome.name);
    let figures = figures::figures(outcome, VERSION)?;
    let mut files = vec![
        ("calibration.html".to_owned(), html::report(outcome, problem, &figures, VERSION).into_bytes()),
        ("calibration.json".to_owned(), json.clone().into_bytes()),
        ("posterior.toml".to_owned(), (about + &posterior).into_bytes()),
    ];
    files.extend(petab::files(outcome)?);
    for figure in figures {
        files.push((format!("figures/{}.svg", figure.id), figure.svg.into_bytes()));
        files.push((format!("figures/{}.png", figure.id), figure.png));
    }
    write_files(&files, dir)?;
    Ok(json)
}

/// One number for several texts.
#[must_use]
pub fn key(texts: &[String]) -> String {
    let each: Vec<String> = texts.iter().map(|t| sha256(t.as_bytes())).collect();
    sha256(each.join("\n").as_bytes())
}
