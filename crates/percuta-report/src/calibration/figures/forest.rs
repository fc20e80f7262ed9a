//! Published numbers over what was predicted for them: by the fit, and from the other studies.

use percuta::evidence::calibration::{CalibrationOutcome, Target};
use percuta::evidence::validation::SIDES;
use percuta::evidence::{Domain, Scale};
use percuta::population::Interval;

use super::super::words::{label, logarithmic};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::forest::Axis;
use crate::figures::page::{Anchor, Page, text_width};
use crate::figures::style::{BLACK, BLUE, GREY, INK, LIGHT, SMALL, VERMILION, WIDTH};
use crate::format;
use crate::validation::figures::ratio::{Ratio, tick};

const LEFT: f64 = 392.0;
const RIGHT: f64 = WIDTH - 24.0;
const ROW: f64 = 24.0;
/// Heading and axis of a block, px.
const BLOCK: f64 = 54.0;
const TOP: f64 = 36.0;
const BEFORE: &str = "#c4c4c4";

/// One line: all on the scale of the scores.
struct Line<'a> {
    target: &'a Target,
    before: Option<Interval>,
    predicted: Interval,
    covered: bool,
}

/// A block of lines with one axis.
struct Block<'a> {
    title: String,
    lines: Vec<Line<'a>>,
    axis: Common,
}

/// An axis of either kind. Ratios are to the predicted median.
enum Common {
    Percent(Axis),
    Ratio(Ratio),
}

impl Common {
    /// Where a number of a line lies.
    fn x(&self, line: &Line<'_>, v: f64) -> f64 {
        let share = match self {
            Self::Percent(axis) => axis.share(v),
            Self::Ratio(axis) => axis.share((0.01 * (v - line.predicted.median)).exp()),
        };
        LEFT + (RIGHT - LEFT) * share
    }
}

/// Every observation with what such a study was expected to publish before and is after.
pub fn fitted(outcome: &CalibrationOutcome, stamp: &str) -> Result<Option<Figure>, ReportError> {
    let lines = outcome
        .targets
        .iter()
        .zip(&outcome.fitted)
        .map(|(target, f)| Line { target, before: Some(f.before), predicted: f.after, covered: f.covered })
        .collect();
    let caption = "Published numbers (black, with the 90 % interval of their sampling) over what a study of that protocol was expected to publish before the calibration (grey) and is after it (blue; vermilion where the interval does not hold the number). \
         The interval after it has seen the number, so that agreement here proves nothing; where blue is as wide as grey, the observation is dominated by what the parameters do not hold.";
    draw(lines, "after the calibration, median and 90 % interval", stamp, "fitted", "Published and fitted", caption)
}

/// Every observation with what the other studies predict of it.
pub fn left_out(outcome: &CalibrationOutcome, stamp: &str) -> Result<Option<Figure>, ReportError> {
    let lines = outcome
        .left_out
        .iter()
        .filter_map(|l| {
            let same = |t: &&Target| {
                t.study == l.study && t.readout == l.readout && t.group == l.group && t.day == l.day && t.value == l.published
            };
            Some(Line { target: outcome.targets.iter().find(same)?, before: None, predicted: l.predicted, covered: l.covered })
        })
        .collect();
    let caption = "Published numbers (black, with the 90 % interval of their sampling) over what is predicted from all studies but the one that published them (blue; vermilion where the interval does not hold the number). Nine of ten should be held. \
         Priors and equations were made with a look at these studies, so that this tests the parameters and the spreads, not the whole model.";
    draw(lines, "from the other studies, median and 90 % interval", stamp, "left-out", "Each study from the others", caption)
}

fn draw(
    lines: Vec<Line<'_>>,
    predicted: &str,
    stamp: &str,
    id: &'static str,
    title: &str,
    caption: &str,
) -> Result<Option<Figure>, ReportError> {
    if lines.is_empty() {
        return Ok(None);
    }
    let with_before = lines.iter().any(|l| l.before.is_some());
    let blocks = blocks(lines);
    let height: f64 = blocks.iter().map(|b| BLOCK + ROW * b.lines.len() as f64).sum();
    let mut page = Page::new(TOP + height + 24.0);
    legend(&mut page, with_before, predicted);
    let (mut y, mut bent) = (TOP, false);
    for block in &blocks {
        bent |= matches!(&block.axis, Common::Percent(a) if a.bend.is_some());
        one(&mut page, y, block);
        y += BLOCK + ROW * block.lines.len() as f64;
    }
    let mut caption = caption.to_owned();
    if bent {
        caption.push_str(" An axis with a bend is linear about zero and logarithmic farther out.");
    }
    if blocks.iter().any(|b| matches!(b.axis, Common::Ratio(_))) {
        caption.push_str(" Values are shown as their ratio to the predicted median, so that 1 is agreement whatever the unit, or in per cent of the published number where some run gives zero; a triangle marks what lies beyond the axis.");
    }
    page.stamped(stamp, id, title, caption).map(Some)
}

/// Domain by domain, changes before values.
fn blocks(lines: Vec<Line<'_>>) -> Vec<Block<'_>> {
    let mut left = lines;
    let mut blocks = Vec::new();
    for domain in Domain::ALL {
        let (of, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|l| l.target.domain == domain);
        left = rest;
        let (values, changes): (Vec<_>, Vec<_>) = of.into_iter().partition(|l| l.target.scale == Scale::Value);
        let (values, shares): (Vec<_>, Vec<_>) = values.into_iter().partition(|l| logarithmic(l.target));
        if !changes.is_empty() {
            let axis = Common::Percent(percent(&changes));
            blocks.push(Block { title: format!("{}: changes, % of the baseline", domain.name()), lines: changes, axis });
        }
        if !shares.is_empty() {
            let axis = Common::Percent(percent(&shares));
            blocks.push(Block { title: format!("{}: values, % of the published number", domain.name()), lines: shares, axis });
        }
        if !values.is_empty() {
            let ratio = |l: &Line<'_>, v: f64| (0.01 * (v - l.predicted.median)).exp();
            let published: Vec<f64> = values.iter().map(|l| ratio(l, l.target.value)).collect();
            let core = (published.iter().copied().fold(0.5, f64::min), published.iter().copied().fold(2.0, f64::max));
            let ends = values.iter().flat_map(|l| [ratio(l, l.predicted.low), ratio(l, l.predicted.high)]);
            let axis = Common::Ratio(Ratio::over(ends, core, 0.7));
            blocks.push(Block { title: format!("{}: values, ratio to the predicted median", domain.name()), lines: values, axis });
        }
    }
    blocks
}

fn percent(lines: &[Line<'_>]) -> Axis {
    let mut ends: Vec<f64> = Vec::new();
    for l in lines {
        let half = SIDES * l.target.sampling;
        ends.extend([l.target.value - half, l.target.value + half, l.predicted.low, l.predicted.high]);
        ends.extend(l.before.iter().flat_map(|b| [b.low, b.high]));
    }
    let mut sizes: Vec<f64> = lines.iter().map(|l| l.target.value.abs().max(l.predicted.median.abs())).collect();
    sizes.sort_by(f64::total_cmp);
    Axis::over(&ends, sizes.get(sizes.len() / 2).copied().unwrap_or(1.0).max(1.0))
}

fn legend(page: &mut Page, before: bool, predicted: &str) {
    page.line((18.0, 14.0), (48.0, 14.0), BLACK, 1.2, None);
    diamond(page, 33.0, 14.0);
    page.styled(56.0, 18.0, "published, 90 % interval", Anchor::Start, 11, false, INK);
    let mut x = 56.0 + text_width("published, 90 % interval", 11.0) + 18.0;
    if before {
        page.rect(x, 11.5, 30.0, 5.0, BEFORE);
        page.styled(x + 38.0, 18.0, "before", Anchor::Start, 11, false, INK);
        x += 38.0 + text_width("before", 11.0) + 18.0;
    }
    bar(page, (x, x + 15.0, x + 30.0), 14.0, BLUE);
    page.styled(x + 38.0, 18.0, predicted, Anchor::Start, 11, false, INK);
}

fn bar(page: &mut Page, (low, median, high): (f64, f64, f64), y: f64, colour: &str) {
    page.rect(low, y - 2.5, (high - low).max(0.5), 5.0, colour);
    page.rect(median - 1.0, y - 6.0, 2.0, 12.0, colour);
}

fn diamond(page: &mut Page, x: f64, y: f64) {
    page.polygon(&[(x - 5.0, y), (x, y - 5.0), (x + 5.0, y), (x, y + 5.0)], BLACK, 1.0);
}

fn one(page: &mut Page, top: f64, block: &Block<'_>) {
    page.bold(12.0, top + 16.0, &block.title, Anchor::Start);
    let (from, bottom) = (top + 24.0, top + 24.0 + ROW * block.lines.len() as f64);
    let (ticks, agreement): (Vec<(f64, f64, String)>, f64) = match &block.axis {
        Common::Percent(a) => (a.ticks().into_iter().map(|t| (t, a.share(t), format::plain(t))).collect(), 0.0),
        Common::Ratio(a) => (a.ticks(0.085).into_iter().map(|t| (t, a.share(t), tick(t))).collect(), 1.0),
    };
    for (value, share, text) in ticks {
        let x = LEFT + (RIGHT - LEFT) * share;
        page.line((x, from), (x, bottom), if value == agreement { GREY } else { LIGHT }, 1.0, None);
        page.styled(x, bottom + 14.0, &text, Anchor::Middle, SMALL, false, INK);
    }
    page.line((LEFT, bottom), (RIGHT, bottom), GREY, 1.0, None);
    for (i, line) in block.lines.iter().enumerate() {
        row(page, from + ROW * (i as f64 + 0.5), line, &block.axis);
    }
}

fn row(page: &mut Page, y: f64, line: &Line<'_>, axis: &Common) {
    let t = line.target;
    let text = fitting(&label(&t.short, &t.readout, t.group.as_deref(), t.day), LEFT - 22.0);
    page.styled(12.0, y + 3.5, &text, Anchor::Start, SMALL, false, INK);
    let x = |v: f64| axis.x(line, v);
    if let Some(before) = &line.before {
        page.rect(x(before.low), y + 1.0, x(before.high) - x(before.low), 9.0, BEFORE);
    }
    let colour = if line.covered { BLUE } else { VERMILION };
    bar(page, (x(line.predicted.low), x(line.predicted.median), x(line.predicted.high)), y + 5.5, colour);
    for end in [line.predicted.low, line.predicted.high] {
        beyond(page, axis, x(end), y + 5.5, colour);
    }
    let half = SIDES * t.sampling;
    page.line((x(t.value - half), y - 4.5), (x(t.value + half), y - 4.5), BLACK, 1.2, None);
    diamond(page, x(t.value), y - 4.5);
}

/// Marks what lies beyond a logarithmic axis by a triangle at its end.
fn beyond(page: &mut Page, axis: &Common, x: f64, y: f64, colour: &str) {
    let Common::Ratio(_) = axis else { return };
    if x <= LEFT + 0.01 {
        page.polygon(&[(LEFT - 7.0, y), (LEFT + 1.0, y - 4.5), (LEFT + 1.0, y + 4.5)], colour, 1.0);
    } else if x >= RIGHT - 0.01 {
        page.polygon(&[(RIGHT + 7.0, y), (RIGHT - 1.0, y - 4.5), (RIGHT - 1.0, y + 4.5)], colour, 1.0);
    }
}

/// The text, cut to a width.
fn fitting(text: &str, width: f64) -> String {
    // Letters of running text are narrower than the mean of the typeface.
    let most = (width / (0.57 * f64::from(SMALL))) as usize;
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most.saturating_sub(1)).chain(['…']).collect() }
}
