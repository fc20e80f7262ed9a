//! Cross-sections of scars before and after.

use std::f64::consts::PI;

use percuta::course::Outcome;
use percuta::population::{Interval, interval};

use super::Figure;
use super::page::{Page, Swatch};
use super::panel::{Panel, range};
use super::style::{FIRST, SECOND, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// A class of scar: title, depth and volume read-out, volume of its shape over that of the cylinder around it,
/// and the exponent of its profile `1 - r^exponent`. A cone, a box with steep walls and a shallow bowl.
const CLASSES: [(&str, &str, &str, f64, f64); 3] = [
    ("Ice-pick", "scar_depth_icepick", "scar_volume_icepick", 1.0 / 3.0, 1.0),
    ("Boxcar", "scar_depth_boxcar", "scar_volume_boxcar", 10.0 / 12.0, 10.0),
    ("Rolling", "scar_depth_rolling", "scar_volume_rolling", 0.5, 2.0),
];

/// One panel a class: profile at baseline, and at the last visit with its interval.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(&last) = outcome.course.visits.last() else { return Ok(None) };
    let Some(index) = series::visit_index(outcome, last) else { return Ok(None) };
    let mut page = Page::new(340.0);
    let day = format!("day {}, median and 90 % interval", format::day(last));
    page.legend(12.0, 18.0, &[(Swatch::Line(SECOND), "baseline (median)"), (Swatch::Band(FIRST), &day)]);
    let third = WIDTH / 3.0;
    let mut drawn = 0;
    let mut changes = Vec::new();
    for (i, &(title, depth_key, volume_key, filling, exponent)) in CLASSES.iter().enumerate() {
        let (Some(depth), Some(volume)) = (series::find(outcome, depth_key), series::find(outcome, volume_key)) else { continue };
        let before = interval(&series::baseline(depth)).median;
        let after = interval(&series::values(depth, index));
        let volume_um3 = interval(&series::baseline(volume)).median * 1e9;
        let radius_mm = (volume_um3 / (filling * PI * before)).sqrt() / 1000.0;
        if !radius_mm.is_finite() || radius_mm <= 0.0 {
            continue;
        }
        let edge = 1.35 * radius_mm;
        let x: Vec<f64> = (0..=240).map(|j| edge * (f64::from(j) / 120.0 - 1.0)).collect();
        let shape = |x: f64| (1.0 - (x / radius_mm).abs().powf(exponent)).max(0.0);
        let (low, _) = range([0.0, -before, -after.high].into_iter());
        let mut panel = Panel::new(title, (-edge, edge, "distance (mm)"), (low, 0.08 * low.abs(), "height (µm)"));
        let profile: Vec<Interval> = x
            .iter()
            .map(|&x| Interval { median: -after.median * shape(x), low: -after.high * shape(x), high: -after.low * shape(x) })
            .collect();
        panel.band(&x, &profile, FIRST);
        panel.line(&x.iter().map(|&x| (x, -before * shape(x))).collect::<Vec<_>>(), SECOND);
        panel.draw(&mut page, third * i as f64, 28.0, third, 280.0);
        drawn += 1;
        if let Some(c) = series::change_text(outcome, depth, last) {
            changes.push(format!("{} {c} µm", title.to_lowercase()));
        }
    }
    if drawn == 0 {
        return Ok(None);
    }
    let caption = format!(
        "Cross-sections of one scar of each class before and after the course. Depths are read-outs; the shapes are idealised (cone, steep-walled box, shallow bowl) and as wide as the volume and depth at baseline imply. \
         Heights are stretched against distances. The interval of the later profile includes the spread of scars between members. Paired change of depth: {}.",
        changes.join("; "),
    );
    page.finish(outcome, version, "scars", "Scars before and after", caption).map(Some)
}
