//! Map of the punctures of one session.

use std::f64::consts::PI;

use percuta::course::Outcome;
use percuta::device::PunctureTable;

use super::Figure;
use super::page::{Anchor, Page, Swatch};
use super::panel::nice;
use super::style::{GREY, INK};
use crate::error::ReportError;
use crate::format;

/// Depth classes, shallow to deep: darker is deeper in greyscale too.
const CLASSES: [&str; 5] = ["#9ecae1", "#6baed6", "#3182bd", "#08519c", "#08204a"];
/// More punctures than this are not drawn: the map then shows a part of the window.
const MOST_DRAWN: f64 = 1500.0;
const SIDE: f64 = 500.0;

/// The specimen's punctures as holes and slits, coloured by depth, with the distribution of depths.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let p = &outcome.specimen.punctures;
    if p.is_empty() {
        return Ok(None);
    }
    let shown_um = shown(p);
    let scale = SIDE / shown_um;
    let (low, high) = p.depth_um.iter().fold((f64::INFINITY, 0.0f64), |(l, h), &d| (l.min(d), h.max(d)));
    let class = |depth: f64| (((depth - low) / (high - low).max(1e-9) * 5.0) as usize).min(4);

    let mut page = Page::new(SIDE + 66.0);
    let (x0, y0) = (14.0, 14.0);
    page.rect(x0, y0, SIDE, SIDE, "#faf6f2");
    page.clip(x0, y0, SIDE, SIDE);
    let mut counts = [0u32; 5];
    for i in 0..p.len() {
        let class = class(p.depth_um[i]);
        counts[class] += 1;
        if p.x_um[i] <= shown_um && p.y_um[i] <= shown_um {
            page.polygon(&slit(p, i, x0, y0, scale), CLASSES[class], 1.0);
        }
    }
    page.unclip();
    page.frame(x0, y0, SIDE, SIDE, GREY);
    let bar_mm = nice(shown_um / 1000.0 / 8.0);
    let bar = bar_mm * 1000.0 * scale;
    page.rect(x0, y0 + SIDE + 8.0, bar, 4.0, INK);
    page.text(x0 + bar + 8.0, y0 + SIDE + 15.0, &format!("{} mm", format::plain(bar_mm)), Anchor::Start);

    let x = x0 + SIDE + 26.0;
    page.bold(x, 26.0, "Depth reached (µm)", Anchor::Start);
    let most = f64::from(*counts.iter().max().unwrap_or(&1));
    for (i, count) in counts.iter().enumerate() {
        let y = 42.0 + 26.0 * i as f64;
        let from = low + (high - low) * i as f64 / 5.0;
        let label = format!("{:.0}–{:.0}", from, from + (high - low) / 5.0);
        page.legend(x - 8.0, y + 12.0, &[(Swatch::Fill(CLASSES[i].to_owned()), &label)]);
        let width = 120.0 * f64::from(*count) / most.max(1.0);
        page.rect(x + 108.0, y, width, 16.0, CLASSES[i]);
        page.small(x + 113.0 + width, y + 12.0, &format!("{:.0} %", 100.0 * f64::from(*count) / p.len() as f64), Anchor::Start);
    }
    let s = &outcome.punctures;
    page.bold(x, 206.0, "One session, over the members", Anchor::Start);
    let percent = |i: &percuta::population::Interval| percuta::population::Interval {
        median: 100.0 * i.median,
        low: 100.0 * i.low,
        high: 100.0 * i.high,
    };
    let facts = [
        ("punctures per cm²", format::interval(&s.density_per_cm2)),
        ("depth reached, µm", format::interval(&s.depth_um)),
        ("nearest neighbour, µm", format::interval(&s.nearest_neighbour_um)),
        ("slit at the surface, µm", format::interval(&s.slit_um)),
        ("open surface, %", format::interval(&percent(&s.open_area_fraction))),
        ("farther than 0.25 mm from a puncture, % of surface", format::interval(&percent(&s.uncovered_area_fraction))),
    ];
    for (i, (name, value)) in facts.iter().enumerate() {
        let y = 228.0 + 40.0 * i as f64;
        page.small(x, y, name, Anchor::Start);
        page.text(x, y + 15.0, value, Anchor::Start);
    }
    let caption = format!(
        "Punctures of the first session in {} mm × {} mm of skin of the central member, drawn to scale as the hole of the needle drawn out by the glide of the handpiece, coloured by the depth reached. \
         Density {} per cm² (median over the members with 90 % interval). Percentages beside the bars are shares of all {} punctures of the window of {} mm.",
        format::plain(shown_um / 1000.0),
        format::plain(shown_um / 1000.0),
        format::interval(&s.density_per_cm2),
        p.len(),
        format::plain(p.window_um / 1000.0),
    );
    page.finish(outcome, version, "coverage", "Where the needles went", caption).map(Some)
}

/// Side of the part of the window that is drawn, µm.
fn shown(p: &PunctureTable) -> f64 {
    let share = (MOST_DRAWN / p.len() as f64).sqrt().min(1.0);
    if share < 1.0 { ((p.window_um * share / 500.0).floor() * 500.0).max(500.0).min(p.window_um) } else { p.window_um }
}

/// Outline of one hole: a disc drawn out along its drag.
fn slit(p: &PunctureTable, i: usize, x0: f64, y0: f64, scale: f64) -> Vec<(f64, f64)> {
    let (dx, dy) = (0.5 * p.drag_x_um[i], 0.5 * p.drag_y_um[i]);
    let along = dy.atan2(dx);
    // A hole of a pixel at least, so that it can be seen.
    let radius = (p.entry_radius_um[i] * scale).max(0.8);
    (0..10)
        .map(|k| {
            let ahead = if k < 5 { 1.0 } else { -1.0 };
            let angle = along - PI / 2.0 + PI * f64::from(k % 5) / 4.0 + if k < 5 { 0.0 } else { PI };
            (x0 + (p.x_um[i] + ahead * dx) * scale + radius * angle.cos(), y0 + (p.y_um[i] + ahead * dy) * scale + radius * angle.sin())
        })
        .collect()
}
