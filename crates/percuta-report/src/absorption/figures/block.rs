//! The needled arm in three dimensions, beside the column.

use percuta::course::permeation::{BlockSection, PermeationOutcome};

use super::axes::{Unit, hours};
use crate::absorption::figures::balance::gap_text;
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::bitmap::Image;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::panel::{Panel, nice, range};
use crate::figures::scale::rising;
use crate::figures::style::{BLACK, BLUE, INK, SMALL, Stroke, WIDTH};
use crate::format;

/// Sections drawn at most.
const MOST: usize = 3;
/// Room of the colour bar, px.
const BAR: f64 = 96.0;
/// Height of the curves, px.
const CURVES: f64 = 280.0;
/// Decades of the colour scale.
const SCALE: f64 = 4.0;

const BLOCK: Stroke = Stroke { colour: BLUE, dash: None };
const COLUMN: Stroke = Stroke { colour: BLACK, dash: Some("9 6") };
const ENSEMBLE: Stroke = Stroke { colour: BLACK, dash: Some("1 1000") };

/// Vertical sections coloured by concentration, and the amount against time beside that of the column.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(block) = &outcome.block else { return Ok(None) };
    let sections: Vec<&BlockSection> = block.sections.iter().filter(|s| complete(s)).collect();
    let n = sections.len().min(MOST);
    let chosen: Vec<&BlockSection> = (0..n).map(|i| sections[if n > 1 { i * (sections.len() - 1) / (n - 1) } else { 0 }]).collect();
    let depth = chosen.first().and_then(|s| s.depth_edges_um.last()).copied().unwrap_or(0.0);
    let room = (WIDTH - BAR - 56.0) / n.max(1) as f64 - 14.0;
    let scale = (room / block.side_um.max(1.0)).min(330.0 / depth.max(1.0));
    let high = if n > 0 { depth * scale + 62.0 } else { 0.0 };
    let mut page = Page::of_central_member(high + CURVES + 48.0);
    if n > 0 {
        draw_sections(&mut page, outcome, &chosen, depth, scale);
    }
    curves(&mut page, outcome, high);
    let steps = if n > 0 {
        "Above: vertical sections through the middle of the block at the times named, as wide as deep, coloured by concentration on a logarithmic scale; white rules are the lower borders of stratum corneum and viable epidermis. "
    } else {
        ""
    };
    let caption = format!(
        "The needled arm with the central value of every parameter on a block of skin {} µm wide ({} voxels of {} µm, {} channels). {steps}Amount against time in the block (line) and in the column with the same parameters (dashed); \
         grey: 90 % interval of the ensemble of columns. What lies between line and dashes is what the column leaves out: neighbouring channels in their places. The balance of the block closes to {} of the dose.",
        format::plain(block.side_um),
        block.voxels,
        format::plain(block.resolution_um),
        block.channels,
        gap_text(block.balance_gap)
    );
    page.finish(outcome, version, "block-section", "In three dimensions", caption).map(Some)
}

/// Whether a section has a value everywhere.
fn complete(s: &BlockSection) -> bool {
    let layers = s.concentration_ug_per_cm3.len();
    layers > 0
        && s.depth_edges_um.len() == layers + 1
        && !s.x_um.is_empty()
        && s.concentration_ug_per_cm3.iter().all(|row| row.len() == s.x_um.len())
}

fn draw_sections(page: &mut Page, outcome: &PermeationOutcome, chosen: &[&BlockSection], depth: f64, scale: f64) {
    let side = outcome.block.as_ref().map_or(0.0, |b| b.side_um);
    let most = chosen.iter().flat_map(|s| s.concentration_ug_per_cm3.iter().flatten().copied()).fold(0.0, f64::max);
    let range = if most > 0.0 { (most.log10() - SCALE, most.log10()) } else { (-SCALE, 0.0) };
    let colour = |c: f64| rising(if c > 0.0 { (c.log10() - range.0) / (range.1 - range.0) } else { 0.0 });
    let (width, height) = (side * scale, depth * scale);
    let (left, top) = (52.0, 40.0);
    page.bold(12.0, 16.0, &format!("{} on a vertical section", outcome.study.permeant.name), Anchor::Start);
    page.styled(12.0, 32.0, "depth, µm", Anchor::Start, SMALL, false, INK);
    let step = nice(depth / 6.0);
    for k in 0..=(depth / step) as u32 {
        let z = step * f64::from(k);
        page.line((left - 5.0, top + z * scale), (left, top + z * scale), INK, 1.0, None);
        page.styled(left - 8.0, top + z * scale + 3.5, &format::plain(z), Anchor::End, SMALL, false, INK);
    }
    for (i, section) in chosen.iter().enumerate() {
        let x = left + (width + 14.0) * i as f64;
        page.text(x + 0.5 * width, top - 6.0, &format!("{} h", format::plain(section.time_h)), Anchor::Middle);
        page.image((x, top), width, &image(section, scale, width, &colour));
        page.frame(x, top, width, height, INK);
        for z in borders(outcome).into_iter().filter(|z| *z < depth) {
            page.line((x, top + z * scale), (x + width, top + z * scale), "#ffffff", 1.0, Some("3 3"));
        }
    }
    let length = nice(0.25 * side);
    let (x, y) = (left, top + height + 12.0);
    page.line((x, y), (x + length * scale, y), INK, 2.0, None);
    page.styled(x + length * scale + 6.0, y + 4.0, &format!("{} µm", format::plain(length)), Anchor::Start, SMALL, false, INK);
    // The colour bar.
    let (x, tall) = (left + (width + 14.0) * chosen.len() as f64 + 8.0, height.min(260.0));
    let rows = tall.round().max(2.0) as usize;
    let pixels = (0..rows).flat_map(|r| [rising(1.0 - r as f64 / (rows - 1) as f64); 16]).collect();
    page.image((x, top), 16.0, &Image { width: 16, pixels });
    page.frame(x, top, 16.0, rows as f64, INK);
    for exponent in range.0.ceil() as i32..=range.1.floor() as i32 {
        let at = top + rows as f64 * (1.0 - (f64::from(exponent) - range.0) / (range.1 - range.0));
        page.line((x + 16.0, at), (x + 20.0, at), INK, 1.0, None);
        page.styled(x + 23.0, at + 3.5, &format::plain(10f64.powi(exponent)), Anchor::Start, SMALL, false, INK);
    }
    page.styled(x, top - 6.0, "µg/cm³", Anchor::Start, SMALL, false, INK);
}

/// Lower borders of stratum corneum and viable epidermis.
fn borders(outcome: &PermeationOutcome) -> Vec<f64> {
    outcome.arms.first().and_then(|a| a.profiles.last()).map_or(Vec::new(), |p| p.borders_um[..2].to_vec())
}

/// A pixel a unit of the page.
fn image(section: &BlockSection, scale: f64, width: f64, colour: &dyn Fn(f64) -> [u8; 3]) -> Image {
    let edges = &section.depth_edges_um;
    let (columns, depth) = (width.round().max(1.0) as usize, edges.last().copied().unwrap_or(0.0));
    let rows = (depth * scale).round().max(1.0) as usize;
    let n = section.x_um.len();
    let mut pixels = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        let z = (row as f64 + 0.5) / rows as f64 * depth;
        let layer = edges.partition_point(|e| *e <= z).clamp(1, edges.len() - 1) - 1;
        for column in 0..columns {
            pixels.push(colour(section.concentration_ug_per_cm3[layer][(column * n / columns).min(n - 1)]));
        }
    }
    Image { width: columns, pixels }
}

fn curves(page: &mut Page, outcome: &PermeationOutcome, top: f64) {
    let Some(block) = &outcome.block else { return };
    let ensemble = outcome.arms.first().map(|a| a.cumulative_ug_per_cm2.as_slice()).unwrap_or_default();
    let highest = block.cumulative_ug_per_cm2.iter().chain(&block.column_cumulative_ug_per_cm2).copied();
    let highest = highest.chain(ensemble.iter().map(|v| v.high)).fold(0.0, f64::max);
    let unit = Unit::of(highest);
    let y = range([0.0, highest * unit.per_ug].into_iter());
    page.legend(
        12.0,
        top + 16.0,
        &[
            (Swatch::Line(BLOCK), "block in three dimensions"),
            (Swatch::Line(COLUMN), "column, same parameters"),
            (Swatch::Fill("#d4d4d4".into()), "ensemble of columns, 90 %"),
        ],
    );
    let label = format!("{}/cm²", unit.name);
    let mut panel =
        Panel::new("Amount absorbed", (0.0, outcome.study.duration_h, "hours after the first application"), (y.0, y.1, label.as_str()))
            .x_step(hours(outcome.study.duration_h, 8.0));
    let band: Vec<_> = ensemble.iter().map(|v| unit.scaled(v)).collect();
    if band.len() == outcome.times_h.len() && band.len() > 1 {
        panel.shade(&outcome.times_h, &band, ENSEMBLE);
    }
    for (values, stroke) in [(&block.column_cumulative_ug_per_cm2, COLUMN), (&block.cumulative_ug_per_cm2, BLOCK)] {
        let points: Vec<(f64, f64)> = block.times_h.iter().zip(values).map(|(&t, &q)| (t, (q * unit.per_ug).max(0.0))).collect();
        panel.line(&points, stroke);
    }
    panel.draw(page, 0.0, top + 22.0, WIDTH, CURVES);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_without_all_values_is_not_drawn() {
        let o = crate::absorption::fixture::outcome();
        let mut s = o.block.unwrap().sections[0].clone();
        assert!(complete(&s));
        s.concentration_ug_per_cm3[2].pop();
        assert!(!complete(&s));
    }
}
