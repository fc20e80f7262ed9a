//! Virtual biopsy: a drawn vertical section at each visit, coloured as Masson's trichrome is.

use percuta::course::{Outcome, SpecimenVisit};

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
const MATURE: &str = "#1b5e87";
const NEW: &str = "#6fc3b4";
const LUMEN: &str = "#ffffff";

/// Most sections in one row.
const MOST: usize = 6;
/// Height of a section, px.
const HEIGHT: f64 = 380.0;
const TOP: f64 = 62.0;
/// Fibres per 1000 px² at baseline collagen.
const FIBRES: f64 = 13.0;
/// Height of the waves of the junction, as a share of the epidermis: an ornament of the picture.
const WAVE: f64 = 0.35;

/// One section in the making.
struct Section<'a> {
    x: f64,
    width: f64,
    px_per_um: f64,
    visit: &'a SpecimenVisit,
    index: u64,
}

/// A section for each visit, at the most six.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let all = &outcome.specimen.visits;
    if all.is_empty() {
        return Ok(None);
    }
    let n = all.len().min(MOST);
    let visits: Vec<&SpecimenVisit> = (0..n).map(|i| &all[if n > 1 { i * (all.len() - 1) / (n - 1) } else { 0 }]).collect();
    let gap = 8.0;
    let width = ((WIDTH - 20.0 - gap * (n - 1) as f64) / n as f64).min(220.0);
    let skin = outcome.specimen.layers.skin_um();
    let px_per_um = HEIGHT / (1.04 * skin);
    let most_clot = all.iter().flat_map(|v| v.layers.iter().map(|l| l.2.clot)).fold(0.0, f64::max);

    let mut page = Page::of_central_member(TOP + HEIGHT + 58.0);
    page.legend(
        10.0,
        18.0,
        &[
            (Swatch::Fill(KERATIN.into()), "stratum corneum"),
            (Swatch::Fill(EPIDERMIS.into()), "epidermis"),
            (Swatch::Fill(MATURE.into()), "mature collagen"),
            (Swatch::Fill(NEW.into()), "new collagen"),
            (Swatch::Fill(CLOT.into()), "clot, lysed tissue"),
            (Swatch::Fill(LUMEN.into()), "open channel"),
        ],
    );
    for (i, visit) in visits.iter().enumerate() {
        let section = Section { x: 10.0 + i as f64 * (width + gap), width, px_per_um, visit, index: i as u64 };
        page.bold(section.x, 42.0, &format!("day {}", format::day(visit.day)), Anchor::Start);
        let since = match visit.since_session {
            Some(d) if d.abs() < 1e-9 => "just after a session".to_owned(),
            Some(d) => format!("{} d after a session", format::day(d)),
            None => "untreated".to_owned(),
        };
        page.small(section.x, 56.0, &since, Anchor::Start);
        page.clip(section.x, TOP, width, HEIGHT);
        section.dermis(&mut page, outcome.specimen.layers.epidermis_um() + outcome.specimen.layers.papillary_dermis_um);
        section.epidermis(&mut page, outcome);
        section.channels(&mut page, outcome, most_clot);
        page.unclip();
        page.frame(section.x, TOP, width, HEIGHT, GREY);
    }
    page.rect(10.0, TOP + HEIGHT + 9.0, 200.0 * px_per_um, 4.0, INK);
    page.text(10.0 + 200.0 * px_per_um + 8.0, TOP + HEIGHT + 16.0, "200 µm, both directions", Anchor::Start);
    let caption = format!(
        "Drawn vertical sections through the skin of the central member, in the colours of Masson's trichrome. A drawing of the computed state, not a micrograph: thickness of the epidermis, open depth of the channels, \
         strength of the clot (relative to its maximum over the visits), and number of collagen fibres and share of new ones among them follow the model, layer by layer; the course of single fibres, the waves of the junction and the nuclei are ornament. \
         Each section is laid through a channel, with its neighbours at the median distance of {} µm. The dermis is {} µm thick.",
        format::number(outcome.punctures.nearest_neighbour_um.median),
        format::number(outcome.specimen.layers.dermis_um),
    );
    page.finish(outcome, version, "virtual-biopsy", "Virtual biopsy", caption).map(Some)
}

impl Section<'_> {
    fn y(&self, depth_um: f64) -> f64 {
        TOP + 0.02 * HEIGHT + depth_um * self.px_per_um
    }

    /// Ground substance and fibres, layer by layer. A fibre has its place for good: more collagen adds fibres.
    fn dermis(&self, page: &mut Page, papillary_um: f64) {
        page.rect(self.x, TOP, self.width, HEIGHT, "#fbfaf6");
        let bottom = self.visit.layers.last().map_or(0.0, |l| l.1);
        for (k, (top, below, state)) in self.visit.layers.iter().enumerate() {
            let collagen = state.collagen();
            // The papillary layer reaches up between the waves of the junction.
            let (y0, y1) = (self.y(if k == 0 { 0.5 * top } else { *top }), self.y(*below));
            page.rect(self.x, y0, self.width, y1 - y0, &wash(collagen));
            let fresh = ((state.collagen_i_new + state.collagen_iii_new) / collagen.max(1e-9)).clamp(0.0, 1.0);
            let count = (FIBRES * self.width * (y1 - y0) / 1000.0 * collagen).round().max(0.0) as u64;
            // Papillary fibres are fine and run all ways; reticular ones are coarse bundles that lie flatter.
            let fine = 0.5 * (top + below) < papillary_um;
            let (mut new, mut mature) = (Vec::new(), Vec::new());
            for i in 0..count {
                let seed = 1000 * (k as u64 + 1) + 7;
                let r = |n: u64| noise(seed + n, i);
                let length = if fine { 12.0 + 10.0 * r(2) } else { 26.0 + 26.0 * r(2) };
                let angle = (r(3) - 0.5) * if fine { 3.0 } else { 1.1 };
                let (cx, cy) = (self.x + r(0) * self.width, y0 + r(1) * (y1 - y0));
                let bend = (r(4) - 0.5) * 0.5 * length;
                let fibre: Vec<(f64, f64)> = (0..=4)
                    .map(|j| {
                        let t = f64::from(j) / 4.0 - 0.5;
                        let off = bend * (0.25 - t * t);
                        (cx + t * length * angle.cos() - off * angle.sin(), cy + t * length * angle.sin() + off * angle.cos())
                    })
                    .collect();
                if r(5) < fresh { new.push(fibre) } else { mature.push(fibre) }
            }
            page.strokes(&mature, MATURE, if fine { 1.1 } else { 1.9 }, if fine { 0.8 } else { 0.62 });
            page.strokes(&new, NEW, if fine { 0.9 } else { 1.5 }, 1.0);
        }
        page.rect(self.x, self.y(bottom), self.width, HEIGHT, "#f6ecd2");
    }

    /// Depth of the junction at a distance from the section's left edge, px.
    fn junction(&self, thickness_px: f64, x: f64) -> f64 {
        let t = (x + 40.0 * noise(5, self.index)) / 17.0;
        thickness_px * (1.0 + WAVE * (t.sin() + 0.5 * (2.3 * t + 1.0).sin()) / 1.5)
    }

    fn epidermis(&self, page: &mut Page, outcome: &Outcome) {
        let l = &outcome.specimen.layers;
        let horn = l.stratum_corneum_um * self.px_per_um;
        let viable = l.viable_epidermis_um * self.visit.epidermis_factor * self.px_per_um;
        let surface = self.y(0.0);
        page.rect(self.x, TOP, self.width, surface - TOP, "#ffffff");
        let steps = 60;
        let mut shape = vec![(self.x, surface), (self.x + self.width, surface)];
        for i in (0..=steps).rev() {
            let x = self.width * f64::from(i) / f64::from(steps);
            shape.push((self.x + x, surface + horn + self.junction(viable, x)));
        }
        page.polygon(&shape, EPIDERMIS, 1.0);
        page.rect(self.x, surface, self.width, horn.max(1.5), KERATIN);
        let cells = (self.width * viable / 34.0) as u64;
        for i in 0..cells {
            let x = noise(11, i) * self.width;
            let y = surface + horn + 2.0 + noise(12, i) * (self.junction(viable, x) - 4.0).max(0.0);
            page.disc(self.x + x, y, 1.0, NUCLEUS);
        }
    }

    /// The channel in the middle of the section and its neighbours.
    fn channels(&self, page: &mut Page, outcome: &Outcome, most_clot: f64) {
        let profile = &outcome.specimen.channel_profile;
        let mut depths = outcome.specimen.punctures.depth_um.clone();
        depths.sort_by(f64::total_cmp);
        if self.visit.since_session.is_none() || profile.len() < 2 || depths.is_empty() {
            return;
        }
        let depth = depths[depths.len() / 2];
        let gap = outcome.punctures.nearest_neighbour_um.median * self.px_per_um;
        let beside = if gap.is_finite() && gap > 4.0 { (0.5 * self.width / gap).floor().min(12.0) as i32 } else { 0 };
        for k in -beside..=beside {
            let centre = self.x + 0.5 * self.width + f64::from(k) * gap;
            // Clot fills the track, as strong as the layer's clot is now.
            for (top, below, state) in &self.visit.layers {
                let strength = if most_clot > 0.0 { state.clot / most_clot } else { 0.0 };
                let (from, to) = (top / depth, (below / depth).min(1.0));
                if strength > 0.01 && to > from {
                    page.polygon(&self.track(profile, centre, depth, from, to, 1.6), CLOT, strength.min(1.0));
                }
            }
            if self.visit.channel_open > 0.0 {
                let open = self.visit.channel_open.min(1.0);
                page.polygon(&self.track(profile, centre, depth, 0.0, open, 1.6), CLOT, 1.0);
                page.polygon(&self.track(profile, centre, depth, 0.0, open, 1.0), LUMEN, 1.0);
            }
        }
    }

    /// Outline of a track between two shares of its depth, widened by a factor.
    fn track(&self, profile: &[(f64, f64)], centre: f64, depth: f64, from: f64, to: f64, widen: f64) -> Vec<(f64, f64)> {
        let steps = 12;
        let side = |sign: f64, i: i32| {
            let share = from + (to - from) * f64::from(i) / f64::from(steps);
            // At least a pixel wide, so that it can be seen.
            let radius = (radius_um(profile, share) * self.px_per_um).max(0.8) * widen;
            (centre + sign * radius, self.y(share * depth))
        };
        (0..=steps).map(|i| side(-1.0, i)).chain((0..=steps).rev().map(|i| side(1.0, i))).collect()
    }
}

/// Radius at a share of the depth, interpolated in the profile.
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
    fn the_profile_is_interpolated() {
        let profile = [(0.0, 20.0), (0.5, 10.0), (1.0, 0.0)];
        assert!((radius_um(&profile, 0.25) - 15.0).abs() < 1e-12);
        assert!((radius_um(&profile, 1.0)).abs() < 1e-12);
    }
}
