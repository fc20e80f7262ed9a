//! Atrophic acne scars: a deficit of matrix under a pit, filled by new matrix within the needles' reach.
//!
//! Needling lays down matrix at certain depths below whatever surface the needles enter. Where the handpiece
//! bridges a pit, the needles have crossed part of it in air before they meet its floor, so the profile of new
//! matrix lies that much shallower below the floor; a tract below the pit (ice-pick scars) leaves no matrix to
//! fill until its end. What is left of the profile lifts the floor. Nothing else tells the classes apart.

use std::f64::consts::{FRAC_PI_4, FRAC_PI_6};

use crate::healing::{HealingHistory, LayerState};
use crate::population::{Draw, ParameterError};

/// Solid that the missing volume resembles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScarShape {
    /// Tapers to a point.
    Cone,
    /// Steep walls and a flat floor.
    Cylinder,
    /// Shallow bowl.
    SphericalCap,
}

/// One scar before treatment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scar {
    /// Width at the surface, µm.
    pub width_um: f64,
    /// Depth of the visible pit below the surrounding skin, µm.
    pub depth_um: f64,
    /// Depth of the tract below the floor of the visible pit, µm.
    pub tract_um: f64,
    /// Shape of the pit.
    pub shape: ScarShape,
}

impl Scar {
    /// Volume missing at a depth, mm³; the width stays.
    #[must_use]
    pub fn volume_mm3(&self, depth_um: f64) -> f64 {
        let (w, d) = (self.width_um * 1e-3, depth_um * 1e-3);
        match self.shape {
            ScarShape::Cone => FRAC_PI_4 * w * w * d / 3.0,
            ScarShape::Cylinder => FRAC_PI_4 * w * w * d,
            ScarShape::SphericalCap => FRAC_PI_6 * d * (0.75 * w * w + d * d),
        }
    }

    /// Share of the pit's depth that the needles cross in air, 0 to 1, for a handpiece nose of that width.
    ///
    /// A flat nose sinks into a bowl of parabolic section by `1 - (nose/width)^2` of its depth; soft skin yields at the rim,
    /// which rounds that law off.
    #[must_use]
    pub fn bridged(&self, nose_um: f64) -> f64 {
        let ratio = (nose_um / self.width_um).powi(2);
        ratio / (1.0 + ratio)
    }
}

/// Read-outs of the scars over time, on the days of the history.
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
    /// `goodman_baron_score`, points.
    pub goodman_baron_score: Vec<f64>,
}

/// The three classes of Jacob in one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scars {
    /// Ice-pick scar.
    pub icepick: Scar,
    /// Boxcar scar.
    pub boxcar: Scar,
    /// Rolling scar.
    pub rolling: Scar,
    mix: [f64; 3],
    nose_um: f64,
    fill_efficiency: f64,
    baseline_score: f64,
}

impl Scars {
    /// Reads the cards `scars.*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let scars = draw.group("scars");
        let scar = |name: &str, shape| -> Result<Scar, ParameterError> {
            let (width_um, depth_um) = (scars.get(&format!("{name}_width"), "um")?, scars.get(&format!("{name}_depth"), "um")?);
            Ok(Scar { width_um, depth_um, tract_um: 0.0, shape })
        };
        Ok(Self {
            icepick: Scar { tract_um: scars.get("icepick_tract", "um")?, ..scar("icepick", ScarShape::Cone)? },
            boxcar: scar("boxcar", ScarShape::Cylinder)?,
            rolling: scar("rolling", ScarShape::SphericalCap)?,
            mix: [scars.get("mix_icepick", "1")?, scars.get("mix_boxcar", "1")?, scars.get("mix_rolling", "1")?],
            nose_um: scars.get("nose_width", "um")?,
            fill_efficiency: scars.get("fill_efficiency", "1")?,
            baseline_score: scars.get("goodman_baron_baseline", "points")?,
        })
    }

    /// Each class with its weight in a face with the usual mix.
    #[must_use]
    pub fn classes(&self) -> [(Scar, f64); 3] {
        [(self.icepick, self.mix[0]), (self.boxcar, self.mix[1]), (self.rolling, self.mix[2])]
    }

    /// Depth of a scar below the surrounding skin on a day of the history, µm.
    #[must_use]
    pub fn depth_um(&self, scar: &Scar, history: &HealingHistory, day: usize) -> f64 {
        let Some(&junction) = history.dermis_edges_um.first() else { return scar.depth_um };
        let start = scar.bridged(self.nose_um) * scar.depth_um + scar.tract_um.max(junction);
        (scar.depth_um - self.fill_efficiency * new_matrix_um(history, day, start)).max(0.0)
    }

    /// Depths, volumes and score on every day of the history.
    #[must_use]
    pub fn series(&self, history: &HealingHistory) -> ScarSeries {
        let mut series = ScarSeries::default();
        for day in 0..history.days.len() {
            let scars = [&self.icepick, &self.boxcar, &self.rolling];
            let depths = scars.map(|scar| self.depth_um(scar, history, day));
            series.depth_icepick.push(depths[0]);
            series.depth_boxcar.push(depths[1]);
            series.depth_rolling.push(depths[2]);
            series.volume_icepick.push(self.icepick.volume_mm3(depths[0]));
            series.volume_boxcar.push(self.boxcar.volume_mm3(depths[1]));
            series.volume_rolling.push(self.rolling.volume_mm3(depths[2]));
            let weights: f64 = self.mix.iter().sum();
            let remaining: f64 = (0..3).map(|i| self.mix[i] * (depths[i] / scars[i].depth_um)).sum();
            series.goodman_baron_score.push(self.baseline_score * (remaining / weights));
        }
        series
    }
}

/// Thickness of dermis that the collagen gained below `start_um` would fill, µm; negative where collagen was lost.
fn new_matrix_um(history: &HealingHistory, day: usize, start_um: f64) -> f64 {
    let layers = history.layers[day].iter().zip(history.dermis_edges_um.windows(2));
    layers.map(|(state, edge)| (edge[1] - edge[0].max(start_um)).max(0.0) * (LayerState::collagen(state) - 1.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::test_history::{resting, with_gain};
    use crate::population::{ParameterSet, draw_members};

    fn central() -> Scars {
        Scars::from_draw(&Draw::central(&ParameterSet::embedded().unwrap())).unwrap()
    }

    fn treated(reach_um: f64) -> HealingHistory {
        with_gain(resting(&[0.0, 180.0], 1500.0), 0.15, reach_um)
    }

    fn filled(scars: &Scars, scar: &Scar, reach_um: f64) -> f64 {
        1.0 - scars.depth_um(scar, &treated(reach_um), 1) / scar.depth_um
    }

    #[test]
    fn volumes_of_the_solids() {
        let scar = |shape| Scar { width_um: 2000.0, depth_um: 300.0, tract_um: 0.0, shape };
        let disc = std::f64::consts::PI * 0.3;
        assert!((scar(ScarShape::Cylinder).volume_mm3(300.0) - disc).abs() < 1e-12);
        assert!((scar(ScarShape::Cone).volume_mm3(300.0) - disc / 3.0).abs() < 1e-12);
        // A cap as high as its radius is a hemisphere.
        assert!((scar(ScarShape::SphericalCap).volume_mm3(1000.0) - 2.0 / 3.0 * std::f64::consts::PI).abs() < 1e-12);
        assert_eq!(scar(ScarShape::Cone).volume_mm3(0.0), 0.0);
    }

    #[test]
    fn the_integral_of_new_matrix_starts_where_it_is_told() {
        let history = treated(1580.0);
        assert!((new_matrix_um(&history, 1, 0.0) - 0.15 * 1500.0).abs() < 1e-9);
        assert!((new_matrix_um(&history, 1, 580.0) - 0.15 * 1000.0).abs() < 1e-9);
        assert_eq!(new_matrix_um(&history, 1, 5000.0), 0.0);
    }

    #[test]
    fn untreated_scars_stay_as_they_are() {
        let history = resting(&[0.0, 28.0, 3650.0], 1500.0);
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 1, 16) {
            let scars = Scars::from_draw(&draw).unwrap();
            let series = scars.series(&history);
            for day in 0..3 {
                assert!((series.depth_icepick[day] / scars.icepick.depth_um - 1.0).abs() < 1e-12);
                assert!((series.goodman_baron_score[day] / scars.baseline_score - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn icepick_scars_respond_least_because_of_their_geometry() {
        let scars = central();
        for reach in [800.0, 1200.0, 1580.0] {
            let (ice, box_, roll) =
                (filled(&scars, &scars.icepick, reach), filled(&scars, &scars.boxcar, reach), filled(&scars, &scars.rolling, reach));
            assert!(roll > box_ && box_ > ice && ice >= 0.0, "reach {reach}: {roll} {box_} {ice}");
        }
        let same = Scar { shape: ScarShape::Cone, ..scars.rolling };
        assert_eq!(filled(&scars, &same, 1200.0), filled(&scars, &scars.rolling, 1200.0));
        let wider = Scar { width_um: 5000.0, ..scars.icepick };
        let without_tract = Scar { tract_um: 0.0, ..scars.icepick };
        assert!(filled(&scars, &wider, 1200.0) > filled(&scars, &scars.icepick, 1200.0));
        assert!(filled(&scars, &without_tract, 1200.0) > filled(&scars, &scars.icepick, 1200.0));
    }

    #[test]
    fn deeper_reach_fills_more_and_never_beyond_the_rim() {
        let scars = central();
        assert!(filled(&scars, &scars.boxcar, 1580.0) > filled(&scars, &scars.boxcar, 800.0));
        let history = with_gain(resting(&[0.0, 180.0], 1500.0), 5.0, 1580.0);
        let series = scars.series(&history);
        assert_eq!(series.depth_rolling[1], 0.0);
        assert!(series.goodman_baron_score[1] >= 0.0);
    }

    #[test]
    fn a_wide_scar_lets_the_nose_follow() {
        let scar = |width_um| Scar { width_um, depth_um: 300.0, tract_um: 0.0, shape: ScarShape::SphericalCap };
        assert!(scar(500.0).bridged(5000.0) > 0.98);
        assert!(scar(50_000.0).bridged(5000.0) < 0.02);
    }
}
