//! Where the dose is.

use percuta::course::permeation::{Arm, Compartment, PermeationOutcome};

use super::axes::{LogRow, decades, hours, legend};
use super::stroke;
use crate::absorption::words::{arm_name, taker};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::panel::Panel;
use crate::figures::style::{BLUE, GREY, INK, LIGHT, ORANGE, SMALL, Stroke, VERMILION, WIDTH};
use crate::format;

/// Height of the areas over time and of a row of the final shares, px.
const AREAS: f64 = 300.0;
const ROW: f64 = 26.0;
/// Least share that is shown, %.
const LEAST: f64 = 1e-4;

/// Colour of a compartment: grey outside, warm in the skin, blue where it has arrived.
pub fn colour(key: &str) -> &'static str {
    match key {
        "vehicle" => "#d9d9d9",
        "evaporated" => "#f4f4f4",
        "washed_off" => "#a8a8a8",
        "strips_1_2" => "#f7e08a",
        "strips_3_plus" => ORANGE,
        "viable_epidermis" => VERMILION,
        "dermis" => "#cc79a7",
        "channels" => "#56b4e9",
        "absorbed" => BLUE,
        _ => "#009e73",
    }
}

/// Stacked shares of the dose over time, and the shares at the end with intervals.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(first) = outcome.arms.first().filter(|a| !a.compartments.is_empty()) else { return Ok(None) };
    let rows = first.compartments.len();
    let mut page = Page::new(44.0 + AREAS + 52.0 + ROW * rows as f64 + 52.0);
    let swatches: Vec<(Swatch, &str)> =
        first.compartments.iter().map(|c| (Swatch::Fill(colour(&c.key).to_owned()), c.name.as_str())).collect();
    let top = 10.0 + legend(&mut page, 18.0, &swatches);
    let width = WIDTH / outcome.arms.len().max(1) as f64;
    for (i, arm) in outcome.arms.iter().enumerate() {
        areas(&mut page, outcome, arm, width * i as f64, top, width);
    }
    shares(&mut page, outcome, top + AREAS + 30.0);
    let finite = if outcome.study.dosing.infinite {
        ""
    } else {
        " The medians of parts do not add up by themselves, so in the areas they are scaled to add up to what has been applied by then; the shares below are as they are."
    };
    let gap = outcome.arms.iter().map(|a| a.balance_gap).fold(0.0, f64::max);
    let caption = format!(
        "Where the applied dose is, from outside (top) to inside (bottom). Above: medians over the members in a stack over time.{finite} \
         Below: share of the dose in each place after {} h with 90 % intervals, on a logarithmic axis. “{}” is what has passed the skin. The balance of every member closes to {} of the dose at all times.",
        format::plain(outcome.study.duration_h),
        first.compartments.iter().find(|c| c.key == "absorbed").map_or(taker(outcome), |c| c.name.as_str()),
        gap_text(gap)
    );
    page.finish(outcome, version, "mass-balance", "Where the dose is", caption).map(Some)
}

/// A gap of the balance as a power of ten that it does not exceed.
pub fn gap_text(gap: f64) -> String {
    if gap <= 0.0 { "rounding".into() } else { format!("1e{}", gap.log10().ceil() as i32).replace('-', "−") }
}

fn areas(page: &mut Page, outcome: &PermeationOutcome, arm: &Arm, x: f64, y: f64, width: f64) {
    let times = &outcome.times_h;
    let median = |c: &Compartment, i: usize| c.percent_of_dose.get(i).map_or(0.0, |v| v.median.max(0.0));
    let scale: Vec<f64> = times
        .iter()
        .enumerate()
        .map(|(i, &t)| {
            let d = &outcome.study.dosing;
            let sum: f64 = arm.compartments.iter().map(|c| median(c, i)).sum();
            let applied = d.applied_h.iter().filter(|a| **a <= t).count() as f64 / d.applied_h.len().max(1) as f64;
            if d.infinite || sum <= 0.0 { 1.0 } else { 100.0 * applied / sum }
        })
        .collect();
    let most = (0..times.len()).map(|i| scale[i] * arm.compartments.iter().map(|c| median(c, i)).sum::<f64>()).fold(100.0, f64::max);
    let most = if most < 100.0 + 1e-6 { 100.0 } else { most };
    let panel = Panel::new(&capital(arm_name(arm.needled)), (0.0, outcome.study.duration_h, "hours"), (0.0, most, "% of the applied dose"))
        .x_step(hours(outcome.study.duration_h, if width < 500.0 { 6.0 } else { 8.0 }));
    let axes = panel.draw(page, x, y, width, AREAS);
    let mut below = vec![0.0; times.len()];
    for c in arm.compartments.iter().rev() {
        let above: Vec<f64> = below.iter().enumerate().map(|(i, b)| b + scale[i] * median(c, i)).collect();
        let mut outline: Vec<(f64, f64)> = times.iter().zip(&above).map(|(&t, &v)| axes.at(t, v)).collect();
        outline.extend(times.iter().zip(&below).rev().map(|(&t, &v)| axes.at(t, v)));
        page.polygon(&outline, colour(&c.key), 1.0);
        let edge: Vec<(f64, f64)> = times.iter().zip(&above).map(|(&t, &v)| axes.at(t, v)).collect();
        page.curve(&edge, "#ffffff", 0.7, None);
        below = above;
    }
    let (left, top) = axes.at(0.0, most);
    let (right, bottom) = axes.at(outcome.study.duration_h, 0.0);
    page.frame(left, top, right - left, bottom - top, GREY);
    axes.sessions(page, if outcome.study.dosing.infinite { &[] } else { &outcome.study.dosing.applied_h });
}

/// A dot with interval for each place and arm.
fn shares(page: &mut Page, outcome: &PermeationOutcome, y: f64) {
    let Some(first) = outcome.arms.first() else { return };
    let at_end = |a: &Arm, k: usize| a.compartments.get(k).and_then(|c| c.percent_of_dose.last().copied());
    let all = || outcome.arms.iter().flat_map(|a| (0..a.compartments.len()).filter_map(move |k| at_end(a, k)));
    let least = all().map(|v| v.low).filter(|v| *v >= LEAST).fold(1.0, f64::min);
    let most = all().map(|v| v.high).fold(100.0, f64::max);
    let (left, right) = (190.0, WIDTH - 24.0);
    let (low, high) = decades(least, most);
    let axis = LogRow::new((10f64.powf(low.log10().floor()), high), left, right);
    let title = format!("After {} h, % of the applied dose (logarithmic)", format::plain(outcome.study.duration_h));
    page.bold(12.0, y, &title, Anchor::Start);
    page.legend(
        (WIDTH - 300.0).max(text_x(&title)),
        y,
        &outcome.arms.iter().map(|a| (Swatch::Line(Stroke { dash: None, ..stroke(a.needled) }), arm_name(a.needled))).collect::<Vec<_>>(),
    );
    let top = y + 12.0;
    axis.draw(page, top, top + ROW * first.compartments.len() as f64);
    for (k, c) in first.compartments.iter().enumerate() {
        let row = top + ROW * k as f64;
        if k > 0 {
            page.line((12.0, row), (right, row), LIGHT, 0.6, None);
        }
        page.rect(12.0, row + 7.0, 12.0, 12.0, colour(&c.key));
        page.frame(12.0, row + 7.0, 12.0, 12.0, GREY);
        page.styled(30.0, row + 17.0, &c.name, Anchor::Start, 11, false, INK);
        for (j, arm) in outcome.arms.iter().enumerate() {
            let at = row + if outcome.arms.len() == 1 { 13.0 } else { 8.5 + 9.5 * j as f64 };
            match at_end(arm, k) {
                Some(v) if v.high >= LEAST => {
                    page.line((axis.at(v.low), at), (axis.at(v.high), at), stroke(arm.needled).colour, 2.0, None);
                    page.disc(axis.at(v.median), at, 3.8, stroke(arm.needled).colour);
                }
                Some(_) => page.styled(left - 6.0, at + 3.5, "0", Anchor::End, SMALL, false, stroke(arm.needled).colour),
                None => {}
            }
        }
    }
}

fn text_x(title: &str) -> f64 {
    24.0 + crate::figures::page::text_width(title, 12.0)
}

/// With a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_powers() {
        assert_eq!(capital("needled skin"), "Needled skin");
        assert_eq!(gap_text(3e-9), "1e−8");
        assert_eq!(gap_text(0.0), "rounding");
    }
}
