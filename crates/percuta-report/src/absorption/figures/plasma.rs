//! Concentration in plasma.

use percuta::course::permeation::PermeationOutcome;
use percuta::population::Interval;

use super::axes::{Curve, legend, marks, over_time};
use super::stroke;
use crate::absorption::words::arm_name;
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Page, Swatch};

/// Plasma concentration of the arms that have one, as bands.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    // In micrograms, as the axes expect.
    let ug: Vec<(bool, Vec<Interval>)> = outcome
        .arms
        .iter()
        .filter_map(|a| {
            let scaled = |v: &Interval| Interval { median: 1e-3 * v.median, low: 1e-3 * v.low, high: 1e-3 * v.high };
            Some((a.needled, a.plasma_ng_per_ml.as_ref()?.iter().map(scaled).collect()))
        })
        .collect();
    if ug.is_empty() {
        return Ok(None);
    }
    let curves: Vec<Curve<'_>> = ug
        .iter()
        .map(|(needled, values)| Curve { needled: *needled, values, typical: values.iter().map(|v| v.median).fold(0.0, f64::max) })
        .collect();
    let mut page = Page::new(396.0);
    let entries: Vec<_> = ug.iter().map(|(n, _)| (Swatch::Band(stroke(*n)), arm_name(*n))).collect();
    legend(&mut page, 18.0, &entries);
    let title = format!("{} in plasma", outcome.study.permeant.name);
    over_time(&mut page, outcome, &title, "/mL", &curves, &[], 24.0, 340.0);
    let caption = format!(
        "Concentration in plasma after application to {} cm²: median (line) and 90 % interval (band) over the members. One compartment, so the first minutes after a rise are not resolved.{}",
        crate::format::plain(outcome.study.area_cm2),
        marks(&outcome.study)
    );
    page.finish(outcome, version, "plasma", "Plasma concentration", caption).map(Some)
}
