//! Predicted against published.

use percuta::evidence::validation::Row;
use percuta::evidence::{Role, Scale};

use super::colour;
use super::ratio::{Ratio, tick};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::forest::Axis;
use crate::figures::page::{Anchor, Page};
use crate::figures::style::{GREY, INK, LIGHT, SMALL};
use crate::format;

/// Corner and side of the first square, and the step to the second, px.
const CORNER: (f64, f64) = (66.0, 66.0);
const SIDE: f64 = 340.0;
const STEP: f64 = 430.0;

/// The same axis across and upwards.
enum Square {
    Percent(Axis),
    Logarithm(Ratio),
}

impl Square {
    fn share(&self, v: f64) -> f64 {
        match self {
            Self::Percent(axis) => axis.share(v),
            Self::Logarithm(axis) => axis.share(v),
        }
    }

    fn ticks(&self) -> Vec<(f64, String)> {
        match self {
            Self::Percent(axis) => axis.ticks().into_iter().map(|t| (t, format::plain(t))).collect(),
            Self::Logarithm(axis) => axis.ticks(0.12).into_iter().map(|t| (t, tick(t))).collect(),
        }
    }
}

/// A point with its intervals.
struct Point {
    role: Role,
    published: f64,
    interval: Option<(f64, f64)>,
    predicted: (f64, f64, f64),
}

/// Predicted against published on the scale of the scores, changes and values apart.
pub fn figure(rows: &[Row], stamp: &str) -> Result<Option<Figure>, ReportError> {
    let scored: Vec<&Row> = rows.iter().filter(|r| r.role != Role::Context && r.published.is_finite()).collect();
    if scored.is_empty() {
        return Ok(None);
    }
    let changes: Vec<Point> = scored
        .iter()
        .filter(|r| r.scale != Scale::Value)
        .map(|r| {
            let p = r.predicted_scored;
            Point { role: r.role, published: r.scored, interval: r.published_scored, predicted: (p.low, p.median, p.high) }
        })
        .collect();
    let all = scored.len() - changes.len();
    let values: Vec<Point> = scored
        .iter()
        .filter(|r| r.scale == Scale::Value && r.published > 0.0 && r.predicted.median > 0.0)
        .map(|r| {
            let p = r.predicted;
            Point { role: r.role, published: r.published, interval: r.published_interval, predicted: (p.low, p.median, p.high) }
        })
        .collect();
    let without = all - values.len();

    let mut page = Page::new(CORNER.1 + SIDE + 76.0);
    let mut place = CORNER;
    for (x, role, label) in [(CORNER.0 + 6.0, Role::Validation, "validation"), (CORNER.0 + 116.0, Role::Calibration, "calibration")] {
        mark(&mut page, (x, 16.0), role);
        page.styled(x + 12.0, 20.0, label, Anchor::Start, 11, false, INK);
    }
    let mut bent = false;
    let (any_changes, any_values) = (!changes.is_empty(), !values.is_empty());
    if any_changes {
        let ends: Vec<f64> = changes.iter().flat_map(|p| [p.published, p.predicted.0, p.predicted.1, p.predicted.2]).collect();
        let mut sizes: Vec<f64> = changes.iter().map(|p| p.published.abs().max(p.predicted.1.abs())).collect();
        sizes.sort_by(f64::total_cmp);
        let core = sizes.get(sizes.len() / 2).copied().unwrap_or(1.0).max(1.0);
        let axis = Axis::over(&ends, core);
        bent = axis.bend.is_some();
        square(&mut page, place, ("Changes", "per cent of the baseline"), &changes, &Square::Percent(axis));
        place.0 += STEP;
    }
    if any_values {
        let (mut least, mut most) = (f64::INFINITY, 0.0f64);
        for v in values.iter().flat_map(|p| [p.published, p.predicted.1]) {
            least = least.min(v);
            most = most.max(v);
        }
        let ends = values.iter().flat_map(|p| [p.predicted.0, p.predicted.2]);
        let axis = Square::Logarithm(Ratio::over(ends, (least, most), 1.0));
        square(&mut page, place, ("Values", "each in its own unit, logarithmic"), &values, &axis);
    }
    let mut caption = "Predicted (upwards, median and 90 % interval) against published (across, with its 90 % interval where the study tells enough). On the grey diagonal both are equal; an interval that crosses it holds the published number. Context numbers are not shown.".to_owned();
    if bent {
        caption.push_str(" The axes of the changes are linear about zero and logarithmic farther out.");
    }
    if any_changes && any_values {
        caption.push_str(" Values of different units share one pair of axes, so that how far points lie from each other along the diagonal means nothing; how far they lie from it does.");
    }
    if without > 0 {
        caption.push_str(&format!(
            " {without} value{} not shown: a logarithmic axis has no place for a published or predicted zero.",
            if without == 1 { " is" } else { "s are" }
        ));
    }
    page.stamped(stamp, "predicted-against-published", "Predicted against published", caption).map(Some)
}

fn square(page: &mut Page, (x0, y0): (f64, f64), (title, unit): (&str, &str), points: &[Point], axis: &Square) {
    let at = |across: f64, up: f64| (x0 + SIDE * axis.share(across), y0 + SIDE * (1.0 - axis.share(up)));
    page.bold(x0, y0 - 24.0, &format!("{title}: predicted"), Anchor::Start);
    page.styled(x0, y0 - 8.0, unit, Anchor::Start, 11, false, INK);
    page.styled(x0 + 0.5 * SIDE, y0 + SIDE + 34.0, &format!("published, {unit}"), Anchor::Middle, 11, false, INK);
    for (t, label) in axis.ticks() {
        let (x, y) = at(t, t);
        page.line((x, y0), (x, y0 + SIDE), LIGHT, 1.0, None);
        page.line((x0, y), (x0 + SIDE, y), LIGHT, 1.0, None);
        page.styled(x, y0 + SIDE + 15.0, &label, Anchor::Middle, SMALL, false, INK);
        page.styled(x0 - 6.0, y + 3.5, &label, Anchor::End, SMALL, false, INK);
    }
    page.frame(x0, y0, SIDE, SIDE, GREY);
    page.line((x0, y0 + SIDE), (x0 + SIDE, y0), GREY, 1.5, None);
    // Validation lies on top.
    for role in [Role::Calibration, Role::Validation] {
        for p in points.iter().filter(|p| p.role == role) {
            let colour = colour(role);
            let mut bars = vec![vec![at(p.published, p.predicted.0), at(p.published, p.predicted.2)]];
            bars.extend(p.interval.map(|(low, high)| vec![at(low, p.predicted.1), at(high, p.predicted.1)]));
            page.strokes(&bars, colour, 1.2, 0.55);
        }
        for p in points.iter().filter(|p| p.role == role) {
            mark(page, at(p.published, p.predicted.1), role);
        }
    }
}

/// A full diamond for validation, a hollow one for calibration.
fn mark(page: &mut Page, (x, y): (f64, f64), role: Role) {
    let shape = |r: f64| [(x - r, y), (x, y - r), (x + r, y), (x, y + r)];
    if role == Role::Validation {
        page.polygon(&shape(5.5), colour(role), 1.0);
    } else {
        page.polygon(&shape(4.5), colour(role), 1.0);
        page.polygon(&shape(2.7), "#ffffff", 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn zeros_are_counted_and_not_drawn() {
        let v = fixture::validation();
        let caption = figure(&v.rows, "stamp").unwrap().unwrap().caption;
        assert!(caption.contains("1 value is not shown"), "{caption}");
    }

    #[test]
    fn context_alone_is_not_drawn() {
        let mut v = fixture::validation();
        for row in &mut v.rows {
            row.role = Role::Context;
        }
        assert!(figure(&v.rows, "stamp").unwrap().is_none());
    }
}
