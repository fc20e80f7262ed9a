//! The days after a session.

use percuta::course::{Outcome, ReadoutSeries};
use percuta::population::interval;

use super::Figure;
use super::page::{Anchor, Page};
use super::style::{GREY, INK, LIGHT, SMALL, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// Days drawn.
const DAYS: usize = 14;
/// The barrier counts as back when water loss is within this share of its baseline, as in the statistics of downtime.
const BACK: f64 = 0.1;

/// A row of the calendar: label, what its numbers are, one value a day, and the value of the darkest shade.
struct Row {
    label: &'static str,
    unit: &'static str,
    values: Vec<f64>,
    darkest: f64,
    /// Whether more is better: such rows are blue.
    good: bool,
}

/// Calendar of redness, barrier and bleeding after the first session.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(&session) = outcome.course.sessions.first() else { return Ok(None) };
    let end = outcome.days.last().copied().unwrap_or(0.0);
    // A second session within the fortnight would start a calendar of its own.
    let next = outcome.course.sessions.get(1).copied().unwrap_or(f64::INFINITY);
    let days: Vec<f64> = (0..=DAYS).map(|d| session + d as f64).filter(|d| *d <= end && *d < next).collect();
    let rise = |s: &ReadoutSeries| -> Vec<Vec<f64>> {
        s.members.iter().map(|m| days.iter().map(|&d| at(outcome, m, d) - m.first().copied().unwrap_or(0.0)).collect()).collect()
    };
    let median = |rises: &[Vec<f64>]| -> Vec<f64> {
        (0..days.len()).map(|i| interval(&rises.iter().map(|r| r[i]).collect::<Vec<_>>()).median).collect()
    };
    // Share of members whose rise is below their own limit.
    let share_below = |rises: &[Vec<f64>], limits: &[f64]| -> Vec<f64> {
        let below = |i: usize| rises.iter().zip(limits).filter(|(r, limit)| r[i] < **limit).count();
        (0..days.len()).map(|i| 100.0 * below(i) as f64 / rises.len().max(1) as f64).collect()
    };
    let mut rows = Vec::new();
    let mut add = |label, unit, values: Vec<f64>, darkest: Option<f64>| {
        let peak = values.iter().copied().fold(0.0, f64::max);
        rows.push(Row { label, unit, values, darkest: darkest.unwrap_or(peak), good: darkest.is_some() });
    };
    if let Some(s) = series::find(outcome, "erythema_index") {
        let r = rise(s);
        add("Redness", "erythema index above baseline", median(&r), None);
        let visible: Option<Vec<f64>> = outcome.draws.iter().map(|d| d.get("erythema.visible_rise", "a.u.").ok()).collect();
        if let Some(limits) = visible {
            add("Redness not visible", "% of members", share_below(&r, &limits), Some(100.0));
        }
    }
    if let Some(s) = series::find(outcome, "tewl") {
        let r = rise(s);
        add("Water loss", "TEWL above baseline, g/m²/h", median(&r), None);
        let limits: Vec<f64> = series::baseline(s).iter().map(|b| BACK * b).collect();
        add("Barrier back", "% of members", share_below(&r, &limits), Some(100.0));
    }
    if let Some(s) = series::find(outcome, "bleeding_points") {
        add("Pinpoint bleeding", "struck loops per cm²", median(&rise(s)), None);
    }
    if rows.is_empty() || days.is_empty() {
        return Ok(None);
    }
    let (left, cell, high) = (190.0, (WIDTH - 202.0) / days.len() as f64, 38.0);
    let mut page = Page::new(62.0 + high * rows.len() as f64 + 34.0);
    page.bold(12.0, 20.0, "Day after the session", Anchor::Start);
    for i in 0..days.len() {
        page.text(left + cell * (i as f64 + 0.5), 20.0, &i.to_string(), Anchor::Middle);
    }
    for (k, row) in rows.iter().enumerate() {
        let y = 32.0 + high * k as f64;
        page.text(12.0, y + 17.0, row.label, Anchor::Start);
        page.styled(12.0, y + 30.0, row.unit, Anchor::Start, SMALL, false, GREY);
        for (i, &v) in row.values.iter().enumerate() {
            let x = left + cell * i as f64;
            let t = if row.darkest > 0.0 { (v / row.darkest).clamp(0.0, 1.0) } else { 0.0 };
            page.rect(x, y, cell, high - 4.0, &shade(t, row.good));
            page.frame(x, y, cell, high - 4.0, LIGHT);
            let text = format::fixed(v, if row.darkest > 30.0 { 0 } else { 1 });
            page.styled(x + 0.5 * cell, y + 21.0, &text, Anchor::Middle, 11, false, if t > 0.55 { "#ffffff" } else { INK });
        }
    }
    page.small(
        12.0,
        32.0 + high * rows.len() as f64 + 12.0,
        "Numbers in the cells are medians over the members, or shares of the members; darker is more.",
        Anchor::Start,
    );
    let caption = format!(
        "The first session's first {} days, each taken at the hour of the session; day 0 is just after it. Redness and water loss: median rise of erythema index and TEWL above each member's own baseline. \
         Redness not visible: share of members whose rise is below the smallest that can be seen; barrier back: share whose water loss is within {:.0} % of its baseline. \
         Pinpoint bleeding: capillary loops struck per cm².",
        days.len() - 1,
        100.0 * BACK,
    );
    page.finish(outcome, version, "downtime", "Downtime calendar", caption).map(Some)
}

/// A member's value at a day: after a session of that day, and linear between the days of the dense axis.
fn at(outcome: &Outcome, member: &[f64], day: f64) -> f64 {
    let days = &outcome.days;
    let Some(i) = days.iter().rposition(|d| *d <= day + 1e-9) else { return member.first().copied().unwrap_or(0.0) };
    let (d0, v0) = (days[i], member[i]);
    match (days.get(i + 1), member.get(i + 1)) {
        (Some(d1), Some(v1)) if *d1 > d0 && day > d0 => v0 + (v1 - v0) * (day - d0) / (d1 - d0),
        _ => v0,
    }
}

/// White to dark brown, or to dark blue for what is good; evenly darker.
fn shade(t: f64, good: bool) -> String {
    let mix = |a: f64, b: f64| (a + (b - a) * t).round() as u8;
    let (red, green, blue) = if good { (0.0, 84.0, 148.0) } else { (150.0, 60.0, 10.0) };
    format!("#{:02x}{:02x}{:02x}", mix(255.0, red), mix(253.0, green), mix(250.0, blue))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn values_are_taken_after_the_session_and_between_days() {
        let mut o = fixture::outcome();
        o.days = vec![0.0, 0.0, 2.0];
        let member = [1.0, 9.0, 5.0];
        assert_eq!(at(&o, &member, 0.0), 9.0);
        assert_eq!(at(&o, &member, 1.0), 7.0);
        assert_eq!(at(&o, &member, 9.0), 5.0);
    }
}
