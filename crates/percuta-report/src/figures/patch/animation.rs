//! The first four weeks of healing, moving.

use percuta::course::{Outcome, PatchOutcome};
use percuta::healing::patch::PatchView;

use super::super::Figure;
use super::super::biopsy::since;
use super::super::bitmap::Image;
use super::super::page::{Anchor, Page, Swatch};
use super::super::style::{GREY, INK, LIGHT, TEXT, WIDTH};
use super::apng::apng;
use super::biopsy::hurt_most;
use super::section::{colours, section};
use super::tissue::{CELLS, Cut, NEW, Side, most_clot, sum};
use super::weave::{Weave, Window};
use super::{AIR_UM, clot_key, hex, papillary_um, shown_um, stain_key, stain_legend, tenth, whole};
use crate::error::ReportError;
use crate::format;

/// Width of the moving picture, px.
const WIDE: f64 = 720.0;
/// Width of the section, µm, and most of its depth.
const WIDTH_UM: f64 = 1800.0;
const DEPTH_UM: f64 = 950.0;
/// Upper left corner of the section, px.
const CORNER: (f64, f64) = (10.0, 44.0);
/// Most of the height of the section, px.
const HIGHEST: f64 = 460.0;
/// How long a frame, the first and the last stand, ms.
const SHOWN_MS: (u16, u16, u16) = (260, 1000, 2200);
/// Days of which a still is drawn where nothing can move.
const STILLS: [f64; 4] = [0.0, 3.0, 10.0, 28.0];

/// A quantity of the section over time.
struct Trace {
    name: &'static str,
    colour: String,
    values: Vec<f64>,
}

/// Frames through four weeks as APNG, and stills of them as SVG.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(patch) = outcome.patch.as_ref().filter(|p| whole(p, &p.frames)) else { return Ok(None) };
    if patch.frames.len() < 2 {
        return Ok(None);
    }
    let width_um = WIDTH_UM.min(patch.grid.side_um());
    let depth_um = shown_um(patch).min(DEPTH_UM);
    let scale = ((WIDE - 2.0 * CORNER.0) / width_um).min(HIGHEST / depth_um);
    let window = Window { from_um: hurt_most(patch, width_um), width_um, air_um: AIR_UM, depth_um, scale };
    let weave = Weave::new(&window, patch.layers.epidermis_um(), papillary_um(patch));
    let clot = most_clot(patch);
    let traces = traces(patch, &window);
    let fault = |e: String| ReportError::make("figures/healing-animation.png", e);
    let mut frames = Vec::new();
    for (i, view) in patch.frames.iter().enumerate() {
        let page = surround(outcome, version, patch, (view, i), &window, &traces);
        let mut frame = Image::decoded(&page.raster(1.0).map_err(fault)?).map_err(|e| fault(e.to_string()))?;
        let tissue = section(&Cut::new(patch, view, Side::Front), &outcome.course.sessions, &window, &weave, clot);
        frame.paste(&tissue, (CORNER.0 as usize, CORNER.1 as usize));
        frames.push(frame);
    }
    let (each, first, last) = SHOWN_MS;
    let mut shown = vec![each; frames.len()];
    shown[0] = first;
    shown[frames.len() - 1] = last;
    let moving = apng(&frames, &shown).map_err(|e| fault(e.to_string()))?;
    let days = (patch.frames[0].day, patch.frames[patch.frames.len() - 1].day);
    let caption = format!(
        "Healing from day {} to day {} in {} frames: the same block, plane and colours as in the virtual biopsy, {} mm of it. {}.{} \
         The curves below the section show clot, fibroblasts beyond the resting ones, and new collagen beyond that of untreated skin, averaged over the dermis of the section, each relative to its own maximum in these weeks; triangles are sessions. \
         Fibres, nuclei and the waves of the junction are ornament. On paper, and where motion is not wanted, moments of it stand for the whole; figures/healing-animation.png moves.",
        format::day(days.0.floor()),
        format::day(days.1.round()),
        frames.len(),
        format::plain(width_um / 1000.0),
        stain_key(),
        clot_key(clot),
    );
    let still = stills(outcome, patch, &window, clot).finish(outcome, version, "healing-animation", "Four weeks of healing", caption)?;
    Ok(Some(Figure { png: moving, animated: true, ..still }))
}

/// Everything of a frame but the section.
fn surround(
    outcome: &Outcome,
    version: &str,
    patch: &PatchOutcome,
    (view, i): (&PatchView, usize),
    window: &Window,
    traces: &[Trace],
) -> Page {
    let bottom = CORNER.1 + window.rows() as f64;
    let mut page = Page::sized(WIDE, bottom + 168.0);
    page.styled(CORNER.0, 29.0, &format!("Day {}", format::day(tenth(view.day))), Anchor::Start, 22, true, INK);
    page.styled(112.0, 28.0, &since(view.since_session.map(tenth)), Anchor::Start, 13, false, GREY);
    let bar = 200.0 * window.scale;
    page.rect(WIDE - 10.0 - bar, 24.0, bar, 4.0, INK);
    page.styled(WIDE - 18.0 - bar, 31.0, "200 µm", Anchor::End, 13, false, INK);
    page.frame(CORNER.0 - 1.0, CORNER.1 - 1.0, window.columns() as f64 + 2.0, window.rows() as f64 + 2.0, GREY);
    let legend = [
        (Swatch::Fill(hex(colours::EPIDERMIS[1])), "epidermis"),
        (Swatch::Fill(hex(colours::MATURE[1])), "mature collagen"),
        (Swatch::Fill(hex(colours::NEW[0])), "new collagen"),
        (Swatch::Fill(hex(colours::CLOT)), "clot"),
        (Swatch::Fill(hex(colours::AIR)), "open channel"),
    ];
    page.legend(2.0, bottom + 24.0, &legend);
    timeline(&mut page, outcome, patch, i, bottom + 44.0, traces);
    let stamp = format!("central member · course {} · seed {} · Percuta {version}", outcome.course.name, outcome.seed);
    page.styled(CORNER.0, bottom + 161.0, &stamp, Anchor::Start, 10, false, GREY);
    page
}

/// The curves with the moment of a frame marked.
fn timeline(page: &mut Page, outcome: &Outcome, patch: &PatchOutcome, i: usize, top: f64, traces: &[Trace]) {
    let (left, right, height) = (CORNER.0 + 2.0, 590.0, 72.0);
    let last = patch.frames.last().map_or(1.0, |f| f.day).max(1e-9);
    let x = |day: f64| left + (right - left) * day / last;
    let y = |share: f64| top + height * (1.0 - 0.94 * share);
    let mut day = 0.0;
    while day <= last + 0.5 {
        let at = x(day.min(last));
        page.line((at, top), (at, top + height), LIGHT, 1.0, None);
        page.styled(at, top + height + 16.0, &format::day(day), Anchor::Middle, TEXT, false, INK);
        day += 7.0;
    }
    page.line((left, top + height), (right, top + height), GREY, 1.0, None);
    page.styled(right + 14.0, top + height + 16.0, "day", Anchor::Start, TEXT, false, INK);
    for &session in outcome.course.sessions.iter().filter(|s| **s <= last) {
        let at = x(session);
        page.polygon(&[(at - 5.0, top - 4.0), (at + 5.0, top - 4.0), (at, top + 5.0)], GREY, 1.0);
    }
    for (k, trace) in traces.iter().enumerate() {
        let most = trace.values.iter().copied().fold(0.0, f64::max);
        let points: Vec<(f64, f64)> =
            patch.frames.iter().zip(&trace.values).map(|(f, v)| (x(f.day), y(if most > 0.0 { v / most } else { 0.0 }))).collect();
        page.curve(&points, &trace.colour, 1.2, Some("2 3"));
        page.curve(&points[..=i], &trace.colour, 2.6, None);
        if let Some(&(cx, cy)) = points.get(i) {
            page.disc(cx, cy, 4.0, &trace.colour);
        }
        let label = top + 16.0 + 22.0 * k as f64;
        page.line((right + 14.0, label - 4.0), (right + 32.0, label - 4.0), &trace.colour, 2.6, None);
        page.styled(right + 37.0, label, trace.name, Anchor::Start, TEXT, false, INK);
    }
}

/// Means over the dermis of the window in each frame.
fn traces(patch: &PatchOutcome, window: &Window) -> Vec<Trace> {
    let mean = |view: &PatchView, keys: &[&str]| -> f64 {
        let (values, n) = (sum(&view.front, keys), view.front.columns);
        let (mut total, mut weight) = (0.0, 0.0);
        for layer in patch.first_dermal_layer..patch.grid.layers() {
            let (top, height) = (patch.grid.depth_edges_um[layer], patch.grid.thickness_um(layer));
            if top < window.depth_um {
                total += height * values[layer * n..(layer + 1) * n].iter().copied().map(f64::from).sum::<f64>();
                weight += height * n as f64;
            }
        }
        total / f64::max(weight, 1e-9)
    };
    // The deepest layer was never reached: what is there is there at rest.
    let rest = |keys: &[&str]| {
        let Some(view) = patch.frames.first() else { return 0.0 };
        let values = sum(&view.front, keys);
        values.last().copied().map_or(0.0, f64::from)
    };
    let over = |keys: &[&str]| -> Vec<f64> {
        let rest = rest(keys);
        patch.frames.iter().map(|f| (mean(f, keys) - rest).max(0.0)).collect()
    };
    vec![
        Trace { name: "clot", colour: hex(colours::CLOT), values: over(&["clot"]) },
        Trace { name: "fibroblasts", colour: "#4b1f4a".into(), values: over(&CELLS) },
        Trace { name: "new collagen", colour: "#1f9e89".into(), values: over(&NEW) },
    ]
}

/// Some of the frames side by side.
fn stills(outcome: &Outcome, patch: &PatchOutcome, window: &Window, clot: f32) -> Page {
    let width = (0.5 * (WIDTH - 30.0)).min(HIGHEST / (window.air_um + window.depth_um) * window.width_um);
    let small = Window { scale: 1.25 * width / window.width_um, ..*window };
    let weave = Weave::new(&small, patch.layers.epidermis_um(), papillary_um(patch));
    let height = small.rows() as f64 * width / small.columns() as f64;
    let nearest =
        |day: f64| (0..patch.frames.len()).min_by(|&a, &b| (patch.frames[a].day - day).abs().total_cmp(&(patch.frames[b].day - day).abs()));
    let mut picked: Vec<usize> = STILLS.iter().filter_map(|&d| nearest(d)).collect();
    picked.dedup();
    let mut page = Page::of_central_member(66.0 + (height + 36.0) * picked.len().div_ceil(2) as f64 + 18.0);
    stain_legend(&mut page, 10.0, 18.0);
    for (k, &i) in picked.iter().enumerate() {
        let view = &patch.frames[i];
        let (x, top) = (10.0 + (k % 2) as f64 * 0.5 * (WIDTH - 10.0), 66.0 + (k / 2) as f64 * (height + 36.0));
        page.bold(x, top - 20.0, &format!("day {}", format::day(tenth(view.day))), Anchor::Start);
        page.small(x, top - 6.0, &since(view.since_session.map(tenth)), Anchor::Start);
        page.image((x, top), width, &section(&Cut::new(patch, view, Side::Front), &outcome.course.sessions, &small, &weave, clot));
        page.frame(x, top, width, height, GREY);
    }
    let (y, bar) = (66.0 + (height + 36.0) * picked.len().div_ceil(2) as f64 - 36.0, 200.0 * width / window.width_um);
    page.rect(10.0, y + 9.0, bar, 4.0, INK);
    page.text(18.0 + bar, y + 16.0, "200 µm, both directions", Anchor::Start);
    page
}

#[cfg(test)]
mod tests {
    use crate::fixture;

    #[test]
    fn it_has_a_frame_for_each_moment_and_is_small() {
        let patch = fixture::with_patch().patch.as_ref().unwrap();
        let figure = fixture::drawn_with_patch().iter().find(|f| f.id == "healing-animation").unwrap();
        assert!(figure.animated && figure.png.len() < 2_000_000, "{} bytes", figure.png.len());
        let reader = png::Decoder::new(std::io::Cursor::new(&figure.png)).read_info().unwrap();
        assert_eq!(reader.info().animation_control().unwrap().num_frames as usize, patch.frames.len());
        assert!((640..=800).contains(&reader.info().width));
        assert!(figure.svg.contains("day 28"));
    }
}
