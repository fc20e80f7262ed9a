//! A quarter of the block, cut open at both vertical planes.

use std::f64::consts::TAU;

use percuta::appearance::srgb;
use percuta::course::{Outcome, PatchOutcome};
use percuta::healing::patch::PatchView;
use percuta::population::interval;
use percuta::skin::Lab;

use super::super::Figure;
use super::super::biopsy::since;
use super::super::bitmap::Image;
use super::super::page::{Anchor, Page};
use super::super::relief::net;
use super::super::style::{INK, WIDTH};
use super::section::section;
use super::tissue::{Cut, Side, most_clot};
use super::weave::{Weave, Window};
use super::{clot_key, papillary_um, shown_um, stain_key, stain_legend, whole};
use crate::error::ReportError;
use crate::format;
use crate::series;

/// Most of the length of an edge, µm.
/// Spacing of the furrows on top, µm; ornament.
const FURROWS_UM: f64 = 260.0;
const EDGE_UM: f64 = 1250.0;
/// Days a reader looks for after the first session.
const WANTED: [f64; 2] = [0.0, 14.0];
const TOP: f64 = 74.0;
/// Most of the height of a block, px.
const HIGHEST: f64 = 400.0;
/// Colour of the skin if the run has none.
const SKIN: [u8; 3] = [222, 184, 160];
/// The right face lies in the shade.
const SHADE: f64 = 0.90;

/// The block on the page: its left upper corner, and units a µm along each edge.
#[derive(Clone, Copy)]
struct Projection {
    corner: (f64, f64),
    scale: f64,
    edge_um: f64,
    depth_um: f64,
}

impl Projection {
    /// A place `u` µm along x and `v` along y from the left corner, `z` below the surface (isometric projection).
    fn at(&self, u: f64, v: f64, z: f64) -> (f64, f64) {
        let s = self.scale;
        (self.corner.0 + (u + v) * COS * s, self.corner.1 + 0.5 * (u - v) * s + z * s)
    }

    fn width(&self) -> f64 {
        2.0 * self.edge_um * COS * self.scale
    }

    /// From the rearmost corner of the surface to the lowest of the bottom.
    fn height(&self) -> f64 {
        (self.edge_um + self.depth_um) * self.scale
    }
}

/// Cosine of 30 degrees.
const COS: f64 = 0.866_025_403_784_438_6;

/// The block at up to three moments.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(patch) = outcome.patch.as_ref().filter(|p| whole(p, &p.visits)) else { return Ok(None) };
    let moments = moments(patch);
    if moments.is_empty() || moments.iter().any(|v| v.side.rows * v.side.columns != v.front.rows * v.front.columns) {
        return Ok(None);
    }
    let edge_um = EDGE_UM.min(0.5 * patch.grid.side_um());
    let depth_um = shown_um(patch);
    let third = (WIDTH - 20.0) / 3.0;
    let scale = ((third - 26.0) / (2.0 * edge_um * COS)).min(HIGHEST / (edge_um + depth_um));
    let middle = (f64::from((patch.grid.n / 2) as u32) + 0.5) * patch.grid.spacing_um;
    let window = |from_um: f64| Window { from_um, width_um: edge_um, air_um: 0.0, depth_um, scale: 2.0 * scale };
    let (left, right) = (window(middle - edge_um), window(middle));
    let ornament = |w: &Window| Weave::new(w, patch.layers.epidermis_um(), papillary_um(patch));
    let (left_weave, right_weave) = (ornament(&left), ornament(&right));
    let clot = most_clot(patch);
    let form = Projection { corner: (0.0, 0.0), scale, edge_um, depth_um };

    let mut page = Page::of_central_member(TOP + form.height() + 56.0);
    stain_legend(&mut page, 10.0, 18.0);
    for (i, view) in moments.iter().enumerate() {
        let x = (22.0 + i as f64 * third).round();
        let block = Projection { corner: (x, (TOP + 0.5 * edge_um * scale).round()), ..form };
        let sessions = &outcome.course.sessions;
        let faces = (
            section(&Cut::new(patch, view, Side::Front), sessions, &left, &left_weave, clot),
            section(&Cut::new(patch, view, Side::Side), sessions, &right, &right_weave, clot),
        );
        page.bold(x, 46.0, &format!("day {}", format::day(view.day)), Anchor::Start);
        page.small(x, 60.0, &since(view.since_session), Anchor::Start);
        page.image((block.corner.0, TOP), (form.width() * 2.0).ceil() * 0.5, &render(&form, &faces, skin(outcome, view.day)));
        mouths(&mut page, outcome, patch, view, &block, middle);
        edges(&mut page, &block);
        if i == 0 {
            measures(&mut page, &block);
        }
    }
    let caption = format!(
        "A quarter of the computed block, cut open at the planes in the middle of y (left face) and of x (right face), in isometric projection: {} mm × {} mm of surface and the upper {} mm, one scale along all edges. \
         Faces are coloured as the virtual biopsy is. {}.{} The surface has the median skin colour of that visit; its mouths are the channels of the last session, to scale while they are open. \
         Fibres, nuclei, the waves of the junction and the relief of the surface are ornament; the right face is drawn darker.",
        format::plain(edge_um / 1000.0),
        format::plain(edge_um / 1000.0),
        format::fixed(depth_um / 1000.0, 2),
        stain_key(),
        clot_key(clot),
    );
    page.finish(outcome, version, "patch-block", "The block of skin cut open", caption).map(Some)
}

/// Just after a session, two weeks later, and the end.
fn moments(patch: &PatchOutcome) -> Vec<&PatchView> {
    let days: Vec<f64> = patch.visits.iter().map(|v| v.day).collect();
    let nearest = |day: f64| (0..days.len()).min_by(|&a, &b| (days[a] - day).abs().total_cmp(&(days[b] - day).abs()));
    let mut picked: Vec<usize> = WANTED.iter().filter_map(|&d| nearest(d)).chain(days.len().checked_sub(1)).collect();
    picked.sort_unstable();
    picked.dedup();
    picked.into_iter().map(|i| &patch.visits[i]).collect()
}

/// Median colour of the skin on a day.
fn skin(outcome: &Outcome, day: f64) -> [f64; 3] {
    let at = |key: &str| {
        let s = series::find(outcome, key)?;
        Some(interval(&series::values(s, series::visit_index(outcome, day)?)).median)
    };
    let lab = || Some(Lab { l: at("lightness")?, a: at("redness")?, b: at("yellowness")? });
    lab().filter(|c| c.l.is_finite() && c.a.is_finite() && c.b.is_finite()).map_or(SKIN, srgb).map(f64::from)
}

/// The three faces, two pixels a unit, on white.
fn render(form: &Projection, (left, right): &(Image, Image), skin: [f64; 3]) -> Image {
    let (wide, high) = ((form.width() * 2.0).ceil() as usize, (form.height() * 2.0).ceil() as usize);
    let (edge, depth) = (form.edge_um, form.depth_um);
    let colour = |x: f64, y: f64| -> [f64; 3] {
        // Along both horizontal edges together, and below the left corner, µm.
        let (along, down) = (x / (COS * form.scale), y / form.scale - 0.5 * edge);
        let (u, v) = (0.5 * along + down, 0.5 * along - down);
        if (0.0..=edge).contains(&u) && (0.0..=edge).contains(&v) {
            let light = 1.04 - 0.13 * net((u + 1000.0) / FURROWS_UM, (v + 1000.0) / FURROWS_UM);
            return skin.map(|c| (c * light).min(255.0));
        }
        let (place, z, face, light) = if along < edge {
            (along, down - 0.5 * along, left, 1.0)
        } else {
            (along - edge, down - 0.5 * (2.0 * edge - along), right, SHADE)
        };
        if !(0.0..=edge).contains(&place) || !(0.0..depth).contains(&z) {
            return [255.0; 3];
        }
        face.at(2.0 * form.scale * place, 2.0 * form.scale * z).map(|c| c * light)
    };
    let mut image = Image::filled(wide, high, [255; 3]);
    for (i, pixel) in image.pixels.iter_mut().enumerate() {
        let (x, y) = ((i % wide) as f64, (i / wide) as f64);
        let mut sum = [0.0; 3];
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let c = colour(0.5 * (x + dx), 0.5 * (y + dy));
            sum = [0, 1, 2].map(|k| sum[k] + 0.25 * c[k]);
        }
        *pixel = sum.map(|c| c.round().clamp(0.0, 255.0) as u8);
    }
    image
}

/// Open mouths of the channels of the last session.
fn mouths(page: &mut Page, outcome: &Outcome, patch: &PatchOutcome, view: &PatchView, block: &Projection, middle: f64) {
    let done = outcome.course.sessions.iter().filter(|&&s| s <= view.day + 1e-9).count();
    let open = f64::from(view.epidermal_wound);
    let Some(table) = done.checked_sub(1).and_then(|i| patch.punctures.get(i)).filter(|_| open > 0.01) else { return };
    let (from, edge) = ((middle - block.edge_um, middle), block.edge_um);
    let mut rims = Vec::new();
    let mut holes = Vec::new();
    for i in 0..table.len() {
        let (u, v) = (table.x_um[i] - from.0, table.y_um[i] - from.1);
        let slit = table.drag_x_um[i].hypot(table.drag_y_um[i]);
        let shape = patch.track.outline(0.0, table.depth_um[i], slit).scaled(patch.track.hole_recoil * open.sqrt());
        let way = if slit > 1e-9 { (table.drag_x_um[i] / slit, table.drag_y_um[i] / slit) } else { (1.0, 0.0) };
        let outline = |radius: f64| -> Vec<(f64, f64)> {
            (0..28)
                .map(|k| {
                    let angle = TAU * f64::from(k) / 28.0;
                    let along = radius * angle.cos() + 0.5 * shape.length_um * angle.cos().signum();
                    let across = radius * angle.sin();
                    let (x, y) = (u + along * way.0 - across * way.1, v + along * way.1 + across * way.0);
                    block.at(x.clamp(0.0, edge), y.clamp(0.0, edge), 0.0)
                })
                .collect()
        };
        let reach = shape.radius_um + 0.5 * shape.length_um;
        if (-reach..edge + reach).contains(&u) && (-reach..edge + reach).contains(&v) {
            rims.push(outline(shape.radius_um + 9.0));
            holes.push(outline(shape.radius_um));
        }
    }
    page.polygons(&rims, "#c2413b", 0.75);
    page.polygons(&holes, "#6e1118", 1.0);
}

fn edges(page: &mut Page, b: &Projection) {
    let (e, d) = (b.edge_um, b.depth_um);
    let lines = [
        vec![b.at(0.0, 0.0, 0.0), b.at(e, 0.0, 0.0), b.at(e, e, 0.0), b.at(0.0, e, 0.0), b.at(0.0, 0.0, 0.0)],
        vec![b.at(0.0, 0.0, 0.0), b.at(0.0, 0.0, d), b.at(e, 0.0, d), b.at(e, e, d), b.at(e, e, 0.0)],
        vec![b.at(e, 0.0, 0.0), b.at(e, 0.0, d)],
    ];
    page.strokes(&lines, "#333333", 0.8, 1.0);
}

/// Names and lengths of the edges.
fn measures(page: &mut Page, b: &Projection) {
    let (e, d) = (b.edge_um, b.depth_um);
    for (name, (x, y), side) in [("x", b.at(0.45 * e, 0.0, d), -1.0), ("y", b.at(e, 0.55 * e, d), 1.0)] {
        page.styled(x + 12.0 * side, y + 16.0, name, Anchor::Middle, 12, false, INK);
    }
    let mm = |um: f64| format::fixed(um / 1000.0, 2);
    let text = format!("500 µm along each edge; the block shown is {} × {} × {} mm", mm(e), mm(e), mm(d));
    let y = TOP + b.height() + 24.0;
    page.rect(10.0, y, 500.0 * b.scale, 4.0, INK);
    page.text(18.0 + 500.0 * b.scale, y + 7.0, &text, Anchor::Start);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_face_lies_where_the_projection_puts_it() {
        let form = Projection { corner: (0.0, 0.0), scale: 0.1, edge_um: 1000.0, depth_um: 800.0 };
        let plain = |colour| Image::filled(200, 160, colour);
        let image = render(&form, &(plain([10, 20, 30]), plain([100, 110, 120])), [200.0, 150.0, 120.0]);
        let at = |u: f64, v: f64, z: f64| {
            let (x, y) = form.at(u, v, z);
            image.pixels[((y + 50.0) * 2.0) as usize * image.width + (x * 2.0) as usize]
        };
        assert_eq!(at(500.0, 0.0, 400.0), [10, 20, 30], "left face");
        assert_eq!(at(1000.0, 500.0, 400.0), [90, 99, 108], "right face, in the shade");
        let top = at(500.0, 500.0, 0.0);
        assert!(top[0] > top[1] && top[1] > top[2], "skin: {top:?}");
        assert_eq!(image.pixels[0], [255; 3]);
    }
}
