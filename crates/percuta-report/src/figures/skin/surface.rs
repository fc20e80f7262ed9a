//! The surface before and after: replica under raking light, heights, differences and a profile.

use percuta::appearance::light::colorimetry::{colour_difference as ciede2000, lab_of_linear};

use super::before_after::named;
use super::gloss::{dot, unit};
use super::grid::Grid;
use super::lighting::{Lighting, Relief};
use super::patch::{SkinVisit, Studio};
use super::photograph::encoded;
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::bitmap::Image;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::panel::{Panel, nice, range, rounded};
use crate::figures::scale::{bar, diverging, rising};
use crate::figures::style::{FIRST, GREY, INK, SECOND, WIDTH};
use crate::format;
use crate::run::{Furrows, Run};

/// Gap between maps and side of a map, px.
const GAP: f64 = 14.0;
const SIDE: f64 = 268.0;
/// Reflectance of the silicone of a replica: ornament.
const SILICONE: f64 = 0.42;
/// Share of the pixels within a scale.
const WITHIN: f64 = 0.995;

/// Replicas, height maps, their difference, the difference of colour, and a profile across the middle.
///
/// # Errors
/// [`ReportError::Make`] if a picture cannot be encoded.
pub fn figure(run: &impl Run, version: &str, studio: &Studio<'_>, light: &Lighting) -> Result<Option<Figure>, ReportError> {
    let (Some(first), Some(last)) = (studio.patch.visits.first(), studio.patch.visits.last()) else { return Ok(None) };
    if last.day <= first.day {
        return Ok(None);
    }
    let grid = studio.patch.grid;
    let names = [named(first, true), named(last, false)];
    let x = |column: usize| 10.0 + (SIDE + GAP) * column as f64;
    let (upper, lower) = (26.0, 26.0 + SIDE + 80.0);
    let mut page = Page::of_central_member(lower + SIDE + 62.0 + 236.0 + 22.0);
    for (i, visit) in [first, last].into_iter().enumerate() {
        page.bold(x(i), upper - 8.0, &format!("Replica, {}", names[i]), Anchor::Start);
        page.image((x(i), upper), SIDE, &replica(grid, &visit.height_um, light));
        page.bold(x(i), lower - 8.0, &format!("Height, {}", names[i]), Anchor::Start);
    }

    let colours = colour_difference(studio, first, last);
    let most = top(colours.iter().copied(), 0.5);
    page.bold(x(2), upper - 8.0, "Difference of colour", Anchor::Start);
    page.image((x(2), upper), SIDE, &map(grid, &colours, |d| rising(d / most)));
    bar(&mut page, (x(2), upper + SIDE + 8.0), SIDE, rising, &labels(0.0, most, "≥ "), "ΔE₀₀");

    let (low, high) = range(first.height_um.iter().chain(&last.height_um).copied());
    for (i, visit) in [first, last].into_iter().enumerate() {
        page.image((x(i), lower), SIDE, &map(grid, &visit.height_um, |z| rising((z - low) / (high - low))));
    }
    bar(&mut page, (x(0) + 0.5 * SIDE, lower + SIDE + 8.0), SIDE, rising, &labels(low, high, ""), "height, µm");

    let change: Vec<f64> = first.height_um.iter().zip(&last.height_um).map(|(a, b)| b - a).collect();
    let most = top(change.iter().map(|d| d.abs()), 1.0);
    page.bold(x(2), lower - 8.0, "Height after minus before", Anchor::Start);
    page.image((x(2), lower), SIDE, &map(grid, &change, |d| diverging(0.5 + 0.5 * d / most)));
    bar(&mut page, (x(2), lower + SIDE + 8.0), SIDE, diverging, &labels(-most, most, ""), "µm");
    for (column, y) in [(0, upper), (1, upper), (2, upper), (0, lower), (1, lower), (2, lower)] {
        page.frame(x(column), y, SIDE, SIDE, GREY);
    }
    let middle = lower + 0.5 * SIDE;
    for column in 0..2 {
        page.line((x(column), middle), (x(column) + SIDE, middle), "#ffffff", 1.0, Some("5 4"));
    }
    let millimetre = 1000.0 * SIDE / grid.size_um().0;
    page.rect(x(0), upper + SIDE + 10.0, millimetre, 4.0, INK);
    page.text(x(0) + millimetre + 8.0, upper + SIDE + 17.0, "1 mm", Anchor::Start);
    profile(&mut page, grid, [first, last], &names, lower + SIDE + 62.0);

    let caption = format!(
        "The relief of a square of {} mm {} and {}. Replica: grey silicone under the lamps of the photographs, without the colour of skin and without light in it; the relief itself, not its mirror image. Heights: the same scale before and after. \
         Difference of colour: CIEDE2000 of melanin and blood under even light, without relief and gloss. Profile: along the dashed line across the middle. {}",
        format::plain(grid.size_um().0 / 1000.0),
        names[0],
        names[1],
        match run.furrows() {
            Furrows::Ornament =>
                "Where furrows and pores lie is ornament; how deep the families of lines and the scars are comes from the model.",
            Furrows::Measured =>
                "Before treatment it is the measured map; how its lines change, by wavelength and depth, comes from the model.",
        },
    );
    page.finish(run, version, "skin-surface", "The surface before and after", caption).map(Some)
}

/// Heights along the middle row.
fn profile(page: &mut Page, grid: Grid, visits: [&SkinVisit; 2], names: &[String; 2], y: f64) {
    let row = grid.rows / 2;
    let lines = visits.map(|visit| -> Vec<(f64, f64)> {
        let heights = &visit.height_um[row * grid.columns..(row + 1) * grid.columns];
        heights.iter().enumerate().map(|(i, &z)| ((i as f64 + 0.5) * grid.pixel_um / 1000.0, z)).collect()
    });
    let (low, high) = range(lines.iter().flatten().map(|p| p.1));
    let width = grid.size_um().0 / 1000.0;
    let mut panel = Panel::new("Profile", (0.0, width, "distance (mm)"), (low, high, "height (µm)"));
    panel.line(&lines[0], SECOND);
    panel.line(&lines[1], FIRST);
    panel.draw(page, 0.0, y, WIDTH, 230.0);
    page.legend(300.0, y + 14.0, &[(Swatch::Line(SECOND), &names[0]), (Swatch::Line(FIRST), &names[1])]);
}

/// A relief of grey silicone under the lamps.
#[must_use]
pub fn replica(grid: Grid, height_um: &[f64], light: &Lighting) -> Image {
    let relief = Relief::new(grid, height_um);
    let lit = light.lamps.map(|lamp| relief.lit(&lamp));
    let sky = relief.sky();
    let pixels = grid.pixels(|row, column| {
        let k = row * grid.columns + column;
        let [x, y] = relief.slope(row, column);
        let normal = unit([-x, -y, 1.0]);
        let mut bright = light.sky() * f64::from(sky[k]);
        for (lamp, lit) in light.lamps.iter().zip(&lit) {
            let to = lamp.direction();
            bright += lamp.share * f64::from(lit[k]) * dot(normal, to).max(0.0) / to[2];
        }
        [encoded(SILICONE * bright); 3]
    });
    Image { width: grid.columns, pixels }
}

/// CIEDE2000 between two visits at each pixel, from melanin and blood alone.
#[must_use]
pub fn colour_difference(studio: &Studio<'_>, first: &SkinVisit, last: &SkinVisit) -> Vec<f64> {
    let (m0, m1, b0, b1) = (studio.melanin(first), studio.melanin(last), studio.blood(first), studio.blood(last));
    let colour = |m: f32, b: f32| lab_of_linear((studio.patch.colour)(f64::from(m), f64::from(b)));
    let columns = studio.patch.grid.columns;
    studio.patch.grid.pixels(|row, column| {
        let k = row * columns + column;
        ciede2000(colour(m0[k], b0[k]), colour(m1[k], b1[k]))
    })
}

fn map(grid: Grid, values: &[f64], colour: impl Fn(f64) -> [u8; 3]) -> Image {
    Image { width: grid.columns, pixels: values.iter().map(|&v| colour(v)).collect() }
}

/// A round number that nearly all values lie below, and at least this.
fn top(values: impl Iterator<Item = f64>, least: f64) -> f64 {
    let mut sorted: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = ((sorted.len() as f64 * WITHIN) as usize).min(sorted.len().saturating_sub(1));
    let most = sorted.get(at).copied().unwrap_or(0.0).max(least);
    let step = nice(most / 5.0);
    rounded(0.0, (most / step).ceil() * step).1
}

/// Numbers at five even places of a scale.
fn labels(low: f64, high: f64, beyond: &str) -> Vec<String> {
    let at = |k: u32| low + (high - low) * 0.25 * f64::from(k);
    (0..5).map(|k| format!("{}{}", if k == 4 { beyond } else { "" }, format::plain(at(k)))).collect()
}
