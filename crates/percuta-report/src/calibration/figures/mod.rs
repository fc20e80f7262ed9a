//! The figures of a calibration, one file each.

mod correlations;
mod forest;
mod parameters;
mod spreads;

use percuta::evidence::calibration::CalibrationOutcome;

use crate::error::ReportError;
use crate::figures::Figure;

/// Every figure there is data for, in the order of the page.
///
/// # Errors
/// [`ReportError::Make`] if a picture cannot be encoded.
pub fn figures(outcome: &CalibrationOutcome, version: &str) -> Result<Vec<Figure>, ReportError> {
    let stamp = format!("{} runs of each arm · calibration {} · seed {} · Percuta {version}", outcome.design, outcome.name, outcome.seed);
    let drawn = [
        parameters::figure(outcome, &stamp)?,
        correlations::figure(outcome, &stamp)?,
        forest::fitted(outcome, &stamp)?,
        spreads::figure(outcome, &stamp)?,
        forest::left_out(outcome, &stamp)?,
    ];
    Ok(drawn.into_iter().flatten().collect())
}
