//! The intact barrier and the viable tissue below it.

use super::{Permeant, Relation};
use crate::population::{Draw, ParameterError};

const SECONDS_PER_HOUR: f64 = 3600.0;

/// How intact skin and viable tissue pass one permeant, in one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Barrier {
    /// Permeability of intact skin, vehicle to receptor, without the tissue ceiling, cm/h.
    pub kp_cm_per_h: f64,
    /// Permeability of skin without stratum corneum: the most that any number of channels can give, cm/h.
    pub ceiling_cm_per_h: f64,
    /// Diffusivity in viable epidermis and dermis, cm²/h.
    pub tissue_cm2_per_h: f64,
    /// Lag time across the stratum corneum alone, h.
    pub stratum_corneum_lag_h: f64,
    /// Depth at which a substance counts as absorbed, µm.
    pub sink_um: f64,
}

impl Barrier {
    /// Reads the group `absorption`. The stratum corneum's thickness (µm) scales its lag time only: the
    /// permeability relations already hold the thickness of the skin they were measured on.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(permeant: &Permeant, stratum_corneum_um: f64, draw: &Draw) -> Result<Self, ParameterError> {
        let g = draw.group("absorption");
        let tissue = |mw: f64| -> Result<f64, ParameterError> {
            let log = g.get("tissue_diffusion_intercept", "log10(cm2/s)")? + g.get("tissue_diffusion_mw", "1")? * mw.log10();
            Ok(10f64.powf(log) * SECONDS_PER_HOUR)
        };
        let diffusivity = tissue(permeant.mw_da)?;

        let ph = g.get("skin_ph", "pH")?;
        let neutral_kp = Relation::PottsGuy.kp_cm_per_h(permeant, draw)? * draw.get(Relation::PottsGuy.residual(), "1")?;
        let ionised = permeant.ionised_fraction(ph);
        // log D instead of 1 - ionised keeps the small neutral share of strong acids and bases.
        let neutral = 10f64.powf(permeant.log_d(ph) - permeant.log_kow);
        let lipid = neutral_kp * (neutral + ionised * g.get("ion_ratio", "1")?);
        let polar = g.get("polar_pathway", "cm/h")? * diffusivity / tissue(g.get("polar_pathway_mw", "Da")?)?;
        let corneum = lipid + polar;
        let kp_cm_per_h = corneum / (1.0 + corneum * permeant.mw_da.sqrt() / g.get("cleek_bunge", "cm/h*Da^0.5")?);

        let velocity = 10f64.powf(g.get("sc_velocity_intercept", "log10(cm/h)")? + g.get("sc_velocity_mw", "1/Da")? * permeant.mw_da);
        Ok(Self {
            kp_cm_per_h,
            ceiling_cm_per_h: g.get("tissue_ceiling", "cm/h")? * diffusivity / tissue(g.get("tissue_ceiling_mw", "Da")?)?,
            tissue_cm2_per_h: diffusivity * g.get("tissue_diffusion_factor", "1")?,
            stratum_corneum_lag_h: stratum_corneum_um * 1e-4 / (6.0 * velocity),
            sink_um: g.get("sink_depth", "um")?,
        })
    }

    /// Permeability of the whole skin when channels add `channels_cm_per_h` to the intact barrier: both in
    /// parallel, and the tissue ceiling in series with them, cm/h.
    #[must_use]
    pub fn with_channels(&self, channels_cm_per_h: f64) -> f64 {
        let barrier = self.kp_cm_per_h + channels_cm_per_h;
        barrier * self.ceiling_cm_per_h / (barrier + self.ceiling_cm_per_h)
    }

    /// Lag of diffusion through viable tissue along a path that begins `start_um` below the surface, L²/6D, h.
    #[must_use]
    pub fn tissue_lag_h(&self, start_um: f64) -> f64 {
        let path_cm = (self.sink_um - start_um).max(0.0) * 1e-4;
        path_cm * path_cm / (6.0 * self.tissue_cm2_per_h)
    }
}

/// Permeability of intact skin to the neutral form by the Potts-Guy relation, cm/h, without its residual.
///
/// # Errors
/// If a card of group `absorption` is missing or in another unit.
pub fn potts_guy_cm_per_h(permeant: &Permeant, draw: &Draw) -> Result<f64, ParameterError> {
    Relation::PottsGuy.kp_cm_per_h(permeant, draw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::{IonisableGroup, Ionisation};
    use crate::population::ParameterSet;

    fn draw() -> Draw {
        Draw::central(&ParameterSet::embedded().unwrap())
    }

    fn permeant(mw_da: f64, log_kow: f64) -> Permeant {
        Permeant {
            name: "test".into(),
            mw_da,
            log_kow,
            solubility_mg_per_ml: None,
            melting_point_c: None,
            groups: vec![],
            plasma: None,
            source: "test".into(),
        }
    }

    #[test]
    fn potts_guy_worked_values() {
        // log10 Kp[cm/s] = -6.3 + 0.71 log Kow - 0.0061 MW, worked by hand.
        for (mw, kow, log_cm_s) in [(18.015, -1.38, -7.389_691_5), (200.0, 2.0, -6.1), (288.4, 3.32, -5.702_04)] {
            let kp = potts_guy_cm_per_h(&permeant(mw, kow), &draw()).unwrap();
            assert!((kp / 3600.0).log10() - log_cm_s < 1e-6 && log_cm_s - (kp / 3600.0).log10() < 1e-6, "{mw} {kow}: {kp}");
        }
    }

    #[test]
    fn recorded_permeabilities_lie_within_the_stated_spread() {
        // Medians of huskinDB (Stepanov et al. 2020), log10 cm/s. 95 % of a spread of 0.85 is +-1.7.
        for (key, recorded) in [("water", -6.438), ("caffeine", -7.053), ("lidocaine", -6.018)] {
            let mut p = Permeant::find(key).unwrap();
            // The records are of neutral or buffered donors.
            p.groups.clear();
            let barrier = Barrier::from_draw(&p, 15.0, &draw()).unwrap();
            let log = (barrier.kp_cm_per_h / 3600.0).log10();
            assert!((log - recorded).abs() < 1.7, "{key}: {log} against {recorded}");
        }
    }

    #[test]
    fn tissue_diffusivity_meets_the_tabulated_values() {
        // cm²/s by the rule, to the two digits given with it.
        for (mw, d) in [(100.0, 3.5e-6), (176.0, 2.4e-6), (341.0, 1.6e-6), (4400.0, 2.9e-7), (66_000.0, 4.9e-8)] {
            let b = Barrier::from_draw(&permeant(mw, 0.0), 15.0, &draw()).unwrap();
            assert!((b.tissue_cm2_per_h / 3600.0 / d - 1.0).abs() < 0.04, "{mw}");
        }
    }

    #[test]
    fn lipophilic_permeability_ends_at_the_cleek_bunge_limit() {
        let b = Barrier::from_draw(&permeant(100.0, 9.0), 15.0, &draw()).unwrap();
        assert!((b.kp_cm_per_h / 0.26 - 1.0).abs() < 1e-3);
    }

    #[test]
    fn ionising_lowers_intact_permeability_down_to_the_polar_path() {
        let neutral = permeant(234.0, 2.4);
        let mut base = neutral.clone();
        base.groups = vec![IonisableGroup { pka: 12.0, kind: Ionisation::Base }];
        let d = draw().with("absorption.ion_ratio", 0.0).unwrap();
        let (n, i) = (Barrier::from_draw(&neutral, 15.0, &d).unwrap(), Barrier::from_draw(&base, 15.0, &d).unwrap());
        assert!(n.kp_cm_per_h > 50.0 * i.kp_cm_per_h);
        let polar = Barrier::from_draw(&permeant(234.0, -12.0), 15.0, &d).unwrap();
        assert!((i.kp_cm_per_h / polar.kp_cm_per_h - 1.0).abs() < 0.01);
    }
}
