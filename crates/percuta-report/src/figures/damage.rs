//! Damage and open channels by depth.

use percuta::course::Outcome;
use percuta::population::Interval;

use super::Figure;
use super::page::{Page, Swatch};
use super::panel::{Panel, range};
use super::style::{FIRST, GREY, SECOND, Stroke, WIDTH};
use crate::error::ReportError;
use crate::format;

/// Damaged fraction and open area against depth after one session.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let bands = &outcome.damage_by_depth;
    let Some(last) = bands.last() else { return Ok(None) };
    let percent = |i: &Interval| Interval { median: 100.0 * i.median, low: 100.0 * i.low, high: 100.0 * i.high };
    let depth: Vec<f64> = bands.iter().map(|b| 0.5 * (b.top_um + b.bottom_um)).collect();
    let damaged: Vec<Interval> = bands.iter().map(|b| percent(&b.value)).collect();
    let open: Vec<(f64, Interval)> = bands.iter().zip(&depth).filter_map(|(b, &z)| Some((z, percent(b.open_area.as_ref()?)))).collect();

    let mut page = Page::new(410.0);
    let half = WIDTH / 2.0;
    let l = &outcome.specimen.layers;
    let borders = [
        (l.stratum_corneum_um, "stratum corneum", "#000000"),
        (l.epidermis_um(), "viable epidermis", "#555555"),
        (l.epidermis_um() + l.papillary_dermis_um, "papillary dermis", "#999999"),
        (l.skin_um(), "reticular dermis", "#cfcfcf"),
    ];
    let mut draw = |x: f64, title: &str, label: &str, z: &[f64], values: &[Interval], stroke: Stroke| {
        let (_, top) = range(values.iter().map(|i| i.high).chain([0.0]));
        let mut panel = Panel::new(title, (0.0, last.bottom_um, "depth below the surface (µm)"), (0.0, top, label));
        panel.band(z, values, stroke);
        let axes = panel.draw(&mut page, x, 24.0, half, 340.0);
        let mut from = 0.0;
        for &(border, _, colour) in &borders {
            let to = border.min(last.bottom_um);
            let ((left, y), (right, _)) = (axes.at(from, top), axes.at(to, top));
            if to > from {
                page.rect(left, y - 9.0, right - left, 8.0, colour);
            }
            if border < last.bottom_um {
                axes.vertical(&mut page, border, GREY, Some("4 3"));
            }
            from = to.max(from);
        }
    };
    draw(0.0, "Cut or lysed tissue", "damaged fraction (% of volume)", &depth, &damaged, FIRST);
    let (z, values): (Vec<f64>, Vec<Interval>) = open.into_iter().unzip();
    draw(half, "Open channels", "open area (% of section)", &z, &values, SECOND);
    page.legend(12.0, 18.0, &[(Swatch::Band(FIRST), "damaged"), (Swatch::Band(SECOND), "open")]);
    let layers: Vec<(Swatch, &str)> = borders.iter().map(|b| (Swatch::Fill(b.2.to_owned()), b.1)).collect();
    page.legend(220.0, 18.0, &layers);
    let caption = format!(
        "Damage left by one session with the needles set to {} µm. Left: share of tissue cut or lysed at each depth. Right: share of each horizontal section that is open channel. \
         Lines are medians over the members, bands 90 % intervals; the bar above the axes and the dashed rules show the layers of the central member (dermis ends at {} µm).",
        format::plain(outcome.course.setting_um),
        format::number(l.skin_um()),
    );
    page.finish(outcome, version, "damage-by-depth", "Damage by depth", caption).map(Some)
}
