//! Which parameters drive the results.

use percuta::course::{Outcome, ReadoutSeries};
use percuta::population::{Driver, noise_floor};

use super::Figure;
use super::page::{Anchor, Page, Swatch, text_width};
use super::style::{BLUE, GREY, INK, LIGHT, ORANGE, SMALL, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// Read-outs shown, if the run has drivers for them.
const SHOWN: [&str; 7] = [
    "collagen_mass",
    "fine_line_depth",
    "scar_depth_rolling",
    "melanin_index",
    "lesion_melanin_excess",
    "product_enhancement_ratio",
    "pih_probability",
];
/// Width of the column of parameter names, px.
const NAMES: f64 = 246.0;
/// Bars that cannot be told from noise.
const NOISE: &str = "#b5b5b5";
/// Bars a read-out.
pub const BARS: usize = 6;

/// Height of the bars of one read-out with heading and axis, px.
pub const BLOCK: f64 = 44.0 + 20.0 * BARS as f64 + 24.0;

/// What the colours of the bars are.
pub fn legend(page: &mut Page) {
    page.legend(
        12.0,
        18.0,
        &[
            (Swatch::Fill(BLUE.into()), "rises with the parameter"),
            (Swatch::Fill(ORANGE.into()), "falls with the parameter"),
            (Swatch::Fill(NOISE.into()), "within what chance alone reaches"),
        ],
    );
}

/// Strongest rank correlations of a choice of read-outs, with the level that chance reaches.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let shown: Vec<&ReadoutSeries> = SHOWN.iter().filter_map(|k| series::find(outcome, k)).filter(|s| !s.drivers.is_empty()).collect();
    // Where nothing is done, nothing is driven; what correlates there is rounding.
    if shown.is_empty() || outcome.course.sessions.is_empty() {
        return Ok(None);
    }
    // Each read-out has its own number of parameters that can act on it.
    let floor = |s: &ReadoutSeries| noise_floor(outcome.draws.len(), s.drivers.len());
    let block = BLOCK;
    let mut page = Page::new(34.0 + block * shown.len().div_ceil(2) as f64 + 20.0);
    legend(&mut page);
    for (k, s) in shown.iter().enumerate() {
        let day = series::telling_day(outcome, s).map_or(String::new(), |d| format!(", day {}", format::day(d)));
        let heading = format!("{}{day}", s.readout.name);
        bars(&mut page, &heading, &s.drivers, floor(s), (k % 2) as f64 * WIDTH / 2.0, 34.0 + block * (k / 2) as f64);
    }
    let range = |values: Vec<f64>, decimals: usize| {
        let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
        let (low, high) = (format::fixed(low, decimals), format::fixed(high, decimals));
        if low == high { low } else { format!("{low} to {high}") }
    };
    let caption = format!(
        "Parameters that drive the change from baseline at the day named in each heading, the visit at which the median change is largest. Bars: Spearman's rank correlation over the {} members, the strongest {BARS} of each read-out. \
         A rank correlation says how steadily one quantity rises (+1) or falls (−1) with another when both are put in order; 0 is no such relation. \
         The shaded zone (±{}, by read-out) is what chance alone would reach for one of its {} candidate parameters in 5 % of ensembles of this size; bars inside it cannot be told from noise. \
         A correlation says which uncertainty matters, not what would change an outcome in a person.",
        outcome.draws.len(),
        range(shown.iter().map(|s| floor(s)).collect(), 2),
        range(shown.iter().map(|s| s.drivers.len() as f64).collect(), 0),
    );
    page.finish(outcome, version, "drivers", "What drives the results", caption).map(Some)
}

/// The strongest of these drivers as bars, under a heading, half a page wide.
pub fn bars(page: &mut Page, heading: &str, drivers: &[Driver], floor: f64, x: f64, y: f64) {
    page.bold(x + 12.0, y + 16.0, heading, Anchor::Start);
    let (left, right) = (x + NAMES, x + WIDTH / 2.0 - 20.0);
    let at = |r: f64| left + (right - left) * (r + 1.0) / 2.0;
    let (top, bottom) = (y + 28.0, y + 30.0 + 20.0 * BARS as f64);
    page.rect(at(-floor), top, at(floor) - at(-floor), bottom - top, "#f0f0f0");
    for tick in [-1.0, -0.5, 0.0, 0.5, 1.0] {
        page.line((at(tick), top), (at(tick), bottom), if tick == 0.0 { GREY } else { LIGHT }, 1.0, None);
        page.styled(at(tick), bottom + 14.0, &format::fixed(tick, 1), Anchor::Middle, SMALL, false, INK);
    }
    for edge in [-floor, floor] {
        page.line((at(edge), top), (at(edge), bottom), GREY, 1.0, Some("3 3"));
    }
    for (i, d) in drivers.iter().take(BARS).enumerate() {
        let y = top + 4.0 + 20.0 * i as f64;
        let r = d.rank_correlation;
        let colour = if r.abs() <= floor {
            NOISE
        } else if r > 0.0 {
            BLUE
        } else {
            ORANGE
        };
        page.rect(at(r.min(0.0)), y, at(r.max(0.0)) - at(r.min(0.0)), 13.0, colour);
        // A long name is set smaller rather than cut.
        let size = if text_width(&d.parameter, f64::from(SMALL)) > NAMES + 6.0 { SMALL - 2 } else { SMALL };
        page.styled(left - 8.0, y + 11.0, &d.parameter, Anchor::End, size, false, INK);
    }
}
