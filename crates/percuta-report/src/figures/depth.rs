//! Collagen by depth at each visit.

use percuta::course::{DepthBand, Outcome};
use percuta::population::Interval;

use super::Figure;
use super::page::{Page, Swatch};
use super::panel::{Panel, range};
use super::style::{FIRST, GREY, WIDTH};
use crate::error::ReportError;
use crate::format;

/// Panels a row, and at most.
const COLUMNS: usize = 3;
const MOST: usize = 6;

/// One panel a visit: collagen against depth, with its interval, on common axes.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let visits: Vec<(f64, &Vec<DepthBand>)> =
        outcome.course.visits.iter().copied().zip(&outcome.collagen_by_depth).filter(|(_, bands)| !bands.is_empty()).collect();
    if visits.is_empty() {
        return Ok(None);
    }
    let n = visits.len().min(MOST);
    let chosen: Vec<_> = (0..n).map(|i| visits[if n > 1 { i * (visits.len() - 1) / (n - 1) } else { 0 }]).collect();
    let change = |i: &Interval| Interval { median: 100.0 * (i.median - 1.0), low: 100.0 * (i.low - 1.0), high: 100.0 * (i.high - 1.0) };
    let (low, high) =
        range(chosen.iter().flat_map(|(_, b)| b.iter().flat_map(|b| [change(&b.value).low, change(&b.value).high])).chain([0.0]));
    let deepest = chosen.iter().flat_map(|(_, b)| b.iter().map(|b| b.bottom_um)).fold(0.0, f64::max);
    let rows = n.div_ceil(COLUMNS);
    let (width, height) = (WIDTH / COLUMNS as f64, 230.0);
    let mut page = Page::new(30.0 + height * rows as f64 + 24.0);
    page.legend(12.0, 18.0, &[(Swatch::Band(FIRST), "median, 90 % interval")]);
    let l = &outcome.specimen.layers;
    for (i, (day, bands)) in chosen.iter().enumerate() {
        let depth: Vec<f64> = bands.iter().map(|b| 0.5 * (b.top_um + b.bottom_um)).collect();
        let values: Vec<Interval> = bands.iter().map(|b| change(&b.value)).collect();
        let title = format!("Day {}", format::day(*day));
        let mut panel = Panel::new(&title, (0.0, deepest, "depth below the surface (µm)"), (low, high, "collagen, change (%)"));
        panel.band(&depth, &values, FIRST);
        let axes = panel.draw(&mut page, width * (i % COLUMNS) as f64, 26.0 + height * (i / COLUMNS) as f64, width, height);
        for border in [l.epidermis_um(), l.epidermis_um() + l.papillary_dermis_um] {
            if border < deepest {
                axes.vertical(&mut page, border, GREY, Some("4 3"));
            }
        }
    }
    let caption =
        "Collagen at each depth, as change from baseline: medians over the members with 90 % intervals, on the same axes at each visit. \
        Dashed rules: lower borders of the epidermis and of the papillary dermis of the central member."
            .to_owned();
    page.finish(outcome, version, "collagen-by-depth", "Collagen by depth", caption).map(Some)
}
