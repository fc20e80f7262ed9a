//! Predicted beside published.

use std::collections::BTreeMap;

use percuta::course::{Comparison, Outcome};

use super::Figure;
use super::page::{Anchor, Page};
use super::panel::{nice, rounded};
use super::style::{BLACK, BLUE, GREY, INK, LIGHT, SMALL, WIDTH};
use crate::error::ReportError;
use crate::format;

const ROW: f64 = 34.0;
const LABELS: f64 = 360.0;

/// A forest of intervals, one block with its own axis for each unit.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    if outcome.comparison.is_empty() {
        return Ok(None);
    }
    let mut blocks: BTreeMap<&str, Vec<&Comparison>> = BTreeMap::new();
    for c in &outcome.comparison {
        blocks.entry(&c.unit).or_default().push(c);
    }
    let height = 40.0 + blocks.values().map(|b| ROW * b.len() as f64 + 48.0).sum::<f64>() + 22.0;
    let mut page = Page::new(height);
    legend(&mut page);
    let mut y = 40.0;
    for (unit, rows) in &blocks {
        block(&mut page, unit, rows, y);
        y += ROW * rows.len() as f64 + 48.0;
    }
    let caption = "Published values (black diamonds, with the published confidence interval where there is one) beside what the model predicts for the same observation (blue, median and 90 % interval, error of the observation included). \
        The role of each number is in the second line of its label: calibration numbers were used to set parameters and test nothing; validation numbers were not used; context numbers come from other conditions."
        .to_owned();
    page.finish(outcome, version, "predicted-and-published", "Predicted beside published", caption).map(Some)
}

fn legend(page: &mut Page) {
    diamond(page, 30.0, 14.0);
    page.text(46.0, 18.0, "published", Anchor::Start);
    page.line((140.0, 14.0), (170.0, 14.0), BLUE, 3.0, None);
    page.disc(155.0, 14.0, 5.0, BLUE);
    page.text(180.0, 18.0, "predicted, 90 % interval", Anchor::Start);
}

fn diamond(page: &mut Page, x: f64, y: f64) {
    page.polygon(&[(x - 5.5, y), (x, y - 5.5), (x + 5.5, y), (x, y + 5.5)], BLACK, 1.0);
}

fn block(page: &mut Page, unit: &str, rows: &[&Comparison], top: f64) {
    let ends = |c: &Comparison| {
        let ci = c.published_ci.unwrap_or((c.published, c.published));
        [c.published, ci.0, ci.1, c.predicted.low, c.predicted.high]
    };
    let (mut low, mut high) = (0.0f64, 0.0f64);
    for v in rows.iter().flat_map(|c| ends(c)).filter(|v| v.is_finite()) {
        low = low.min(v);
        high = high.max(v);
    }
    let (low, high) = if high > low { rounded(low, high) } else { (low - 1.0, high + 1.0) };
    let (left, right) = (LABELS, WIDTH - 20.0);
    let x = |v: f64| left + (right - left) * (v - low) / (high - low);
    let bottom = top + ROW * rows.len() as f64;
    let step = nice((high - low) / 6.0);
    let mut tick = (low / step).ceil() * step;
    while tick <= high + 1e-9 * step {
        page.line((x(tick), top), (x(tick), bottom), if tick.abs() < 1e-9 * step { GREY } else { LIGHT }, 1.0, None);
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        page.styled(x(tick), bottom + 15.0, &format::fixed(tick, decimals), Anchor::Middle, SMALL, false, INK);
        tick += step;
    }
    page.styled(0.5 * (left + right), bottom + 30.0, unit, Anchor::Middle, 11, false, INK);
    for (i, c) in rows.iter().enumerate() {
        let y = top + ROW * (i as f64 + 0.5);
        let label = format!("{}, day {}", c.quantity, format::day(c.day));
        page.styled(12.0, y - 2.0, &shortened(&label, 54), Anchor::Start, 11, false, INK);
        let second =
            [c.group.clone().unwrap_or_default(), c.role.clone()].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ");
        page.styled(12.0, y + 11.0, &shortened(&second, 60), Anchor::Start, SMALL, false, GREY);
        page.line((x(c.predicted.low), y + 5.0), (x(c.predicted.high), y + 5.0), BLUE, 3.0, None);
        page.disc(x(c.predicted.median), y + 5.0, 5.0, BLUE);
        if let Some((a, b)) = c.published_ci {
            page.line((x(a), y - 7.0), (x(b), y - 7.0), BLACK, 1.5, None);
        }
        diamond(page, x(c.published), y - 7.0);
    }
}

/// The text, cut to so many characters.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}
