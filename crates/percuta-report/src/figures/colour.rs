//! Skin colour over time.

use percuta::appearance::srgb;
use percuta::course::Outcome;
use percuta::population::interval;
use percuta::skin::Lab;

use super::Figure;
use super::page::{Anchor, Page};
use super::panel::{Panel, range};
use super::style::{FIRST, GREY, INK, SMALL, Stroke, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// Limits of the ITA classes, degrees (Chardon et al. 1991, Int J Cosmet Sci 13:191), and the class above each.
const CLASSES: [(f64, &str); 5] = [(55.0, "very light"), (41.0, "light"), (28.0, "intermediate"), (10.0, "tan"), (-30.0, "brown")];

/// Patches of the median colour at the visits; ITA, melanin and erythema over time.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let (Some(l), Some(a), Some(b)) =
        (series::find(outcome, "lightness"), series::find(outcome, "redness"), series::find(outcome, "yellowness"))
    else {
        return Ok(None);
    };
    let (Some(&first), Some(&last)) = (outcome.days.first(), outcome.days.last()) else { return Ok(None) };
    if last <= first {
        return Ok(None);
    }
    let mut moments = vec![("baseline".to_owned(), "", 0)];
    moments.extend(outcome.course.visits.iter().filter_map(|&d| {
        let after = if outcome.course.sessions.iter().any(|s| (s - d).abs() < 1e-9) { "just after session" } else { "" };
        Some((format!("day {}", format::day(d)), after, series::visit_index(outcome, d)?))
    }));
    let mut page = Page::new(620.0);
    let width = ((WIDTH - 24.0) / moments.len() as f64).min(140.0);
    for (i, (label, after, index)) in moments.iter().enumerate() {
        let at = |s| interval(&series::values(s, *index)).median;
        let (l, a, b) = (at(l), at(a), at(b));
        let x = 12.0 + width * i as f64;
        let [red, green, blue] = srgb(Lab { l, a, b });
        // Patches touch, as only neighbours without a gap can be compared.
        page.rect(x, 34.0, width + 0.5, 80.0, &format!("#{red:02x}{green:02x}{blue:02x}"));
        page.text(x + 3.0, 14.0, label, Anchor::Start);
        page.styled(x + 3.0, 28.0, after, Anchor::Start, 9, false, GREY);
        for (k, (name, value)) in [("L*", l), ("a*", a), ("b*", b)].into_iter().enumerate() {
            page.small(x + 3.0, 127.0 + 12.0 * k as f64, &format!("{name} {}", format::fixed(value, 1)), Anchor::Start);
        }
    }
    if let Some(ita) = series::find(outcome, "ita") {
        let values = series::band(outcome, ita);
        let (low, high) = range(values.iter().flat_map(|v| [v.low, v.high]));
        let mut panel = Panel::new("Individual typology angle", (first, last, "day after the first session"), (low, high, "ITA (°)"));
        panel.band(&outcome.days, &values, FIRST);
        let axes = panel.draw(&mut page, 0.0, 164.0, WIDTH - 90.0, 220.0);
        axes.sessions(&mut page, &outcome.course.sessions);
        // Limits as rules, and the name of each class in the middle of its band.
        let mut top = high;
        for (limit, class) in CLASSES.into_iter().chain([(f64::NEG_INFINITY, "dark")]) {
            if limit > low && limit < high {
                page.line(axes.at(first, limit), axes.at(last, limit), GREY, 1.0, Some("5 4"));
            }
            let bottom = limit.max(low);
            if top > bottom {
                let ((right, y0), (_, y1)) = (axes.at(last, top), axes.at(last, bottom));
                if y1 - y0 > 9.0 {
                    page.styled(right + 6.0, 0.5 * (y0 + y1) + 4.0, class, Anchor::Start, SMALL, false, INK);
                }
                top = bottom;
            }
        }
    }
    let mut panels = vec![("melanin_index", FIRST), ("erythema_index", Stroke { dash: None, ..super::style::SECOND })];
    if outcome.course.lesion.is_some() {
        panels.insert(0, ("lesion_melanin_excess", FIRST));
    }
    let share = WIDTH / panels.len() as f64;
    for (i, (key, stroke)) in panels.iter().enumerate() {
        let Some(s) = series::find(outcome, key) else { continue };
        let values = series::band(outcome, s);
        let y = range(values.iter().flat_map(|v| [v.low, v.high]));
        let mut panel = Panel::new(s.readout.name, (first, last, "day after the first session"), (y.0, y.1, s.readout.unit));
        panel.band(&outcome.days, &values, *stroke);
        let axes = panel.draw(&mut page, i as f64 * share, 388.0, share, 210.0);
        axes.sessions(&mut page, &outcome.course.sessions);
    }
    let caption = "Colour of the treated skin. Top: sRGB patches of the median L*, a*, b* (D65); a visit on a session day shows the skin just after it; a screen that is not calibrated shows differences better than colours. \
        Middle: individual typology angle with the limits of its classes (dashed; Chardon et al. 1991). Bottom: melanin and erythema index, before them the melanin of the lesion above the skin around it if the course treats one (the patches show the skin around it). Lines are medians, bands 90 % intervals, triangles sessions."
        .to_owned();
    page.finish(outcome, version, "colour", "Skin colour over time", caption).map(Some)
}
