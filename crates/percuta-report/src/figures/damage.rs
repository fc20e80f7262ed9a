//! Damage and open channels by depth.

use percuta::course::Outcome;
use percuta::population::Interval;

use super::Figure;
use super::page::{Anchor, Page, Swatch};
use super::panel::{Panel, range};
use super::style::{FIRST, GREY, SECOND, SMALL, Stroke, WIDTH};
use crate::error::ReportError;
use crate::format;

/// Damaged fraction and open area against depth after one session.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let bands = &outcome.damage_by_depth;
    let Some(last) = bands.last() else { return Ok(None) };
    let percent = |i: &Interval| Interval { median: 100.0 * i.median, low: 100.0 * i.low, high: 100.0 * i.high };
    let depth: Vec<f64> = bands.iter().map(|b| 0.5 * (b.top_um + b.bottom_um)).collect();
    let damaged: Vec<Interval> = bands.iter().map(|b| percent(&b.value)).collect();
    let open: Vec<(f64, Interval)> =
        bands.iter().zip(&depth).filter_map(|(b, &z)| Some((z, percent(b.open_area.as_ref()?)))).collect();

    let mut page = Page::new(410.0);
    let half = WIDTH / 2.0;
    let l = &outcome.specimen.layers;
    let borders = [
        (l.stratum_corneum_um, "stratum corneum"),
        (l.epidermis_um(), "epidermis"),
        (l.epidermis_um() + l.papillary_dermis_um, "papillary dermis"),
        (l.skin_um(), "reticular dermis"),
    ];
    let mut draw = |x: f64, title: &str, label: &str, z: &[f64], values: &[Interval], stroke: Stroke| {
        let (_, top) = range(values.iter().map(|i| i.high).chain([0.0]));
        let mut panel = Panel::new(title, (0.0, last.bottom_um, "depth below the surface (µm)"), (0.0, top, label));
        panel.band(z, values, stroke);
        let axes = panel.draw(&mut page, x, 24.0, half, 340.0);
        let mut from = 0.0;
        for (i, &(border, name)) in borders.iter().enumerate() {
            let to = border.min(last.bottom_um);
            if border < last.bottom_um {
                axes.vertical(&mut page, border, GREY, Some("4 3"));
            }
            if to > from {
                let (left, y) = axes.at(from, top);
                let (right, _) = axes.at(to, top);
                // The thin layers have no room for their names side by side.
                let (x, anchor) = if right - left < 90.0 { (right + 3.0, Anchor::Start) } else { (0.5 * (left + right), Anchor::Middle) };
                page.styled(x, y + 11.0 + 12.0 * i as f64, name, anchor, SMALL, false, GREY);
            }
            from = to;
        }
    };
    draw(0.0, "Cut or lysed tissue", "damaged fraction (% of volume)", &depth, &damaged, FIRST);
    let (z, values): (Vec<f64>, Vec<Interval>) = open.into_iter().unzip();
    draw(half, "Open channels", "open area (% of section)", &z, &values, SECOND);
    page.legend(64.0, 18.0, &[(Swatch::Band(FIRST), "damaged: median, 90 % interval"), (Swatch::Band(SECOND), "open: median, 90 % interval")]);
    let caption = format!(
        "Damage left by one session with the needles set to {} µm. Left: share of tissue cut or lysed at each depth. Right: share of each horizontal section that is open channel. \
         Lines are medians over the members, bands 90 % intervals; dashed rules mark the lower borders of the layers of the central member (dermis ends at {} µm).",
        format::number(outcome.course.setting_um),
        format::number(l.skin_um()),
    );
    page.finish(outcome, version, "damage-by-depth", "Damage by depth", caption).map(Some)
}
