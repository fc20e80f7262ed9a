//! Concentration by depth.

use std::ops::Range;

use percuta::course::permeation::{Arm, PermeationOutcome, Profile};

use super::axes::{above, decades, far_apart};
use super::balance::capital;
use crate::absorption::words::arm_name;
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch, text_width};
use crate::figures::panel::{Panel, range};
use crate::figures::style::{GREY, SMALL, Stroke, WIDTH};
use crate::format;

/// Colours from early to late: light to dark.
const RAMP: [&str; 6] = ["#c2ae00", "#6cb548", "#1f9e89", "#31688e", "#443983", "#2d0140"];
/// Height of a row of panels, px.
const HIGH: f64 = 280.0;
/// Depth of the enlarged panel in thicknesses of stratum corneum.
const ENLARGED: f64 = 2.0;

/// For each arm the outer layers enlarged and the whole depth, a line a time.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let chosen: Vec<(&Arm, Vec<&Profile>)> = outcome.arms.iter().map(|a| (a, choose(&a.profiles))).filter(|(_, p)| !p.is_empty()).collect();
    let Some((_, first)) = chosen.first() else { return Ok(None) };
    let values = || chosen.iter().flat_map(|(_, p)| p.iter().flat_map(|p| p.concentration_ug_per_cm3.iter().map(|v| v.median)));
    let most = values().fold(0.0, f64::max);
    // Fronts fall to nothing; what the axis must show is where each profile is at the junction and at the bottom.
    let telling = || {
        chosen.iter().filter_map(|(_, p)| p.last()).flat_map(|p| {
            let border = p.depth_um.iter().position(|z| *z > p.borders_um[0]).unwrap_or(0);
            [border, p.depth_um.len().saturating_sub(1)].into_iter().filter_map(|i| p.concentration_ug_per_cm3.get(i)).map(|v| v.median)
        })
    };
    let log = far_apart(telling().chain([most]));
    // The names of the layers stand above the curves.
    let y = if log {
        decades(0.5 * telling().filter(|v| *v > 0.0).fold(f64::INFINITY, f64::min), 2.0 * most)
    } else {
        range([0.0, most].into_iter())
    };
    let label = if log { "µg/cm³, logarithmic" } else { "µg/cm³" };
    let mut page = Page::new(30.0 + HIGH * chosen.len() as f64 + 26.0);
    let times: Vec<String> = first.iter().map(|p| format!("{} h", format::plain(p.time_h))).collect();
    let entries: Vec<(Swatch, &str)> = times.iter().enumerate().map(|(i, t)| (Swatch::Line(line(i, times.len())), t.as_str())).collect();
    page.legend(12.0, 18.0, &entries);
    for (row, (arm, profiles)) in chosen.iter().enumerate() {
        let Some(last) = profiles.last() else { continue };
        let [horny, _, bottom] = last.borders_um;
        for (column, (to, part)) in [(ENLARGED * horny, "stratum corneum enlarged"), (bottom, "whole depth")].into_iter().enumerate() {
            let title = format!("{}, {part}", capital(arm_name(arm.needled)));
            let mut panel = Panel::new(&title, (0.0, to, "depth below the surface (µm)"), (y.0, y.1, label));
            if log {
                panel = panel.log_y();
            }
            for (i, p) in profiles.iter().enumerate() {
                let values: Vec<f64> = p.concentration_ug_per_cm3.iter().map(|v| v.median).collect();
                for layer in layers(p) {
                    for points in above(&p.depth_um[layer.clone()], &values[layer], if log { y.0 } else { -1.0 }) {
                        let within = cut(&points, to);
                        if within.len() > 1 {
                            panel.line(&within, line(i, profiles.len()));
                        }
                    }
                }
            }
            let axes = panel.draw(&mut page, 0.5 * WIDTH * column as f64, 26.0 + HIGH * row as f64, 0.5 * WIDTH, HIGH);
            let mut from = 0.0;
            for (border, name) in last.borders_um.into_iter().zip(["stratum corneum", "viable epidermis", "dermis"]) {
                if border < to {
                    axes.vertical(&mut page, border, GREY, Some("4 3"));
                }
                let ((left, top), (right, _)) = (axes.at(from, y.1), axes.at(border.min(to), y.1));
                if right - left > text_width(name, f64::from(SMALL)) {
                    page.small(0.5 * (left + right), top + 12.0, name, Anchor::Middle);
                }
                from = border.min(to);
            }
        }
    }
    let caption = "Concentration in the tissue by depth, bound and free together and open channels left out: medians over the members at the times named, light to dark. \
        Left: the outer part of the skin enlarged, right: the whole sample, on the same vertical axis. The jump between layers is that of the partition. Dashed rules: median lower borders of stratum corneum and viable epidermis. \
        Intervals at every depth are in tables/profiles.csv."
        .to_owned();
    page.finish(outcome, version, "depth-profiles", "Concentration by depth", caption).map(Some)
}

/// At most as many profiles as there are colours, spread over the times after the start; the last always.
fn choose(all: &[Profile]) -> Vec<&Profile> {
    let later: Vec<&Profile> = all.iter().filter(|p| p.time_h > 0.0 && p.depth_um.len() > 1).collect();
    let n = later.len().min(RAMP.len());
    (0..n).map(|i| later[if n > 1 { i * (later.len() - 1) / (n - 1) } else { 0 }]).collect()
}

/// Colour of the i-th of n lines.
fn line(i: usize, n: usize) -> Stroke {
    let place = if n > 1 { i * (RAMP.len() - 1) / (n - 1) } else { RAMP.len() - 1 };
    Stroke { colour: RAMP[place.min(RAMP.len() - 1)], dash: None }
}

/// Where the points of each layer stand: between layers the concentration jumps, and no line is drawn.
fn layers(p: &Profile) -> Vec<Range<usize>> {
    let n = p.depth_um.len().min(p.concentration_ug_per_cm3.len());
    let border = |um: f64| p.depth_um[..n].partition_point(|z| *z <= um);
    let (horny, viable) = (border(p.borders_um[0]), border(p.borders_um[1]));
    vec![0..horny, horny..viable.max(horny), viable.max(horny)..n]
}

/// The part of a curve up to a depth, ending on it.
fn cut(points: &[(f64, f64)], to: f64) -> Vec<(f64, f64)> {
    let n = points.iter().take_while(|p| p.0 <= to).count();
    let mut part = points[..n].to_vec();
    if let (Some(&(x0, y0)), Some(&(x1, y1))) = (part.last(), points.get(n)) {
        part.push((to, y0 + (y1 - y0) * (to - x0) / (x1 - x0)));
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_cut_at_the_border() {
        assert_eq!(cut(&[(0.0, 0.0), (2.0, 4.0)], 1.0), [(0.0, 0.0), (1.0, 2.0)]);
        assert_eq!(cut(&[(0.0, 0.0), (2.0, 4.0)], 2.0).len(), 2);
        assert!(cut(&[(3.0, 0.0), (4.0, 4.0)], 2.0).is_empty());
    }

    #[test]
    fn the_last_time_is_always_shown() {
        let o = crate::absorption::fixture::outcome();
        let chosen = choose(&o.arms[0].profiles);
        assert!(chosen.len() <= RAMP.len() && chosen.last().unwrap().time_h == 24.0 && chosen[0].time_h > 0.0);
        assert_eq!(line(0, 1).colour, *RAMP.last().unwrap());
    }
}
