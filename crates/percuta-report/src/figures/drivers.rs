//! Which parameters drive the results.

use percuta::course::{Outcome, ReadoutSeries};
use percuta::population::noise_floor;

use super::Figure;
use super::page::{Anchor, Page, Swatch};
use super::style::{BLUE, GREY, INK, LIGHT, ORANGE, SMALL, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// Read-outs shown, if the run has drivers for them.
const SHOWN: [&str; 6] =
    ["collagen_mass", "fine_line_depth", "scar_depth_rolling", "melanin_index", "product_enhancement_ratio", "pih_probability"];
/// Bars that cannot be told from noise.
const NOISE: &str = "#b5b5b5";
/// Bars a read-out.
const BARS: usize = 6;

/// Strongest rank correlations of a choice of read-outs, with the level that chance reaches.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let shown: Vec<&ReadoutSeries> = SHOWN.iter().filter_map(|k| series::find(outcome, k)).filter(|s| !s.drivers.is_empty()).collect();
    if shown.is_empty() {
        return Ok(None);
    }
    let varied = shown.iter().map(|s| s.drivers.len()).max().unwrap_or(1);
    let floor = noise_floor(outcome.draws.len(), varied);
    let block = 44.0 + 20.0 * BARS as f64 + 24.0;
    let mut page = Page::new(34.0 + block * shown.len().div_ceil(2) as f64 + 20.0);
    page.legend(
        12.0,
        18.0,
        &[
            (Swatch::Fill(BLUE.into()), "rises with the parameter"),
            (Swatch::Fill(ORANGE.into()), "falls with the parameter"),
            (Swatch::Fill(NOISE.into()), "within what chance alone reaches"),
        ],
    );
    for (k, s) in shown.iter().enumerate() {
        bars(&mut page, s, floor, (k % 2) as f64 * WIDTH / 2.0, 34.0 + block * (k / 2) as f64);
    }
    let caption = format!(
        "Parameters that drive the change at the last visit: Spearman rank correlation over the {} members, strongest {BARS} of each read-out. The shaded zone (±{}) is what chance alone would reach for one of {varied} parameters in 5 % of \
         ensembles of this size; bars inside it cannot be told from noise. A correlation says which uncertainty matters, not what would change an outcome in a person.",
        outcome.draws.len(),
        format::fixed(floor, 2),
    );
    page.finish(outcome, version, "drivers", "What drives the results", caption).map(Some)
}

fn bars(page: &mut Page, s: &ReadoutSeries, floor: f64, x: f64, y: f64) {
    page.bold(x + 12.0, y + 16.0, s.readout.name, Anchor::Start);
    let (left, right) = (x + 210.0, x + WIDTH / 2.0 - 20.0);
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
    for (i, d) in s.drivers.iter().take(BARS).enumerate() {
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
        let name: String =
            if d.parameter.chars().count() > 32 { d.parameter.chars().take(31).chain(['…']).collect() } else { d.parameter.clone() };
        page.styled(left - 8.0, y + 11.0, &name, Anchor::End, SMALL, false, INK);
    }
}
