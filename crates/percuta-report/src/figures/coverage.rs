//! Map of the punctures of one session.

use std::fmt::Write as _;

use percuta::course::{Outcome, Specimen};
use percuta::population::Interval;

use super::Figure;
use super::page::{Anchor, Page, Swatch};
use super::panel::nice;
use super::style::{GREY, INK, LIGHT, SMALL};
use crate::error::ReportError;
use crate::format;

/// Depth classes, shallow to deep: darker is deeper in greyscale too.
const CLASSES: [&str; 5] = ["#a6d3ea", "#63acd3", "#2f7fb8", "#13549a", "#08204a"];
/// Rim of a channel.
const RIM: &str = "#1a1a1a";
/// More punctures than this are not drawn: the map then shows a part of the window.
const MOST_DRAWN: f64 = 3000.0;
const SIDE: f64 = 490.0;
const LEFT: f64 = 50.0;
const TOP: f64 = 14.0;

/// The specimen's open channels, coloured by the depth of the puncture, with the distribution of depths.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let specimen = &outcome.specimen;
    let p = &specimen.punctures;
    if p.is_empty() || outcome.course.sessions.is_empty() {
        return Ok(None);
    }
    let (low, high) = p.depth_um.iter().fold((f64::INFINITY, 0.0f64), |(l, h), &d| (l.min(d), h.max(d)));
    let class = |depth: f64| (((depth - low) / (high - low).max(1e-9) * 5.0) as usize).min(4);
    let shown_um = shown(specimen);

    let mut page = Page::of_central_member(TOP + SIDE + 62.0);
    map(&mut page, specimen, shown_um, &class);

    let mut counts = [0u32; 5];
    for &depth in &p.depth_um {
        counts[class(depth)] += 1;
    }
    let x = LEFT + SIDE + 26.0;
    page.bold(x, 26.0, "Depth reached (µm)", Anchor::Start);
    let most = f64::from(*counts.iter().max().unwrap_or(&1));
    for (i, count) in counts.iter().enumerate() {
        let y = 42.0 + 26.0 * i as f64;
        let from = low + (high - low) * i as f64 / 5.0;
        let label = format!("{:.0}–{:.0}", from, from + (high - low) / 5.0);
        page.legend(x - 8.0, y + 12.0, &[(Swatch::Fill(CLASSES[i].to_owned()), &label)]);
        let width = 110.0 * f64::from(*count) / most.max(1.0);
        page.rect(x + 108.0, y, width, 16.0, CLASSES[i]);
        page.small(x + 113.0 + width, y + 12.0, &format!("{:.0} %", 100.0 * f64::from(*count) / p.len() as f64), Anchor::Start);
    }
    let s = &outcome.punctures;
    page.bold(x, 206.0, &format!("One session, over {} members", outcome.draws.len()), Anchor::Start);
    let percent = |i: &Interval| Interval { median: 100.0 * i.median, low: 100.0 * i.low, high: 100.0 * i.high };
    let facts = [
        ("punctures per cm²", format::interval(&s.density_per_cm2)),
        ("depth reached, µm", format::interval(&s.depth_um)),
        ("nearest neighbour, µm", format::interval(&s.nearest_neighbour_um)),
        ("slit torn by the needle, µm", format::interval(&s.slit_um)),
        ("open channel, % of surface", format::interval(&percent(&s.open_area_fraction))),
        ("farther than 0.25 mm from a puncture, % of surface", format::interval(&percent(&s.uncovered_area_fraction))),
    ];
    for (i, (name, value)) in facts.iter().enumerate() {
        let y = 228.0 + 40.0 * i as f64;
        page.small(x, y, name, Anchor::Start);
        page.text(x, y + 15.0, value, Anchor::Start);
    }
    let side = format::plain(shown_um / 1000.0);
    let caption = format!(
        "Open channels left by the first session in {side} mm × {side} mm of skin of the central member, to scale and coloured by the depth reached. \
         Each is the hole that stays open once the needle has left (mean radius {} µm; the needle's own section is wider), drawn out along the glide of the handpiece in the same proportion. \
         Percentages beside the bars are shares of all {} punctures of the window of {} mm. Numbers: median over the members with 90 % interval.",
        format::number(specimen.channel_profile.first().map_or(0.0, |c| c.1)),
        p.len(),
        format::plain(p.window_um / 1000.0),
    );
    page.finish(outcome, version, "coverage", "Where the needles went", caption).map(Some)
}

/// The channels in a square with axes in mm.
fn map(page: &mut Page, specimen: &Specimen, shown_um: f64, class: &dyn Fn(f64) -> usize) {
    let p = &specimen.punctures;
    let scale = SIDE / shown_um;
    page.rect(LEFT, TOP, SIDE, SIDE, "#fbf4ee");
    let step = nice(shown_um / 1000.0 / 6.0);
    let ticks = (shown_um / 1000.0 / step + 1e-9).floor() as u32;
    for k in 0..=ticks {
        let mm = f64::from(k) * step;
        let (x, y) = (LEFT + mm * 1000.0 * scale, TOP + SIDE - mm * 1000.0 * scale);
        page.line((x, TOP), (x, TOP + SIDE), LIGHT, 0.6, None);
        page.line((LEFT, y), (LEFT + SIDE, y), LIGHT, 0.6, None);
        page.styled(x, TOP + SIDE + 15.0, &format::plain(mm), Anchor::Middle, SMALL, false, INK);
        page.styled(LEFT - 6.0, y + 4.0, &format::plain(mm), Anchor::End, SMALL, false, INK);
    }
    page.clip(LEFT, TOP, SIDE, SIDE);
    let shrink = shrink(specimen);
    let mut outlines: [String; 5] = Default::default();
    for i in 0..p.len() {
        if p.x_um[i] <= shown_um && p.y_um[i] <= shown_um {
            let centre = (LEFT + p.x_um[i] * scale, TOP + SIDE - p.y_um[i] * scale);
            let drag = (p.drag_x_um[i] * shrink * scale, -p.drag_y_um[i] * shrink * scale);
            // A hole of a pixel at least, so that it can be seen.
            let radius = (p.entry_radius_um[i] * shrink * scale).max(0.7);
            stadium(&mut outlines[class(p.depth_um[i])], centre, drag, radius);
        }
    }
    for (outline, fill) in outlines.iter().zip(CLASSES) {
        page.shapes(outline, fill, RIM, 0.5);
    }
    page.unclip();
    page.frame(LEFT, TOP, SIDE, SIDE, GREY);
    page.styled(LEFT + 0.5 * SIDE, TOP + SIDE + 31.0, "mm", Anchor::Middle, 11, false, INK);
    page.styled(10.0, TOP + 10.0, "mm", Anchor::Start, 11, false, INK);
}

/// Radius of the open channel over that of the needle's section, on average.
fn shrink(specimen: &Specimen) -> f64 {
    let radii = &specimen.punctures.entry_radius_um;
    let mean = radii.iter().sum::<f64>() / radii.len().max(1) as f64;
    match specimen.channel_profile.first() {
        Some(&(_, open)) if mean > 0.0 => open / mean,
        _ => 1.0,
    }
}

/// Side of the part of the window that is drawn, µm.
fn shown(specimen: &Specimen) -> f64 {
    let p = &specimen.punctures;
    let share = (MOST_DRAWN / p.len() as f64).sqrt().min(1.0);
    if share < 1.0 { ((p.window_um * share / 500.0).floor() * 500.0).max(500.0).min(p.window_um) } else { p.window_um }
}

/// Adds the outline of one hole to a path: a disc drawn out along its drag, two half circles and what joins them.
fn stadium(path: &mut String, centre: (f64, f64), drag: (f64, f64), radius: f64) {
    let length = drag.0.hypot(drag.1);
    let (ux, uy) = if length > 1e-9 { (drag.0 / length, drag.1 / length) } else { (1.0, 0.0) };
    let (nx, ny) = (-uy * radius, ux * radius);
    let (hx, hy) = (0.5 * length * ux, 0.5 * length * uy);
    let r = radius;
    let _ = write!(
        path,
        "M{:.2} {:.2}A{r:.2} {r:.2} 0 0 0 {:.2} {:.2}L{:.2} {:.2}A{r:.2} {r:.2} 0 0 0 {:.2} {:.2}Z",
        centre.0 + hx + nx,
        centre.1 + hy + ny,
        centre.0 + hx - nx,
        centre.1 + hy - ny,
        centre.0 - hx - nx,
        centre.1 - hy - ny,
        centre.0 - hx + nx,
        centre.1 - hy + ny,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn two_thousand_channels_make_a_small_drawing() {
        let mut o = fixture::outcome();
        let p = &mut o.specimen.punctures;
        p.window_um = 5000.0;
        let n = p.len();
        for column in [&mut p.x_um, &mut p.y_um, &mut p.depth_um, &mut p.entry_radius_um, &mut p.drag_x_um, &mut p.drag_y_um] {
            *column = (0..2000).map(|i| column[i % n] * 0.625).collect();
        }
        p.pass = vec![0; 2000];
        p.time_s = vec![0.0; 2000];
        let svg = figure(&o, "0.1.0").unwrap().unwrap().svg;
        assert!(svg.len() < 400_000, "{} bytes", svg.len());
    }

    #[test]
    fn the_channel_is_drawn_not_the_needle() {
        let o = fixture::outcome();
        let mean = o.specimen.punctures.entry_radius_um.iter().sum::<f64>() / o.specimen.punctures.len() as f64;
        assert!((shrink(&o.specimen) * mean - o.specimen.channel_profile[0].1).abs() < 1e-9);
        assert!(shrink(&o.specimen) < 1.0);
    }
}
