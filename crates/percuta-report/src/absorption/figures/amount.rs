//! Cumulative amount over time.

use percuta::course::permeation::{Arm, PermeationOutcome};

use super::axes::{Curve, OverTime, arms, legend, marks, measured, measured_legend, over_time};
use super::stroke;
use crate::absorption::words::{arm_name, quantity, taker};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::style::{BLACK, Stroke};
use crate::format;

/// Tangents of steady flux.
const TANGENT: Stroke = Stroke { colour: BLACK, dash: Some("3 3") };

/// Both arms as bands, measured points on top.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let study = &outcome.study;
    let data: Vec<_> = study.data.iter().filter(|s| s.time_h.iter().any(|t| *t <= study.duration_h)).cloned().collect();
    let curves: Vec<Curve<'_>> = outcome
        .arms
        .iter()
        .map(|a| Curve {
            needled: a.needled,
            values: &a.cumulative_ug_per_cm2,
            typical: a.cumulative_ug_per_cm2.last().map_or(0.0, |v| v.median),
        })
        .collect();
    let steady: Vec<(&Arm, f64, f64)> =
        outcome.arms.iter().filter_map(|a| Some((a, lag_h(a)?, quantity(a, "jss")?.value.median))).collect();
    let also: Vec<f64> = data
        .iter()
        .flat_map(|s| {
            let sd = |i: usize| s.sd_ug_per_cm2.as_ref().and_then(|v| v.get(i)).copied().unwrap_or(0.0);
            s.amount_ug_per_cm2.iter().enumerate().map(move |(i, q)| q + sd(i)).collect::<Vec<_>>()
        })
        .collect();
    let top = if data.is_empty() { 24.0 } else { 42.0 };
    let mut page = Page::new(top + 372.0);
    let mut entries = arms(outcome);
    if !steady.is_empty() {
        entries.push((Swatch::Line(TANGENT), "steady flux, drawn back to the lag time"));
    }
    legend(&mut page, 18.0, &entries);
    measured_legend(&mut page, 36.0, &data);
    let title = format!("{} in the {}", study.permeant.name, taker(outcome));
    let drawn = over_time(&mut page, outcome, &title, "/cm²", &curves, &also, top, 340.0);
    let mut line = 16.0;
    for (arm, lag, jss) in &steady {
        if let Some(q) = quantity(arm, "lag") {
            let text = format!("lag time, {}: {} {}", arm_name(arm.needled), format::wide_interval(&q.value), q.unit);
            let (x, y) = drawn.axes.at(0.0, drawn.y.1);
            page.styled(x + 12.0, y + line, &text, Anchor::Start, 11, false, stroke(arm.needled).colour);
            line += 15.0;
        }
        tangent(&mut page, &drawn, arm, *lag, *jss, study.duration_h);
    }
    measured(&mut page, &drawn, &data, study.duration_h);
    let mut caption = format!(
        "Cumulative amount of {} that has reached the {}, per area of skin: median (line) and 90 % interval (band) over the members.{}",
        study.permeant.name,
        taker(outcome),
        marks(study)
    );
    if drawn.log {
        caption.push_str(" The axis is logarithmic because the arms lie more than twenty-fold apart.");
    }
    if !steady.is_empty() {
        caption.push_str(" Dashed: the line of steady flux with the median slope; it meets the time axis at the median lag time.");
    }
    if !data.is_empty() {
        caption.push_str(" Marks: measured values of the groups named above, with their standard deviation where the file has it.");
    }
    page.finish(outcome, version, "amount-over-time", "Amount absorbed", caption).map(Some)
}

/// Lag time of an arm, h.
fn lag_h(arm: &Arm) -> Option<f64> {
    let lag = quantity(arm, "lag")?;
    let hours = if lag.unit == "min" { lag.value.median / 60.0 } else { lag.value.median };
    (hours.is_finite() && hours >= 0.0).then_some(hours)
}

fn tangent(page: &mut Page, drawn: &OverTime, arm: &Arm, lag: f64, jss: f64, end: f64) {
    let slope = jss * drawn.unit.per_ug;
    if !(slope > 0.0 && slope.is_finite()) || lag >= end {
        return;
    }
    // On a logarithmic axis the line is a curve.
    let (from, to) = (drawn.y.0.max(0.0), drawn.y.1);
    // It need not hide the curve where the two are one.
    let reach = lag + (3.0 * lag).max(0.15 * end);
    let (start, stop) = (lag + from / slope, (lag + to / slope).min(end).min(reach));
    let points: Vec<(f64, f64)> = (0..=60)
        .map(|i| start + (stop - start) * (f64::from(i) / 60.0).powi(2))
        .map(|t| drawn.axes.at(t, (slope * (t - lag)).max(from)))
        .collect();
    if start < stop {
        page.curve(&points, TANGENT.colour, 1.2, TANGENT.dash);
    }
    let (x, y) = drawn.axes.at(lag, drawn.y.0);
    page.disc(x, y, 3.5, stroke(arm.needled).colour);
}
