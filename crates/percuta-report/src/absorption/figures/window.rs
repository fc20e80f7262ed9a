//! Until when after the treatment it pays to apply.

use percuta::course::permeation::{PermeationOutcome, Window};
use percuta::population::Interval;

use super::axes::{decades, hours};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::panel::Panel;
use crate::figures::style::{FIRST, GREY, INK, LIGHT, SECOND, SMALL, Stroke, WIDTH};
use crate::format;

/// Height of the panels and of a row of the calendar, px.
const HIGH: f64 = 300.0;
const ROW: f64 = 26.0;

/// Enhancement and gain against the delay of the application, and when the channels count as closed.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(w) = &outcome.window else { return Ok(None) };
    let Some(&last) = w.delay_h.last().filter(|l| **l > 0.0) else { return Ok(None) };
    let mut page = Page::new(30.0 + HIGH + 46.0 + ROW * (w.closed_by.len() + 1) as f64 + 56.0);
    page.legend(12.0, 18.0, &[(Swatch::Band(FIRST), "left open until then"), (Swatch::Band(SECOND), "covered from the treatment on")]);
    let panels = [
        ("Permeability at that time", "enhancement ratio over intact skin", [&w.enhancement_open, &w.enhancement_occluded]),
        ("Amount absorbed in the 24 h after application", "times that of intact skin", [&w.gain_24h_open, &w.gain_24h_occluded]),
    ];
    for (i, (title, label, curves)) in panels.into_iter().enumerate() {
        let values = || curves.iter().flat_map(|c| c.iter());
        let y = decades(values().map(|v| v.low).filter(|v| *v > 0.0).fold(1.0, f64::min), values().map(|v| v.high).fold(1.0, f64::max));
        let label = format!("{label} (logarithmic)");
        let mut panel = Panel::new(title, (0.0, last, "hours between treatment and application"), (y.0, y.1, label.as_str()))
            .log_y()
            .x_step(hours(last, 6.0));
        for (values, stroke) in curves.into_iter().zip([FIRST, SECOND]) {
            panel.band(&w.delay_h, values, stroke);
        }
        let axes = panel.draw(&mut page, 0.5 * WIDTH * i as f64, 26.0, 0.5 * WIDTH, HIGH);
        page.line(axes.at(0.0, 1.0), axes.at(last, 1.0), GREY, 1.0, Some("4 3"));
        if i == 0 {
            for (until, stroke) in [(&w.pays_until_open_h, FIRST), (&w.pays_until_occluded_h, SECOND)] {
                if until.median <= last {
                    axes.vertical(&mut page, until.median, stroke.colour, Some("2 3"));
                }
            }
        }
        let own = outcome.study.dosing.after_treatment_h;
        if (0.0..=last).contains(&own) {
            let (x, y) = axes.at(own, y.0);
            page.polygon(&[(x - 5.0, y), (x + 5.0, y), (x, y - 9.0)], INK, 1.0);
        }
    }
    calendar(&mut page, w, last, 26.0 + HIGH + 24.0);
    let study = &outcome.study;
    let caption = format!(
        "How much needling still helps {} by the time of its application, skin left open or covered until then. Left: permeability over that of intact skin (dashed: intact skin; dotted: when the added permeability has fallen to a tenth). \
         Right: amount absorbed in the 24 h after an application at that time over the same on intact skin. Lines are medians, bands 90 % intervals over the members; the black mark is this study’s own application, {} h after the treatment. \
         Below: until when it pays, and when each method of measurement calls the channels closed, medians with 90 % intervals; an arrow goes on beyond the axis. A method sees current, water or dye, not the permeant: \
         channels can be closed to one and open to another.",
        study.permeant.name,
        format::plain(study.dosing.after_treatment_h)
    );
    page.finish(outcome, version, "application-window", "Until when it pays to apply", caption).map(Some)
}

fn calendar(page: &mut Page, w: &Window, last: f64, y: f64) {
    let (left, right) = (230.0, WIDTH - 30.0);
    let x = |h: f64| left + (right - left) * (h / last).clamp(0.0, 1.0);
    page.bold(12.0, y, "Hours after the treatment", Anchor::Start);
    let top = y + 10.0;
    let rows: Vec<(String, Interval, Interval)> = [("it pays (a tenth is left)".to_owned(), w.pays_until_open_h, w.pays_until_occluded_h)]
        .into_iter()
        .chain(w.closed_by.iter().map(|c| (format!("closed by {}", c.method), c.open_h, c.occluded_h)))
        .collect();
    let bottom = top + ROW * rows.len() as f64;
    let step = hours(last, 12.0);
    for k in 0..=(last / step) as u32 {
        let t = step * f64::from(k);
        page.line((x(t), top), (x(t), bottom), LIGHT, 1.0, None);
        page.styled(x(t), bottom + 14.0, &format::plain(t), Anchor::Middle, SMALL, false, INK);
    }
    page.line((left, bottom), (right, bottom), GREY, 1.0, None);
    for (k, (name, open, occluded)) in rows.iter().enumerate() {
        let row = top + ROW * k as f64;
        if k > 0 {
            page.line((12.0, row), (right, row), LIGHT, 0.6, None);
        }
        page.styled(12.0, row + 17.0, name, Anchor::Start, 11, k == 0, INK);
        for (at, value, stroke) in [(row + 8.5, open, FIRST), (row + 18.0, occluded, SECOND)] {
            mark(page, &x, last, at, value, stroke);
        }
    }
}

fn mark(page: &mut Page, x: &dyn Fn(f64) -> f64, last: f64, y: f64, value: &Interval, stroke: Stroke) {
    if value.low.is_finite() && value.low < last {
        page.line((x(value.low), y), (x(value.high), y), stroke.colour, 2.0, None);
    }
    if value.high > last || !value.high.is_finite() {
        let end = x(last);
        page.polygon(&[(end, y - 4.0), (end + 8.0, y), (end, y + 4.0)], stroke.colour, 1.0);
    }
    if value.median <= last {
        page.disc(x(value.median), y, 3.8, stroke.colour);
    }
}
