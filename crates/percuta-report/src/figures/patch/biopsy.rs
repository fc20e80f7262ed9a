//! Virtual biopsy: a vertical section through the computed block at each visit.

use percuta::course::{Outcome, PatchOutcome};
use percuta::healing::patch::PatchView;

use super::super::Figure;
use super::super::biopsy::{chosen, since};
use super::super::page::{Anchor, Page};
use super::super::style::{GREY, INK, SMALL, WIDTH};
use super::section::section;
use super::tissue::{COLLAGEN, Cut, Side, most_clot, sum};
use super::weave::{Weave, Window};
use super::{AIR_UM, clot_key, papillary_um, shown_um, stain_key, stain_legend, whole};
use crate::error::ReportError;
use crate::format;

/// Width of a section, µm.
const WIDTH_UM: f64 = 1500.0;
const TOP: f64 = 66.0;
const GAP: f64 = 10.0;
/// Most of the height of a section, px.
const HIGHEST: f64 = 380.0;
/// Height of labels above each row, px.
const LABELS: f64 = 36.0;

/// A section for each visit, at the most six, all through the same place.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(patch) = outcome.patch.as_ref().filter(|p| whole(p, &p.visits)) else { return Ok(None) };
    let days: Vec<f64> = patch.visits.iter().map(|v| v.day).collect();
    let mut visits: Vec<&PatchView> = chosen(&days).into_iter().map(|i| &patch.visits[i]).collect();
    if outcome.course.sessions.is_empty() && visits.len() > 2 {
        visits.drain(1..visits.len() - 1);
    }
    if visits.is_empty() {
        return Ok(None);
    }
    let columns = if visits.len() <= 4 { visits.len().min(2) } else { 3 };
    let rows = visits.len().div_ceil(columns);
    // Whole units, so that a pixel of the picture is half a unit.
    let width = ((WIDTH - 20.0 - GAP * (columns - 1) as f64) / columns as f64).min(415.0).floor();
    let width_um = WIDTH_UM.min(patch.grid.side_um());
    let shown = shown_um(patch);
    let px_per_um = (width / width_um).min(HIGHEST / shown);
    let window = Window { from_um: hurt_most(patch, width_um), width_um, air_um: AIR_UM, depth_um: shown, scale: 2.0 * px_per_um };
    let (width, height) = (0.5 * window.columns() as f64, 0.5 * window.rows() as f64);
    let weave = Weave::new(&window, patch.layers.epidermis_um(), papillary_um(patch));
    let clot = most_clot(patch);

    let mut page = Page::of_central_member(TOP + (height + LABELS) * rows as f64 + 18.0);
    stain_legend(&mut page, 10.0, 18.0);
    for (i, visit) in visits.iter().enumerate() {
        let (x, top) = (10.0 + (i % columns) as f64 * (width + GAP), TOP + ((i / columns) as f64 * (height + LABELS)).round());
        let cut = Cut::new(patch, visit, Side::Front);
        page.bold(x, top - 20.0, &format!("day {}", format::day(visit.day)), Anchor::Start);
        page.small(x, top - 6.0, &since(visit.since_session), Anchor::Start);
        let gain = format!("collagen in this section {}", change(100.0 * (mean_collagen(patch, visit, &window) - 1.0)));
        page.styled(x + width, top - 6.0, &gain, Anchor::End, SMALL, false, INK);
        page.image((x, top), width, &section(&cut, &outcome.course.sessions, &window, &weave, clot));
        page.frame(x, top, width, height, GREY);
    }
    let y = TOP + (height + LABELS) * rows as f64 - LABELS;
    page.rect(10.0, y + 9.0, 200.0 * px_per_um, 4.0, INK);
    page.text(10.0 + 200.0 * px_per_um + 8.0, y + 16.0, "200 µm, both directions", Anchor::Start);
    let treated = if clot > 0.0 {
        " Within the outline of a channel clot is drawn stronger than beside it. A channel is drawn open to the share of its depth that the epidermal wound is open."
    } else {
        ""
    };
    let caption = format!(
        "Vertical section through the block of skin computed in three dimensions (central parameters), in the colours of Masson's trichrome, at the same place at every visit: the plane y = {} mm, x from {} to {} mm{}; the upper {} µm. \
         Computed, voxel by voxel ({} µm wide) and interpolated between: amount and share of new collagen, clot, number of fibroblasts of every kind, thickness of the epidermis; and the outlines of the channels, from the table of punctures and the shape of the needle. \
         Numbers are means over the dermis shown, against untreated dermis. {}.{}{treated} \
         Ornament, fixed in place: the course of single fibres, where nuclei lie, the waves of the junction, the cells of the epidermis and the red rim of open channels. Not a micrograph.",
        format::fixed((f64::from((patch.grid.n / 2) as u32) + 0.5) * patch.grid.spacing_um / 1000.0, 2),
        format::fixed(window.from_um / 1000.0, 2),
        format::fixed((window.from_um + width_um) / 1000.0, 2),
        if clot > 0.0 { ", where it meets most clot" } else { "" },
        format::fixed(shown, 0),
        format::plain(patch.grid.spacing_um),
        stain_key(),
        clot_key(clot),
    );
    page.finish(outcome, version, "virtual-biopsy", "Virtual biopsy", caption).map(Some)
}

/// A change in per cent with its sign.
fn change(percent: f64) -> String {
    let text = format::fixed(percent, 1);
    if percent > 0.0 && text != "0.0" { format!("+{text} %") } else { format!("{text} %") }
}

/// Collagen of the part of the plane that is drawn, relative to untreated dermis.
fn mean_collagen(patch: &PatchOutcome, view: &PatchView, window: &Window) -> f64 {
    let collagen = sum(&view.front, &COLLAGEN);
    let n = view.front.columns;
    let (mut total, mut weight) = (0.0, 0.0);
    for layer in patch.first_dermal_layer..patch.grid.layers() {
        let edges = &patch.grid.depth_edges_um;
        let height = (edges[layer + 1].min(window.depth_um) - edges[layer]).max(0.0);
        for x in 0..n {
            let at = (f64::from(x as u32) + 0.5) * patch.grid.spacing_um;
            if (window.from_um..window.from_um + window.width_um).contains(&at) {
                total += height * f64::from(collagen[layer * n + x]);
                weight += height;
            }
        }
    }
    if weight > 0.0 { total / weight } else { 1.0 }
}

/// Where a window of that width begins that holds most clot over all visits; the middle if there is none.
pub fn hurt_most(patch: &PatchOutcome, width_um: f64) -> f64 {
    let (n, spacing) = (patch.grid.n, patch.grid.spacing_um);
    let mut columns = vec![0.0f64; n];
    for view in &patch.visits {
        for (i, clot) in sum(&view.front, &["clot"]).into_iter().enumerate().skip(patch.first_dermal_layer * n) {
            columns[i % n] += f64::from(clot) * patch.grid.thickness_um(i / n);
        }
    }
    let wide = ((width_um / spacing).floor() as usize).clamp(1, n);
    let sums: Vec<f64> = columns.windows(wide).map(|w| w.iter().sum()).collect();
    let middle = (n - wide) / 2;
    let best = (0..sums.len()).max_by(|&a, &b| sums[a].total_cmp(&sums[b]).then(b.abs_diff(middle).cmp(&a.abs_diff(middle))));
    best.unwrap_or(middle) as f64 * spacing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_window_lies_where_the_needles_went() {
        let patch = fixture::with_patch().patch.as_ref().unwrap();
        let from = hurt_most(patch, WIDTH_UM);
        assert!((0.0..=patch.grid.side_um() - WIDTH_UM).contains(&from));
        let mut still = patch.clone();
        still.visits.clear();
        assert_eq!(hurt_most(&still, WIDTH_UM), 0.5 * (patch.grid.side_um() - WIDTH_UM));
    }

    #[test]
    fn collagen_of_the_section_grows() {
        let patch = fixture::with_patch().patch.as_ref().unwrap();
        let window = Window { from_um: 500.0, width_um: 1500.0, air_um: 0.0, depth_um: 900.0, scale: 0.1 };
        let (first, last) = (mean_collagen(patch, &patch.visits[0], &window), mean_collagen(patch, &patch.visits[5], &window));
        assert!((first - 1.0).abs() < 0.02 && last > 1.03, "{first} {last}");
        assert_eq!(change(4.06), "+4.1 %");
        assert_eq!(change(-0.01), "0.0 %");
    }
}
