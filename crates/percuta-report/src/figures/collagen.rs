//! Collagen over time, with published points.

use percuta::course::{Comparison, Outcome, ReadoutSeries};
use percuta::population::{Interval, interval};

use super::Figure;
use super::page::{Page, Swatch};
use super::panel::{Panel, range, rounded};
use super::style::{BLACK, FIRST, SECOND, Stroke, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// An axis that reaches this many times farther than medians and published values is cut.
const CUT: f64 = 5.0;

/// Members' change from their baseline in per cent of it, at every day.
fn percent_change(outcome: &Outcome, s: &ReadoutSeries) -> Vec<Interval> {
    (0..outcome.days.len())
        .map(|i| {
            let changes: Vec<f64> =
                s.members.iter().filter_map(|m| Some(100.0 * (m.get(i)? / m.first()? - 1.0))).filter(|c| c.is_finite()).collect();
            interval(&changes)
        })
        .collect()
}

/// Published per-cent changes of a read-out.
fn published<'a>(outcome: &'a Outcome, key: &'a str) -> impl Iterator<Item = &'a Comparison> {
    outcome.comparison.iter().filter(move |c| c.readout == key && c.unit.starts_with('%'))
}

/// Collagen mass by layer, and the read-outs a clinic measures, as per-cent change from baseline.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let (Some(&first), Some(&last)) = (outcome.days.first(), outcome.days.last()) else { return Ok(None) };
    if last <= first {
        return Ok(None);
    }
    let panels: [(&str, &[(&str, Stroke)]); 4] = [
        ("Collagen mass", &[("collagen_mass", FIRST), ("papillary_collagen_mass", SECOND)]),
        ("Stained collagen area", &[("stained_collagen_area", FIRST)]),
        ("Ultrasound dermal density", &[("ultrasound_dermal_density", FIRST)]),
        ("Suction elasticity", &[("suction_elasticity", FIRST)]),
    ];
    let mut page = Page::new(590.0);
    for (i, (title, keys)) in panels.iter().enumerate() {
        let curves: Vec<(Vec<Interval>, Stroke)> =
            keys.iter().filter_map(|(k, stroke)| Some((percent_change(outcome, series::find(outcome, k)?), *stroke))).collect();
        let points: Vec<&Comparison> = keys.iter().flat_map(|(k, _)| published(outcome, k)).collect();
        let bounds = curves.iter().flat_map(|(c, _)| c.iter().flat_map(|v| [v.low, v.high]));
        let data = points
            .iter()
            .flat_map(|p| [p.published, p.published_ci.map_or(p.published, |c| c.0), p.published_ci.map_or(p.published, |c| c.1)]);
        let (low, high) = range(bounds.chain(data.clone()).chain([0.0]));
        // An interval so wide that its median could not be read is cut, and the label says how far it goes.
        let core = curves.iter().flat_map(|(c, _)| c.iter().flat_map(|v| [v.median, v.low])).chain(data).map(f64::abs).fold(1.0, f64::max);
        let (low, high, label) = if high > CUT * core {
            let ends = || curves.iter().flat_map(|(c, _)| c.iter().map(|v| (v.low, v.high)));
            let (lowest, reach) = ends().fold((0.0f64, 0.0f64), |(l, h), v| (l.min(v.0), h.max(v.1)));
            let (low, high) = rounded(1.1 * lowest, CUT * core);
            (low, high, format!("change from baseline (%); interval cut, reaches {}", format::plain(reach)))
        } else {
            (low, high, "change from baseline (%)".to_owned())
        };
        let mut panel =
            Panel::new(title, (first, last + 0.02 * (last - first), "day after the first session"), (low, high, label.as_str()));
        for (values, stroke) in &curves {
            panel.band(&outcome.days, values, *stroke);
        }
        for p in points {
            panel.point(p.day, p.published, p.published_ci, BLACK);
        }
        let (x, y) = (f64::from(i as u32 % 2) * WIDTH / 2.0, 26.0 + f64::from(i as u32 / 2) * 272.0);
        let axes = panel.draw(&mut page, x, y, WIDTH / 2.0, 268.0);
        axes.sessions(&mut page, &outcome.course.sessions);
    }
    let mut legend = vec![(Swatch::Band(FIRST), "whole dermis, or the read-out named"), (Swatch::Band(SECOND), "papillary dermis")];
    if outcome
        .comparison
        .iter()
        .any(|c| panels.iter().any(|(_, keys)| keys.iter().any(|(k, _)| *k == c.readout)) && c.unit.starts_with('%'))
    {
        legend.push((Swatch::Point(BLACK), "published, with its confidence interval"));
    }
    page.legend(20.0, 18.0, &legend);
    let caption = "Change of collagen and of what instruments make of it, in per cent of each member's own baseline: median (line) and 90 % interval (band). Triangles mark sessions. An interval many times wider than the medians is cut, and the label says how far it reaches. \
        Diamonds are published changes at the same day, with the published confidence interval where there is one; the table of predicted and published values names them. \
        The interval of a curve does not include the error of the instrument; that of the table does."
        .to_owned();
    page.finish(outcome, version, "collagen-over-time", "Collagen over time", caption).map(Some)
}
