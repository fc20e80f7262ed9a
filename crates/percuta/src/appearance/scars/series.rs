//! Read-outs of the scars over time.

use super::{Scar, Scars};
use crate::appearance::grades::Visible;
use crate::healing::HealingHistory;

/// Read-outs of the scars, on the days of the history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScarSeries {
    /// `scar_depth_icepick`, µm.
    pub depth_icepick: Vec<f64>,
    /// `scar_depth_boxcar`, µm.
    pub depth_boxcar: Vec<f64>,
    /// `scar_depth_rolling`, µm.
    pub depth_rolling: Vec<f64>,
    /// `scar_volume_icepick`, mm³.
    pub volume_icepick: Vec<f64>,
    /// `scar_volume_boxcar`, mm³.
    pub volume_boxcar: Vec<f64>,
    /// `scar_volume_rolling`, mm³.
    pub volume_rolling: Vec<f64>,
    /// `hypertrophic_scar_height`, µm.
    pub hypertrophic_height: Vec<f64>,
    /// `hypertrophic_scar_volume`, mm³.
    pub hypertrophic_volume: Vec<f64>,
    /// `linear_scar_depth`, µm.
    pub linear_depth: Vec<f64>,
    /// `linear_scar_width`, µm.
    pub linear_width: Vec<f64>,
    /// `scar_alignment`, 0 to 1.
    pub alignment: Vec<f64>,
    /// `goodman_baron_score`, points.
    pub goodman_baron_score: Vec<f64>,
    /// `goodman_baron_grade`, 1 to 4.
    pub goodman_baron_grade: Vec<f64>,
    /// `ecca_score`, points.
    pub ecca_score: Vec<f64>,
    /// `vss_score`, points.
    pub vss_score: Vec<f64>,
    /// `posas_observer_score`, points.
    pub posas_score: Vec<f64>,
}

/// One listed scar, on the days of the history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SingleScarSeries {
    /// Height above the surrounding skin, µm; that of a pit is negative.
    pub relief_um: Vec<f64>,
    /// Volume missing or in excess, mm³.
    pub volume_mm3: Vec<f64>,
    /// Area that is visibly off the surrounding skin, mm².
    pub area_mm2: Vec<f64>,
    /// Order of its collagen.
    pub alignment: Vec<f64>,
}

/// One scar on one day.
#[derive(Debug, Clone, Copy)]
struct Now {
    relief_um: f64,
    volume_mm3: f64,
    width_um: f64,
    area_mm2: f64,
    alignment: f64,
}

impl Scars {
    /// Height of a scar above the surrounding skin on a day of the history, µm, with needles that reach `reach_um`.
    #[must_use]
    pub fn relief_um(&self, scar: &Scar, history: &HealingHistory, day: usize, reach_um: f64) -> f64 {
        self.remodelling.of(scar, history, day, reach_um).relief_after(scar.relief_um)
    }

    fn now(&self, scar: &Scar, history: &HealingHistory, day: usize, reach_um: f64) -> Now {
        let remodelled = self.remodelling.of(scar, history, day, reach_um);
        let relief_um = remodelled.relief_after(scar.relief_um);
        Now {
            relief_um,
            volume_mm3: scar.volume_mm3(relief_um),
            width_um: scar.visible_width_um(relief_um, self.visible_step_um),
            area_mm2: scar.visible_area_mm2(relief_um, self.visible_step_um),
            alignment: self.alignment.after(remodelled.laid),
        }
    }

    /// Read-outs on every day of the history, with needles that reach `reach_um` below the surface they enter.
    #[must_use]
    pub fn series(&self, history: &HealingHistory, reach_um: f64) -> ScarSeries {
        let mut s = ScarSeries::default();
        let pits = [&self.icepick, &self.boxcar, &self.rolling];
        let start = self.ordered_at(history, 0, reach_um);
        for day in 0..history.days.len() {
            let after = pits.map(|scar| self.remodelling.of(scar, history, day, reach_um));
            let reliefs: [f64; 3] = std::array::from_fn(|i| after[i].relief_after(pits[i].relief_um));
            // A level floor has no depth, and no negative one.
            let depths = reliefs.map(|relief| (-relief).max(0.0));
            let volumes: [f64; 3] = std::array::from_fn(|i| pits[i].volume_mm3(reliefs[i]));
            [&mut s.depth_icepick, &mut s.depth_boxcar, &mut s.depth_rolling].into_iter().zip(depths).for_each(|(to, v)| to.push(v));
            [&mut s.volume_icepick, &mut s.volume_boxcar, &mut s.volume_rolling].into_iter().zip(volumes).for_each(|(to, v)| to.push(v));
            let weights: f64 = self.mix.iter().sum();
            let remaining = (0..3).map(|i| self.mix[i] * (depths[i] / pits[i].depth_um())).sum::<f64>() / weights;
            s.goodman_baron_score.push(self.grades.goodman_baron_score(remaining));
            s.goodman_baron_grade.push(self.grades.goodman_baron_grade(remaining));
            let visible = Visible { step_um: self.visible_step_um, spread: self.depth_spread };
            s.ecca_score.push(self.grades.ecca(std::array::from_fn(|i| visible.share_left(pits[i].depth_um(), &after[i]))));

            let raised = mean(&self.raised, |scar| self.now(scar, history, day, reach_um));
            let linear = mean(&self.linear, |scar| self.now(scar, history, day, reach_um));
            s.hypertrophic_height.push(raised.relief_um);
            s.hypertrophic_volume.push(raised.volume_mm3);
            s.linear_depth.push(-linear.relief_um);
            s.linear_width.push(linear.width_um);
            let ordered = self.ordered_at(history, day, reach_um);
            s.alignment.push(ordered.alignment);
            let stiff = self.alignment.excess(ordered.alignment);
            s.vss_score.push(self.grades.vss(ordered.relief_um, stiff));
            let spread = if start.area_mm2 > 0.0 { ordered.area_mm2 / start.area_mm2 } else { 1.0 };
            s.posas_score.push(self.grades.posas_observer(ordered.relief_um, stiff, spread));
        }
        s
    }

    /// The listed scars over time.
    #[must_use]
    pub fn single(&self, history: &HealingHistory, reach_um: f64) -> Vec<SingleScarSeries> {
        let one = |scar: &Scar| {
            let mut s = SingleScarSeries::default();
            for day in 0..history.days.len() {
                let now = self.now(scar, history, day, reach_um);
                s.relief_um.push(now.relief_um);
                s.volume_mm3.push(now.volume_mm3);
                s.area_mm2.push(now.area_mm2);
                s.alignment.push(now.alignment);
            }
            s
        };
        self.listed.iter().map(|(_, scar)| one(scar)).collect()
    }

    /// The scars that scar scales are made for: those that the course lists and are no acne scars, or a typical hypertrophic one. The
    /// relief is its size, whatever its sign.
    fn ordered_at(&self, history: &HealingHistory, day: usize, reach_um: f64) -> Now {
        let listed: Vec<(f64, Scar)> =
            self.listed.iter().filter(|(s, _)| !s.class.is_acne()).map(|(s, scar)| (f64::from(s.count), *scar)).collect();
        let scars = if listed.is_empty() { &self.raised } else { &listed };
        mean(scars, |scar| {
            let now = self.now(scar, history, day, reach_um);
            Now { relief_um: now.relief_um.abs(), ..now }
        })
    }
}

/// Mean over scars, weighted by their number.
fn mean(scars: &[(f64, Scar)], of: impl Fn(&Scar) -> Now) -> Now {
    let total: f64 = scars.iter().map(|(count, _)| count).sum();
    let mut sum = Now { relief_um: 0.0, volume_mm3: 0.0, width_um: 0.0, area_mm2: 0.0, alignment: 0.0 };
    for (count, scar) in scars {
        let (now, weight) = (of(scar), count / total);
        sum.relief_um += weight * now.relief_um;
        sum.volume_mm3 += weight * now.volume_mm3;
        sum.width_um += weight * now.width_um;
        sum.area_mm2 += weight * now.area_mm2;
        sum.alignment += weight * now.alignment;
    }
    sum
}
