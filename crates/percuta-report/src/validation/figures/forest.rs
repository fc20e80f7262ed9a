//! Published over predicted, domain by domain, on axes that make units comparable.

use percuta::evidence::validation::Row;
use percuta::evidence::{Domain, Role, Scale};

use super::ratio::{Ratio, tick};
use super::{diamond, forest_id};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::forest::Axis;
use crate::figures::page::{Anchor, Page, text_width};
use crate::figures::style::{BLACK, BLUE, GREY, INK, LIGHT, SMALL, WIDTH};
use crate::format;
use crate::validation::words;

/// Where the axes begin and end, px.
const LEFT: f64 = 366.0;
const RIGHT: f64 = WIDTH - 24.0;
/// Height of a row, of the heading of a role, and of the axis with the heading of a block, px.
const ROW: f64 = 22.0;
const HEADING: f64 = 22.0;
const BLOCK: f64 = 66.0;
/// The legend above, the stamp below.
const TOP: f64 = 36.0;
const BOTTOM: f64 = 24.0;
/// Rows in this order.
const ROLES: [Role; 3] = [Role::Validation, Role::Calibration, Role::Context];

/// What a row shows: all in the unit of its axis.
struct Shown {
    published: f64,
    interval: Option<(f64, f64)>,
    predicted: (f64, f64, f64),
}

/// An axis of either kind.
enum Common {
    Percent(Axis),
    Ratio(Ratio),
}

impl Common {
    fn x(&self, v: f64) -> f64 {
        let share = match self {
            Self::Percent(axis) => axis.share(v),
            Self::Ratio(axis) => axis.share(v),
        };
        LEFT + (RIGHT - LEFT) * share
    }
}

/// The forest of a domain: changes in per cent of the baseline, values as their ratio to the predicted median.
pub fn figure(domain: Domain, rows: &[&Row], stamp: &str) -> Result<Option<Figure>, ReportError> {
    if rows.is_empty() {
        return Ok(None);
    }
    let (values, changes): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|r| r.scale == Scale::Value);
    let height = |rows: &[&Row]| {
        let roles = ROLES.iter().filter(|role| rows.iter().any(|r| r.role == **role)).count();
        if rows.is_empty() { 0.0 } else { BLOCK + HEADING * roles as f64 + ROW * rows.len() as f64 }
    };
    let mut page = Page::new(TOP + height(&changes) + height(&values) + BOTTOM);
    legend(&mut page);
    let mut bent = false;
    if !changes.is_empty() {
        let shown: Vec<Shown> = changes.iter().map(|r| change(r)).collect();
        let percent = percent(&shown);
        bent = percent.bend.is_some();
        let axis = Common::Percent(percent);
        block(&mut page, TOP, ("Changes", "per cent of the baseline"), &changes, &shown, &axis);
    }
    if !values.is_empty() {
        let shown: Vec<Shown> = values.iter().map(|r| value(r)).collect();
        // Every published number has its place; intervals may run out of the axis.
        let ratios = || shown.iter().map(|s| s.published).filter(|v| v.is_finite() && *v > 0.0);
        let core = (ratios().fold(0.5, f64::min), ratios().fold(2.0, f64::max));
        let axis = Common::Ratio(Ratio::over(shown.iter().flat_map(|s| [s.predicted.0, s.predicted.2]), core, 1.0));
        let top = TOP + height(&changes);
        block(&mut page, top, ("Values", "ratio to the predicted median, logarithmic"), &values, &shown, &axis);
    }
    let mut caption = "Published numbers over what a study like this was predicted to publish. ".to_owned();
    if !changes.is_empty() {
        caption.push_str("Changes and differences are in per cent of the baseline. ");
    }
    if bent {
        caption.push_str("Their axis is linear about zero and logarithmic farther out. ");
    }
    if !values.is_empty() {
        caption.push_str("Values are divided by the predicted median, so that 1 is agreement whatever the unit. ");
    }
    caption.push_str(
        "A triangle marks a number, or the end of an interval, that lies beyond the axis; a published zero lies beyond every logarithmic axis. The numbers themselves are in the tables of the studies.",
    );
    page.stamped(stamp, forest_id(domain), &format!("{}: published over predicted", domain.name()), caption).map(Some)
}

fn change(row: &Row) -> Shown {
    let p = row.predicted_scored;
    Shown { published: row.scored, interval: row.published_scored, predicted: (p.low, p.median, p.high) }
}

fn value(row: &Row) -> Shown {
    let whole = row.predicted.median;
    Shown {
        published: row.published / whole,
        interval: row.published_interval.map(|(low, high)| (low / whole, high / whole)),
        predicted: (row.predicted.low / whole, 1.0, row.predicted.high / whole),
    }
}

/// One axis for all changes, bent where a few lie far out.
fn percent(shown: &[Shown]) -> Axis {
    let mut ends: Vec<f64> = Vec::new();
    for s in shown {
        ends.extend([s.published, s.predicted.0, s.predicted.1, s.predicted.2]);
        ends.extend(s.interval.iter().flat_map(|i| [i.0, i.1]));
    }
    let mut sizes: Vec<f64> = shown.iter().map(|s| s.published.abs().max(s.predicted.1.abs())).filter(|v| v.is_finite()).collect();
    sizes.sort_by(f64::total_cmp);
    Axis::over(&ends, sizes.get(sizes.len() / 2).copied().unwrap_or(1.0).max(1.0))
}

fn legend(page: &mut Page) {
    let mut x = 24.0;
    for (role, label) in ROLES.iter().zip(["published, validation", "calibration", "context"]) {
        diamond(page, (x, 14.0), *role);
        page.styled(x + 12.0, 18.0, label, Anchor::Start, 11, false, INK);
        x += 12.0 + text_width(label, 11.0) + 22.0;
    }
    page.line((x, 14.0), (x + 30.0, 14.0), BLACK, 1.2, None);
    page.styled(x + 38.0, 18.0, "its 90 % interval", Anchor::Start, 11, false, INK);
    x += 38.0 + text_width("its 90 % interval", 11.0) + 18.0;
    page.rect(x, 11.5, 30.0, 5.0, BLUE);
    page.rect(x + 14.0, 8.0, 2.0, 12.0, BLUE);
    page.styled(x + 38.0, 18.0, "predicted, median and 90 % interval", Anchor::Start, 11, false, INK);
}

fn block(page: &mut Page, top: f64, (title, unit): (&str, &str), rows: &[&Row], shown: &[Shown], axis: &Common) {
    page.bold(12.0, top + 18.0, title, Anchor::Start);
    page.styled(RIGHT, top + 18.0, unit, Anchor::End, 11, false, INK);
    let mut y = top + 26.0;
    let count = ROLES.iter().filter(|role| rows.iter().any(|r| r.role == **role)).count();
    let bottom = y + HEADING * count as f64 + ROW * rows.len() as f64;
    let (ticks, agreement): (Vec<(f64, String)>, f64) = match axis {
        Common::Percent(a) => (a.ticks().into_iter().map(|t| (t, format::plain(t))).collect(), 0.0),
        Common::Ratio(a) => (a.ticks(0.085).into_iter().map(|t| (t, tick(t))).collect(), 1.0),
    };
    for (t, label) in &ticks {
        let x = axis.x(*t);
        page.line((x, y), (x, bottom), if *t == agreement { GREY } else { LIGHT }, 1.0, None);
        page.styled(x, bottom + 14.0, label, Anchor::Middle, SMALL, false, INK);
    }
    page.line((LEFT, bottom), (RIGHT, bottom), GREY, 1.0, None);
    for role in ROLES {
        let of: Vec<(&&Row, &Shown)> = rows.iter().zip(shown).filter(|(r, _)| r.role == role).collect();
        if of.is_empty() {
            continue;
        }
        page.styled(12.0, y + 15.0, words::role(role), Anchor::Start, 11, true, GREY);
        y += HEADING;
        for (row, shown) in of {
            line(page, y + 0.5 * ROW, row, &label(row, rows), shown, axis);
            y += ROW;
        }
    }
}

fn line(page: &mut Page, y: f64, row: &Row, label: &str, shown: &Shown, axis: &Common) {
    let size = if text_width(label, f64::from(SMALL)) > LEFT - 10.0 { SMALL - 2 } else { SMALL };
    page.styled(12.0, y + 3.5, &fitting(label, LEFT - 20.0, size), Anchor::Start, size, false, INK);
    if !shown.published.is_finite() || !shown.predicted.1.is_finite() {
        let (published, predicted) = (words::published(row), words::interval(row.scale, &row.predicted));
        let text = format!("published {published}, predicted {predicted} {}: no ratio", words::unit(row));
        page.rect(LEFT + 4.0, y - 8.0, text_width(&text, f64::from(SMALL)), 16.0, "#ffffff");
        page.small(LEFT + 8.0, y + 3.5, &text, Anchor::Start);
        return;
    }
    let (low, median, high) = shown.predicted;
    page.rect(axis.x(low), y + 1.5, axis.x(high) - axis.x(low), 5.0, BLUE);
    page.rect(axis.x(median) - 1.0, y - 2.0, 2.0, 12.0, BLUE);
    for end in [low, high] {
        beyond(page, axis, end, y + 4.0, BLUE);
    }
    let y = y - 4.0;
    if let Some((low, high)) = shown.interval {
        page.line((axis.x(low), y), (axis.x(high), y), BLACK, 1.2, None);
        for end in [low, high] {
            page.line((axis.x(end), y - 3.0), (axis.x(end), y + 3.0), BLACK, 1.2, None);
        }
    }
    if !beyond(page, axis, shown.published, y, BLACK) {
        diamond(page, (axis.x(shown.published), y), row.role);
    }
}

/// Marks what lies beyond the axis by a triangle at its end, and says whether it does.
fn beyond(page: &mut Page, axis: &Common, v: f64, y: f64, colour: &str) -> bool {
    let Common::Ratio(_) = axis else { return false };
    let x = axis.x(v);
    if x <= LEFT {
        page.polygon(&[(LEFT - 7.0, y), (LEFT + 1.0, y - 4.5), (LEFT + 1.0, y + 4.5)], colour, 1.0);
    } else if x >= RIGHT {
        page.polygon(&[(RIGHT + 7.0, y), (RIGHT - 1.0, y - 4.5), (RIGHT - 1.0, y + 4.5)], colour, 1.0);
    } else {
        return false;
    }
    true
}

/// Study, read-out, arm and day; where two rows would be called the same, what the study calls it in place of the read-out.
fn label(row: &Row, all: &[&Row]) -> String {
    let alike = all.iter().filter(|r| short_label(r) == short_label(row)).count();
    if alike > 1 { format!("{} · {}", row.short, row.quantity) } else { short_label(row) }
}

fn short_label(row: &Row) -> String {
    let group = row.group.as_ref().map(|g| format!(", {g}")).unwrap_or_default();
    let day = if row.day > 0.0 { format!(", day {}", format::day(row.day)) } else { String::new() };
    format!("{} · {}{group}{day}", row.short, row.name)
}

/// The text, cut to a width where the smallest type does not fit.
fn fitting(text: &str, width: f64, size: u32) -> String {
    // Letters of running text are narrower than the mean of the typeface.
    let most = (width / (0.57 * f64::from(size))) as usize;
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most.saturating_sub(1)).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn a_value_is_shown_as_its_ratio_to_the_predicted_median() {
        let v = fixture::validation();
        for row in v.rows.iter().filter(|r| r.scale == Scale::Value && r.predicted.median > 0.0) {
            let shown = value(row);
            assert!((shown.published * row.predicted.median - row.published).abs() < 1e-9);
            assert!((shown.predicted.0 * row.predicted.median - row.predicted.low).abs() < 1e-9);
        }
    }

    #[test]
    fn what_has_no_ratio_is_told_in_words() {
        let mut row = fixture::row("a-2001", "pih_probability", 3.7);
        (row.scale, row.predicted) = (Scale::Value, percuta::population::Interval { median: 0.0, low: 0.0, high: 0.0 });
        let drawn = figure(Domain::Safety, &[&row], "stamp").unwrap().unwrap();
        assert!(drawn.svg.contains("no ratio") && !drawn.svg.contains("NaN") && !drawn.svg.contains("inf"));
    }

    #[test]
    fn long_labels_end_in_a_dot() {
        assert_eq!(fitting("short", 100.0, 10), "short");
        assert!(fitting(&"x".repeat(200), 100.0, 10).ends_with('…'));
    }
}
