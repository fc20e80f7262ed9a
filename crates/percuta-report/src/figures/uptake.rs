//! How long the window for a product stays open.

use percuta::course::Outcome;

use super::Figure;
use super::page::{Anchor, Page, Swatch};
use super::panel::Panel;
use super::style::{FIRST, GREY, INK, SECOND, SMALL, WIDTH};
use crate::error::ReportError;
use crate::format;

/// Enhancement ratio against the hours between session and application.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(u) = &outcome.uptake else { return Ok(None) };
    let Some(&last) = u.delay_h.last() else { return Ok(None) };
    if last <= 0.0 {
        return Ok(None);
    }
    let values = || u.enhancement_open.iter().chain(&u.enhancement_occluded);
    let positive = |v: f64| v.is_finite() && v > 0.0;
    let low = values().map(|v| v.low).filter(|v| positive(*v)).fold(1.0, f64::min).log10().floor();
    let high = values().map(|v| v.high).filter(|v| positive(*v)).fold(1.0, f64::max).log10().ceil().max(low + 1.0);
    let (low, high) = (10f64.powf(low), 10f64.powf(high));
    let mut page = Page::new(400.0);
    page.legend(12.0, 18.0, &[(Swatch::Band(FIRST), "open application"), (Swatch::Band(SECOND), "occluded")]);
    let name = outcome.course.product.as_ref().map_or("product", |p| p.permeant.name.as_str());
    let mut panel =
        Panel::new(name, (0.0, last, "hours between session and application"), (low, high, "enhancement ratio over intact skin")).log_y();
    panel.band(&u.delay_h, &u.enhancement_open, FIRST);
    panel.band(&u.delay_h, &u.enhancement_occluded, SECOND);
    let axes = panel.draw(&mut page, 0.0, 24.0, WIDTH, 340.0);
    page.line(axes.at(0.0, 1.0), axes.at(last, 1.0), GREY, 1.0, Some("4 3"));
    let mut own = String::new();
    if let Some(p) = &outcome.course.product {
        let h = p.applied_after_h;
        if h <= last {
            axes.vertical(&mut page, h, INK, Some("2 4"));
            let (x, y) = axes.at(h, high);
            page.styled(x + 5.0, y + 12.0, "this course", Anchor::Start, SMALL, false, INK);
        }
        own = format!(
            " This course applies it {} h after the session, {}: {} µg/cm² in 24 h, against {} µg/cm² through intact skin; lag time {} min.",
            format::plain(h),
            if p.occluded { "occluded" } else { "open" },
            format::interval(&u.delivered_24h_ug_per_cm2),
            format::interval(&u.intact_24h_ug_per_cm2),
            format::interval(&u.lag_min),
        );
    }
    let caption = format!(
        "How many times more permeable than intact skin the treated skin is for {name}, by the time of application (logarithmic scale; dashed: intact skin). Lines are medians, bands 90 % intervals.{own}"
    );
    page.finish(outcome, version, "uptake-window", "Uptake window", caption).map(Some)
}
