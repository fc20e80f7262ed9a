//! Lines before and after: profile and relief under raking light.

use percuta::appearance::{LineKind, LineShift};
use percuta::course::Outcome;
use percuta::population::interval;

use super::Figure;
use super::page::{Anchor, Page, Swatch};
use super::panel::{Panel, range};
use super::relief::{Furrows, Pattern, shaded};
use super::style::{FIRST, GREY, INK, SECOND, WIDTH};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// Families of lines: which, depth read-out, name, and how its furrows run. Their course is ornament and does not depend on the depth.
const FAMILIES: [(LineKind, &str, &str, Pattern); 3] = [
    (LineKind::Microrelief, "microrelief_depth", "microrelief", Pattern::Net),
    (LineKind::Fine, "fine_line_depth", "fine lines", Pattern::Lines { tilt: 0.16, wander: 0.9, weakest: 0.15, seed: 3 }),
    (LineKind::Coarse, "coarse_line_depth", "coarse lines", Pattern::Lines { tilt: -0.07, wander: 0.45, weakest: 0.6, seed: 8 }),
];
/// Side of the relief, µm, drawn in so many units of the page and twice as many pixels.
const SIDE_UM: f64 = 8000.0;
const SIDE: f64 = 270.0;
const PIXELS: usize = 540;
/// Height of the light over the horizon, degrees.
const LIGHT_DEG: f64 = 25.0;

/// A family of the central member, and how its mean depth changes over all members.
struct Family {
    name: &'static str,
    pattern: Pattern,
    wavelength_um: f64,
    depth_um: f64,
    shift: LineShift,
    change: String,
}

impl Family {
    fn furrows(&self, after: bool) -> Furrows {
        Furrows {
            spacing_um: self.wavelength_um,
            depth_um: self.depth_um / self.pattern.mean_strength(),
            shift: after.then_some(self.shift),
            pattern: self.pattern,
        }
    }
}

/// Profile and relief of the central member's lines at baseline and at the last visit.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let (Some(&last), Some(seen)) = (outcome.course.visits.last(), outcome.specimen.visits.last()) else { return Ok(None) };
    let families: Vec<Family> = FAMILIES
        .iter()
        .filter_map(|&(kind, key, name, pattern)| {
            let before = outcome.specimen.lines.of(kind);
            Some(Family {
                name,
                pattern,
                wavelength_um: before.wavelength_um,
                depth_um: before.depth_um,
                shift: seen.lines.of(kind),
                change: series::change_text(outcome, series::find(outcome, key)?, last)?,
            })
        })
        .collect();
    if families.is_empty() {
        return Ok(None);
    }
    let mut page = Page::new(596.0);
    let surface = |after: bool| -> Vec<Furrows> { families.iter().map(|f| f.furrows(after)).collect() };
    let profile = |after: bool| -> Vec<(f64, f64)> {
        let furrows = surface(after);
        let height = |x: f64| furrows.iter().map(|f| f.height_um(x, 0.5 * SIDE_UM)).sum();
        (0..=600).map(|i| SIDE_UM * f64::from(i) / 600.0).map(|x| (x / 1000.0, height(x))).collect()
    };
    let (before, after) = (profile(false), profile(true));
    let (low, high) = range(before.iter().chain(&after).map(|p| p.1));
    let mut panel = Panel::new("Profile across the lines", (0.0, SIDE_UM / 1000.0, "distance (mm)"), (low, high, "height (µm)"));
    panel.line(&before, SECOND);
    panel.line(&after, FIRST);
    panel.draw(&mut page, 0.0, 4.0, WIDTH, 230.0);
    let day = format!("day {}", format::day(last));
    page.legend(300.0, 18.0, &[(Swatch::Line(SECOND), "baseline"), (Swatch::Line(FIRST), &day)]);

    let (left, right, y) = (58.0, 58.0 + SIDE + 24.0, 270.0);
    page.bold(left, y - 8.0, "Relief at baseline", Anchor::Start);
    page.bold(right, y - 8.0, &format!("Relief at {day}"), Anchor::Start);
    page.bitmap((left, y), SIDE, PIXELS, &shaded(&surface(false), SIDE_UM, PIXELS, LIGHT_DEG));
    page.bitmap((right, y), SIDE, PIXELS, &shaded(&surface(true), SIDE_UM, PIXELS, LIGHT_DEG));
    let bar = 2000.0 / SIDE_UM * SIDE;
    page.rect(left, y + SIDE + 8.0, bar, 4.0, INK);
    page.text(left + bar + 8.0, y + SIDE + 15.0, "2 mm", Anchor::Start);

    let x = right + SIDE + 24.0;
    page.bold(x, y - 8.0, "Change of mean depth, µm", Anchor::Start);
    for (i, f) in families.iter().enumerate() {
        let y = y + 16.0 + 44.0 * i as f64;
        page.styled(x, y, f.name, Anchor::Start, 11, false, GREY);
        page.text(x, y + 16.0, &f.change, Anchor::Start);
    }
    let vanished = series::find(outcome, "fine_lines_vanished").zip(series::visit_index(outcome, last));
    if let Some(share) = vanished.map(|(s, i)| interval(&series::values(s, i))) {
        let y = y + 16.0 + 44.0 * families.len() as f64 + 22.0;
        page.bold(x, y - 8.0, "Fine lines vanished, %", Anchor::Start);
        page.text(x, y + 12.0, &format::interval(&share), Anchor::Start);
    }
    let spacings: Vec<String> = families.iter().map(|f| format!("{} {} mm", f.name, format::plain(f.wavelength_um / 1000.0))).collect();
    let caption = format!(
        "Surface of the central member before the first session and at {day}, drawn from the mean depths of its microrelief, fine and coarse lines and their mean spacing: {}. \
         Where the furrows run, how wide they are and where they are weaker is ornament, and the same before and after; what becomes of a stretch of furrow follows from its own depth, so that shallow ones vanish first. Profile: a cut through the middle of the relief; heights are stretched. \
         Relief: a square of {} mm seen from above, lit from the left at {LIGHT_DEG} degrees. Numbers: change of the mean depth of each family, median and 90 % interval over all members, whichever explanation of wrinkles they follow.",
        spacings.join(", "),
        format::plain(SIDE_UM / 1000.0),
    );
    page.finish(outcome, version, "lines", "Lines before and after", caption).map(Some)
}
