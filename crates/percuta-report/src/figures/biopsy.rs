//! Virtual biopsy: a drawn vertical section at each visit, coloured as Masson's trichrome is.

use std::f64::consts::{PI, TAU};

use percuta::course::{Outcome, SpecimenVisit};
use percuta::healing::LayerState;

use super::Figure;
use super::noise::noise;
use super::page::{Anchor, Page, Swatch};
use super::style::{GREY, INK, WIDTH};
use crate::error::ReportError;
use crate::format;

/// Colours of the stain: keratin and epidermis red to purple, collagen blue-green, blood red.
const KERATIN: &str = "#b5344f";
const EPIDERMIS: &str = "#a25a8f";
const NUCLEUS: &str = "#4b1f4a";
const CLOT: &str = "#b4161b";
const MATURE: [&str; 3] = ["#2a6f9e", "#1b5e87", "#3f86b0"];
const NEW: &str = "#6fc3b4";
const LUMEN: &str = "#ffffff";

/// Most sections.
const MOST: usize = 6;
/// Days a reader looks for: visits near them are shown before others.
const WANTED: [f64; 5] = [0.0, 7.0, 28.0, 90.0, 180.0];
/// Width of a section, µm.
const WIDTH_UM: f64 = 750.0;
/// Least and most of the depth that is drawn, µm.
const LEAST_DEPTH_UM: f64 = 600.0;
const MOST_DEPTH_UM: f64 = 1200.0;
/// Air above the surface, µm.
const AIR_UM: f64 = 30.0;
const TOP: f64 = 66.0;
const GAP: f64 = 10.0;
/// Height of labels above each row, px.
const LABELS: f64 = 36.0;
/// Lysed rim around an open channel, µm: an ornament of the picture.
const RIM_UM: f64 = 5.0;
/// Coarse and fine fibres per 1000 px² at baseline collagen.
const BUNDLES: f64 = 6.5;
const FINE: f64 = 20.0;
/// Nuclei per 1000 px² at the resting number of fibroblasts.
const FIBROBLASTS: f64 = 0.45;
/// Height of the waves of the junction, as a share of the epidermis: an ornament of the picture.
const WAVE: f64 = 0.4;

/// One section in the making.
struct Section<'a> {
    x: f64,
    top: f64,
    width: f64,
    height: f64,
    px_per_um: f64,
    visit: &'a SpecimenVisit,
}

/// A section for each visit, at the most six.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let all = &outcome.specimen.visits;
    let days: Vec<f64> = all.iter().map(|v| v.day).collect();
    let mut visits: Vec<&SpecimenVisit> = chosen(&days).into_iter().map(|i| &all[i]).collect();
    // Untreated skin stays as it is: its first and last visit say so.
    if outcome.course.sessions.is_empty() && visits.len() > 2 {
        visits.drain(1..visits.len() - 1);
    }
    if visits.is_empty() {
        return Ok(None);
    }
    let columns = if visits.len() <= 4 { visits.len() } else { 3 };
    let rows = visits.len().div_ceil(columns);
    let width = ((WIDTH - 20.0 - GAP * (columns - 1) as f64) / columns as f64).min(280.0);
    let px_per_um = width / WIDTH_UM;
    let skin = outcome.specimen.layers.skin_um();
    let deepest = outcome.specimen.punctures.depth_um.iter().copied().fold(0.0, f64::max);
    let shown_um = (1.15 * deepest).clamp(LEAST_DEPTH_UM, MOST_DEPTH_UM).min(1.15 * skin);
    let height = (AIR_UM + shown_um) * px_per_um;
    let most_clot = outcome.specimen.visits.iter().flat_map(|v| v.layers.iter().map(|l| l.2.clot)).fold(0.0, f64::max);

    let mut page = Page::of_central_member(TOP + (height + LABELS) * rows as f64 + 18.0);
    page.legend(
        10.0,
        18.0,
        &[
            (Swatch::Fill(KERATIN.into()), "stratum corneum"),
            (Swatch::Fill(EPIDERMIS.into()), "epidermis"),
            (Swatch::Fill(MATURE[1].into()), "mature collagen"),
            (Swatch::Fill(NEW.into()), "new collagen"),
            (Swatch::Fill(CLOT.into()), "clot, lysed tissue"),
            (Swatch::Fill(LUMEN.into()), "open channel"),
        ],
    );
    for (i, visit) in visits.iter().enumerate() {
        let (x, top) = (10.0 + (i % columns) as f64 * (width + GAP), TOP + (i / columns) as f64 * (height + LABELS));
        let section = Section { x, top, width, height, px_per_um, visit };
        page.bold(x, top - 20.0, &format!("day {}", format::day(visit.day)), Anchor::Start);
        page.small(x, top - 6.0, &since(visit.since_session), Anchor::Start);
        page.clip(x, top, width, height);
        section.dermis(&mut page, outcome.specimen.layers.epidermis_um() + outcome.specimen.layers.papillary_dermis_um);
        section.epidermis(&mut page, outcome);
        section.channels(&mut page, outcome, most_clot);
        page.unclip();
        page.frame(x, top, width, height, GREY);
    }
    let y = TOP + (height + LABELS) * rows as f64 - LABELS;
    page.rect(10.0, y + 9.0, 200.0 * px_per_um, 4.0, INK);
    page.text(10.0 + 200.0 * px_per_um + 8.0, y + 16.0, "200 µm, both directions", Anchor::Start);
    let cut = if shown_um < skin { format!("its upper {} µm are drawn", format::number(shown_um)) } else { "fat lies beneath".to_owned() };
    let dense = if outcome.course.sessions.is_empty() {
        String::new()
    } else {
        format!(
            " A section of {WIDTH_UM} µm cuts as many channels as their density and width give on average ({}, one is drawn at least), about evenly spread here and as deep as some of the session's punctures. The red rim of an open channel is an ornament; clot fills as much of the width of a track as remains of it.",
            format::fixed(cut_channels(outcome), 1),
        )
    };
    let caption = format!(
        "Drawn vertical sections through the skin of the central member, in the colours of Masson's trichrome. A drawing of the computed state, not a micrograph: thickness of the epidermis, open share of the channels, \
         strength of the clot (relative to its maximum over the visits), number of fibroblast nuclei, number of collagen fibres and the share of new ones among them follow the model, layer by layer; the course of single fibres, the waves of the junction and the epidermal nuclei are ornament.{dense} \
         The skin is {} µm thick; {cut}.",
        format::number(skin),
    );
    page.finish(outcome, version, "virtual-biopsy", "Virtual biopsy", caption).map(Some)
}

/// The visits to draw: those nearest to the wanted days and the last first, then the others in order, at the most [`MOST`].
pub fn chosen(days: &[f64]) -> Vec<usize> {
    let nearest = |day: f64| (0..days.len()).min_by(|&a, &b| (days[a] - day).abs().total_cmp(&(days[b] - day).abs()));
    let mut picked: Vec<usize> = Vec::new();
    for i in WANTED.iter().filter_map(|&d| nearest(d)).chain(days.len().checked_sub(1)).chain(0..days.len()) {
        if picked.len() < MOST && !picked.contains(&i) {
            picked.push(i);
        }
    }
    picked.sort_unstable();
    picked
}

/// How long ago the last session was, in words.
pub fn since(session: Option<f64>) -> String {
    match session {
        Some(d) if d.abs() < 1e-9 => "just after a session".to_owned(),
        Some(d) => format!("{} d after a session", format::day(d)),
        None => "untreated".to_owned(),
    }
}

/// Channels that a section at random cuts on average: all whose centre lies within a radius of it.
fn cut_channels(outcome: &Outcome) -> f64 {
    let diameter_um = 2.0 * outcome.specimen.channel_profile.first().map_or(0.0, |c| c.1);
    outcome.punctures.density_per_cm2.median * 1e-8 * WIDTH_UM * diameter_um
}

impl Section<'_> {
    fn y(&self, depth_um: f64) -> f64 {
        self.top + (AIR_UM + depth_um) * self.px_per_um
    }

    /// Ground substance, fibres and fibroblasts, layer by layer. A fibre has its place for good: more collagen adds fibres.
    fn dermis(&self, page: &mut Page, papillary_um: f64) {
        page.rect(self.x, self.top, self.width, self.height, "#fbfaf6");
        let bottom = self.visit.layers.last().map_or(0.0, |l| l.1);
        for (k, (top, below, state)) in self.visit.layers.iter().enumerate() {
            // The papillary layer reaches up between the waves of the junction.
            let (y0, y1) = (self.y(if k == 0 { 0.5 * top } else { *top }), self.y(*below).min(self.top + self.height));
            if y1 > y0 {
                page.rect(self.x, y0, self.width, y1 - y0, &wash(state.collagen()));
            }
        }
        for (k, (top, below, state)) in self.visit.layers.iter().enumerate() {
            let (y0, y1) = (self.y(if k == 0 { 0.5 * top } else { *top }), self.y(*below).min(self.top + self.height));
            if y1 > y0 {
                self.fibres(page, k as u64, (y0, y1), state, 0.5 * (top + below) < papillary_um);
            }
        }
        self.fat(page, self.y(bottom));
    }

    /// Fat cells beneath the dermis: an ornament.
    fn fat(&self, page: &mut Page, from: f64) {
        page.rect(self.x, from, self.width, self.height, "#d9cdb4");
        let step = 24.0;
        for row in 0..((self.top + self.height - from).max(0.0) / step + 1.0) as u32 {
            for column in 0..=(self.width / step) as u32 {
                let r = |n: u64| noise(60 + n, u64::from(1000 * row + column)) - 0.5;
                let shift = if row % 2 == 0 { 0.0 } else { 0.5 };
                let (x, y) = (self.x + (f64::from(column) + shift) * step + 5.0 * r(0), from + (f64::from(row) + 0.55) * step + 4.0 * r(1));
                page.disc(x, y, 11.5 + 1.5 * r(2), "#fdfbf5");
            }
        }
    }

    /// Papillary fibres are fine and run all ways; reticular ones are coarse wavy bundles that lie flatter and cross.
    fn fibres(&self, page: &mut Page, layer: u64, (y0, y1): (f64, f64), state: &LayerState, fine: bool) {
        let collagen = state.collagen();
        let fresh = ((state.collagen_i_new + state.collagen_iii_new) / collagen.max(1e-9)).clamp(0.0, 1.0);
        let area = self.width * (y1 - y0) / 1000.0;
        let count = (if fine { FINE } else { BUNDLES } * area * collagen).round().max(0.0) as u64;
        let seed = 1000 * (layer + 1) + 7;
        let (mut new, mut mature) = (Vec::new(), [Vec::new(), Vec::new(), Vec::new()]);
        for i in 0..count {
            let r = |n: u64| noise(seed + n, i);
            let length = if fine { 9.0 + 11.0 * r(2) } else { 30.0 + 50.0 * r(2) };
            // Bundles lean to either side, so that they weave.
            let angle = if fine { 1.9 * (r(3) - 0.5) } else { (if r(3) < 0.5 { -0.28 } else { 0.28 }) + 0.5 * (r(6) - 0.5) };
            let centre = (self.x + r(0) * self.width, y0 + r(1) * (y1 - y0));
            let is_new = r(5) < fresh;
            let thick = if fine { 0.9 } else { 2.2 + 1.8 * r(8) } * if is_new { 0.75 } else { 1.0 };
            let fibre = bundle(centre, length, angle, thick, (if fine { 0.9 } else { 2.0 }, TAU * r(4)));
            if is_new { new.push(fibre) } else { mature[(r(7) * 3.0) as usize % 3].push(fibre) }
        }
        let opacity = if fine { 0.62 } else { 0.8 };
        for (fibres, colour) in mature.iter().zip(MATURE) {
            page.polygons(fibres, colour, opacity);
        }
        page.polygons(&new, NEW, 0.95);
        let cells = (FIBROBLASTS * area * (state.fibroblasts + state.primed + state.myofibroblasts)).round().max(0.0) as u64;
        let nuclei: Vec<Vec<(f64, f64)>> = (0..cells)
            .map(|i| {
                let r = |n: u64| noise(seed + 20 + n, i);
                let (x, y, angle) = (self.x + r(0) * self.width, y0 + r(1) * (y1 - y0), 0.9 * (r(2) - 0.5));
                let (dx, dy) = (2.2 * angle.cos(), 2.2 * angle.sin());
                vec![(x - dx, y - dy), (x + dx, y + dy)]
            })
            .collect();
        page.strokes(&nuclei, NUCLEUS, 1.5, 0.9);
    }

    /// Thickness of the viable epidermis at a distance from the section's left edge, px: pegs that hang down between papillae.
    fn junction(&self, thickness_px: f64, x: f64) -> f64 {
        let t = x / self.px_per_um / 1000.0;
        let peg = (TAU * (t / 0.11 + 0.25 * (TAU * t / 0.43).sin())).sin();
        thickness_px * (1.0 + WAVE * (peg + 0.35 * (TAU * t / 0.07 + 1.0).sin()) / 1.35)
    }

    fn epidermis(&self, page: &mut Page, outcome: &Outcome) {
        let l = &outcome.specimen.layers;
        let horn = l.stratum_corneum_um * self.px_per_um;
        let viable = l.viable_epidermis_um * self.visit.epidermis_factor * self.px_per_um;
        let surface = self.y(0.0);
        page.rect(self.x, self.top, self.width, surface - self.top, "#ffffff");
        let steps = 120;
        let mut shape = vec![(self.x, surface), (self.x + self.width, surface)];
        for i in (0..=steps).rev() {
            let x = self.width * f64::from(i) / f64::from(steps);
            shape.push((self.x + x, surface + horn + self.junction(viable, x)));
        }
        page.polygon(&shape, EPIDERMIS, 1.0);
        page.rect(self.x, surface, self.width, horn.max(1.5), KERATIN);
        let cells = (self.width * viable / 30.0) as u64;
        for i in 0..cells {
            let x = noise(11, i) * self.width;
            let y = surface + horn + 2.0 + noise(12, i) * (self.junction(viable, x) - 4.0).max(0.0);
            page.disc(self.x + x, y, 1.1, NUCLEUS);
        }
    }

    /// Channels at their mean distance over the width of the section.
    fn channels(&self, page: &mut Page, outcome: &Outcome, most_clot: f64) {
        let profile = &outcome.specimen.channel_profile;
        let mut depths = outcome.specimen.punctures.depth_um.clone();
        depths.sort_by(f64::total_cmp);
        if self.visit.since_session.is_none() || profile.len() < 2 || depths.is_empty() {
            return;
        }
        let n = cut_channels(outcome).round().clamp(1.0, 8.0) as u32;
        // The mean chord of a disc; a section with one channel is laid through its middle.
        let chord = if n > 1 { 0.25 * PI } else { 1.0 };
        for k in 0..n {
            let r = |i: u64| noise(40 + i, u64::from(k));
            let off = if n == 1 { 0.0 } else { 0.5 * (r(0) - 0.5) };
            let centre = self.x + self.width * (f64::from(k) + 0.5 + off) / f64::from(n);
            let depth = depths[(((0.1 + 0.8 * r(1)) * depths.len() as f64) as usize).min(depths.len() - 1)];
            let wall = |share: f64| chord * radius_um(profile, share);
            let clot = |share: f64| {
                let strength = if most_clot > 0.0 { self.clot(share * depth) / most_clot } else { 0.0 };
                strength.clamp(0.0, 1.0).sqrt() * wall(share)
            };
            let dermis = (outcome.specimen.layers.epidermis_um() / depth).min(1.0);
            if (0..=10).any(|i| clot(f64::from(i) / 10.0) * self.px_per_um > 0.4) {
                page.polygon(&self.track(&clot, centre, depth, (dermis, 1.0)), CLOT, 0.85);
            }
            let open = self.visit.channel_open.min(1.0);
            if open > 0.01 {
                page.polygon(&self.track(&|s| wall(s) + RIM_UM, centre, depth, (0.0, open)), CLOT, 0.9);
                page.polygon(&self.track(&|s| wall(s).max(1.5), centre, depth, (0.0, open)), LUMEN, 1.0);
            }
        }
    }

    /// Clot at a depth, interpolated between the middles of the layers.
    fn clot(&self, depth_um: f64) -> f64 {
        let points: Vec<(f64, f64)> = self.visit.layers.iter().map(|l| (0.5 * (l.0 + l.1), l.2.clot)).collect();
        match points.first() {
            Some(first) if depth_um <= first.0 => first.1,
            _ => radius_um(&points, depth_um),
        }
    }

    /// Outline of a track between two shares of its depth, as wide as a function of the share says, µm.
    fn track(&self, half_um: &dyn Fn(f64) -> f64, centre: f64, depth: f64, (from, to): (f64, f64)) -> Vec<(f64, f64)> {
        let steps = 24;
        // Nothing of the horny layer is left over a mouth.
        let mouth = if from == 0.0 { 2.0 } else { 0.0 };
        let side = |sign: f64, i: i32| {
            let share = from + (to - from) * f64::from(i) / f64::from(steps);
            // The walls are a little uneven.
            let uneven = 1.0 + 0.08 * (share * 23.0 + sign * 1.3).sin();
            (centre + sign * half_um(share) * uneven * self.px_per_um, self.y(share * depth) - if i == 0 { mouth } else { 0.0 })
        };
        (0..=steps).map(|i| side(-1.0, i)).chain((0..=steps).rev().map(|i| side(1.0, i))).collect()
    }
}

/// Outline of a wavy fibre that tapers to its ends, px: `(height, phase)` of its waves.
fn bundle(centre: (f64, f64), length: f64, angle: f64, thick: f64, (wave, phase): (f64, f64)) -> Vec<(f64, f64)> {
    let steps = if length > 25.0 { 5 } else { 3 };
    let side = |sign: f64, j: i32| {
        let t = f64::from(j) / f64::from(steps) - 0.5;
        let off = wave * (phase + t * length / 5.0).sin() + sign * 0.5 * thick * (1.0 - 3.0 * t * t);
        (centre.0 + t * length * angle.cos() - off * angle.sin(), centre.1 + t * length * angle.sin() + off * angle.cos())
    };
    (0..=steps).map(|j| side(-1.0, j)).chain((0..=steps).rev().map(|j| side(1.0, j))).collect()
}

/// Value at a place, interpolated in a profile such as the radius at a share of the depth.
fn radius_um(profile: &[(f64, f64)], share: f64) -> f64 {
    let Some(i) = profile.windows(2).position(|w| share <= w[1].0) else { return profile.last().map_or(0.0, |p| p.1) };
    let ((s0, r0), (s1, r1)) = (profile[i], profile[i + 1]);
    r0 + (r1 - r0) * ((share - s0) / (s1 - s0).max(1e-12)).clamp(0.0, 1.0)
}

/// Shade between the fibres: from bare ground at 60 % of the baseline's collagen to full blue-green at 140 %.
fn wash(collagen: f64) -> String {
    let t = ((collagen - 0.6) / 0.8).clamp(0.0, 1.0);
    let mix = |a: f64, b: f64| (a + (b - a) * t).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(243.0, 150.0), mix(246.0, 200.0), mix(244.0, 208.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn more_collagen_is_darker() {
        let o = fixture::outcome();
        let (first, last) = (&o.specimen.visits[0].layers[0].2, &o.specimen.visits[4].layers[0].2);
        assert!(last.collagen() > first.collagen());
        assert!(wash(last.collagen()) < wash(first.collagen()), "a smaller red share is a darker blue-green");
    }

    #[test]
    fn the_days_a_reader_looks_for_are_drawn() {
        let days = [0.0, 7.0, 14.0, 30.0, 60.0, 90.0, 120.0, 180.0];
        let drawn: Vec<f64> = chosen(&days).into_iter().map(|i| days[i]).collect();
        assert_eq!(drawn, [0.0, 7.0, 14.0, 30.0, 90.0, 180.0]);
        assert_eq!(chosen(&days[..2]).len(), 2);
        assert!(chosen(&[]).is_empty());
    }

    #[test]
    fn the_profile_is_interpolated() {
        let profile = [(0.0, 20.0), (0.5, 10.0), (1.0, 0.0)];
        assert!((radius_um(&profile, 0.25) - 15.0).abs() < 1e-12);
        assert!((radius_um(&profile, 1.0)).abs() < 1e-12);
    }
}
