//! Flux over time.

use percuta::course::permeation::PermeationOutcome;

use super::axes::{Curve, arms, legend, marks, over_time};
use crate::absorption::words::taker;
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::Page;

/// Flux of both arms as bands.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let curves: Vec<Curve<'_>> = outcome
        .arms
        .iter()
        .map(|a| Curve {
            needled: a.needled,
            values: &a.flux_ug_per_cm2_h,
            typical: a.flux_ug_per_cm2_h.iter().map(|v| v.median).fold(0.0, f64::max),
        })
        .collect();
    let mut page = Page::new(396.0);
    legend(&mut page, 18.0, &arms(outcome));
    let title = format!("Flux of {} into the {}", outcome.study.permeant.name, taker(outcome));
    let drawn = over_time(&mut page, outcome, &title, "/cm²/h", &curves, &[], 24.0, 340.0);
    let scale = if drawn.log { " The axis is logarithmic because the arms lie more than twenty-fold apart." } else { "" };
    let caption = format!(
        "Flux into the {} at each moment: median (line) and 90 % interval (band) over the members. The median at each time is not the course of any one member, \
         and the greatest flux of the median is not the median of the greatest fluxes, which the table of quantities gives.{scale}{}",
        taker(outcome),
        marks(&outcome.study)
    );
    page.finish(outcome, version, "flux-over-time", "Flux", caption).map(Some)
}
