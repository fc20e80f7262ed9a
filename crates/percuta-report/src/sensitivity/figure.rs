//! What drives one read-out: bars at its last visit, and total indices over the visits.

use percuta::course::sensitivity::{ReadoutSensitivity, SensitivityOutcome, VisitSensitivity};
use percuta::population::sensitivity::Index;

use super::words::{name, parted};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch, text_width};
use crate::figures::panel::Panel;
use crate::figures::style::{BLACK, BLUE, GREY, INK, LIGHT, ORANGE, SMALL, Stroke, VERMILION, WIDTH};
use crate::format;
use crate::run::Run as _;

/// Parameters shown as bars, at most.
const BARS: usize = 12;
/// Height of the two bars of a factor with the space around them, px.
const ROW: f64 = 27.0;
/// Where the bars begin, where they end, and where the curves begin, px.
const LEFT: f64 = 218.0;
const RIGHT: f64 = 520.0;
const CURVES: f64 = 534.0;
/// Bars of total and first-order indices.
const TOTAL: &str = "#9cc9e6";
const FIRST: &str = BLUE;
/// The same of what is no single parameter.
const TOTAL_GREY: &str = "#d0d0d0";
const FIRST_GREY: &str = "#8a8a8a";
/// Curves over the visits: the strongest parameters.
const STROKES: [Stroke; 5] = [
    Stroke { colour: BLUE, dash: None },
    Stroke { colour: VERMILION, dash: Some("9 5") },
    Stroke { colour: BLACK, dash: Some("3 3") },
    Stroke { colour: ORANGE, dash: Some("14 4") },
    Stroke { colour: GREY, dash: Some("6 2") },
];

/// The figure of a read-out.
pub fn figure(outcome: &SensitivityOutcome, readout: &ReadoutSensitivity, version: &str) -> Result<Figure, ReportError> {
    let title = format!("What drives {}", lower(readout.readout.name));
    let Some(last) = readout.last() else {
        return Page::new(40.0).finish(outcome, version, readout.readout.key, &title, "Nothing changes.".into());
    };
    let (parameters, together) = parted(outcome, last);
    // What rounds to nothing needs no bar.
    let shown: Vec<usize> = parameters.into_iter().filter(|&k| last.indices[k].total.value >= 0.0005).take(BARS).collect();
    let rows = shown.len() + together.len();
    let height = 74.0 + ROW * rows as f64 + 46.0;
    let mut page = Page::of_sample(height.max(300.0), outcome.sample());
    let end = page.legend(12.0, 18.0, &[(Swatch::Fill(TOTAL.into()), "total index"), (Swatch::Fill(FIRST.into()), "first-order index")]);
    page.line((end, 14.0), (end + 26.0, 14.0), INK, 1.2, None);
    page.styled(end + 32.0, 18.0, "90 % interval", Anchor::Start, 11, false, INK);
    bars(&mut page, outcome, last, &shown, &together);
    curves(&mut page, readout, &shown, height.max(300.0));
    let unit = if readout.readout.unit == "1" { String::new() } else { format!(" {}", readout.readout.unit) };
    let caption = format!(
        "{} Left: shares of the variance of its change from before the first session to day {} (mean {}, standard deviation {}{unit}). \
         The first-order index is the share that would go if the parameter alone were known, the total index the share that it has a part in, alone or together with others; lines are 90 % intervals of the estimates, cut at 0. \
         The strongest {} of {} parameters with indices of their own; below them, in grey, where the needles land and all other uncertain parameters varied together. \
         Right: the total index over the visits of those that are strongest on day {}.",
        readout.readout.meaning,
        format::day(last.day),
        format::number(last.mean),
        format::number(last.sd),
        shown.len(),
        last.indices.len() - together.len(),
        format::day(last.day),
    );
    page.finish(outcome, version, readout.readout.key, &title, caption)
}

/// With a small first letter, unless the word is an abbreviation.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(c), Some(second)) if second.is_lowercase() && !name.starts_with("Goodman") && !name.starts_with("Vancouver") => {
            c.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

fn bars(page: &mut Page, outcome: &SensitivityOutcome, visit: &VisitSensitivity, shown: &[usize], together: &[usize]) {
    page.bold(12.0, 42.0, &format!("Day {}, share of variance", format::day(visit.day)), Anchor::Start);
    let all = || shown.iter().chain(together).copied();
    let far = all().map(|k| visit.indices[k].total.ends().1.max(visit.indices[k].first.ends().1)).fold(0.1, f64::max);
    let step = crate::figures::panel::nice(far / 5.0);
    let high = (far / step).ceil() * step;
    let at = |share: f64| LEFT + (RIGHT - LEFT) * share.clamp(0.0, high) / high;
    let (top, rows) = (54.0, shown.len() + together.len());
    let bottom = top + ROW * rows as f64 + 4.0;
    for i in 0..=(high / step).round() as usize {
        let share = step * i as f64;
        page.line((at(share), top), (at(share), bottom), if i == 0 { GREY } else { LIGHT }, 1.0, None);
        let percent = format!("{} %", format::plain(100.0 * share));
        page.styled(at(share), bottom + 14.0, &percent, Anchor::Middle, SMALL, false, INK);
    }
    if !shown.is_empty() && !together.is_empty() {
        let y = top + ROW * shown.len() as f64 + 2.0;
        page.line((12.0, y), (RIGHT, y), LIGHT, 1.0, None);
    }
    for (i, k) in all().enumerate() {
        let y = top + 6.0 + ROW * i as f64;
        let (total, first) = if i < shown.len() { (TOTAL, FIRST) } else { (TOTAL_GREY, FIRST_GREY) };
        let indices = visit.indices[k];
        bar(page, &at, y, indices.total, total);
        bar(page, &at, y + 10.0, indices.first, first);
        let label = name(&outcome.factors[k]);
        let room = LEFT - 34.0;
        let size = if text_width(&label, f64::from(SMALL)) > room { SMALL - 1 } else { SMALL };
        page.styled(LEFT - 8.0, y + 13.0, &label, Anchor::End, size, false, INK);
        if i < shown.len().min(STROKES.len()) {
            page.disc(14.0, y + 9.5, 4.0, STROKES[i].colour);
        }
    }
}

/// A bar with its interval.
fn bar(page: &mut Page, at: &dyn Fn(f64) -> f64, y: f64, index: Index, colour: &str) {
    page.rect(at(0.0), y, at(index.value) - at(0.0), 9.0, colour);
    let (low, high) = index.ends();
    if high > 0.0 && at(high) - at(low) > 1.0 {
        let middle = y + 4.5;
        page.line((at(low), middle), (at(high), middle), INK, 1.2, None);
        // No cap where the axis cuts the interval.
        for end in [low, high].into_iter().filter(|end| *end >= 0.0) {
            page.line((at(end), middle - 2.5), (at(end), middle + 2.5), INK, 1.2, None);
        }
    }
}

/// Total indices over the visits.
fn curves(page: &mut Page, readout: &ReadoutSensitivity, shown: &[usize], height: f64) {
    let visits: Vec<&VisitSensitivity> = readout.visits.iter().filter(|v| !v.indices.is_empty()).collect();
    let end = visits.last().map_or(1.0, |v| v.day);
    let drawn = &shown[..shown.len().min(STROKES.len())];
    let far = visits.iter().flat_map(|v| drawn.iter().map(|&k| v.indices[k].total.ends().1)).fold(0.1, f64::max);
    let step = crate::figures::panel::nice(100.0 * far / 5.0);
    let high = (100.0 * far / step).ceil() * step;
    let room = 1.04 * end;
    let panel = Panel::new("Total index over the visits", (0.0, room, "day"), (0.0, high, "% of the variance"));
    let axes = panel.draw(page, CURVES, 28.0, WIDTH - CURVES - 4.0, (height - 56.0).min(380.0));
    // Weakest first, so that the strongest lies on top; intervals stand a little apart.
    for (i, &k) in drawn.iter().enumerate().rev() {
        let stroke = STROKES[i];
        let shift = 1.6 * (i as f64 - 0.5 * (drawn.len() as f64 - 1.0));
        let place = |v: &VisitSensitivity, share: f64| {
            let (x, y) = axes.at(v.day, (100.0 * share).clamp(0.0, high));
            (x + shift, y)
        };
        let points: Vec<(f64, f64)> = visits.iter().map(|v| place(v, v.indices[k].total.value)).collect();
        page.curve(&points, stroke.colour, 1.8, stroke.dash);
        for (v, &(x, y)) in visits.iter().zip(&points) {
            let (low, top) = v.indices[k].total.ends();
            page.line(place(v, low), place(v, top), stroke.colour, 1.0, None);
            page.disc(x, y, 3.2, stroke.colour);
        }
    }
}
