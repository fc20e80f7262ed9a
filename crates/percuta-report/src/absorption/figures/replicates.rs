//! The simulated study: each replicate of each donor.

use percuta::course::permeation::{PermeationOutcome, Replicate};

use super::axes::{Unit, decades, far_apart};
use super::stroke;
use crate::absorption::ivpt::geometric_mean;
use crate::absorption::words::{arm_name, taker};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::panel::{Panel, range};
use crate::figures::style::WIDTH;

/// Height of the panels, px.
const HIGH: f64 = 330.0;

/// Greatest flux and amount of every replicate, by donor.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let donors = outcome.replicates.iter().map(|r| r.donor).max().unwrap_or(0);
    if donors == 0 {
        return Ok(None);
    }
    let sample = format!("{donors} donors × {} replicates an arm, simulated", outcome.study.replicates);
    let mut page = Page::of_sample(30.0 + HIGH + 26.0, sample);
    let entries: Vec<_> = outcome.arms.iter().map(|a| (Swatch::Fill(stroke(a.needled).colour.to_owned()), arm_name(a.needled))).collect();
    let x = page.legend(12.0, 18.0, &entries);
    page.small(x, 18.0, "bar: geometric mean of the donor; dashed: of all donors", Anchor::Start);
    let jmax: fn(&Replicate) -> f64 = |r| r.jmax_ug_per_cm2_h;
    let amt: fn(&Replicate) -> f64 = |r| r.amt_ug_per_cm2;
    for (column, (title, per, value)) in
        [("Greatest flux (Jmax)", "/cm²/h", jmax), ("Total amount (AMT)", "/cm²", amt)].into_iter().enumerate()
    {
        let all = || outcome.replicates.iter().map(value);
        let unit = Unit::of(all().fold(0.0, f64::max));
        let log = far_apart(all());
        let least = all().filter(|v| *v > 0.0).fold(f64::INFINITY, f64::min) * unit.per_ug;
        let most = all().fold(0.0, f64::max) * unit.per_ug;
        let y = if log { decades(least, most) } else { range([0.0, most].into_iter()) };
        let label = format!("{}{per}{}", unit.name, if log { ", logarithmic" } else { "" });
        let mut panel = Panel::new(title, (0.0, f64::from(donors) + 1.0, "donor"), (y.0, y.1, label.as_str())).categories(donors);
        if log {
            panel = panel.log_y();
        }
        let axes = panel.draw(&mut page, 0.5 * WIDTH * column as f64, 26.0, 0.5 * WIDTH, HIGH);
        let within = |v: f64| (v * unit.per_ug).clamp(y.0, y.1);
        for arm in &outcome.arms {
            let colour = stroke(arm.needled).colour;
            // Two arms stand side by side.
            let shift = if outcome.arms.len() == 1 {
                0.0
            } else if arm.needled {
                -0.2
            } else {
                0.2
            };
            let mut means = Vec::new();
            for donor in 1..=donors {
                let own: Vec<f64> = outcome.replicates.iter().filter(|r| r.needled == arm.needled && r.donor == donor).map(value).collect();
                let middle = f64::from(donor) + shift;
                for (i, &v) in own.iter().enumerate() {
                    let spread = 0.2 * ((i as f64 + 0.5) / own.len() as f64 - 0.5);
                    let (x, y) = axes.at(middle + spread, within(v));
                    page.disc(x, y, 3.2, colour);
                }
                if let Some(mean) = geometric_mean(&own) {
                    means.push(mean);
                    page.line(axes.at(middle - 0.15, within(mean)), axes.at(middle + 0.15, within(mean)), colour, 2.5, None);
                }
            }
            if let Some(mean) = geometric_mean(&means) {
                let (from, to) = (axes.at(0.0, within(mean)), axes.at(f64::from(donors) + 1.0, within(mean)));
                page.line(from, to, colour, 1.0, Some("5 4"));
            }
        }
    }
    let n = outcome.study.replicates;
    let caption = format!(
        "A simulated in-vitro permeation test of {donors} donors with {n} replicates each in every arm: each dot is one {}. Jmax is the greatest flux between two samples, AMT the total amount in the {} at the end, as the FDA asks for. \
         Short bars are geometric means of a donor, dashed lines of all donors. The scatter is that of the parameters: between donors and, within one, between replicates.",
        if outcome.study.sample.preparation.excised() { "cell" } else { "site" },
        taker(outcome)
    );
    page.finish(outcome, version, "replicates", "Replicates by donor", caption).map(Some)
}
