//! Horizontal sections: where collagen was gained and lost, by depth and visit.

use percuta::course::{Outcome, PatchOutcome};
use percuta::healing::patch::{PatchView, Plane};

use super::super::Figure;
use super::super::biopsy::{chosen, since};
use super::super::bitmap::Image;
use super::super::page::{Anchor, Page};
use super::super::panel::nice;
use super::super::scale::{bar, diverging};
use super::super::style::{GREY, INK, WIDTH};
use super::tissue::{COLLAGEN, sum};
use crate::error::ReportError;
use crate::format;

const LEFT: f64 = 92.0;
const TOP: f64 = 40.0;
const GAP: f64 = 8.0;
/// Share of the voxels within the scale; the rest takes its end colours.
const WITHIN: f64 = 0.995;
/// Height of the line with the mean below each map, px.
const MEAN: f64 = 20.0;

/// Collagen relative to untreated dermis, a row for each depth and a column for each visit.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(patch) = &outcome.patch else { return Ok(None) };
    let days: Vec<f64> = patch.visits.iter().map(|v| v.day).collect();
    let visits: Vec<&PatchView> = chosen(&days).into_iter().map(|i| &patch.visits[i]).collect();
    let depths = visits.first().map_or(0, |v| v.en_face.len());
    let complete = |v: &&PatchView| v.en_face.len() == depths && v.en_face.iter().all(|(_, p)| p.columns > 0 && !p.values.is_empty());
    if depths == 0 || !visits.iter().all(complete) {
        return Ok(None);
    }
    let maps: Vec<Vec<Vec<f32>>> = visits.iter().map(|v| v.en_face.iter().map(|(_, p)| sum(p, &COLLAGEN)).collect()).collect();
    let most = extent(maps.iter().flatten().flatten().copied());

    let columns = visits.len();
    let side = ((WIDTH - LEFT - 10.0 - GAP * (columns - 1) as f64) / columns as f64).min(210.0).floor();
    let row_height = side + MEAN;
    let bottom = TOP + row_height * depths as f64;
    let mut page = Page::of_central_member(bottom + 82.0);
    for (j, visit) in visits.iter().enumerate() {
        let x = LEFT + (side + GAP) * j as f64;
        page.bold(x, 17.0, &format!("day {}", format::day(visit.day)), Anchor::Start);
        page.styled(x, 31.0, &since(visit.since_session).replace("a session", "session"), Anchor::Start, 9, false, GREY);
        for (i, (layer, plane)) in visit.en_face.iter().enumerate() {
            let y = TOP + row_height * i as f64;
            let map = &maps[j][i];
            page.image((x, y), side, &draw(plane, map, most, (2.0 * side) as usize));
            page.frame(x, y, side, side, GREY);
            let mean = map.iter().copied().map(f64::from).sum::<f64>() / map.len().max(1) as f64;
            page.small(x + side, y + side + 12.0, &format!("mean {}", format::fixed(mean, 3)), Anchor::End);
            if j == 0 {
                page.styled(
                    LEFT - 10.0,
                    y + 0.5 * side - 2.0,
                    &format!("{} µm", format::fixed(patch.grid.depth_um(*layer), 0)),
                    Anchor::End,
                    13,
                    true,
                    INK,
                );
                page.small(LEFT - 10.0, y + 0.5 * side + 13.0, &place(patch, *layer), Anchor::End);
            }
        }
    }
    values(&mut page, (LEFT, bottom + 14.0), most);
    let (millimetre, x) = (1000.0 * side / patch.grid.side_um(), LEFT + (side + GAP) * columns as f64 - GAP);
    page.rect(x - millimetre, bottom + 18.0, millimetre, 4.0, INK);
    page.text(x, bottom + 38.0, "1 mm", Anchor::End);
    let caption = format!(
        "Horizontal sections through the computed block ({} mm × {} mm, seen from above, central parameters) at {} depths below the surface. Colour: collagen I and III, new and mature, relative to untreated dermis; the scale is the same for all maps and even around 1, and {} % of the voxels lie within it. \
         Voxels of {} µm, interpolated between their middles; numbers are means of whole sections. The block is periodic: what leaves on one side enters on the other.",
        format::plain(patch.grid.side_um() / 1000.0),
        format::plain(patch.grid.side_um() / 1000.0),
        depths,
        format::plain(100.0 * WITHIN),
        format::plain(patch.grid.spacing_um),
    );
    page.finish(outcome, version, "patch-en-face", "Collagen seen from above", caption).map(Some)
}

/// Which part of the dermis a layer belongs to.
fn place(patch: &PatchOutcome, layer: usize) -> String {
    let papillary = patch.grid.depth_um(layer) < super::papillary_um(patch);
    if papillary { "papillary" } else { "reticular" }.to_owned()
}

/// Half the width of the scale: a round number that holds nearly all differences from 1.
fn extent(values: impl Iterator<Item = f32>) -> f64 {
    let mut off: Vec<f32> = values.map(|v| (v - 1.0).abs()).filter(|v| v.is_finite()).collect();
    off.sort_unstable_by(f32::total_cmp);
    let at = ((off.len() as f64 * WITHIN) as usize).min(off.len().saturating_sub(1));
    let most = off.get(at).copied().map_or(0.0, f64::from);
    // The rounding of a computer is no difference.
    if most < 1e-4 { 0.05 } else { nice(most / 5.0) * (most / nice(most / 5.0)).ceil() }
}

/// The map in so many pixels a side, y upwards.
fn draw(plane: &Plane, values: &[f32], most: f64, pixels: usize) -> Image {
    let (columns, rows) = (plane.columns, plane.rows);
    let mut image = Image::filled(pixels, pixels, [255; 3]);
    let voxel = |at: f64, n: usize| {
        let place = at * n as f64 - 0.5;
        let low = place.floor();
        let first = (low as i64).rem_euclid(n as i64) as usize;
        (first, (first + 1) % n, place - low)
    };
    for (i, pixel) in image.pixels.iter_mut().enumerate() {
        let share = |k: usize| (k as f64 + 0.5) / pixels as f64;
        let ((x0, x1, u), (y0, y1, v)) = (voxel(share(i % pixels), columns), voxel(1.0 - share(i / pixels), rows));
        let at = |y: usize, x: usize| f64::from(values[y * columns + x]);
        let (low, high) = (at(y0, x0) * (1.0 - u) + at(y0, x1) * u, at(y1, x0) * (1.0 - u) + at(y1, x1) * u);
        let value = low * (1.0 - v) + high * v;
        *pixel = diverging(0.5 + 0.5 * (value - 1.0) / most);
    }
    image
}

/// The colours with their values.
fn values(page: &mut Page, corner: (f64, f64), most: f64) {
    let label = |k: u32| format!("{}{}", ["≤ ", "", "", "", "≥ "][k as usize], format::plain(1.0 + most * (0.5 * f64::from(k) - 1.0)));
    let labels: Vec<String> = (0..5).map(label).collect();
    bar(page, corner, 300.0, diverging, &labels, "collagen, relative to untreated dermis");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn y_points_upwards() {
        let plane = Plane { columns: 2, rows: 2, values: Vec::new() };
        let image = draw(&plane, &[1.1, 1.1, 0.9, 0.9], 0.1, 8);
        let (top, bottom) = (image.pixels[2 * 8 + 1], image.pixels[6 * 8 + 1]);
        assert!(top[0] > top[2] && bottom[1] > bottom[0], "y points upwards: {top:?} {bottom:?}");
    }

    #[test]
    fn the_scale_is_round_and_never_empty() {
        assert!((extent([0.93f32, 1.05, 1.18].into_iter()) - 0.2).abs() < 1e-9);
        assert!((extent([1.0f32; 9].into_iter()) - 0.05).abs() < 1e-12);
        assert!((extent(std::iter::empty()) - 0.05).abs() < 1e-12);
    }
}
