//! Lines before and after: profile and relief under raking light.

use std::f64::consts::TAU;

use percuta::course::Outcome;
use percuta::population::interval;

use super::Figure;
use super::noise::noise;
use super::page::{Anchor, Page, Swatch};
use super::panel::{Panel, range};
use super::style::{FIRST, GREY, INK, SECOND, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// Families of lines: depth read-out, wavelength card, wavelength if there is no such card (µm), spread of their directions (radians).
const FAMILIES: [(&str, &str, f64, f64); 3] = [
    ("microrelief_depth", "lines.microrelief_wavelength", 300.0, 1.4),
    ("fine_line_depth", "lines.fine_wavelength", 1000.0, 0.35),
    ("coarse_line_depth", "lines.coarse_wavelength", 2800.0, 0.12),
];
/// Side of the relief, µm and px.
const SIDE_UM: f64 = 10_000.0;
const SIDE_PX: usize = 270;
/// Height of the light over the horizon, degrees.
const LIGHT_DEG: f64 = 20.0;

/// A family with its depths before and after.
struct Family {
    wavelength_um: f64,
    directions: f64,
    before: f64,
    after: f64,
    change: String,
}

/// Profile and relief of the median lines at baseline and at the last visit.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(&last) = outcome.course.visits.last() else { return Ok(None) };
    let families: Vec<Family> = FAMILIES
        .iter()
        .filter_map(|&(key, card, fallback, directions)| {
            let s = series::find(outcome, key)?;
            Some(Family {
                wavelength_um: outcome.course.parameters.card(card).map_or(fallback, |c| c.value),
                directions,
                before: interval(&series::baseline(s)).median,
                after: interval(&series::values(s, series::visit_index(outcome, last)?)).median,
                change: series::change_text(outcome, s, last)?,
            })
        })
        .collect();
    if families.is_empty() {
        return Ok(None);
    }
    let mut page = Page::new(596.0);
    let profile = |after: bool| -> Vec<(f64, f64)> {
        (0..=500).map(|i| SIDE_UM * f64::from(i) / 500.0).map(|x| (x / 1000.0, height(&families, after, x, 0.5 * SIDE_UM))).collect()
    };
    let (before, after) = (profile(false), profile(true));
    let (low, high) = range(before.iter().chain(&after).map(|p| p.1));
    let mut panel = Panel::new("Profile across the lines", (0.0, SIDE_UM / 1000.0, "distance (mm)"), (low, high, "height (µm)"));
    panel.line(&before, SECOND);
    panel.line(&after, FIRST);
    panel.draw(&mut page, 0.0, 4.0, WIDTH, 230.0);
    let day = format!("day {}", format::day(last));
    page.legend(300.0, 18.0, &[(Swatch::Line(SECOND), "baseline"), (Swatch::Line(FIRST), &day)]);

    let (left, right, y) = (58.0, 58.0 + SIDE_PX as f64 + 24.0, 270.0);
    page.bold(left, y - 8.0, "Relief at baseline", Anchor::Start);
    page.bold(right, y - 8.0, &format!("Relief at {day}"), Anchor::Start);
    page.bitmap(left, y, SIDE_PX, shaded(&families, false));
    page.bitmap(right, y, SIDE_PX, shaded(&families, true));
    let bar = 2000.0 / SIDE_UM * SIDE_PX as f64;
    page.rect(left, y + SIDE_PX as f64 + 8.0, bar, 4.0, INK);
    page.text(left + bar + 8.0, y + SIDE_PX as f64 + 15.0, "2 mm", Anchor::Start);

    let x = right + SIDE_PX as f64 + 24.0;
    page.bold(x, y - 8.0, "Change of depth, µm", Anchor::Start);
    for (i, (name, f)) in ["microrelief", "fine lines", "coarse lines"].iter().zip(&families).enumerate() {
        let y = y + 16.0 + 44.0 * i as f64;
        page.styled(x, y, name, Anchor::Start, 11, false, GREY);
        page.text(x, y + 16.0, &f.change, Anchor::Start);
    }
    let waves: Vec<String> = families.iter().map(|f| format::plain(f.wavelength_um / 1000.0)).collect();
    let caption = format!(
        "Surface before the first session and at {day}, drawn from the median depths of microrelief, fine and coarse lines. Wavelengths {} mm; phases, directions and wander are ornament and the same before and after. \
         Relief: the same square of {} mm seen from above, lit from the left at {LIGHT_DEG} degrees. Numbers: change of depth of each family, median and 90 % interval over the members.",
        waves.join(", "),
        format::plain(SIDE_UM / 1000.0),
    );
    page.finish(outcome, version, "lines", "Lines before and after", caption).map(Some)
}

/// Height of the surface at a point, µm: two wavy trains of lines for each family.
fn height(families: &[Family], after: bool, x: f64, y: f64) -> f64 {
    let mut z = 0.0;
    for (k, f) in families.iter().enumerate() {
        let depth = if after { f.after } else { f.before };
        for train in 0..2u64 {
            let seed = 10 * k as u64 + train;
            let sign = if train == 0 { 1.0 } else { -1.0 };
            let angle = 0.5 * f.directions * sign * (0.7 + 0.6 * noise(seed, 1));
            let along = x * angle.cos() + y * angle.sin();
            let across = y * angle.cos() - x * angle.sin();
            let stretch = 0.9 + 0.2 * noise(seed, 2);
            let wander = 0.22 * (TAU * across / (6.3 * f.wavelength_um) + TAU * noise(seed, 4)).sin()
                + 0.15 * (TAU * (across + 0.4 * along) / (2.7 * f.wavelength_um) + TAU * noise(seed, 5)).sin();
            let phase = TAU * (along / (f.wavelength_um * stretch) + wander + noise(seed, 3));
            // Two trains of half the amplitude give the family's peak-to-valley depth where they meet.
            z += 0.25 * depth * phase.sin();
        }
    }
    z
}

/// The relief as grey values under raking light (Lambert).
fn shaded(families: &[Family], after: bool) -> Vec<u8> {
    let step = SIDE_UM / SIDE_PX as f64;
    let light = LIGHT_DEG.to_radians();
    let mut grey = Vec::with_capacity(SIDE_PX * SIDE_PX);
    for row in 0..SIDE_PX {
        for column in 0..SIDE_PX {
            let (x, y) = (step * column as f64, step * row as f64);
            let z = height(families, after, x, y);
            let (dx, dy) = ((height(families, after, x + step, y) - z) / step, (height(families, after, x, y + step) - z) / step);
            let lit = (light.sin() - dx * light.cos()) / (1.0 + dx * dx + dy * dy).sqrt();
            // Flat skin is a light grey of 170; the gain is the same before and after.
            grey.push((170.0 + 130.0 * (lit - light.sin())).clamp(0.0, 255.0) as u8);
        }
    }
    grey
}
