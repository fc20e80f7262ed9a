//! Cross-sections of scars before and after.

use std::f64::consts::PI;

use percuta::appearance::{ScarShape, SingleScar};
use percuta::course::Outcome;
use percuta::population::{Interval, interval};

use super::Figure;
use super::page::{Page, Swatch};
use super::panel::{Panel, range};
use super::style::{FIRST, SECOND, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// A class of the usual mix: title, depth and volume read-out, shape, and volume of the shape over that of the cylinder around it.
const CLASSES: [(&str, &str, &str, ScarShape, f64); 3] = [
    ("Ice-pick", "scar_depth_icepick", "scar_volume_icepick", ScarShape::Cone, 1.0 / 3.0),
    ("Boxcar", "scar_depth_boxcar", "scar_volume_boxcar", ScarShape::Cylinder, 10.0 / 12.0),
    ("Rolling", "scar_depth_rolling", "scar_volume_rolling", ScarShape::SphericalCap, 0.5),
];
/// Panels in a full row, and the most there are: more would be told in the table.
const ROW: usize = 3;
const MOST: usize = 9;
const HEIGHT: f64 = 280.0;

/// A section: title, half width, mm, shape, and relief before and after, µm.
struct Section {
    title: String,
    radius_mm: f64,
    shape: ScarShape,
    before: f64,
    after: Interval,
}

/// One panel a class of the usual mix and a panel a single scar: profile at baseline, and at the last visit with its interval.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(&last) = outcome.course.visits.last() else { return Ok(None) };
    let Some(index) = series::visit_index(outcome, last) else { return Ok(None) };
    let mut changes = Vec::new();
    let mut sections = Vec::new();
    for (title, depth_key, volume_key, shape, filling) in CLASSES {
        let (Some(depth), Some(volume)) = (series::find(outcome, depth_key), series::find(outcome, volume_key)) else { continue };
        let before = interval(&series::baseline(depth)).median;
        let after = interval(&series::values(depth, index));
        let volume_um3 = interval(&series::baseline(volume)).median * 1e9;
        let radius_mm = (volume_um3 / (filling * PI * before)).sqrt() / 1000.0;
        let after = Interval { median: -after.median, low: -after.high, high: -after.low };
        sections.push(Section { title: format!("{title}, usual mix"), radius_mm, shape, before: -before, after });
        if let Some(c) = series::change_text(outcome, depth, last) {
            changes.push(format!("{} {c} µm", title.to_lowercase()));
        }
    }
    for s in &outcome.scars {
        let Some((_, after)) = s.visits.last() else { continue };
        let (radius_mm, before) = (0.5e-3 * s.scar.width_um, s.scar.relief_um);
        sections.push(Section { title: title(&s.scar), radius_mm, shape: s.scar.class.shape(), before, after: after.relief_um });
    }
    sections.retain(|s| s.radius_mm.is_finite() && s.radius_mm > 0.0);
    sections.truncate(MOST);
    if sections.is_empty() {
        return Ok(None);
    }
    let row = sections.len().clamp(2, ROW);
    let rows = sections.len().div_ceil(row);
    let mut page = Page::new(60.0 + HEIGHT * rows as f64);
    let day = format!("day {}, median and 90 % interval", format::day(last));
    page.legend(12.0, 18.0, &[(Swatch::Line(SECOND), "baseline"), (Swatch::Band(FIRST), &day)]);
    let width = WIDTH / row as f64;
    for (i, section) in sections.iter().enumerate() {
        section.draw(&mut page, width * (i % row) as f64, 28.0 + HEIGHT * (i / row) as f64, width);
    }
    let mut caption = String::from(
        "Cross-sections of scars before and after the course. The shapes are idealised (cone, steep-walled box, shallow bowl or dome, furrow or ridge). Heights are stretched against distances. ",
    );
    if !changes.is_empty() {
        caption.push_str(&format!(
            "The classes of the usual mix are as wide as the volume and depth at baseline imply (medians), and the interval of their later profile includes the spread of scars between members. Paired change of their depth: {}. ",
            changes.join("; ")
        ));
    }
    if !outcome.scars.is_empty() {
        caption.push_str("Single scars begin as the course lists them; the interval is of what becomes of them.");
    }
    page.finish(outcome, version, "scars", "Scars before and after", caption.trim_end().to_owned()).map(Some)
}

/// Size of a single scar in the room over a panel.
fn title(scar: &SingleScar) -> String {
    let mm = |um: f64| format::plain(um.abs() / 1000.0);
    let name = scar.class.name();
    let name = name[..1].to_uppercase() + &name[1..];
    format!("{name}, {} × {} mm", mm(scar.width_um), mm(scar.relief_um))
}

impl Section {
    fn draw(&self, page: &mut Page, x: f64, y: f64, width: f64) {
        let edge = 1.35 * self.radius_mm;
        let at: Vec<f64> = (0..=240).map(|j| edge * (f64::from(j) / 120.0 - 1.0)).collect();
        let share = |x: f64| share(self.shape, (x / self.radius_mm).abs());
        let (low, high) = range([0.0, self.before, self.after.low, self.after.high].into_iter());
        // The skin around lies a little off the edge of the axes, on the side where there is nothing else.
        let margin = 0.08 * (high - low);
        let (low, high) = if self.before < 0.0 { (low, margin) } else { (-margin, high) };
        let mut panel = Panel::new(&self.title, (-edge, edge, "distance (mm)"), (low, high, "height (µm)"));
        let profile: Vec<Interval> = at
            .iter()
            .map(|&x| Interval { median: self.after.median * share(x), low: self.after.low * share(x), high: self.after.high * share(x) })
            .collect();
        panel.band(&at, &profile, FIRST);
        panel.line(&at.iter().map(|&x| (x, self.before * share(x))).collect::<Vec<_>>(), SECOND);
        panel.draw(page, x, y, width, HEIGHT);
    }
}

/// Share of the full relief at a distance from the middle, relative to the rim.
fn share(shape: ScarShape, r: f64) -> f64 {
    let exponent = match shape {
        ScarShape::Cone => 1.0,
        ScarShape::Cylinder => 10.0,
        ScarShape::SphericalCap | ScarShape::Ridge => 2.0,
    };
    (1.0 - r.powf(exponent)).max(0.0)
}
